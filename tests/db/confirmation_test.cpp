// Nobody is told of a commit before it is on disk, and what happens when the disk refuses.
// SPDX-License-Identifier: MIT
#include "db/confirmation.h"

#include <filesystem>

#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A disk that takes its time: sync() returns when it is let go.
class ConfirmationTest : public TransactionLoopTest {
 protected:
  ConfirmationTest() {
    sync_ = [this] {
      begun_.set_value();
      go_.get_future().wait();
    };
  }
  void wait_for_sync() { ASSERT_EQ(begun_.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready); }

  std::promise<void> begun_;
  std::promise<void> go_;
};

TEST_F(ConfirmationTest, NobodyIsToldBeforeTheCommitIsOnDisk) {
  start();
  auto job = submit(next_seq(0));
  wait_for_sync();
  EXPECT_EQ(seq(0), 101) << "it is committed";
  EXPECT_EQ(job.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  go_.set_value();
  EXPECT_EQ(outcome(job), std::nullopt);
}

TEST_F(ConfirmationTest, TheNextBatchRunsMeanwhile) {
  start();
  auto first = submit(next_seq(0));
  wait_for_sync();
  std::promise<std::uint64_t> seen;
  auto second = submit([&](Repository& repository) { seen.set_value(repository.sequence(key_sets_[0]).seq); });
  auto value = seen.get_future();
  ASSERT_EQ(value.wait_for(std::chrono::seconds(60)), std::future_status::ready);
  EXPECT_EQ(value.get(), 101U);
  EXPECT_EQ(second.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "it rests on the first";
  go_.set_value();
  EXPECT_EQ(outcome(first), std::nullopt);
  EXPECT_EQ(outcome(second), std::nullopt);
}

TEST_F(TransactionLoopTest, OfASyncThatTakesLongItIsTold) {
  slow_sync_ = std::chrono::milliseconds(0);
  start();
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  EXPECT_EQ(run([](Repository&) {}), std::nullopt);  // which waits for no disk
  {
    const Hold hold(*this);
    for (int i = 0; i < 3; ++i) submit(next_seq(0));
  }
  loop_->close();
  const std::lock_guard lock(mutex_);
  EXPECT_THAT(slow_, ElementsAre(1, testing::AnyOf(3, 4)));  // the one that holds may be told with them
}

TEST_F(TransactionLoopTest, OfOneThatDoesNotItIsNot) {
  start();
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  const std::lock_guard lock(mutex_);
  EXPECT_THAT(slow_, testing::IsEmpty());
}

TEST_F(TransactionLoopTest, WhatWritesNothingWaitsForNoDisk) {
  sync_ = [] { throw StoreFault("no disk"); };
  start();
  EXPECT_EQ(run([this](Repository& repository) { EXPECT_EQ(repository.sequence(key_sets_[0]).seq, 100U); }),
            std::nullopt);
  EXPECT_NE(run(next_seq(0)), std::nullopt);
}

TEST_F(TransactionLoopTest, AfterAFailedSyncTheLogBeginsAnewAndNoSeqComesTwice) {
  int syncs = 0;
  sync_ = [&syncs] {
    if (++syncs == 2) throw StoreFault("the disk is gone");
  };
  start();
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  EXPECT_EQ(run(next_seq(0)), "the disk is gone");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("may not be on disk")));
  const auto log = file_.string() + "-wal";
  const auto size = std::filesystem::file_size(log);
  std::uint64_t issued = 0;
  EXPECT_EQ(run([&](Repository& repository) {
              next_seq(0)(repository);
              issued = repository.sequence(key_sets_[0]).seq;
            }),
            std::nullopt);
  EXPECT_EQ(issued, 103U) << "102 may have been seen by nobody, and may be on disk";
  EXPECT_LT(std::filesystem::file_size(log), size);
  EXPECT_EQ(syncs, 3);
}

TEST_F(TransactionLoopTest, WhileSomebodyReadsTheLogItCannotBeginAnew) {
  int syncs = 0;
  sync_ = [&syncs] {
    if (++syncs == 1) throw StoreFault("the disk is gone");
  };
  start();
  EXPECT_EQ(run(next_seq(0)), "the disk is gone");
  database_->read([&] {
    EXPECT_EQ(query_integer(database_->handle(), "SELECT count(*) FROM sequence"), 3);
    EXPECT_THAT(run(next_seq(0)).value_or(""), HasSubstr("locked"));
    EXPECT_THAT(run(next_seq(1)).value_or(""), HasSubstr("locked"));
  });
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  EXPECT_EQ(seq(0), 102);
  EXPECT_EQ(seq(1), 100);
}

TEST_F(StoreTest, ALogThatIsNotThereIsSaidByName) {
  const auto elsewhere = directory_ / "nothing.db";
  try {
    const WalFile file(elsewhere.string());
    FAIL() << "it was opened";
  } catch (const StoreFault& fault) {
    EXPECT_THAT(fault.what(), HasSubstr("nothing.db-wal cannot be opened"));
  }
}

}  // namespace
}  // namespace hss::db::test
