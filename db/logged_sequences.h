// How the server keeps the log of sequence numbers: it knows what stands in it, and brings it into the table bit by
// bit, some with every batch, so that nobody waits for it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "db/sequence_log.h"

namespace hss::db {

/// The log has two generations. The newer one grows; the older one is folded into the table in the order of the keys,
/// and when it is in there, leaves the log. Then the newer one, if large enough, becomes the older one.
class LoggedSequences {
 public:
  /// In so many key sets (of 100,000) some five are on each page of the table, which is then written once for all.
  static constexpr std::size_t kGeneration = 16384;

  LoggedSequences(sqlite3* connection, SequenceTable& table, std::size_t generation = kGeneration)
      : log_(connection), table_(table), generation_(generation) {}

  /// The state of a key set that was committed and is not in the table yet, or null.
  [[nodiscard]] const SequenceState* find(KeySetId key_set) const;

  // In a write transaction:

  /// Brings all of the log into the table: another writer was there, or what this object knows is in doubt.
  void fold_all();
  /// Logs what a batch has changed, and folds somewhat more of what is older.
  void write(const std::map<KeySetId, SequenceState>& changed);

  /// After the transaction: what it changed counts now. When it was rolled back, fold_all() must be called in the next.
  void committed(const std::map<KeySetId, SequenceState>& changed);

 private:
  using Older = std::vector<std::pair<KeySetId, SequenceState>>;

  [[nodiscard]] const SequenceState* find_older(KeySetId key_set) const;
  void fold(std::size_t count);

  SequenceLog log_;
  SequenceTable& table_;
  std::size_t generation_;
  std::unordered_map<KeySetId, SequenceState> newer_;
  SequenceLog::Id last_ = 0;  // of the log
  Older older_;               // in the order of the key sets
  SequenceLog::Id last_of_older_ = 0;
  std::size_t folded_ = 0;  // of older_, by this transaction too
};

}  // namespace hss::db
