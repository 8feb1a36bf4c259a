// SPDX-License-Identifier: MIT
#include "db/checkpointer.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "db/sqlite.h"

namespace hss::db {

namespace {

constexpr int kPages = 2048;
/// The thread does so much at a time: many pages come several times in it, and are written to the file once.
constexpr int at_a_time(int pages) { return std::max(pages / 8, 1); }
/// The thread rests for so many times as long as it worked: a slow disk is mostly left to the commits.
constexpr int kRests = 4;
/// The thread goes on until so many are left to the writer, but not for ever.
constexpr int kLittle = 64;
constexpr int kMostPasses = 4;

}  // namespace

Checkpointer::Checkpointer(Database& database, Options options)
    : database_(database), options_(std::move(options)), connection_(database.connect_again()) {
  if (options_.pages == 0) options_.pages = kPages;
  expect_new_log();
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
  if (step == Step::kWriter) finish();
  if (step != Step::kWaiting) return;
  if (logged_ < in_file_) expect_new_log();  // all of it was in the file by chance, or somebody else's doing
  if (logged_ < begin_ || Clock::now() < rest_until_) return;
  {
    const std::lock_guard lock(mutex_);
    step_ = Step::kThread;
  }
  changed_.notify_all();
}

void Checkpointer::expect_new_log() {
  in_file_ = 0;
  begin_ = at_a_time(options_.pages);
}

void Checkpointer::finish() {
  const Progress done = pass(database_.handle());
  const bool all = done.code == SQLITE_OK && done.in_file == done.logged;
  if (all) {
    expect_new_log();
  } else {
    // Who holds it up (a reader, a disk that fails) may do so for long: next time when there is as much again.
    in_file_ = std::max(done.in_file, 0);
    begin_ = logged_ + options_.pages;
  }
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
    const Clock::time_point begun = Clock::now();
    const Step next = work();
    const Clock::time_point now = Clock::now();
    rest_until_ = now + kRests * (now - begun);
    lock.lock();
    step_ = next;
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

Checkpointer::Step Checkpointer::work() {
  if (logged_ >= options_.pages) {
    bring_most();
    return Step::kWriter;
  }
  bring_some();
  return Step::kWaiting;
}

/// What is in the log by now. Nothing when that cannot be done.
std::optional<Checkpointer::Progress> Checkpointer::bring() {
  const Progress done = pass(connection_.get());
  if (done.code == SQLITE_OK) return done;
  if (done.code != SQLITE_BUSY && options_.report) {  // busy: somebody else does it
    options_.report("the write-ahead log cannot be brought into the database, and grows: " +
                    std::string(SqliteError(connection_.get(), done.code).what()));
  }
  return std::nullopt;
}

void Checkpointer::bring_some() {
  begin_ = options_.pages;
  const auto done = bring();
  if (!done) return;
  sync_file();
  in_file_ = std::min<int>(done->in_file, logged_);  // hssctl may have added to it
  begin_ = std::min(done->logged + at_a_time(options_.pages), options_.pages);
}

void Checkpointer::bring_most() {
  for (int passes = 0; passes < kMostPasses; ++passes) {
    const auto done = bring();
    if (!done) return;
    if (logged_ - done->in_file <= kLittle) break;
  }
  sync_file();
}

}  // namespace hss::db
