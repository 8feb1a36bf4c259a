// SPDX-License-Identifier: MIT
#include "db/sqlite.h"

#include <sqlite3.h>

#include <stdexcept>

namespace hss::db {

namespace {

const char* advice(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "; free some space on its disk";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return "; make the file and its directory writable for this user";
    case SQLITE_BUSY:
      return "; another program has kept it to itself for too long: find it and end it";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "; look at it with 'hssctl check', and restore it from a backup";
    case SQLITE_IOERR:
      return "; look at the disk and the system's log";
    default:
      return "";
  }
}

std::string describe(sqlite3* connection, int code) {
  if (connection == nullptr) return std::string("SQLite: ") + sqlite3_errstr(code);
  const char* file = sqlite3_db_filename(connection, "main");
  std::string text = file != nullptr && *file != '\0' ? file : "SQLite";
  // The connection's message says more, unless the connection has met something else since.
  const bool latest = sqlite3_extended_errcode(connection) == code;
  text += std::string(": ") + (latest ? sqlite3_errmsg(connection) : sqlite3_errstr(code));
  return text + advice(code);
}

}  // namespace

SqliteError::SqliteError(sqlite3* connection, int code) : StoreFault(describe(connection, code)), code_(code) {}

void check(sqlite3* connection, int code) {
  if (code != SQLITE_OK) throw SqliteError(connection, code);
}

void execute(sqlite3* connection, const char* sql) {
  check(connection, sqlite3_exec(connection, sql, nullptr, nullptr, nullptr));
}

std::int64_t query_integer(sqlite3* connection, std::string_view sql) {
  Statement statement(connection, sql);
  Rows rows(statement);
  if (!rows.next()) throw SqliteError(SQLITE_ERROR, "SQLite: no answer to " + std::string(sql));
  return rows.integer(0);
}

Statement::Statement(sqlite3* connection, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  check(connection, sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                       &statement, nullptr));
  statement_.reset(statement);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);  // repeats the error of the last step, which was thrown then
}

sqlite3_stmt* Rows::begin(const Statement& statement) {
  sqlite3_stmt* handle = statement.statement_.get();
  if (sqlite3_stmt_busy(handle) != 0) throw std::logic_error("a statement is begun again while its rows are read");
  return handle;
}

void Rows::reset() noexcept {
  sqlite3_reset(statement_);  // repeats the error of the last step, which was thrown then
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SqliteError(sqlite3_db_handle(statement_), code);
}

bool Rows::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t Rows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::optional<std::int64_t> Rows::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::string Rows::text(int column) const {
  if (is_null(column)) return {};
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) throw SqliteError(sqlite3_db_handle(statement_), SQLITE_NOMEM);
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

BytesView Rows::blob(int column) const {
  const auto* octets = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (octets == nullptr) return {};  // NULL or empty
  return {octets, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t Rows::changes() const { return sqlite3_changes64(sqlite3_db_handle(statement_)); }

std::int64_t Rows::inserted_id() const { return sqlite3_last_insert_rowid(sqlite3_db_handle(statement_)); }

void Rows::bind(int index, std::nullopt_t) {
  check(sqlite3_db_handle(statement_), sqlite3_bind_null(statement_, index));
}

void Rows::bind(int index, std::int64_t value) {
  check(sqlite3_db_handle(statement_), sqlite3_bind_int64(statement_, index, value));
}

void Rows::bind(int index, std::string_view value) {
  const char* text = value.empty() ? "" : value.data();  // a null pointer would bind NULL
  check(sqlite3_db_handle(statement_),
        sqlite3_bind_text64(statement_, index, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Rows::bind(int index, BytesView value) {
  const int code = value.empty() ? sqlite3_bind_zeroblob(statement_, index, 0)
                                 : sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_TRANSIENT);
  check(sqlite3_db_handle(statement_), code);
}

}  // namespace hss::db
