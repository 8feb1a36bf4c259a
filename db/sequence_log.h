// The latest sequence numbers of a busy server: every MAR changes one, on a random page of their table.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "db/logged_states.h"
#include "db/record_log.h"
#include "db/sequence_table.h"
#include "db/sqlite.h"
#include "hss/bytes.h"
#include "hss/subscriber.h"

namespace hss::db {

/// A record: the key set and SEQ, how many RANDs, in one octet, and these, newest first.
struct SequenceRecords {
  using Key = KeySetId;
  using State = SequenceState;
  using Table = SequenceTable;
  static constexpr const char* kTable = "sequence_log";
  static constexpr const char* kColumns = "";

  static void append(Bytes& content, KeySetId key_set, const SequenceState& state);
  static void read(const Rows& rows, const std::function<void(const KeySetId&, const SequenceState&)>& use);
};

using SequenceLog = RecordLog<SequenceRecords>;
using LoggedSequences = LoggedStates<SequenceLog>;

// For other programs than the server:

/// StoreFault for a key set that has none.
SequenceState present_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set);
/// Also for a server, which may still know what has just left the log: while there is one, its last word counts.
/// StoreFault for a key set that has none.
void save_sequence(SequenceLog& log, SequenceTable& table, KeySetId key_set, const SequenceState& state);

}  // namespace hss::db
