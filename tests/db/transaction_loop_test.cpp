// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string>

#include "db/sequence_log.h"
#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

TEST_F(TransactionLoopTest, AnswersAfterTheCommit) {
  start();
  std::promise<std::uint64_t> seen;
  std::unique_ptr<Transaction> job = std::make_unique<Job>(next_seq(0), [&](const Outcome& outcome) {
    EXPECT_EQ(outcome, std::nullopt);
    EXPECT_EQ(commits_, 1);
    const auto other = connect();
    seen.set_value(seq(0, other.get()));
  });
  ASSERT_TRUE(loop_->submit(job));
  EXPECT_EQ(seen.get_future().get(), 101);
  loop_->close();
}

TEST_F(TransactionLoopTest, WhatWaitsIsOneCommitInOrder) {
  start();
  std::vector<int> ran;
  std::vector<int> answered;
  {
    const Hold hold(*this);
    for (int i = 0; i < 100; ++i) {
      std::unique_ptr<Transaction> job = std::make_unique<Job>(
          [this, i, &ran](Repository& repository) {
            next_seq(0)(repository);
            ran.push_back(i);
          },
          [this, i, &answered](const Outcome&) {
            EXPECT_EQ(commits_, 2) << "nobody is answered before the commit of all";
            answered.push_back(i);
          });
      ASSERT_TRUE(loop_->submit(job));
    }
  }
  loop_->close();
  EXPECT_EQ(commits_, 3) << "the held one's, one for all hundred, and the log goes into its table";
  EXPECT_EQ(ran.size(), 100U);
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
  EXPECT_EQ(answered, ran);
  EXPECT_EQ(seq(0), 200);
}

TEST_F(TransactionLoopTest, ABatchIsBounded) {
  start(4096, 10);
  std::vector<std::future<Outcome>> jobs;
  {
    const Hold hold(*this);
    for (int i = 0; i < 25; ++i) jobs.push_back(submit(next_seq(0)));
  }
  for (auto& job : jobs) EXPECT_EQ(outcome(job), std::nullopt);
  EXPECT_EQ(commits_, 1 + 3);
}

TEST_F(TransactionLoopTest, ABatchThatWritesNothingChangesNothing) {
  start();
  const auto version = query("PRAGMA data_version");
  EXPECT_EQ(run([&](Repository& repository) { repository.sequence(key_sets_[0]); }), std::nullopt);
  EXPECT_EQ(query("PRAGMA data_version"), version);
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  EXPECT_NE(query("PRAGMA data_version"), version);
}

TEST_F(TransactionLoopTest, AFullQueueRefusesAndLeavesTheTransactionWithItsOwner) {
  start(3);
  std::vector<std::future<Outcome>> jobs;
  {
    const Hold hold(*this);
    for (int i = 0; i < 3; ++i) {
      EXPECT_FALSE(loop_->is_full());
      jobs.push_back(submit(next_seq(0)));
    }
    EXPECT_TRUE(loop_->is_full());
    std::unique_ptr<Transaction> surplus = std::make_unique<Job>(next_seq(1), [](const Outcome&) { FAIL(); });
    EXPECT_FALSE(loop_->submit(surplus));
    EXPECT_NE(surplus, nullptr);
  }
  for (auto& job : jobs) EXPECT_EQ(outcome(job), std::nullopt);
  EXPECT_FALSE(loop_->is_full());
  EXPECT_EQ(run(next_seq(1)), std::nullopt) << "there is room again";
}

TEST_F(TransactionLoopTest, ClosingFinishesWhatWaits) {
  start(4096, 7);
  std::vector<std::future<Outcome>> jobs;
  {
    const Hold hold(*this);
    for (int i = 0; i < 50; ++i) jobs.push_back(submit(next_seq(0)));
  }
  loop_->close();
  for (auto& job : jobs) {
    ASSERT_EQ(job.wait_for(std::chrono::seconds(0)), std::future_status::ready);
    EXPECT_EQ(job.get(), std::nullopt);
  }
  EXPECT_EQ(seq(0), 150);
  std::unique_ptr<Transaction> late = std::make_unique<Job>(next_seq(0), [](const Outcome&) { FAIL(); });
  EXPECT_FALSE(loop_->submit(late));
  EXPECT_NE(late, nullptr);
  loop_->close();
  EXPECT_EQ(seq(0), 150);
}

TEST_F(TransactionLoopTest, WhatACrashHasLeftInTheLogIsKnownAndStaysThere) {
  SequenceLog(database_->handle()).append({{key_sets_[0], {.seq = 500, .issued = {}}}});
  start();
  EXPECT_EQ(query("SELECT count(*) FROM sequence_log"), 1);
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  EXPECT_EQ(query("SELECT count(*) FROM sequence_log"), 2);
  EXPECT_EQ(seq(0), 501);
  loop_->close();
  EXPECT_EQ(query("SELECT count(*) FROM sequence_log"), 0);
  EXPECT_EQ(seq(0), 501);
}

TEST_F(TransactionLoopTest, WhatAServerWithMoreMemoryHasLeftGoesIntoTheTableAtTheStart) {
  for (const KeySetId id : key_sets_) SequenceLog(database_->handle()).append({{id, {.seq = 500, .issued = {}}}});
  generation_ = 1;
  ASSERT_GT(key_sets_.size(), 2U);
  start();
  EXPECT_EQ(query("SELECT count(*) FROM sequence_log"), 0);
  EXPECT_EQ(query("SELECT count(*) FROM sequence WHERE seq = 500"), static_cast<std::int64_t>(key_sets_.size()));
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  EXPECT_EQ(seq(0), 501);
}

TEST_F(TransactionLoopTest, PagesOfWhatLeavesALogAreNotWrittenOnceMore) {
  constexpr int kPages = 100;
  const auto written = [this] {  // pages, since the connection was opened
    int count = 0;
    int unused = 0;
    EXPECT_EQ(sqlite3_db_status(handle_, SQLITE_DBSTATUS_CACHE_WRITE, &count, &unused, 0), SQLITE_OK);
    return count;
  };
  std::array<int, 3> counts{};  // before and after it comes, and after it leaves
  start();
  EXPECT_EQ(run([&](Repository&) {
              counts[0] = written();
              const std::string octets = std::to_string(kPages * 4096);
              execute(handle_, ("INSERT INTO sequence_log (id, content) VALUES (9, zeroblob(" + octets + "))").c_str());
            }),
            std::nullopt);
  EXPECT_EQ(run([&](Repository&) {
              counts[1] = written();
              execute(handle_, "DELETE FROM sequence_log WHERE id = 9");
            }),
            std::nullopt);
  EXPECT_EQ(run([&](Repository&) { counts[2] = written(); }), std::nullopt);
  EXPECT_GE(counts[1] - counts[0], kPages);
  EXPECT_LT(counts[2] - counts[1], kPages / 10);
}

TEST_F(TransactionLoopTest, AnotherMasterKeyIsRefused) {
  EXPECT_THROW(TransactionLoop(connect(), KeyVault(master_key(0x01)), {}), KeyVaultError);
}

}  // namespace
}  // namespace hss::db::test
