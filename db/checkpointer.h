// Brings the write-ahead log into the database file while the writer goes on. SQLite would have the writer do it, some
// tens of milliseconds at a time in which nobody gets an answer.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "db/database.h"

namespace hss::db {

/// A thread with a connection of its own does most of it. What was added meanwhile is little, and the writer does that:
/// only then is all of the log in the file, and begins anew.
class Checkpointer {
 public:
  struct Options {
    int pages = 0;                                     // in the log, when it begins; 0: as many as are usual
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

  static Progress pass(sqlite3* connection);
  void loop();
  void work();
  void sync_file();
  void finish();

  Database& database_;
  Options options_;
  Database::Handle connection_;  // the thread's
  std::atomic<int> logged_ = 0;  // pages in the log, at the last commit
  int begin_ = 0;                // at so many; the writer's
  std::atomic<Step> step_ = Step::kWaiting;
  std::mutex mutex_;  // of the two below, and of the wait for another step
  std::condition_variable changed_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace hss::db
