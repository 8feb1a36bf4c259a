// What goes wrong inside a batch, and who is told.
// SPDX-License-Identifier: MIT
#include <string>

#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(TransactionLoopTest, OneThatThrowsIsRolledBackAlone) {
  start();
  std::vector<std::future<Outcome>> jobs;
  {
    const Hold hold(*this);
    jobs.push_back(submit(next_seq(0)));
    jobs.push_back(submit([this](Repository& repository) {
      next_seq(0)(repository);
      next_seq(1)(repository);
      throw std::runtime_error("two\nlines");
    }));
    jobs.push_back(submit([this](Repository& repository) {
      EXPECT_EQ(repository.sequence(key_sets_[0]).seq, 101U) << "sees the first, not the second";
      next_seq(0)(repository);
      next_seq(2)(repository);
    }));
    jobs.push_back(submit([](Repository&) { throw 42; }));
  }
  EXPECT_EQ(outcome(jobs[0]), std::nullopt);
  EXPECT_EQ(outcome(jobs[1]), "two lines");
  EXPECT_EQ(outcome(jobs[2]), std::nullopt);
  EXPECT_THAT(outcome(jobs[3]).value_or(""), HasSubstr("unknown"));
  EXPECT_EQ(commits_, 2);
  EXPECT_EQ(seq(0), 102);
  EXPECT_EQ(seq(1), 100);
  EXPECT_EQ(seq(2), 101);
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("two lines"), HasSubstr("unknown")));
}

TEST_F(TransactionLoopTest, AFailedCommitFailsTheWholeBatchAndIsSurvived) {
  start();
  std::vector<std::future<Outcome>> jobs;
  refuse_commits_ = true;
  EXPECT_THAT(run(next_seq(0)).value_or(""), HasSubstr(file_.string()));
  refuse_commits_ = false;
  {
    const Hold hold(*this);
    for (int i = 0; i < 3; ++i) jobs.push_back(submit(next_seq(0)));
    jobs.push_back(submit([this](Repository&) { refuse_commits_ = true; }));
  }
  for (auto& job : jobs) EXPECT_NE(outcome(job), std::nullopt);
  EXPECT_EQ(seq(0), 100);
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("a commit failed and its 1 "), HasSubstr("a commit failed and its 4 ")));
  refuse_commits_ = false;
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  EXPECT_EQ(seq(0), 101);
}

TEST_F(TransactionLoopTest, AFullDiskFailsWhatItMustAndIsSurvived) {
  start();
  const auto pages = [this](std::int64_t limit) {
    return [this, limit](Repository&) { query_integer(handle_, "PRAGMA max_page_count = " + std::to_string(limit)); };
  };
  const auto fill = [](Repository& repository) {
    for (unsigned i = 0; i < 1000; ++i) {
      repository.save_ind_slot(Application::kCx, std::string(500, 'x') + std::to_string(i), 1);
    }
  };
  EXPECT_EQ(run(pages(1)), std::nullopt);  // SQLite makes that "no more than now"
  std::vector<std::future<Outcome>> jobs;
  {
    const Hold hold(*this);
    jobs.push_back(submit(fill));
    jobs.push_back(submit([&](Repository& repository) {
      try {
        fill(repository);
      } catch (const StoreFault&) {
        // A procedure that goes on after a fault must not write outside the transaction.
      }
      repository.save_ind_slot(Application::kSwx, "after", 1);
    }));
  }
  EXPECT_THAT(outcome(jobs[0]).value_or(""), AllOf(HasSubstr("full"), HasSubstr("free some space")));
  const bool second_stands = !outcome(jobs[1]).has_value();
  EXPECT_EQ(query("SELECT count(*) FROM ind_slot WHERE origin_host = 'after'"), second_stands ? 1 : 0);
  EXPECT_EQ(run(next_seq(0)), std::nullopt) << "what needs no room goes on";
  EXPECT_NE(run(fill), std::nullopt);
  EXPECT_EQ(run(pages(1'000'000)), std::nullopt);
  EXPECT_EQ(run(fill), std::nullopt);
  EXPECT_GE(query("SELECT count(*) FROM ind_slot WHERE application = 0"), 1000);
}

TEST_F(TransactionLoopTest, AnErrorOfSqliteIsAFaultOfItsRequestOnly) {
  execute(database_->handle(),
          "CREATE TRIGGER refuse BEFORE INSERT ON auth_pending_log WHEN hex(substr(NEW.content, 24, 1)) >= '66'"
          " BEGIN SELECT RAISE(FAIL, 'no luck'); END");
  start();
  std::vector<std::future<Outcome>> jobs;
  {
    const Hold hold(*this);
    for (int i = 0; i < 3; ++i) jobs.push_back(submit(challenge(0, 101 + i)));
    jobs.push_back(submit(challenge(1, 101)));
    jobs.push_back(submit(next_seq(0)));
  }
  EXPECT_EQ(outcome(jobs[0]), std::nullopt);
  EXPECT_THAT(outcome(jobs[1]).value_or(""), HasSubstr("no luck"));
  EXPECT_NE(outcome(jobs[2]), std::nullopt);
  EXPECT_EQ(outcome(jobs[3]), std::nullopt);
  EXPECT_EQ(outcome(jobs[4]), std::nullopt);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(pending_until(i), 101);
  EXPECT_EQ(seq(0), 101U) << "once, though the batch was run again";
}

TEST_F(TransactionLoopTest, AfterEachFailedCommitTheLogOfSequenceNumbersIsWhatItWas) {
  start();
  for (std::uint64_t round = 1; round <= 3; ++round) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(run(next_seq(0)), std::nullopt);
    refuse_commits_ = true;
    EXPECT_NE(run(next_seq(0)), std::nullopt);
    refuse_commits_ = false;
    EXPECT_EQ(run([&](Repository& repository) { EXPECT_EQ(repository.sequence(key_sets_[0]).seq, 100U + 3 * round); }),
              std::nullopt);
  }
}

TEST_F(TransactionLoopTest, ARollbackOfEverythingFailsTheWholeBatch) {
  execute(database_->handle(),
          "CREATE TRIGGER refuse BEFORE INSERT ON auth_pending_log WHEN hex(substr(NEW.content, 24, 1)) >= '66'"
          " BEGIN SELECT RAISE(ROLLBACK, 'all gone'); END");
  start();
  std::vector<std::future<Outcome>> jobs;
  {
    const Hold hold(*this);
    for (int i = 0; i < 3; ++i) jobs.push_back(submit(challenge(0, 101 + i)));
    jobs.push_back(submit(next_seq(0)));
  }
  for (auto& job : jobs) EXPECT_THAT(outcome(job).value_or(""), HasSubstr("all gone"));
  EXPECT_EQ(seq(0), 100U) << "nothing ran outside the transaction";
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  EXPECT_EQ(seq(0), 101U);
  EXPECT_EQ(run(challenge(0, 101)), std::nullopt);
}

TEST_F(TransactionLoopTest, AListenerThatThrowsDoesNoHarm) {
  auto own = connect();
  TransactionLoopOptions options;
  options.on_fault = [](const std::string&) { throw std::runtime_error("deaf"); };
  loop_ = std::make_unique<TransactionLoop>(std::move(own), vault_, options);
  EXPECT_EQ(run([](Repository&) { throw std::runtime_error("no"); }), "no");
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
}

}  // namespace
}  // namespace hss::db::test
