// The latest sequence numbers of a busy server, one row for each batch: a MAR changes a random row of the sequence
// table, and two hundred of them as many pages; appended here they take a dozen. They go into the table later, many to
// a page, in the order of their keys. What stands here counts, not what the table has.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

#include "db/log_watch.h"
#include "db/sequence_table.h"
#include "db/sqlite.h"
#include "hss/bytes.h"
#include "hss/subscriber.h"

namespace hss::db {

/// What is in the database. One process keeps it, the server; others add what they change while it is not empty.
class SequenceLog {
 public:
  using Key = KeySetId;
  using State = SequenceState;
  using Id = std::int64_t;  // of a row: ascending
  using Changes = std::map<KeySetId, SequenceState>;
  using States = std::unordered_map<KeySetId, SequenceState>;

  explicit SequenceLog(sqlite3* connection) : db_(connection) {}

  /// The latest state of a key set, if it is in the log; null otherwise. Valid until the next call.
  const SequenceState* find(KeySetId key_set);

  /// The next find() reads the log, whatever it seems to know: ids come again when the log was emptied.
  void forget() { watch_.forget(); }

  [[nodiscard]] bool empty() { return watch_.last() == 0; }
  /// Adds a row of `changes`, of which there are some. At most kRememberedChallenges of the RANDs of each.
  Id append(const Changes& changes);
  /// Calls `use` for each record of the rows after this one, in order; the last row.
  Id read_on(Id after, const std::function<void(KeySetId, const SequenceState&)>& use);
  void remove_up_to(Id last);
  /// Brings all of it into `table`, in a write transaction.
  void fold(SequenceTable& table);

 private:
  States read();
  std::optional<SequenceState> search(KeySetId key_set);

  sqlite3* db_;
  LogWatch watch_{db_, "sequence_log"};
  Statement read_on_{db_, "SELECT content, id FROM sequence_log WHERE id > ? ORDER BY id"};
  Statement newest_first_{db_, "SELECT content FROM sequence_log ORDER BY id DESC"};
  Statement append_{db_, "INSERT INTO sequence_log (content) VALUES (?)"};
  Statement remove_{db_, "DELETE FROM sequence_log WHERE id <= ?"};
  Statement clear_{db_, "DELETE FROM sequence_log"};

  /// So many key sets are looked for one by one: to read 20 MiB takes less time than to make a table of them.
  static constexpr std::size_t kSearches = 8;

  Bytes content_;  // of the row that is added
  // Of the log that was asked:
  std::map<KeySetId, std::optional<SequenceState>> searched_;
  std::optional<States> found_;  // all, when more than some were looked for
};

// For other programs than the server:

/// StoreFault for a key set that has none.
SequenceState present_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set);
/// Also for a server, which may still know what has just left the log: while there is one, its last word counts.
/// StoreFault for a key set that has none.
void save_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set, const SequenceState& state);

}  // namespace hss::db
