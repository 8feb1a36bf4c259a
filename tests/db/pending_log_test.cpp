// A pending authentication stands in a log until it has ended or is folded into its table: whoever asks finds what was
// committed, wherever it stands.
// SPDX-License-Identifier: MIT
#include "db/pending_log.h"

#include <array>
#include <map>
#include <random>
#include <stdexcept>

#include "db/change_journal.h"
#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

const AssignedServer kServer{"sip:s.example.org", "s.example.org", "example.org"};

class LoopOfPendingTest : public TransactionLoopTest {
 protected:
  [[nodiscard]] Job::Work save(std::size_t subscription, RegistrationStatus status, std::optional<UnixTime> until) {
    return [one = subscriptions_[subscription], status, until](Repository& repository) {
      Registration registration;
      registration.server = kServer;
      registration.pairs = {{.implicit_set = one->public_identities[0].implicit_set,
                             .private_identity = one->private_identities[0].id,
                             .status = status,
                             .auth_pending_until = until}};
      repository.save_registration(one->id, registration);
    };
  }
  /// As another program sees it.
  Registration seen(SubscriptionId id) {
    Registration found;
    database_->read([&] { found = SqliteRepository(*database_, vault_).registration(id); });
    return found;
  }
  std::int64_t in_table() { return query("SELECT count(*) FROM auth_pending"); }
};

constexpr auto kNotRegistered = RegistrationStatus::kNotRegistered, kRegistered = RegistrationStatus::kRegistered;

TEST_F(LoopOfPendingTest, IsSeenByOthersBeforeItIsInTheTable) {
  start();
  EXPECT_EQ(run(save(0, kNotRegistered, 77)), std::nullopt);
  EXPECT_EQ(in_table(), 0);
  const Registration found = seen(subscriptions_[0]->id);
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_EQ(found.pairs[0].auth_pending_until, 77);
  EXPECT_EQ(found.server, kServer);
  EXPECT_EQ(seen(subscriptions_[1]->id), Registration{});
  loop_->close();
  EXPECT_EQ(in_table(), 1);
  EXPECT_EQ(seen(subscriptions_[0]->id), found);
  EXPECT_EQ(query("SELECT count(*) FROM auth_pending_log"), 0);
}

TEST_F(LoopOfPendingTest, WhatHasEndedNeverComesIntoTheTable) {
  execute(database_->handle(),
          "CREATE TRIGGER refuse BEFORE INSERT ON auth_pending BEGIN SELECT RAISE(FAIL, 'why?'); END");
  start();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(run(save(i, kNotRegistered, 77)), std::nullopt);
    EXPECT_EQ(run(save(i, kRegistered, {})), std::nullopt);
  }
  loop_.reset();
  EXPECT_THAT(faults(), testing::IsEmpty());
  EXPECT_EQ(seen(subscriptions_[2]->id).pairs.at(0).status, kRegistered);
  EXPECT_EQ(query("SELECT count(*) FROM auth_pending_log"), 0);
}

TEST_F(LoopOfPendingTest, ASubscriberWhoGetsTheNumbersOfOneThatIsGoneIsNotTakenForHim) {
  start();
  EXPECT_EQ(run(save(2, kNotRegistered, 77)), std::nullopt);
  const auto gone = subscriptions_[2];
  Administration administration(*database_, vault_);
  SubscriptionId next = 0;
  database_->write([&] {
    EXPECT_TRUE(administration.remove(gone->id));
    next = administration.add(usual_draft(9));
    const auto heir = SqliteRepository(*database_, vault_).subscription(next);
    ASSERT_EQ(heir->private_identities[0].id, gone->private_identities[0].id) << "the highest number is given again";
    ASSERT_EQ(heir->public_identities[0].implicit_set, gone->public_identities[0].implicit_set);
  });
  EXPECT_EQ(seen(next), Registration{});
  EXPECT_EQ(run([&](Repository& repository) { EXPECT_EQ(repository.registration(next), Registration{}); }),
            std::nullopt);
  loop_->close();
  EXPECT_EQ(in_table(), 0);
  EXPECT_EQ(seen(next), Registration{});
}

TEST_F(LoopOfPendingTest, WhatAnotherProgramEndsHasEndedForTheServer) {
  start();
  EXPECT_EQ(run(save(0, kNotRegistered, 77)), std::nullopt);
  const SubscriptionId id = subscriptions_[0]->id;
  database_->write([&] { SqliteRepository(*database_, vault_).save_registration(id, {}); });
  EXPECT_EQ(seen(id), Registration{});
  EXPECT_EQ(run([&](Repository& repository) { EXPECT_EQ(repository.registration(id), Registration{}); }), std::nullopt);
  loop_->close();
  EXPECT_EQ(in_table(), 0);
}

TEST_F(LoopOfPendingTest, AFailedCommitLeavesWhatWas) {
  start();
  EXPECT_EQ(run(save(0, kNotRegistered, 77)), std::nullopt);
  refuse_commits_ = true;
  EXPECT_NE(run(save(0, kRegistered, {})), std::nullopt);
  refuse_commits_ = false;
  EXPECT_EQ(run([&](Repository& repository) {
              EXPECT_EQ(repository.registration(subscriptions_[0]->id).pairs.at(0).auth_pending_until, 77);
            }),
            std::nullopt);
}

class LoopOfPendingThatReadsAheadTest : public LoopOfPendingTest {
 protected:
  LoopOfPendingThatReadsAheadTest() { always_read_ahead_ = true; }
};

TEST_F(LoopOfPendingThatReadsAheadTest, WhoIsReadAheadIsPendingToo) {
  start();
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(run(save(i, kNotRegistered, 70 + static_cast<UnixTime>(i))), std::nullopt);
  Administration administration(*database_, vault_);
  database_->write([&] {
    database_->journal().note_every_subscription();
    execute(database_->handle(), "DELETE FROM charging");
    administration.add(usual_draft(9));
  });
  std::vector<std::future<Outcome>> outcomes;
  {
    const Hold hold(*this);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto one = subscriptions_[i];
      outcomes.push_back(submit(
          [one, i](Repository& repository) {
            EXPECT_EQ(repository.registration(one->id).pairs.at(0).auth_pending_until, 70 + static_cast<UnixTime>(i));
          },
          {Subject::Kind::kPrivateIdentity, one->private_identities[0].impi}));
    }
  }
  for (auto& each : outcomes) EXPECT_EQ(outcome(each), std::nullopt);
}

/// A server's repository with small generations, against what was committed. `memory` of 0: it reads everything again.
class PendingLogTest : public StoreTest, public testing::WithParamInterface<std::size_t> {
 protected:
  static constexpr std::size_t kGeneration = 20;
  static constexpr unsigned kSubscribers = 60;

  void SetUp() override {
    for (unsigned i = 0; i < kSubscribers; ++i) add(i);
    start();
  }
  void start() { server_.emplace(*database_, vault_, GetParam(), kGeneration); }
  void add(unsigned number) {
    Administration administration(*other_, vault_);
    SqliteRepository repository(*other_, vault_);
    other_->write([&] {
      const auto one = repository.subscription(administration.add(usual_draft(number)));
      subscribers_.push_back(one);
      expected_[one->id] = {};
    });
  }
  [[nodiscard]] Registration random_registration(const Subscription& one, UnixTime until) {
    Registration made;
    PairState pair{.implicit_set = one.public_identities[0].implicit_set,
                   .private_identity = one.private_identities[0].id,
                   .status = kNotRegistered,
                   .auth_pending_until = {}};
    const auto kind = random_() % 4;
    if (kind == 0) return made;
    made.server = AssignedServer{"sip:" + std::to_string(random_() % 3), "s.example.org", "example.org"};
    if (kind != 1) pair.auth_pending_until = until;
    if (kind != 2) pair.status = kRegistered;
    made.pairs = {pair};
    return made;
  }
  using Changes = std::map<SubscriptionId, Registration>;
  void batch(const Changes& changes, bool fails) {
    const auto work = [&] {
      server_->begin_batch();
      for (const auto& [id, registration] : changes) {
        server_->begin_request();
        server_->save_registration(id, registration);
        server_->end_request();
      }
      server_->write_batch();
      if (fails) throw std::runtime_error("no");
    };
    if (fails) {
      EXPECT_THROW(database_->write_batch(work), std::runtime_error);
      return server_->batch_lost();
    }
    database_->write_batch(work);
    server_->batch_committed();
    for (const auto& [id, registration] : changes) expected_[id] = registration;
  }
  void expect_all() {
    SqliteRepository repository(*other_, vault_);
    other_->read([&] {
      for (const auto& [id, expected] : expected_) EXPECT_EQ(repository.registration(id), expected) << id;
    });
    database_->write_batch([&] {
      server_->begin_batch();
      for (const auto& [id, expected] : expected_) EXPECT_EQ(server_->registration(id), expected) << id;
    });
    server_->batch_committed();
  }

  std::unique_ptr<Database> other_ = connect();
  std::mt19937 random_{20261123};
  std::vector<std::shared_ptr<const Subscription>> subscribers_;
  std::map<SubscriptionId, Registration> expected_;
  std::optional<SqliteRepository> server_;
};

TEST_P(PendingLogTest, AgreesWithWhatWasCommittedWhateverHappens) {
  std::int64_t most = 0;
  unsigned next = kSubscribers;
  for (UnixTime step = 1; step <= 1000; ++step) {
    Changes changes;
    const std::size_t size = random_() % 8 == 0 ? 1 + random_() % 40 : 1 + random_() % 3;
    for (std::size_t i = 0; i < size; ++i) {
      const Subscription& one = *subscribers_[random_() % subscribers_.size()];
      changes.insert_or_assign(one.id, random_registration(one, step));
    }
    switch (random_() % 20) {
      case 0:
        batch(changes, true);
        break;
      case 1:  // a crash, and a server that starts
        start();
        if (step % 2 == 0) database_->fold_logs();
        break;
      case 2: {  // hssctl
        SqliteRepository repository(*other_, vault_);
        other_->write([&] {
          for (const auto& [id, registration] : changes) repository.save_registration(id, registration);
        });
        for (const auto& [id, registration] : changes) expected_[id] = registration;
        break;
      }
      case 3: {  // the last one goes, and somebody else gets his numbers
        Administration administration(*other_, vault_);
        other_->write([&] { EXPECT_TRUE(administration.remove(subscribers_.back()->id)); });
        expected_.erase(subscribers_.back()->id);
        subscribers_.pop_back();
        if (random_() % 2 == 0) add(next++);
        add(next++);
        break;
      }
      default:
        batch(changes, false);
    }
    most = std::max(most, query("SELECT count(*) FROM auth_pending_log"));
    if (step % 25 == 0) expect_all();
    if (HasFailure()) FAIL() << "at step " << step;
  }
  EXPECT_GT(most, static_cast<std::int64_t>(kGeneration)) << "it was of use";
  EXPECT_LT(most, 5 * static_cast<std::int64_t>(kGeneration)) << "the log stays small";
  database_->fold_logs();
  start();
  expect_all();
}

INSTANTIATE_TEST_SUITE_P(Memory, PendingLogTest, testing::Values(0, std::size_t{1} << 20U));

}  // namespace
}  // namespace hss::db::test
