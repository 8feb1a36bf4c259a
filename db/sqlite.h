// SQLite with its errors checked: a prepared statement, and one execution of it that cannot be left open.
// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "hss/bytes.h"
#include "hss/repository.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hss::db {

/// SQLite refused something: one line that names the file, what is wrong and, where it helps, what to do.
class SqliteError : public StoreFault {
 public:
  /// Takes the error that the connection has just met.
  SqliteError(sqlite3* connection, int code);
  SqliteError(int code, const std::string& message) : StoreFault(message), code_(code) {}
  /// Extended result code.
  [[nodiscard]] int code() const { return code_; }

 private:
  int code_;
};

/// Throws SqliteError unless `code` is SQLITE_OK.
void check(sqlite3* connection, int code);

/// Runs SQL text that returns nothing.
void execute(sqlite3* connection, const char* sql);

/// The number that a one-row query returns, e.g. a PRAGMA.
std::int64_t query_integer(sqlite3* connection, std::string_view sql);

/// A prepared statement, kept for as long as its connection.
class Statement {
 public:
  Statement(sqlite3* connection, std::string_view sql);

 private:
  friend class Rows;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One execution of a statement, with its parameters (copied) in order. Resets the statement when it goes: what a
/// savepoint rolls back is never still being read.
class Rows {
 public:
  template <typename... Values>
  explicit Rows(Statement& statement, const Values&... values) : statement_(begin(statement)) {
    int index = 0;
    try {
      (bind(++index, values), ...);
    } catch (...) {
      reset();
      throw;
    }
  }
  ~Rows() { reset(); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  /// False when there is no further row.
  bool next();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
  /// Empty for NULL.
  [[nodiscard]] std::string text(int column) const;
  /// Valid until next().
  [[nodiscard]] BytesView blob(int column) const;

  /// Rows that the connection's latest INSERT, UPDATE or DELETE has touched.
  [[nodiscard]] std::int64_t changes() const;
  /// The rowid of the connection's latest INSERT.
  [[nodiscard]] std::int64_t inserted_id() const;

 private:
  static sqlite3_stmt* begin(const Statement& statement);
  void reset() noexcept;

  void bind(int index, std::nullopt_t);
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, BytesView value);
  template <typename Value>
  requires((std::integral<Value> || std::is_enum_v<Value>)&&!std::same_as<Value, std::int64_t>) void bind(int index,
                                                                                                          Value value) {
    bind(index, static_cast<std::int64_t>(value));
  }
  template <typename Value>
  void bind(int index, const std::optional<Value>& value) {
    if (value.has_value()) {
      bind(index, value.value());
    } else {
      bind(index, std::nullopt);
    }
  }

  sqlite3_stmt* statement_;
};

/// Runs a statement that returns no rows. How many rows it inserted, updated or deleted, when it does such a thing.
template <typename... Values>
std::int64_t run(Statement& statement, const Values&... values) {
  Rows rows(statement, values...);
  while (rows.next()) {
  }
  return rows.changes();
}

/// Runs an INSERT of one row: its id. Cheaper than RETURNING, which collects rows before it hands them out.
template <typename... Values>
std::int64_t insert(Statement& statement, const Values&... values) {
  Rows rows(statement, values...);
  while (rows.next()) {
  }
  return rows.inserted_id();
}

/// Runs an INSERT ... RETURNING of a number: what it returns, e.g. the id of the new row.
template <typename... Values>
std::int64_t inserted_id(Statement& statement, const Values&... values) {
  Rows rows(statement, values...);
  if (!rows.next()) throw StoreFault("SQLite gave no id to a new row");
  const std::int64_t id = rows.integer(0);
  while (rows.next()) {
  }
  return id;
}

/// A number of the database as one of the named values, 0 to `last`, that it stands for. Throws StoreFault, which names
/// `what` it should have been, for any other.
template <typename Enum>
Enum to_enum(std::int64_t value, Enum last, const char* what) {
  if (value < 0 || value > static_cast<std::int64_t>(last)) {
    throw StoreFault(std::string("the database holds an unknown ") + what + " (" + std::to_string(value) +
                     "); use the program that wrote it");
  }
  return static_cast<Enum>(value);
}

}  // namespace hss::db
