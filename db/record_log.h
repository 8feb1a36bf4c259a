// A log of states that many requests change: one row for each batch, with a record of each key that it has changed.
// Appended here they take a dozen pages, each in its table one of its own; they go there later, many to a page, in the
// order of their keys. What stands here counts, not what the table has.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "db/latest_states.h"
#include "db/log_watch.h"
#include "db/sqlite.h"
#include "hss/bytes.h"

namespace hss::db {

/// What is in the database. One process keeps it, the server; others add what they change while it is not empty.
///
/// `Records`: Key, State and Table, which has update(); kTable, of the log, and kColumns, beside `id` and `content`;
/// append(); read(), of a row with these columns from the second on, content first.
template <class Records>
class RecordLog {
 public:
  using Key = typename Records::Key;
  using State = typename Records::State;
  using Table = typename Records::Table;
  using Id = std::int64_t;  // of a row: ascending
  using Changes = std::map<Key, State>;
  using Use = std::function<void(const Key&, const State&)>;

  explicit RecordLog(sqlite3* connection) : db_(connection) {}

  /// The latest state of a key, if it is in the log; null otherwise. Valid until the next call.
  const State* find(const Key& key) {
    const Id last = watch_.last();
    if (last == 0) return nullptr;  // as it mostly is
    if (watch_.is_another(last)) {
      searched_.clear();
      found_.reset();
    }
    if (!found_ && !searched_.contains(key)) {
      if (searched_.size() < kSearches) {
        searched_.emplace(key, search(key));
      } else {
        found_ = read();
      }
    }
    if (found_) return found_->find(key);
    const auto& searched = searched_.at(key);
    return searched ? &*searched : nullptr;
  }
  /// The next find() reads the log, whatever it seems to know: ids come again when the log was emptied.
  void forget() { watch_.forget(); }

  [[nodiscard]] bool empty() { return watch_.last() == 0; }
  /// Of its first row; 0 when there is none.
  [[nodiscard]] Id first() {
    Rows rows(first_);
    return rows.next() ? rows.integer(0) : 0;
  }
  /// Adds a row of `changes`, of which there are some.
  Id append(const Changes& changes) {
    content_.clear();
    for (const auto& [key, state] : changes) Records::append(content_, key, state);
    return insert(append_, BytesView(content_));
  }
  /// Calls `use` for each record of the rows after this one, in order; the last row.
  Id read_on(Id after, const Use& use) {
    Id last = after;
    for (Rows rows(read_on_, after); rows.next();) {
      Records::read(rows, use);
      last = rows.integer(0);
    }
    return last;
  }
  void remove_up_to(Id last) { run(remove_, last); }
  /// Brings all of it into `table`, in a write transaction.
  void fold(Table& table) {
    const Id last = watch_.last();
    if (last == 0) return;
    const States states = read();
    auto keys = states.keys();
    std::ranges::sort(keys);
    for (const auto& [key, place] : keys) table.update(key, states[place]);
    remove_up_to(last);
  }

 private:
  using States = LatestStates<Key, State>;

  States read() {
    States states;
    read_on(0, [&](const Key& key, const State& state) { states.put(key, state); });
    return states;
  }
  std::optional<State> search(const Key& wanted) {
    std::optional<State> latest;
    for (Rows rows(newest_first_); !latest && rows.next();) {
      Records::read(rows, [&](const Key& key, const State& state) {
        if (key == wanted) latest = state;
      });
    }
    return latest;
  }
  static std::string select(const char* rows) {
    return "SELECT id, content" + std::string(Records::kColumns) + " FROM " + Records::kTable + " " + rows;
  }

  sqlite3* db_;
  LogWatch watch_{db_, Records::kTable};
  Statement first_{db_, "SELECT min(id) FROM " + std::string(Records::kTable)};
  Statement read_on_{db_, select("WHERE id > ? ORDER BY id")};
  Statement newest_first_{db_, select("ORDER BY id DESC")};
  Statement append_{db_, "INSERT INTO " + std::string(Records::kTable) + " (content) VALUES (?)"};
  Statement remove_{db_, "DELETE FROM " + std::string(Records::kTable) + " WHERE id <= ?"};

  /// So many keys are looked for one by one: to read some MiB takes less time than to make a table of them.
  static constexpr std::size_t kSearches = 8;

  Bytes content_;  // of the row that is added
  // Of the log that was asked:
  std::map<Key, std::optional<State>> searched_;
  std::optional<States> found_;  // all, when more than some were looked for
};

}  // namespace hss::db
