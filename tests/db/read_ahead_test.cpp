// What many threads read beside the writer changes nothing: they find who is there, and are gone when that is said.
// SPDX-License-Identifier: MIT
#include "db/read_ahead.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <thread>

#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

using Kind = Subject::Kind;

class ReadAheadTest : public StoreTest {
 protected:
  void add(unsigned first, unsigned count) {
    std::ranges::move(add_usual(first, count), std::back_inserter(subscriptions_));
  }
  /// Of everybody, by another identity each.
  [[nodiscard]] std::vector<Subject> subjects() const {
    std::vector<Subject> out;
    for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
      const Subscription& one = *subscriptions_[i];
      const auto kind = static_cast<Kind>(1 + i % 3);
      out.push_back({kind, kind == Kind::kPrivateIdentity  ? one.private_identities[0].impi
                           : kind == Kind::kPublicIdentity ? one.public_identities[1].impu
                                                           : one.imsi});
    }
    return out;
  }

  std::vector<std::shared_ptr<const Subscription>> subscriptions_;
};

TEST_F(ReadAheadTest, FindsWhoIsThereByEveryIdentity) {
  add(0, 100);
  auto asked = subjects();
  asked.push_back({Kind::kPrivateIdentity, "nobody@example.org"});
  asked.push_back({Kind::kPublicIdentity, "sip:nobody@example.org"});
  asked.push_back({Kind::kImsi, "999999999999999"});
  asked.emplace_back();
  ReadAhead ahead(*database_);
  EXPECT_EQ(ahead.read(asked).found.size(), 100U);
  EXPECT_EQ(ahead.read({}).found.size(), 0U);
  EXPECT_EQ(ahead.read({asked.front()}).found.size(), 1U);
}

TEST_F(ReadAheadTest, SeesWhatWasCommittedMeanwhile) {
  add(0, 3);
  ReadAhead ahead(*database_, 4);
  EXPECT_EQ(ahead.read(subjects()).found.size(), 3U);
  add(3, 50);
  EXPECT_EQ(ahead.read(subjects()).found.size(), 53U);
  EXPECT_TRUE(Administration(*database_, vault_).remove(subscriptions_[0]->id));
  EXPECT_EQ(ahead.read(subjects()).found.size(), 52U);
}

TEST_F(ReadAheadTest, ReadsNoMoreWhenItReturns) {
  add(0, 20);
  ReadAhead ahead(*database_);
  for (unsigned i = 20; i < 40; ++i) {
    add(i, 1);
    EXPECT_EQ(ahead.read(subjects()).found.size(), i + 1);
    database_->empty_log();  // throws while anybody reads
  }
}

TEST_F(ReadAheadTest, ADatabaseThatIsGoneIsNotItsMatter) {
  add(0, 9);
  const std::filesystem::path away = file_.string() + ".away";
  std::filesystem::rename(file_, away);
  ReadAhead ahead(*database_, 3);
  EXPECT_EQ(ahead.read(subjects()).found.size(), 0U);
  EXPECT_FALSE(std::filesystem::exists(file_)) << "made anew";
  std::filesystem::rename(away, file_);
  EXPECT_EQ(ahead.read(subjects()).found.size(), 9U);
}

class LoopThatReadsAheadTest : public TransactionLoopTest {
 protected:
  LoopThatReadsAheadTest() { always_read_ahead_ = true; }
  [[nodiscard]] Subject subject(std::size_t number) const {
    return {Kind::kPrivateIdentity, subscriptions_[number]->private_identities[0].impi};
  }
};

TEST_F(LoopThatReadsAheadTest, AnswersAsEver) {
  const std::vector before{seq(0), seq(1), seq(2)};
  start();
  for (int round = 0; round < 5; ++round) {
    std::vector<std::future<Outcome>> outcomes;
    {
      const Hold hold(*this);
      for (std::size_t i = 0; i < 3; ++i) outcomes.push_back(submit(next_seq(i), subject(i)));
      outcomes.push_back(submit([](Repository&) {}, {Kind::kPublicIdentity, "sip:nobody@example.org"}));
      outcomes.push_back(submit([](Repository&) { throw StoreFault("of one alone"); }, subject(1)));
      outcomes.push_back(submit(challenge(2, 1000 + round), subject(2)));
    }
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      EXPECT_EQ(outcome(outcomes[i]), i == 4 ? Outcome("of one alone") : std::nullopt) << i;
    }
    // Another program changes everything, so that nobody is remembered in the next round.
    run_sql(file_, "UPDATE private_identity SET position = position + 1");
  }
  loop_.reset();
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(seq(i), before[i] + 5);
}

/// Whoever is changed while he is read ahead is never served as he was before the request came.
TEST_F(LoopThatReadsAheadTest, NobodyIsServedAsHeWas) {
  constexpr int kRounds = 300;
  start();
  std::atomic<int> done = 0;  // changes that are committed, of both
  std::jthread other([&](const std::stop_token& stop) {
    Administration administration(*database_, vault_);
    for (int change = 1; !stop.stop_requested(); ++change) {
      for (std::size_t i = 0; i < 2; ++i) {
        const SubscriptionId id = subscriptions_[i]->id;
        database_->write([&] {
          SubscriptionDraft draft = administration.read(id, true)->draft;
          draft.public_identities[1].display_name = std::to_string(change);
          administration.replace(id, draft);
        });
      }
      done = change;
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    const int floor = done;
    std::array<int, 2> seen{};
    std::vector<std::future<Outcome>> outcomes;
    {
      const Hold hold(*this);
      for (std::size_t i = 0; i < 2; ++i) {
        const auto look = [&, i](Repository& repository) {
          const std::string& name = repository.subscription(subscriptions_[i]->id)->public_identities[1].display_name;
          seen.at(i) = name.empty() ? 0 : std::stoi(name);
        };
        outcomes.push_back(submit(look, subject(i)));
      }
    }
    for (auto& one : outcomes) ASSERT_EQ(outcome(one), std::nullopt);
    for (const int change : seen) ASSERT_GE(change, floor) << round;
  }
  EXPECT_GT(done, 0);
}

TEST_F(LoopThatReadsAheadTest, EndsWithItsThreads) {
  const std::uint64_t before = seq(0);
  start();
  std::vector<std::future<Outcome>> outcomes;
  for (int i = 0; i < 200; ++i) outcomes.push_back(submit(next_seq(0), {Kind::kImsi, "99999" + std::to_string(i)}));
  loop_.reset();
  for (auto& one : outcomes) EXPECT_EQ(outcome(one), std::nullopt);
  EXPECT_EQ(seq(0), before + 200);
  database_->empty_log();  // nobody reads any more
}

}  // namespace
}  // namespace hss::db::test
