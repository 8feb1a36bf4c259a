// How the server keeps the log of sequence numbers: it knows what stands in it, and brings it into the table bit by
// bit, some with every batch, so that nobody waits for it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "db/hash_index.h"
#include "db/sequence_log.h"

namespace hss::db {

/// The log has two generations. The newer one grows; the older one is folded into the table in the order of the keys,
/// and when it is in there, leaves the log. Then the newer one, if large enough, becomes the older one.
class LoggedSequences {
 public:
  /// Of so many records (of 100,000 key sets) the states of some twenty go on each page of the table, which is then
  /// written once for all; 20 MiB of log at the most, and about as much memory.
  static constexpr std::size_t kGeneration = 131072;

  LoggedSequences(sqlite3* connection, SequenceTable& table, std::size_t generation = kGeneration)
      : log_(connection), table_(table), generation_(generation) {}

  /// The state of a key set that was committed and is not in the table yet, or null.
  [[nodiscard]] const SequenceState* find(KeySetId key_set) const;

  // In a write transaction:

  /// Brings all of the log into the table: what this object knows is in doubt.
  void fold_all();
  /// Takes what other programs have added to the log, whether the transaction is committed or not. False when that is
  /// so much that fold_all() must follow.
  [[nodiscard]] bool read_on();
  /// Logs what a batch has changed, and folds somewhat more of what is older.
  void write(const std::map<KeySetId, SequenceState>& changed);

  /// After the transaction: what it changed counts now. When it was rolled back, fold_all() must be called in the next.
  void committed(const std::map<KeySetId, SequenceState>& changed);

 private:
  /// The latest state of each key set, in as few blocks of memory as there can be.
  class States {
   public:
    using Place = HashIndex::Place;
    [[nodiscard]] const SequenceState* find(KeySetId key_set) const;
    void put(KeySetId key_set, const SequenceState& state);
    [[nodiscard]] const std::pair<KeySetId, SequenceState>& operator[](Place place) const { return states_[place]; }
    [[nodiscard]] std::size_t size() const { return states_.size(); }
    void reserve(std::size_t size) { states_.reserve(size); }
    void clear();

   private:
    [[nodiscard]] std::optional<Place> place_of(KeySetId key_set) const;
    std::vector<std::pair<KeySetId, SequenceState>> states_;
    HashIndex index_;
  };

  void start_folding();
  void fold(std::size_t count);

  SequenceLog log_;
  SequenceTable& table_;
  std::size_t generation_;
  Bytes content_;  // of the next row
  States newer_;
  std::size_t records_ = 0;   // in the log, of the newer generation
  SequenceLog::Id last_ = 0;  // of the log
  States older_;
  std::vector<std::pair<KeySetId, States::Place>> unfolded_;  // of the older one: a heap, the lowest key set in front
  SequenceLog::Id last_of_older_ = 0;
  SequenceLog::Id removed_ = 0;  // up to here, by this transaction too
};

}  // namespace hss::db
