// SPDX-License-Identifier: MIT
#include "db/snapshot.h"

#include <sqlite3.h>

#include <string>
#include <system_error>

#include "db/database.h"
#include "db/migrations.h"
#include "db/sqlite.h"

namespace hss::db {

namespace {

void check_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  const std::string name = file.string();
  if (status.type() == std::filesystem::file_type::not_found) throw DatabaseError(name + " does not exist");
  if (error) throw DatabaseError(name + " cannot be looked at (" + error.message() + "); run as its owner");
  if (!std::filesystem::is_regular_file(status) || std::filesystem::file_size(file, error) == 0) {
    throw DatabaseError(name + " is not a database; name a file that hssctl backup wrote");
  }
}

/// For sqlite3_open_v2(): a file that nobody writes needs no locks and no files beside it.
std::string immutable(const std::filesystem::path& file) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    switch (c) {
      case '%':
        uri += "%25";
        break;
      case '?':
        uri += "%3f";
        break;
      case '#':
        uri += "%23";
        break;
      default:
        uri += c;
    }
  }
  return uri + "?immutable=1";
}

/// A write-ahead log beside a copy that somebody made by hand counts.
bool has_log(const std::filesystem::path& file) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(file.string() + "-wal", missing);
  return !missing && size > 0;
}

}  // namespace

void Snapshot::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Snapshot::Snapshot(const std::filesystem::path& file, Of what) {
  check_file(file);
  const bool at_rest = what == Of::kBackup && !has_log(file);
  sqlite3* raw = nullptr;
  const int code =
      at_rest ? sqlite3_open_v2(immutable(file).c_str(), &raw,
                                SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                nullptr)
              : sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                nullptr);
  connection_.reset(raw);
  try {
    check(raw, code);
    busy_.attach(raw);
    execute(raw, "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; BEGIN");
    if (query_integer(raw, "PRAGMA application_id") != kApplicationId) {
      throw DatabaseError(file.string() + " is a database of another program; name one of ours");
    }
    version_ = schema_version(raw);
    if (version_ > kSchemaVersion) {
      throw DatabaseError(file.string() + " is of schema version " + std::to_string(version_) +
                          " and this program knows " + std::to_string(kSchemaVersion) +
                          "; use the program that wrote it, or a later one");
    }
  } catch (const SqliteError& error) {
    if ((error.code() & 0xff) != SQLITE_NOTADB) throw DatabaseError(error.what());
    throw DatabaseError(file.string() + " is not a database, or its first page is damaged; name another backup");
  }
}

std::int64_t Snapshot::subscribers() const { return query_integer(handle(), "SELECT count(*) FROM subscription"); }

}  // namespace hss::db
