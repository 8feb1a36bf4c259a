// Sequence numbers on SQLite: the narrow row of each key set, unless its log (sequence_log.h) has a later state.
// SPDX-License-Identifier: MIT
#pragma once

#include "db/sqlite.h"
#include "hss/subscriber.h"

namespace hss::db {

class SequenceTable {
 public:
  explicit SequenceTable(sqlite3* connection) : db_(connection) {}

  /// StoreFault for a key set that has none.
  SequenceState read(KeySetId key_set);
  /// StoreFault for a key set that has none.
  void write(KeySetId key_set, const SequenceState& state);
  /// False when the key set has none: it is gone.
  bool update(KeySetId key_set, const SequenceState& state);

 private:
  sqlite3* db_;
  Statement read_{db_, "SELECT seq, issued FROM sequence WHERE key_set = ?"};
  Statement write_{db_, "UPDATE sequence SET seq = ?, issued = ? WHERE key_set = ?"};
};

}  // namespace hss::db
