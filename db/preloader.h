// Fills the memory with subscribers while the server has nothing better to do, so that it answers from memory soon
// after it was started: in the order of their numbers, neighbours stand on the same pages, and are read in a fraction
// of the time that those take who come in any order.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "db/preloaded.h"
#include "db/sqlite.h"
#include "db/sqlite_repository.h"

namespace hss::db {

class Preloader {
 public:
  /// Both live as long. `connection` is the repository's.
  Preloader(sqlite3* connection, SqliteRepository& repository) : db_(connection), repository_(repository) {}

  /// Whether there is somebody left to read, and room for him, as far as is known.
  [[nodiscard]] bool has_more() const;
  /// In a batch: reads on for so long, and one at the least. When that fails it stops.
  void read_on(std::chrono::steady_clock::duration time);
  /// Reads nobody any more until everything was forgotten again.
  void stop() noexcept;

  /// How many were read since everything was forgotten.
  [[nodiscard]] std::size_t count() const { return count_; }
  /// When there is no more: what has come of it. Nothing when it was stopped. Throws SqliteError.
  [[nodiscard]] std::optional<Preloaded> result();

 private:
  std::vector<SubscriptionId> following();
  void read(SubscriptionId id);

  sqlite3* db_;
  SqliteRepository& repository_;
  Statement greatest_{db_, "SELECT max(id) FROM subscription"};
  Statement following_{db_, "SELECT id FROM subscription WHERE id > ? ORDER BY id LIMIT 64"};
  SubscriptionId last_ = 0;  // who was read
  std::size_t count_ = 0;
  std::uint64_t forgotten_ = 0;  // SqliteRepository::times_forgotten() when the first one was
  bool at_end_ = false;
  bool stopped_ = false;
};

}  // namespace hss::db
