// The power goes while a busy server is told that its batches are on disk: of each file the disk has what was synced
// last, or all that was written, and in each case what was answered is there.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <random>
#include <utility>

#include "tests/db/failing_vfs.h"
#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

constexpr unsigned kJobs = 600;
constexpr unsigned kAnswersBetweenCuts = 53;
constexpr unsigned kSyncsBetweenCuts = 5;

/// What is on disk after a cut, and what had been answered.
struct Cut {
  std::string database;
  std::string log;
  std::map<std::size_t, std::uint64_t> told;
};

enum class Checkpoints { kByTheWriter, kBesideIt };

class PowerCutTest : public TransactionLoopTest, public testing::WithParamInterface<Checkpoints> {
 protected:
  PowerCutTest() : wal_(file_.string() + "-wal") {
    generation_ = 2;
    sync_ = [this] {
      // The writer goes on meanwhile. A log that it begins anew has its header on disk before anything else of it.
      const std::lock_guard lock(disk_mutex_);
      if (++syncs_ % kSyncsBetweenCuts == 0) cut();  // when the batch is written, and not synced
      reach_disk(wal_, look(wal_));
    };
    vfs_.syncing = [this](const std::string& name) {
      const std::lock_guard lock(disk_mutex_);
      return [this, name, seen = look(name)] {
        const std::lock_guard then(disk_mutex_);
        reach_disk(name, seen);
      };
    };
  }

  /// A file as it is when somebody begins to sync it. Two may do so, and the one that began later be done first.
  struct Look {
    unsigned number;
    std::string content;
  };
  Look look(const std::string& name) { return {++looks_, read_file(name)}; }
  void reach_disk(const std::string& name, const Look& seen) {
    if (std::exchange(latest_[name], std::max(latest_[name], seen.number)) < seen.number) disk_[name] = seen.content;
  }

  /// All four disks that there may be now. Nothing reaches the disk meanwhile: the caller has the lock.
  void cut() {
    const std::array databases{disk_[file_.string()], read_file(file_)};
    const std::array logs{disk_[wal_], read_file(wal_)};
    for (const std::string& database : databases) {
      for (const std::string& log : logs) cuts_.push_back({database, log, told_});
    }
  }

  void submit_one(std::size_t key_set) {
    const auto seq = std::make_shared<std::uint64_t>(0);
    std::unique_ptr<Transaction> job = std::make_unique<Job>(
        [this, key_set, seq](Repository& repository) {
          SequenceState state = repository.sequence(key_sets_[key_set]);
          *seq = ++state.seq;
          repository.save_sequence(key_sets_[key_set], state);
          // Each batch takes more pages, so that the log is emptied and begun anew at different places.
          repository.save_ind_slot(Application::kCx, "scscf" + std::to_string(*seq), 1);
        },
        [this, key_set, seq](const Outcome& outcome) {
          EXPECT_EQ(outcome, std::nullopt);
          const std::lock_guard lock(disk_mutex_);
          told_[key_set] = *seq;
          if (++answers_ % kAnswersBetweenCuts == 0) cut();
          if (answers_ == kJobs) all_.set_value();
        });
    ASSERT_TRUE(loop_->submit(job));
  }

  void expect_told_after(const Cut& cut, unsigned number) {
    const TemporaryDirectory directory;
    const auto file = directory / "hss.db";
    write_file(file, cut.database);
    write_file(file.string() + "-wal", cut.log);
    Database database(file, Database::Open::kExisting);
    EXPECT_EQ(
        query_integer(database.handle(), "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
        0);
    for (const auto& [key_set, latest] : cut.told) EXPECT_GE(seq(key_set, &database), latest) << "disk " << number;
  }

  std::string wal_;
  FailingVfs vfs_;
  std::mutex disk_mutex_;  // of all that follow
  std::map<std::string, std::string> disk_;
  std::map<std::string, unsigned> latest_;  // the look that disk_ has
  unsigned looks_ = 0;
  std::map<std::size_t, std::uint64_t> told_;
  std::vector<Cut> cuts_;
  unsigned answers_ = 0;
  unsigned syncs_ = 0;
  std::promise<void> all_;
};

TEST_P(PowerCutTest, WhatWasAnsweredIsOnDisk) {
  reach_disk(file_.string(), look(file_.string()));
  reach_disk(wal_, look(wal_));
  checkpoint_pages_ = 30;
  start(4096, 5);
  if (GetParam() == Checkpoints::kByTheWriter) {
    ASSERT_EQ(run([this](Repository&) { execute(handle_, "PRAGMA wal_autocheckpoint = 30"); }), std::nullopt);
  }
  std::mt19937 random(20261121);
  for (unsigned i = 0; i < kJobs; ++i) submit_one(random() % key_sets_.size());
  ASSERT_EQ(all_.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
  loop_.reset();
  EXPECT_EQ(cuts_.size(), (kJobs / kAnswersBetweenCuts + syncs_ / kSyncsBetweenCuts) * 4);
  std::size_t differ = 0;
  for (unsigned i = 0; i < cuts_.size() && !HasFailure(); ++i) {
    expect_told_after(cuts_[i], i);
    if (i % 4 != 0) continue;
    differ += cuts_[i].log != cuts_[i + 1].log || cuts_[i].database != cuts_[i + 2].database ? 1 : 0;
  }
  EXPECT_GT(differ, 0U) << "something had been written and not synced";
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, PowerCutTest, testing::Values(Checkpoints::kByTheWriter, Checkpoints::kBesideIt),
                         [](const auto& test) {
                           return test.param == Checkpoints::kByTheWriter ? "ByTheWriter" : "BesideIt";
                         });

}  // namespace
}  // namespace hss::db::test
