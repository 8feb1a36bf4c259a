// SPDX-License-Identifier: MIT
#include "db/read_ahead.h"

#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>

#include "db/database.h"
#include "db/sequence_table.h"
#include "db/sqlite.h"
#include "db/sqlite_repository.h"

namespace hss::db {

std::uint64_t pages_from_disk() noexcept {
  constexpr std::uint64_t kBlocksOfPage = 8;  // of 512 octets
  rusage usage{};
  if (getrusage(RUSAGE_THREAD, &usage) != 0) return 0;
  return static_cast<std::uint64_t>(usage.ru_inblock) / kBlocksOfPage;
}

namespace {

std::shared_ptr<const Subscription> find(Repository& repository, const Subject& subject) {
  switch (subject.kind) {
    case Subject::Kind::kPrivateIdentity:
      return repository.find_by_private_identity(subject.identity);
    case Subject::Kind::kPublicIdentity:
      return repository.find_by_public_identity(subject.identity);
    case Subject::Kind::kImsi:
      return repository.find_by_imsi(subject.identity);
    case Subject::Kind::kNobody:
      break;
  }
  return nullptr;
}

}  // namespace

/// One thread's connection. It looks as the procedures will, so that it comes by the same pages.
class ReadAhead::Reader {
 public:
  Reader(const std::filesystem::path& file, const KeyVault& vault)
      : database_(file, Database::Open::kExisting), repository_(database_, vault) {
    execute(database_.handle(), "PRAGMA cache_size = -512; PRAGMA busy_timeout = 0");  // KiB; wait for nobody
  }

  /// All in one read transaction, which keeps the inner pages of the trees in memory. How many were found.
  std::size_t read(const std::vector<Subject>& subjects, std::atomic<std::size_t>& next) {
    std::size_t found = 0;
    database_.read([&] {
      for (std::size_t i = next++; i < subjects.size(); i = next++) found += read(subjects[i]) ? 1 : 0;
    });
    return found;
  }

 private:
  bool read(const Subject& subject) {
    const auto subscription = find(repository_, subject);
    if (subscription == nullptr) return false;
    static_cast<void>(repository_.registration(subscription->id));
    if (subject.kind == Subject::Kind::kImsi) {
      static_cast<void>(repository_.non_3gpp(subscription->id));
      static_cast<void>(repository_.non_3gpp_registration(subscription->id));
      if (subscription->usim) read_card(*subscription->usim);
    }
    if (const auto* const identity = subscription->find_private(subject.identity); identity != nullptr) {
      if (identity->key_set) read_card(*identity->key_set);
    }
    return true;
  }

  void read_card(KeySetId id) {
    for (Rows rows(key_set_, id); rows.next();) static_cast<void>(rows.blob(0));
    static_cast<void>(sequences_.read(id));
  }

  Database database_;
  SqliteRepository repository_;
  Statement key_set_{database_.handle(), "SELECT sealed FROM key_set WHERE id = ?"};  // and opens nothing
  SequenceTable sequences_{database_.handle()};
};

ReadAhead::ReadAhead(std::filesystem::path file, const KeyVault& vault, unsigned threads)
    : file_(std::move(file)), vault_(vault) {
  threads_.reserve(threads);
  try {
    while (threads_.size() < threads) threads_.emplace_back([this] { loop(); });
  } catch (const std::system_error&) {  // the system gives no more: fewer do as well
    if (threads_.empty()) throw;
  }
}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wanted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

ReadAhead::Done ReadAhead::read(const std::vector<Subject>& subjects) {
  std::unique_lock lock(mutex_);
  subjects_ = &subjects;
  next_ = 0;
  ++round_;
  busy_ = threads_.size();
  sum_ = {};
  wanted_.notify_all();
  done_.wait(lock, [this] { return busy_ == 0; });
  subjects_ = nullptr;
  return sum_;
}

void ReadAhead::loop() {
  std::unique_ptr<Reader> reader;
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [&] { return closed_ || round_ != seen; });
    if (closed_) return;
    seen = round_;
    const std::vector<Subject>& subjects = *subjects_;
    lock.unlock();
    const std::uint64_t before = pages_from_disk();
    std::size_t found = 0;
    try {
      if (reader == nullptr) reader = std::make_unique<Reader>(file_, vault_);
      found = reader->read(subjects, next_);
    } catch (const std::exception&) {
      reader.reset();  // whoever needs what could not be read meets the same, and says so
    }
    const std::uint64_t pages = pages_from_disk() - before;
    lock.lock();
    sum_.found += found;
    sum_.pages += pages;
    if (--busy_ == 0) done_.notify_one();
  }
}

}  // namespace hss::db
