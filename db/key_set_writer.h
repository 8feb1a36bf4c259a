// Writes the key sets of a draft: one whose keys stay keeps its number, and with it its SEQ and its memory of
// challenges.
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "db/administration.h"
#include "db/sequence_log.h"
#include "db/sqlite.h"

namespace hss::db {

class KeySetWriter {
 public:
  /// `sequence_log` must live as long.
  KeySetWriter(sqlite3* connection, const KeyVault& vault, SequenceLog& sequence_log)
      : db_(connection), vault_(vault), sequence_log_(sequence_log) {}

  /// The key sets that a subscription has.
  std::vector<KeySetId> stored(SubscriptionId id);
  /// A new one.
  KeySetId add(SubscriptionId id, const KeySetDraft& draft);
  /// Makes each of the draft's one of the stored ones (same algorithm, K, OPc and parameters) or a new one; their ids
  /// in the order of the draft.
  std::vector<KeySetId> write(SubscriptionId id, const std::vector<KeySetDraft>& drafts);
  void remove(KeySetId id);

 private:
  void update(KeySetId id, const KeySetDraft& draft);

  sqlite3* db_;
  const KeyVault& vault_;
  SequenceLog& sequence_log_;
  SequenceTable sequence_table_{db_};

  Statement key_sets_{db_, "SELECT id, algorithm, sealed, parameters FROM key_set WHERE subscription = ? ORDER BY id"};
  Statement next_{db_,
                  "SELECT max(coalesce((SELECT max(id) FROM key_set), 0), (SELECT max(id) FROM last_key_set)) + 1"};
  Statement insert_{db_,
                    "INSERT INTO key_set (id, subscription, algorithm, sealed, parameters, test, amf, ind_bits, delta)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement insert_sequence_{db_, "INSERT INTO sequence (key_set, seq, issued) VALUES (?, ?, x'')"};
  Statement update_{db_, "UPDATE key_set SET test = ?, amf = ?, ind_bits = ?, delta = ? WHERE id = ?"};
  Statement remove_{db_, "DELETE FROM key_set WHERE id = ?"};
};

}  // namespace hss::db
