// SPDX-License-Identifier: MIT
#include "db/transaction_loop.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "db/checkpointer.h"
#include "db/confirmation.h"
#include "db/preloader.h"
#include "db/read_ahead.h"
#include "db/sealed_keys.h"
#include "db/sqlite.h"
#include "db/sqlite_repository.h"

namespace hss::db {

namespace {

using Batch = std::vector<std::unique_ptr<Transaction>>;

/// What a batch has saved cannot be written: its transactions are run again, each by itself.
struct OneByOne {};

/// Preloading goes on for so long before it looks whether a request has come, and while there are some, for one part in
/// so many of the time.
constexpr std::chrono::milliseconds kIdle{1};
constexpr int kBusyShare = 4;

/// Of the memory, for what stands in the logs, one part in so many at the most; and octets that a record of a
/// generation takes there, in both logs, with those of the generation before.
constexpr std::size_t kShareOfLogs = 8, kLoggedRecord = 600;

/// Records of a generation of the logs: as many as are usual, or as there is memory for, up to some hundred MiB.
std::size_t generation_in(std::size_t memory) {
  constexpr std::size_t kMost = 8;
  return std::clamp(memory / kShareOfLogs / kLoggedRecord, SqliteRepository::kGeneration,
                    kMost * SqliteRepository::kGeneration);
}

/// Octets for SQLite's pages, of the memory that there is. What is read again and again is remembered as it is used, so
/// that an eighth does; of a large file, what holds the inner pages of all trees, a 250th of it, twice.
std::size_t memory_of_pages(const std::filesystem::path& file, std::size_t memory) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? memory / 8 : std::clamp<std::size_t>(size / 125, memory / 8, memory / 2);
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// What is being thrown, as one line. For a catch block.
std::string current_fault() {
  try {
    throw;
  } catch (const std::exception& fault) {
    return one_line(fault.what());
  } catch (...) {
    return "a fault of an unknown kind";
  }
}

}  // namespace

struct TransactionLoop::Impl {
  Impl(std::unique_ptr<Database> taken, KeyVault key_vault, TransactionLoopOptions given)
      : options(std::move(given)), database(std::move(taken)), vault(std::move(key_vault)) {
    check_master_key(*database, vault);
    const std::size_t pages = memory_of_pages(database->file(), options.memory);
    std::error_code unknown;
    disk_bound = std::filesystem::file_size(database->file(), unknown) > options.memory && !unknown;
    execute(database->handle(), ("PRAGMA cache_size = -" + std::to_string(pages / 1024)).c_str());
    const std::size_t generation = options.generation > 0 ? options.generation : generation_in(options.memory);
    const std::size_t logs = std::min(options.memory / kShareOfLogs, generation * kLoggedRecord);
    open_repository(options.memory - pages - logs, generation);
    if (repository->logged() > 2 * generation) {  // of one that had more memory
      database->fold_logs();
      open_repository(options.memory - pages - logs, generation);
    }
    if (options.preload) preloader.emplace(database->handle(), *repository);
    options.batch_limit = std::max<std::size_t>(options.batch_limit, 1);
    // A commit does not wait for the disk: `confirmation` does, before anybody is told of it, and meanwhile the next
    // batch is run. Checkpoints sync by themselves. What leaves a log is overwritten where its page is written anyway
    // (FAST); Debian's SQLite would write each page that becomes free, full of zeros, some sixty with a batch.
    execute(database->handle(), "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = FAST");
    wal.emplace(database->file().string());
    checkpointer.emplace(*database,
                         Checkpointer::Options{.pages = options.checkpoint_pages,
                                               .report = [this](const std::string& fault) { report(fault); }});
    confirmation.emplace(Confirmation::Options{.sync = options.sync ? options.sync : [this] { wal->sync(); },
                                               .report = [this](const std::string& fault) { report(fault); },
                                               .after = options.after_batch,
                                               .on_slow_sync = options.on_slow_sync,
                                               .slow_sync = options.slow_sync});
  }

  TransactionLoopOptions options;
  std::unique_ptr<Database> database;
  KeyVault vault;
  std::optional<SqliteRepository> repository;
  std::optional<Preloader> preloader;
  std::optional<ReadAhead> read_ahead;  // once it was of use
  bool disk_bound = false;              // the latest batch had to wait for the disk, or the first may have to
  std::optional<WalFile> wal;
  std::optional<Checkpointer> checkpointer;
  std::optional<Confirmation> confirmation;
  std::uint64_t epoch = 1;  // of Confirmation::lost_epoch

  std::atomic<std::size_t> waiting_count = 0;
  std::mutex mutex;  // of the two below
  std::condition_variable changed;
  std::deque<std::unique_ptr<Transaction>> waiting;
  bool closed = false;

  std::mutex joining;
  std::thread thread;

  void open_repository(std::size_t memory, std::size_t generation);
  void loop();
  std::optional<Batch> take(bool idle);
  void serve(Batch& batch);
  [[nodiscard]] bool preloading() const { return preloader && preloader->has_more(); }
  void preload(std::chrono::steady_clock::duration time);
  void tell_of_preloading() noexcept;
  std::uint64_t fetch(const Batch& batch);
  std::uint64_t look_ahead(const std::vector<Subject>& subjects);
  void run(Batch& batch);
  void run_batch(Batch& batch);
  void write(std::size_t transactions);
  void run_all(Batch& batch, std::vector<std::optional<std::string>>& faults);
  std::optional<std::string> run_one(Transaction& transaction);
  void report(const std::string& fault) noexcept;
};

void TransactionLoop::Impl::report(const std::string& fault) noexcept {
  try {
    if (options.on_fault) options.on_fault(fault);
  } catch (...) {
    // Whoever was to be told could not listen; the requests get their answers all the same.
  }
}

/// And reads what the server before has left in the logs: nobody waits for it yet.
void TransactionLoop::Impl::open_repository(std::size_t memory, std::size_t generation) {
  repository.emplace(*database, vault, memory, generation);
  database->read([this] { repository->begin_batch(); });
  repository->batch_committed();
}

/// All that waits, up to a batch, or nothing when closed and done. Waits for something, unless there is something else
/// to do: then a batch may be empty.
std::optional<Batch> TransactionLoop::Impl::take(bool idle) {
  std::unique_lock lock(mutex);
  if (idle) changed.wait(lock, [this] { return closed || !waiting.empty(); });
  if (closed && waiting.empty()) return std::nullopt;
  Batch batch;
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting.size(), options.batch_limit));
  batch.reserve(static_cast<std::size_t>(count));
  std::move(waiting.begin(), waiting.begin() + count, std::back_inserter(batch));
  waiting.erase(waiting.begin(), waiting.begin() + count);
  waiting_count.store(waiting.size(), std::memory_order_relaxed);
  return batch;
}

void TransactionLoop::Impl::loop() {
  bool was_preloading = preloading();
  while (std::optional<Batch> batch = take(!preloading())) {
    const auto begun = std::chrono::steady_clock::now();
    if (!batch->empty()) serve(*batch);
    if (preloading()) preload(batch->empty() ? kIdle : (std::chrono::steady_clock::now() - begun) / kBusyShare);
    if (std::exchange(was_preloading, preloading()) && !was_preloading) tell_of_preloading();
  }
  confirmation->close();
  try {
    // So much takes a second or two. More stays, and the next server reads it in no more than that.
    if (repository->logged() <= 2 * SqliteRepository::kGeneration) database->fold_logs();
  } catch (const std::exception& fault) {  // the next server reads them
    report(std::string("the logs of sequence numbers and pending authentications stay as they are: ") +
           one_line(fault.what()));
  }
}

/// Runs one transaction, whose writes can be taken back. What it threw, or nothing. Throws when the whole batch is
/// lost.
std::optional<std::string> TransactionLoop::Impl::run_one(Transaction& transaction) {
  std::optional<std::string> fault;
  repository->begin_request();
  try {
    transaction.run(*repository);
  } catch (...) {
    fault = current_fault();
  }
  // A full disk or an I/O error makes SQLite roll everything back by itself. Going on would run the rest of the batch
  // outside any transaction.
  if (sqlite3_get_autocommit(database->handle()) != 0) {
    throw SqliteError(SQLITE_ABORT, fault.value_or("SQLite rolled the batch back"));
  }
  fault ? repository->undo_request() : repository->end_request();
  return fault;
}

void TransactionLoop::Impl::run_all(Batch& batch, std::vector<std::optional<std::string>>& faults) {
  // Always a write transaction, even if nobody comes to write: a reader that starts writing on an old snapshot would be
  // refused. Without a write there is nothing to commit, so it costs a lock and no fsync.
  database->write_batch([&] {
    repository->begin_batch();
    for (std::size_t i = 0; i < batch.size(); ++i) {
      faults[i] = run_one(*batch[i]);
      if (faults[i]) report("a transaction was rolled back: " + *faults[i]);
    }
    write(batch.size());
  });
  repository->batch_committed();
}

void TransactionLoop::Impl::write(std::size_t transactions) {
  try {
    repository->write_batch();
  } catch (...) {
    // What one of them saved cannot be written, and the others must not suffer from it. A transaction that SQLite has
    // rolled back by itself (disk full, I/O error) is nobody's alone.
    if (transactions > 1 && sqlite3_get_autocommit(database->handle()) == 0) throw OneByOne();
    throw;
  }
}

/// Runs them in one transaction and has each told how it went. Throws OneByOne when nobody will be told anything.
void TransactionLoop::Impl::run_batch(Batch& batch) {
  std::vector<std::optional<std::string>> faults(batch.size());
  const auto before = sqlite3_total_changes64(database->handle());
  try {
    if (const std::uint64_t lost = confirmation->lost_epoch(); lost >= epoch) {
      checkpointer->settle();
      database->empty_log();
      epoch = lost + 1;
    }
    run_all(batch, faults);
  } catch (const OneByOne&) {
    repository->batch_lost();
    throw;
  } catch (...) {
    const std::string fault = current_fault();
    repository->batch_lost();
    report("a commit failed and its " + std::to_string(batch.size()) + " transactions were rolled back: " + fault);
    for (auto& one : faults) one = fault;
  }
  const bool wrote = sqlite3_total_changes64(database->handle()) != before;
  confirmation->add({std::move(batch), std::move(faults), wrote, epoch});
  checkpointer->committed();
}

/// Has those read at once whom nobody remembers, when they would come from the disk one after the other. How many pages
/// did.
std::uint64_t TransactionLoop::Impl::look_ahead(const std::vector<Subject>& subjects) {
  std::vector<Subject> unknown;
  for (const Subject& subject : subjects) {
    if (subject.kind != Subject::Kind::kNobody && !repository->remembers(subject)) unknown.push_back(subject);
  }
  constexpr std::size_t kWorthIt = 2;
  if (unknown.size() < kWorthIt) return 0;
  if (!read_ahead) read_ahead.emplace(*database);
  const ReadAhead::Done done = read_ahead->read(unknown);
  for (const auto& [subscription, registration] : done.found) repository->remember(subscription, registration);
  return done.pages;
}

/// Has what a batch will ask for fetched at once, not for one request after the other: from memory, and from the disk
/// when that is what takes long. How many pages of the latter.
std::uint64_t TransactionLoop::Impl::fetch(const Batch& batch) {
  if (batch.size() == 1) return 0;
  std::vector<Subject> subjects;
  subjects.reserve(batch.size());
  for (const auto& transaction : batch) subjects.push_back(transaction->subject());
  repository->prefetch(subjects);
  return disk_bound || options.always_read_ahead ? look_ahead(subjects) : 0;
}

void TransactionLoop::Impl::serve(Batch& batch) {
  constexpr std::uint64_t kFewPages = 4;  // and less than one for two requests: to read them twice would cost more
  const std::uint64_t before = pages_from_disk();
  std::uint64_t pages = 0;
  try {
    pages = fetch(batch);
  } catch (const std::exception&) {
    // No memory or no thread for it: each is read when it is needed.
  }
  const std::size_t requests = batch.size();
  run(batch);
  pages += pages_from_disk() - before;
  disk_bound = pages >= kFewPages && 2 * pages >= requests;
}

void TransactionLoop::Impl::preload(std::chrono::steady_clock::duration time) {
  try {
    database->read([&] {
      repository->begin_batch();
      preloader->read_on(time);
    });
    repository->batch_committed();
  } catch (const std::exception&) {  // the next request meets the same, and its answer and the log say so
    repository->batch_lost();
    preloader->stop();
  }
}

/// When it has come to its end, be it that requests have filled the memory.
void TransactionLoop::Impl::tell_of_preloading() noexcept {
  if (!options.on_preloaded) return;
  try {
    if (const auto result = preloader->result()) options.on_preloaded(*result);
  } catch (const std::exception&) {
    // Nobody depends on it.
  }
}

void TransactionLoop::Impl::run(Batch& batch) {
  try {
    run_batch(batch);
  } catch (const OneByOne&) {
    for (auto& transaction : batch) {
      Batch alone;
      alone.push_back(std::move(transaction));
      run_batch(alone);
    }
  }
}

TransactionLoop::TransactionLoop(std::unique_ptr<Database> database, KeyVault vault, TransactionLoopOptions options)
    : impl_(std::make_unique<Impl>(std::move(database), std::move(vault), std::move(options))) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->loop(); });
}

TransactionLoop::~TransactionLoop() { close(); }

bool TransactionLoop::submit(std::unique_ptr<Transaction>& transaction) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->closed || impl_->waiting.size() >= impl_->options.queue_limit) return false;
    impl_->waiting.push_back(std::move(transaction));
    impl_->waiting_count.store(impl_->waiting.size(), std::memory_order_relaxed);
  }
  impl_->changed.notify_one();
  return true;
}

bool TransactionLoop::is_full() const noexcept { return waiting() >= impl_->options.queue_limit; }

std::size_t TransactionLoop::waiting() const noexcept { return impl_->waiting_count.load(std::memory_order_relaxed); }

void TransactionLoop::close() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->closed = true;
  }
  impl_->changed.notify_all();
  const std::lock_guard lock(impl_->joining);
  if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace hss::db
