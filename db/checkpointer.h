// Brings the write-ahead log into the database file while the writer goes on. SQLite would have the writer do it, some
// tens of milliseconds at a time in which nobody gets an answer. And it is done a little at a time: commits go to the
// same disk, and would have to wait behind megabytes.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "db/database.h"

namespace hss::db {

/// A thread with a connection of its own does most of it: an eighth of what may be in the log, again and again. When
/// all of that is there, the little that was added meanwhile is the writer's to do: only then is all of the log in the
/// file, and begins anew.
class Checkpointer {
 public:
  struct Options {
    int pages = 0;                                     // in the log, when it is to begin anew; 0: as many as are usual
    std::function<void(const std::string&)> report{};  // told of a failure, one line; must not throw
  };

  /// `database` is the writer's, and outlives this. Throws as Database does.
  Checkpointer(Database& database, Options options);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // By the writer, outside a transaction:

  /// After a commit.
  void committed();
  /// Waits until the thread has nothing to do, and drops what it left to be done.
  void settle();

 private:
  enum class Step { kWaiting, kThread, kWriter };  // who has something to do
  struct Progress {
    int code = 0;     // of SQLite
    int logged = 0;   // pages in the log
    int in_file = 0;  // of them
  };

  using Clock = std::chrono::steady_clock;

  static Progress pass(sqlite3* connection);
  void loop();
  Step work();
  void bring_some();
  void bring_most();
  std::optional<Progress> bring();
  void sync_file();
  void finish();
  void expect_new_log();

  Database& database_;
  Options options_;
  Database::Handle connection_;  // the thread's
  std::atomic<int> logged_ = 0;  // pages in the log, at the last commit
  // The thread's while it works, else the writer's:
  int in_file_ = 0;  // pages of the log
  int begin_ = 0;    // the thread does, at so many pages, and not before:
  Clock::time_point rest_until_;
  std::atomic<Step> step_ = Step::kWaiting;
  std::mutex mutex_;  // of the two below, and of the wait for another step
  std::condition_variable changed_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace hss::db
