// How writers of several processes take turns: whoever wants to write next stands in a turnstile, and only the one in
// it may ask SQLite for the write lock. A busy server that has just committed finds it taken and waits in its turn.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>

struct sqlite3;

namespace hss::db {

/// The lock file FILE-turn beside a database. It is held only while its holder waits for SQLite's write lock, which is
/// as long as one transaction of another writer at the most.
class Turnstile {
 public:
  /// Every connection of ours says here, as long as it lives, that it has the database open, so that somebody can know
  /// that nobody has: a server goes on with a file that was removed or replaced, and would give out its SQNs again.
  enum class Use { kShared, kAlone };

  /// Creates the lock file when it is missing. Throws DatabaseError, also when another use stands against this one.
  explicit Turnstile(const std::filesystem::path& database, Use use = Use::kShared);
  ~Turnstile();
  Turnstile(const Turnstile&) = delete;
  Turnstile& operator=(const Turnstile&) = delete;

  /// True while somebody stands in it. Not to be asked while this object has a Turn of its own.
  [[nodiscard]] bool is_taken() const;

  /// Waits for the turn; gives it on when it goes.
  class Turn {
   public:
    explicit Turn(const Turnstile& turnstile);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    int descriptor_;
  };

 private:
  std::filesystem::path file_;
  int descriptor_;
};

/// Waiting for a lock of SQLite: asks again every 0.2 to 1 ms and gives up (SQLITE_BUSY) after `limit`. SQLite's own
/// timeout sleeps up to 100 ms between two looks: it would miss every gap that a busy server leaves.
class BusyWait {
 public:
  explicit BusyWait(std::chrono::milliseconds limit = std::chrono::seconds(30)) : limit_(limit) {}
  BusyWait(const BusyWait&) = delete;
  BusyWait& operator=(const BusyWait&) = delete;

  /// Must outlive the connection's use.
  void attach(sqlite3* connection);

 private:
  static int on_busy(void* self, int count);

  std::chrono::milliseconds limit_;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace hss::db
