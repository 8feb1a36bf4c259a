// The second half of a commit: waits until what was committed is on disk, then tells the transactions, while the writer
// is busy with the next ones.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "hss/repository.h"

namespace hss::db {

/// Transactions of one commit.
struct CommittedBatch {
  std::vector<std::unique_ptr<Transaction>> transactions;
  std::vector<std::optional<std::string>> faults;  // what became of each: a fault, or nothing
  bool wrote = false;                              // something was committed that must be on disk first
  std::uint64_t epoch = 0;                         // of the writer, see lost_epoch()
};

class Confirmation {
 public:
  struct Options {
    std::function<void()> sync;  // returns when all that was committed before is on disk; throws when it is not
    std::function<void(const std::string&)> report{};  // told of a failure, one line; must not throw
    std::function<void()> after{};                     // called when those that waited were told; must not throw
    /// Told when a sync took `slow_sync` or longer, for which so many transactions waited.
    std::function<void(std::chrono::milliseconds, std::size_t transactions)> on_slow_sync{};
    std::chrono::milliseconds slow_sync{};
  };

  explicit Confirmation(Options options);
  /// As close().
  ~Confirmation();
  Confirmation(const Confirmation&) = delete;
  Confirmation& operator=(const Confirmation&) = delete;

  /// Takes a batch; waits while several are on their way. Batches are told in their order.
  void add(CommittedBatch batch);
  /// Tells what is left, and ends the thread. May be called again.
  void close();

  /// After a sync that failed, what was committed may be on disk or not, and a later sync that succeeds says nothing of
  /// it: batches up to this epoch are told that they failed. The writer puts the database in order and goes on with the
  /// next epoch. 0: nothing has failed.
  [[nodiscard]] std::uint64_t lost_epoch() const { return lost_epoch_; }

 private:
  void loop();
  std::deque<CommittedBatch> take();
  void tell(std::deque<CommittedBatch> batches);
  void sync(const std::deque<CommittedBatch>& batches) const;

  Options options_;
  std::atomic<std::uint64_t> lost_epoch_{0};
  std::mutex mutex_;  // of the three below
  std::condition_variable changed_;
  std::deque<CommittedBatch> waiting_;
  bool closed_ = false;
  std::mutex joining_;
  std::thread thread_;
};

/// The write-ahead log of a database: makes sure that it is on disk.
class WalFile {
 public:
  /// `database`: opened by this process, in WAL mode, as long as this object lives. Throws StoreFault.
  explicit WalFile(const std::string& database);
  ~WalFile();
  WalFile(const WalFile&) = delete;
  WalFile& operator=(const WalFile&) = delete;

  /// Throws StoreFault; also when the log was removed, for who opens the database then does not see what is in it.
  void sync() const;

 private:
  std::string name_;
  int descriptor_;
};

}  // namespace hss::db
