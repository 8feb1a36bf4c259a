// SPDX-License-Identifier: MIT
#include "db/replaced_database.h"

#include <sqlite3.h>

#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "db/database.h"
#include "db/new_database_file.h"
#include "db/sqlite.h"

namespace hss::db {

namespace {

struct Close {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

/// Takes SQLite's lock from everybody, e.g. the sqlite3 shell, by leaving the write-ahead log: that needs nobody else
/// who has the file open. One that is too damaged for that cannot be in use by others than ours.
Connection lock_alone(const std::filesystem::path& file) {
  sqlite3* raw = nullptr;
  sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Connection connection(raw);
  const int code = sqlite3_exec(raw, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE",
                                nullptr, nullptr, nullptr);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
    throw DatabaseError(file.string() + " is open in another program; end it first");
  }
  return connection;
}

bool stands(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::symlink_status(file, ignored).type() != std::filesystem::file_type::not_found;
}

void move(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  if (!stands(from)) return;
  if (stands(to)) {
    throw DatabaseError(to.string() + " is kept from an earlier restore; move it away or remove it first");
  }
  std::filesystem::rename(from, to, error);
  if (error) throw DatabaseError(from.string() + " cannot be renamed (" + error.message() + "); run as its owner");
}

}  // namespace

ReplacedDatabase::ReplacedDatabase(std::filesystem::path file)
    : file_(std::move(file)), alone_(file_, Turnstile::Use::kAlone) {}

bool ReplacedDatabase::is_there() const { return stands(file_); }

std::filesystem::path ReplacedDatabase::set_aside() {
  const std::filesystem::path kept = file_.string() + "-replaced";
  Connection locked;
  const bool there = is_there();
  if (there) {
    if (!std::filesystem::is_regular_file(file_)) {
      throw DatabaseError(file_.string() + " is not a regular file; set `database` in hss.toml right");
    }
    locked = lock_alone(file_);
    move(file_, kept);
  }
  move(file_.string() + "-wal", kept.string() + "-wal");
  std::error_code ignored;
  std::filesystem::remove(file_.string() + "-shm", ignored);
  std::filesystem::remove(file_.string() + "-journal", ignored);
  sync_directory_of(file_);
  return there ? kept : std::filesystem::path();
}

}  // namespace hss::db
