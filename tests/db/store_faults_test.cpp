// Every write, sync, truncation, read and opening of a busy loop fails once, some times or until the disk is well
// again: nothing that was told committed is lost, no SEQ comes twice, and the loop goes on by itself.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>

#include "tests/db/failing_vfs.h"
#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class StoreFaultsTest : public TransactionLoopTest {
 protected:
  StoreFaultsTest() {
    generation_ = 2;
    sync_ = [this] {
      if (vfs_.fails(FailingVfs::kSync)) throw StoreFault("the log cannot be synced");
    };
  }

  /// One SEQ for a key set. Told committed, it must be above all that were.
  struct Issued {
    std::size_t key_set = 0;
    std::uint64_t seq = 0;
    std::future<Outcome> told;
  };
  std::shared_ptr<Issued> issue(std::size_t key_set) {
    auto issued = std::make_shared<Issued>();
    issued->key_set = key_set;
    issued->told = submit([this, issued](Repository& repository) {
      SequenceState state = repository.sequence(key_sets_[issued->key_set]);
      issued->seq = ++state.seq;
      repository.save_sequence(key_sets_[issued->key_set], state);
    });
    return issued;
  }
  bool told(const std::shared_ptr<Issued>& issued) {
    if (outcome(issued->told).has_value()) return false;
    std::uint64_t& latest = committed_[issued->key_set];
    EXPECT_GT(issued->seq, latest) << "SEQ of key set " << issued->key_set << " comes again, or falls";
    latest = issued->seq;
    return true;
  }
  /// Starts, and has every commit followed by a checkpoint, so that the database file is written too: by the writer, or
  /// half of them by a thread beside it, as in a server.
  void start_with_checkpoints() {
    checkpoint_pages_ = 1;
    start(4096, 4);
    if (beside_) return;
    ASSERT_EQ(run([this](Repository&) { execute(handle_, "PRAGMA wal_autocheckpoint = 1"); }), std::nullopt);
  }
  /// Some batches of all that requests write. How many of their transactions failed.
  unsigned work(UnixTime until) {
    unsigned refused = 0;
    for (unsigned i = 0; i < 5; ++i) {
      std::array<std::shared_ptr<Issued>, 4> issued{issue(0), issue(1 + i % 2), issue(0), issue(2)};
      auto pending = submit(challenge(i % 3, until + i));
      auto slot = submit([&](Repository& repository) {
        repository.save_ind_slot(Application::kCx, "scscf" + std::to_string(until) + std::to_string(i), 1);
      });
      for (const auto& one : issued) refused += told(one) ? 0 : 1;
      const std::optional<std::string> pending_fault = outcome(pending);
      if (!pending_fault) pending_[i % 3] = until + i;
      refused += pending_fault.has_value() ? 1 : 0;
      if (!outcome(slot)) ++slots_;
    }
    return refused;
  }
  /// What was told committed is there for who opens the database now.
  void expect_all_there() {
    const auto other = connect();
    EXPECT_EQ(
        query_integer(other->handle(), "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    for (const auto& [key_set, latest] : committed_) EXPECT_GE(seq(key_set, other.get()), latest);
    EXPECT_GE(query_integer(other->handle(), "SELECT count(*) FROM ind_slot"), slots_);
    for (const auto& [subscription, until] : pending_) {
      other->read([&] {
        const Registration found = SqliteRepository(*other, vault_).registration(subscriptions_[subscription]->id);
        ASSERT_EQ(found.pairs.size(), 1U);
        EXPECT_GE(found.pairs[0].auth_pending_until, until);
      });
    }
  }
  /// The fault at every place that the work comes to. How often it struck.
  unsigned everywhere(FailingVfs::Fault fault) {
    unsigned struck = 0;
    for (fault.after = 0; fault.after < kMost; ++fault.after) {
      start_with_checkpoints();
      vfs_.fail(fault);
      const unsigned refused = work(++now_ * 100);
      const bool hit = vfs_.failed() > 0;
      vfs_.heal();
      if (!hit) {
        EXPECT_EQ(refused, 0U);
        break;
      }
      struck += 1;
      for (std::size_t key_set = 0; key_set < 3; ++key_set) {
        EXPECT_TRUE(told(issue(key_set))) << "it does not go on: " << testing::PrintToString(faults());
      }
      expect_all_there();
      loop_->close();
      expect_all_there();
      loop_.reset();
      if (HasFailure()) {
        ADD_FAILURE() << "operations " << fault.operations << ", after " << fault.after << ", " << fault.times
                      << " times";
        break;
      }
    }
    RecordProperty("faults", static_cast<int>(struck_ += struck));
    return struck;
  }

  static constexpr unsigned kMost = 60;
  FailingVfs vfs_;
  bool beside_ = false;
  std::map<std::size_t, std::uint64_t> committed_;
  std::map<std::size_t, UnixTime> pending_;
  std::int64_t slots_ = 0;
  unsigned struck_ = 0;
  UnixTime now_ = 1000;
};

TEST_F(StoreFaultsTest, AnyWriteFailsOnce) {
  EXPECT_GT(everywhere({.operations = FailingVfs::kWrite, .times = 1}), 20U);
}

TEST_F(StoreFaultsTest, AllWritesFailFromAnyOneOn) { EXPECT_GT(everywhere({.operations = FailingVfs::kWrite}), 20U); }

TEST_F(StoreFaultsTest, TheDiskIsFullFromAnyWriteOn) {
  EXPECT_GT(everywhere({.operations = FailingVfs::kWrite, .full = true}), 20U);
}

TEST_F(StoreFaultsTest, AnySyncFailsOnceOrAll) {
  EXPECT_GT(everywhere({.operations = FailingVfs::kSync, .times = 1}), 10U);
  EXPECT_GT(everywhere({.operations = FailingVfs::kSync}), 10U);
}

TEST_F(StoreFaultsTest, AnyReadFails) {
  EXPECT_GT(everywhere({.operations = FailingVfs::kRead, .times = 1}), 0U);
  EXPECT_GT(everywhere({.operations = FailingVfs::kRead}), 0U);
}

TEST_F(StoreFaultsTest, AnythingFailsAFewTimes) {
  constexpr unsigned kAll = FailingVfs::kWrite | FailingVfs::kSync | FailingVfs::kTruncate | FailingVfs::kRead;
  EXPECT_GT(everywhere({.operations = kAll, .times = 3}), 20U);
}

TEST_F(StoreFaultsTest, AnythingFailsBesideTheWriter) {
  beside_ = true;
  EXPECT_GT(everywhere({.operations = FailingVfs::kWrite, .times = 1}), 10U);
  EXPECT_GT(everywhere({.operations = FailingVfs::kWrite, .full = true}), 10U);
  EXPECT_GT(everywhere({.operations = FailingVfs::kSync, .times = 1}), 2U);  // a sync may serve several commits
  EXPECT_GT(everywhere({.operations = FailingVfs::kWrite | FailingVfs::kSync | FailingVfs::kRead, .times = 3}), 10U);
}

/// A disk that fails while the server starts: it starts all the same, or says why not, and the next start finds all.
TEST_F(StoreFaultsTest, AStartOnADiskThatFails) {
  start_with_checkpoints();
  work(++now_ * 100);
  loop_.reset();
  unsigned refused = 0;
  unsigned struck = 0;
  for (unsigned after = 0; after < 60; ++after) {
    constexpr unsigned kAll = FailingVfs::kWrite | FailingVfs::kSync | FailingVfs::kRead | FailingVfs::kOpen;
    vfs_.fail({.operations = kAll, .after = after});
    try {
      start();
    } catch (const std::exception& fault) {
      EXPECT_THAT(fault.what(), HasSubstr(file_.filename().string()));
      EXPECT_THAT(fault.what(), Not(HasSubstr("\n")));
      ++refused;
    }
    if (loop_) told(issue(0));
    struck += vfs_.failed() > 0 ? 1 : 0;
    const bool hit = vfs_.failed() > 0;
    vfs_.heal();
    EXPECT_TRUE(!loop_ || told(issue(1)));
    loop_.reset();
    expect_all_there();
    if (!hit || HasFailure()) break;
  }
  EXPECT_GT(refused, 0U);
  EXPECT_GT(struck, refused) << "some are met after the start";
}

TEST_F(StoreFaultsTest, ADatabaseThatWasRemovedOrReplacedGivesNoSecondSetOfNumbers) {
  start();
  EXPECT_TRUE(told(issue(0)));
  const auto aside = file_.string() + ".aside";
  std::filesystem::rename(file_, aside);
  EXPECT_THAT(run(next_seq(0)).value_or(""), HasSubstr("hss.db is not the file that was opened"));
  std::filesystem::copy_file(aside, file_);
  EXPECT_THAT(run(next_seq(0)).value_or(""), HasSubstr("start it again"));
  EXPECT_THAT(faults(), Not(IsEmpty()));
  std::filesystem::rename(aside, file_);
  EXPECT_TRUE(told(issue(0))) << "it was put back";
  EXPECT_EQ(committed_[0], 102U);
}

TEST_F(TransactionLoopTest, ALogThatWasRemovedIsNoticedBeforeAnybodyIsTold) {
  start();
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  std::filesystem::remove(file_.string() + "-wal");
  EXPECT_THAT(run(next_seq(0)).value_or(""), HasSubstr("hss.db-wal was removed while it was in use"));
  loop_.reset();
  database_.reset();
  database_ = connect();
  EXPECT_GE(seq(0), 101U);
}

}  // namespace
}  // namespace hss::db::test
