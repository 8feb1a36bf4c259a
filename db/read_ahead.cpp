// SPDX-License-Identifier: MIT
#include "db/read_ahead.h"

#include <sys/resource.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "db/identity_lookup.h"
#include "db/non_3gpp_reader.h"
#include "db/non_3gpp_state.h"
#include "db/registration_table.h"
#include "db/sequence_table.h"
#include "db/server_names.h"
#include "db/sqlite.h"
#include "db/subscription_reader.h"

namespace hss::db {

std::uint64_t pages_from_disk() noexcept {
  constexpr std::uint64_t kBlocksOfPage = 8;  // of 512 octets
  rusage usage{};
  if (getrusage(RUSAGE_THREAD, &usage) != 0) return 0;
  return static_cast<std::uint64_t>(usage.ru_inblock) / kBlocksOfPage;
}

/// One thread's connection. It looks as the procedures will, so that it comes by the same pages.
class ReadAhead::Reader {
 public:
  explicit Reader(const Database& database) : connection_(database.connect_again()) {
    execute(connection_.get(), "PRAGMA cache_size = -512; PRAGMA busy_timeout = 0");  // KiB; wait for nobody
  }

  /// All in one read transaction, which keeps the inner pages of the trees in memory.
  std::vector<Found> read(const std::vector<Subject>& subjects, std::atomic<std::size_t>& next) {
    std::vector<Found> found;
    run(begin_);
    for (std::size_t i = next++; i < subjects.size(); i = next++) {
      if (auto one = read(subjects[i])) found.push_back(*std::move(one));
    }
    run(commit_);
    return found;
  }

 private:
  std::optional<SubscriptionId> find(const Subject& subject) {
    switch (subject.kind) {
      case Subject::Kind::kPrivateIdentity:
        return lookup_.by_private_identity(subject.identity);
      case Subject::Kind::kPublicIdentity:
        return lookup_.by_public_identity(subject.identity);
      case Subject::Kind::kImsi:
        return lookup_.by_imsi(subject.identity);
      case Subject::Kind::kNobody:
        break;
    }
    return std::nullopt;
  }

  std::optional<Found> read(const Subject& subject) {
    const auto id = find(subject);
    auto subscription = id ? subscriptions_.read(*id) : nullptr;
    if (subscription == nullptr) return std::nullopt;
    Registration registration = registrations_.read(*id, {});
    if (subject.kind == Subject::Kind::kImsi) {
      static_cast<void>(non_3gpp_.read(*id));
      static_cast<void>(non_3gpp_state_.read(*id));
      if (subscription->usim) read_card(*subscription->usim);
    }
    if (const auto* const identity = subscription->find_private(subject.identity); identity != nullptr) {
      if (identity->key_set) read_card(*identity->key_set);
    }
    return Found{std::move(subscription), std::move(registration)};
  }

  void read_card(KeySetId id) {
    for (Rows rows(key_set_, id); rows.next();) static_cast<void>(rows.blob(0));
    static_cast<void>(sequences_.read(id));
  }

  const Database::Handle connection_;
  Statement begin_{connection_.get(), "BEGIN"};
  Statement commit_{connection_.get(), "COMMIT"};
  IdentityLookup lookup_{connection_.get()};
  SubscriptionReader subscriptions_{connection_.get()};
  ServerNames servers_{connection_.get()};
  RegistrationTable registrations_{connection_.get(), servers_};
  Non3gppReader non_3gpp_{connection_.get()};
  Non3gppState non_3gpp_state_{connection_.get()};
  Statement key_set_{connection_.get(), "SELECT sealed FROM key_set WHERE id = ?"};  // and opens nothing
  SequenceTable sequences_{connection_.get()};
};

ReadAhead::ReadAhead(const Database& database, unsigned threads) : database_(database), parts_(threads) {
  threads_.reserve(threads);
  try {
    for (Part& part : parts_) threads_.emplace_back([this, &part] { loop(part); });
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

void ReadAhead::connect() {
  try {
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      if (parts_[i].reader == nullptr) parts_[i].reader = std::make_unique<Reader>(database_);
    }
  } catch (const std::exception&) {
    // Whoever needs what could not be read meets the same, and says so.
  }
}

ReadAhead::Done ReadAhead::read(const std::vector<Subject>& subjects) {
  connect();
  std::unique_lock lock(mutex_);
  subjects_ = &subjects;
  next_ = 0;
  ++round_;
  busy_ = threads_.size();
  pages_ = 0;
  wanted_.notify_all();
  done_.wait(lock, [this] { return busy_ == 0; });
  subjects_ = nullptr;
  Done done{.found = {}, .pages = pages_};
  for (Part& part : parts_) std::ranges::move(std::exchange(part.found, {}), std::back_inserter(done.found));
  return done;
}

void ReadAhead::loop(Part& part) {
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [&] { return closed_ || round_ != seen; });
    if (closed_) return;
    seen = round_;
    const std::vector<Subject>& subjects = *subjects_;
    lock.unlock();
    const std::uint64_t before = pages_from_disk();
    try {
      if (part.reader != nullptr) part.found = part.reader->read(subjects, next_);
    } catch (const std::exception&) {
      part.reader.reset();  // as in connect(), and with it a transaction that is open
    }
    const std::uint64_t pages = pages_from_disk() - before;
    lock.lock();
    pages_ += pages;
    if (--busy_ == 0) done_.notify_one();
  }
}

}  // namespace hss::db
