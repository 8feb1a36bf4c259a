// Memory is filled with everybody there is, or as many as it has room for, and what was filled in is asked for nowhere
// else.
// SPDX-License-Identifier: MIT
#include "db/preloader.h"

#include <algorithm>

#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

using std::chrono::hours;

constexpr unsigned kMany = 150;  // more than are looked up at once
constexpr std::size_t kPlenty = std::size_t{64} << 20U;

Preloaded everybody(std::size_t count) { return {.remembered = count, .all = count, .everybody = true}; }

class PreloaderTest : public StoreTest {
 protected:
  void SetUp() override { add(0, kMany); }

  void add(unsigned first, unsigned count) {
    std::ranges::move(add_usual(first, count), std::back_inserter(subscriptions_));
  }
  void batch(SqliteRepository& repository, const std::function<void()>& work) {
    database_->read([&] {
      repository.begin_batch();
      work();
    });
    repository.batch_committed();
  }
  [[nodiscard]] std::size_t remembered(const SqliteRepository& repository) const {
    return static_cast<std::size_t>(std::ranges::count_if(subscriptions_, [&](const auto& one) {
      return repository.remembers({Subject::Kind::kPrivateIdentity, one->private_identities[0].impi});
    }));
  }

  std::vector<std::shared_ptr<const Subscription>> subscriptions_;
};

TEST_F(PreloaderTest, WhatWasReadIsAskedForNoMore) {
  add(kMany, 1);
  Administration administration(*database_, vault_);
  SqliteRepository writer(*database_, vault_);
  const Subscription& last = *subscriptions_.back();
  const KeySetId card = last.private_identities[0].key_set.value();
  Registration registration;
  registration.server = AssignedServer{"sip:s.example.org", "s.example.org", "example.org"};
  registration.pairs = {{.implicit_set = last.public_identities[0].implicit_set,
                         .private_identity = last.private_identities[0].id,
                         .status = RegistrationStatus::kRegistered,
                         .auth_pending_until = {}}};
  database_->write([&] { writer.save_registration(last.id, registration); });
  const SequenceState sequence = writer.sequence(card);

  SqliteRepository repository(*database_, vault_, kPlenty);
  Preloader preloader(database_->handle(), repository);
  EXPECT_TRUE(preloader.has_more());
  batch(repository, [&] { preloader.read_on(hours(1)); });
  EXPECT_FALSE(preloader.has_more());
  EXPECT_EQ(preloader.count(), kMany + 1);
  EXPECT_EQ(preloader.result(), everybody(kMany + 1));
  EXPECT_EQ(remembered(repository), kMany + 1);
  // Behind its back: nothing of this is in the database any more.
  execute(database_->handle(),
          "PRAGMA foreign_keys = OFF; DELETE FROM subscription; DELETE FROM key_set;"
          "DELETE FROM sequence; DELETE FROM registration; DELETE FROM private_identity");
  batch(repository, [&] {
    const auto found = repository.find_by_public_identity(last.public_identities[1].impu);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->id, last.id);
    EXPECT_EQ(repository.registration(last.id), registration);
    EXPECT_NE(repository.key_set(card), nullptr);
    EXPECT_EQ(repository.sequence(card), sequence);
  });
}

TEST_F(PreloaderTest, GoesOnWhereItEnded) {
  SqliteRepository repository(*database_, vault_, kPlenty);
  Preloader preloader(database_->handle(), repository);
  unsigned steps = 0;
  for (; preloader.has_more(); ++steps) {
    ASSERT_LE(steps, kMany);
    batch(repository, [&] { preloader.read_on({}); });
    EXPECT_EQ(preloader.count(), std::min(steps + 1, kMany)) << "one at the least, and no time for more";
  }
  EXPECT_EQ(steps, kMany + 1) << "and once to see that there is nobody else";
  EXPECT_EQ(remembered(repository), kMany);
}

TEST_F(PreloaderTest, HardlyAnybodyIsLetGoForTheNext) {
  constexpr std::size_t kLittle = 40'000;
  SqliteRepository repository(*database_, vault_, kLittle);
  Preloader preloader(database_->handle(), repository);
  batch(repository, [&] { preloader.read_on(hours(1)); });
  EXPECT_FALSE(preloader.has_more());
  EXPECT_LT(preloader.count(), kMany);
  EXPECT_EQ(preloader.result(), (Preloaded{.remembered = remembered(repository), .all = kMany, .everybody = false}));
  EXPECT_GE(remembered(repository) + preloader.count() / 8, preloader.count())
      << "but for a table that grew at the end";
}

TEST_F(PreloaderTest, WithoutMemoryThereIsNothingToDo) {
  SqliteRepository repository(*database_, vault_, 0);
  EXPECT_FALSE(Preloader(database_->handle(), repository).has_more());
}

TEST_F(PreloaderTest, BeginsAnewWhenEverybodyWasForgotten) {
  SqliteRepository repository(*database_, vault_, kPlenty);
  Preloader preloader(database_->handle(), repository);
  batch(repository, [&] { preloader.read_on(hours(1)); });
  EXPECT_FALSE(preloader.has_more());
  run_sql(file_, "UPDATE private_identity SET position = position + 1");  // without a journal of it
  batch(repository, [] {});
  EXPECT_EQ(remembered(repository), 0U);
  EXPECT_TRUE(preloader.has_more());
  batch(repository, [&] { preloader.read_on(hours(1)); });
  EXPECT_FALSE(preloader.has_more());
  EXPECT_EQ(preloader.count(), kMany);
  EXPECT_EQ(remembered(repository), kMany);
}

TEST_F(PreloaderTest, WhoCannotBeReadIsLeftOut) {
  run_sql(file_, "UPDATE private_identity SET framed_address = 'nonsense' WHERE impi = '" +
                     subscriptions_[7]->private_identities[0].impi + "'");
  SqliteRepository repository(*database_, vault_, kPlenty);
  Preloader preloader(database_->handle(), repository);
  batch(repository, [&] { preloader.read_on(hours(1)); });
  EXPECT_EQ(preloader.result(), everybody(kMany - 1));
  EXPECT_EQ(remembered(repository), kMany - 1);
}

TEST_F(PreloaderTest, StopsWhereTheDatabaseCannotBeRead) {
  SqliteRepository repository(*database_, vault_, kPlenty);
  Preloader preloader(database_->handle(), repository);
  batch(repository, [&] { preloader.read_on({}); });
  run_sql(file_, "ALTER TABLE subscription RENAME COLUMN id TO number");
  batch(repository, [&] { preloader.read_on({}); });
  EXPECT_FALSE(preloader.has_more());
  EXPECT_EQ(preloader.result(), std::nullopt) << "which is not the same as to have read everybody";
}

TEST_F(PreloaderTest, SaysAboutHowManyThereAre) {
  run_sql(file_, "DELETE FROM subscription WHERE id % 2 = 0");
  SqliteRepository repository(*database_, vault_, 20'000);
  Preloader preloader(database_->handle(), repository);
  batch(repository, [&] { preloader.read_on(hours(1)); });
  const auto result = preloader.result();
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->everybody);
  EXPECT_EQ(result->remembered, repository.remembered());
  EXPECT_GT(result->remembered, 0U);
  EXPECT_NEAR(static_cast<double>(result->all), kMany / 2.0, kMany / 20.0);
}

class LoopThatPreloadsTest : public TransactionLoopTest {
 protected:
  LoopThatPreloadsTest() {
    on_preloaded_ = [this](const Preloaded& preloaded) { preloaded_.set_value(preloaded); };
  }
  void add_many() {
    Administration administration(*database_, vault_);
    database_->write([&] {
      for (unsigned i = 10; i < 10 + kMany; ++i) administration.add(usual_draft(i));
    });
  }
  std::promise<Preloaded> preloaded_;
};

TEST_F(LoopThatPreloadsTest, FillsItsMemoryUnasked) {
  auto preloaded = preloaded_.get_future();
  start();
  ASSERT_EQ(preloaded.wait_for(std::chrono::seconds(60)), std::future_status::ready);
  EXPECT_EQ(preloaded.get(), everybody(3));
  EXPECT_EQ(commits_, 0);
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  EXPECT_EQ(seq(0), 101);
}

TEST_F(LoopThatPreloadsTest, SaysWhenThereIsNoRoomForAll) {
  auto preloaded = preloaded_.get_future();
  add_many();
  memory_ = 50'000;
  start();
  ASSERT_EQ(preloaded.wait_for(std::chrono::seconds(60)), std::future_status::ready);
  const Preloaded result = preloaded.get();
  EXPECT_FALSE(result.everybody);
  EXPECT_GT(result.remembered, 0U);
  EXPECT_LT(result.remembered, kMany);
  EXPECT_EQ(result.all, 3 + kMany);
}

TEST_F(LoopThatPreloadsTest, AnswersMeanwhile) {
  auto preloaded = preloaded_.get_future();
  add_many();
  start();
  for (std::uint64_t i = 1; preloaded.wait_for(std::chrono::seconds(0)) != std::future_status::ready; ++i) {
    EXPECT_EQ(run(next_seq(i % 3)), std::nullopt);
  }
  EXPECT_EQ(preloaded.get(), everybody(3 + kMany));
  EXPECT_THAT(faults(), testing::IsEmpty());
}

}  // namespace
}  // namespace hss::db::test
