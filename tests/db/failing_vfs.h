// A disk that fails: a layer over SQLite's own file system whose writes, syncs, truncations, reads and openings fail
// from the n-th on, for as long as a test likes, and which tells what has reached the disk.
// SPDX-License-Identifier: MIT
#pragma once

#include <sqlite3.h>

#include <functional>
#include <mutex>
#include <string>

namespace hss::db::test {

class FailingVfs {
 public:
  enum Operation : unsigned { kWrite = 1, kSync = 2, kTruncate = 4, kRead = 8, kOpen = 16 };
  struct Fault {
    unsigned operations = 0;     // those that count, and fail
    unsigned after = 0;          // so many succeed first
    unsigned times = 1U << 30U;  // so many fail
    bool full = false;           // a write says SQLITE_FULL and not SQLITE_IOERR_WRITE
  };

  /// From now on what SQLite opens by default goes through this.
  FailingVfs();
  /// Nothing that went through it may be open any more.
  ~FailingVfs();
  FailingVfs(const FailingVfs&) = delete;
  FailingVfs& operator=(const FailingVfs&) = delete;

  /// Called with the name of each file that is about to be synced; what it returns is called when that is done. To be
  /// set before anything is opened.
  std::function<std::function<void()>(const std::string&)> syncing;

  void fail(const Fault& fault);
  void heal() { fail({}); }
  /// How many operations have failed since fail().
  [[nodiscard]] unsigned failed() const;

  /// Counts one; true when it is to fail.
  bool fails(Operation operation);
  /// What a write that fails says.
  [[nodiscard]] int write_error() const;
  [[nodiscard]] sqlite3_vfs* real() const { return real_; }

 private:
  sqlite3_vfs* real_;
  sqlite3_vfs own_;
  mutable std::mutex mutex_;  // of the rest
  Fault fault_;
  unsigned counted_ = 0;
  unsigned failed_ = 0;
};

}  // namespace hss::db::test
