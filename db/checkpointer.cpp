// SPDX-License-Identifier: MIT
#include "db/checkpointer.h"

#include <sqlite3.h>

#include <utility>

#include "db/sqlite.h"

namespace hss::db {

namespace {

// 8 MiB: many pages come several times in it, and are written to the file once.
constexpr int kPages = 2048;
/// The thread goes on until so many are left to the writer, but not for ever.
constexpr int kLittle = 64;
constexpr int kMostPasses = 4;

}  // namespace

Checkpointer::Checkpointer(Database& database, Options options)
    : database_(database), options_(std::move(options)), connection_(database.connect_again()) {
  if (options_.pages == 0) options_.pages = kPages;
  begin_ = options_.pages;
  const auto on_commit = [](void* self, sqlite3* /*connection*/, const char* /*name*/, int pages) {
    static_cast<Checkpointer*>(self)->logged_ = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(database_.handle(), on_commit, this);
  thread_ = std::thread([this] { loop(); });
}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
  sqlite3_wal_hook(database_.handle(), nullptr, nullptr);
}

/// As far as nobody who reads or writes is in the way, and nobody waits for it.
Checkpointer::Progress Checkpointer::pass(sqlite3* connection) {
  Progress done;
  done.code = sqlite3_wal_checkpoint_v2(connection, nullptr, SQLITE_CHECKPOINT_PASSIVE, &done.logged, &done.in_file);
  return done;
}

// ---- The writer -----------------------------------------------------------------------------------------------------

void Checkpointer::committed() {
  const Step step = step_;
  if (step == Step::kWriter) {
    finish();
  } else if (step == Step::kWaiting && logged_ >= begin_) {
    {
      const std::lock_guard lock(mutex_);
      step_ = Step::kThread;
    }
    changed_.notify_all();
  }
}

void Checkpointer::finish() {
  const Progress done = pass(database_.handle());
  const bool all = done.code == SQLITE_OK && done.in_file == done.logged;
  // Who holds it up (a reader, a disk that fails) may do so for long: next time when there is as much again.
  begin_ = all ? options_.pages : logged_ + options_.pages;
  step_ = Step::kWaiting;
}

void Checkpointer::settle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return step_ != Step::kThread; });
  step_ = Step::kWaiting;
}

// ---- The thread -----------------------------------------------------------------------------------------------------

void Checkpointer::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return closed_ || step_ == Step::kThread; });
    if (closed_) return;
    lock.unlock();
    work();
    lock.lock();
    step_ = Step::kWriter;
    changed_.notify_all();
  }
}

/// The file must be on the disk before the log begins anew, which is the writer's to do: as long as the log grows, a
/// pass leaves that to the next, and the last one would have to wait for all.
void Checkpointer::sync_file() {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) return;
  if (file == nullptr || file->pMethods == nullptr) return;
  file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);  // the writer does it again, and meets what is wrong
}

void Checkpointer::work() {
  for (int passes = 0; passes < kMostPasses; ++passes) {
    const Progress done = pass(connection_.get());
    if (done.code == SQLITE_BUSY) return;  // somebody else does it
    if (done.code != SQLITE_OK) {
      if (options_.report) {
        options_.report("the write-ahead log cannot be brought into the database, and grows: " +
                        std::string(SqliteError(connection_.get(), done.code).what()));
      }
      return;
    }
    if (logged_ - done.in_file <= kLittle) break;
  }
  sync_file();
}

}  // namespace hss::db
