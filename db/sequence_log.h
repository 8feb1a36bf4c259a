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

#include "db/sequence_table.h"
#include "db/sqlite.h"
#include "hss/bytes.h"
#include "hss/subscriber.h"

namespace hss::db {

/// What is in the database. One process keeps it, the server; others add what they change while it is not empty.
class SequenceLog {
 public:
  using Id = std::int64_t;  // of a row: ascending
  using States = std::unordered_map<KeySetId, SequenceState>;

  explicit SequenceLog(sqlite3* connection) : db_(connection) {}

  /// The latest state of a key set, if it is in the log; null otherwise. Valid until the next call.
  const SequenceState* find(KeySetId key_set);

  /// The next find() reads the log, whatever it seems to know: ids come again when the log was emptied.
  void forget() { version_found_ = -1; }

  [[nodiscard]] bool empty() { return last() == 0; }
  /// Adds `content`, which is not empty.
  Id append(const Bytes& content);
  Id append(KeySetId key_set, const SequenceState& state);
  /// Calls `use` for each record of the rows after this one, in order; the last row.
  Id read_on(Id after, const std::function<void(KeySetId, const SequenceState&)>& use);
  void remove_up_to(Id last);
  /// Brings all of it into `table`, in a write transaction.
  void fold(SequenceTable& table);

 private:
  Id last();  // 0 when empty
  States read();
  std::optional<SequenceState> search(KeySetId key_set);

  sqlite3* db_;
  Statement read_on_{db_, "SELECT content, id FROM sequence_log WHERE id > ? ORDER BY id"};
  Statement newest_first_{db_, "SELECT content FROM sequence_log ORDER BY id DESC"};
  Statement last_{db_, "SELECT max(id) FROM sequence_log"};
  Statement data_version_{db_, "PRAGMA data_version"};  // another number when another connection has committed
  Statement append_{db_, "INSERT INTO sequence_log (content) VALUES (?)"};
  Statement remove_{db_, "DELETE FROM sequence_log WHERE id <= ?"};
  Statement clear_{db_, "DELETE FROM sequence_log"};

  /// So many key sets are looked for one by one: to read 20 MiB takes less time than to make a table of them.
  static constexpr std::size_t kSearches = 8;

  // Of the log that these two tell from any other:
  Id last_found_ = 0;
  std::int64_t version_found_ = -1;
  std::map<KeySetId, std::optional<SequenceState>> searched_;
  std::optional<States> found_;  // all, when more than some were looked for
};

// For other programs than the server:

/// StoreFault for a key set that has none.
SequenceState present_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set);
/// Also for a server, which may still know what has just left the log: while there is one, its last word counts.
/// StoreFault for a key set that has none.
void save_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set, const SequenceState& state);

/// Adds the state of a key set to the content of a row. At most kRememberedChallenges of its RANDs.
void append_record(Bytes& content, KeySetId key_set, const SequenceState& state);

}  // namespace hss::db
