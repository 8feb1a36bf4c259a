// The SQLite file: how it is created, opened, upgraded, and written by one writer at a time.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>

struct sqlite3;

namespace hss::db {

class ChangeJournal;

/// The database cannot be used: one line that names the file, what is wrong and what to do.
class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One connection, for one thread: WAL, synchronous=FULL (until the transaction loop syncs by itself), foreign keys on.
class Database {
 public:
  enum class Open { kExisting, kCreate };

  /// kExisting: refuses (DatabaseError) a file that is missing, is not ours, or is of a newer schema than this program
  /// knows; an older one is migrated. kCreate: refuses a file that exists already; creates it with mode 0600.
  Database(const std::filesystem::path& file, Open how);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs `work` in one write transaction (BEGIN IMMEDIATE ... COMMIT); rolls back and rethrows what it throws. Writers
  /// queue fairly between processes (a turnstile lock beside the file), so none starves and none is told "busy" while
  /// the others keep their transactions short. Throws StoreFault when the file was removed or replaced since it was
  /// opened. What changed is written into journal(), where `work` says whom it concerns.
  void write(const std::function<void()>& work);
  /// write() for the server, which reads the journal.
  void write_batch(const std::function<void()>& work);
  /// Brings the logs of sequence numbers and of pending authentications into their tables, unless they are empty: for
  /// the server, and where none runs.
  void fold_logs();
  [[nodiscard]] ChangeJournal& journal() const;
  /// Runs `work` on one snapshot.
  void read(const std::function<void()>& work);
  /// Brings all of the write-ahead log into the database file, on disk, and begins the log anew. Outside a transaction.
  /// Throws SqliteError when it cannot, and at once while somebody else reads.
  void empty_log();

  struct Close {
    void operator()(sqlite3* connection) const;
  };
  using Handle = std::unique_ptr<sqlite3, Close>;
  /// Another connection to the same file, for another thread of this process; this one outlives it.
  [[nodiscard]] Handle connect_again() const;

  [[nodiscard]] sqlite3* handle() const;
  [[nodiscard]] const std::filesystem::path& file() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hss::db
