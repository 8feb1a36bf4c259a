// How the server keeps a log of what it changes with every request: it knows what stands in it, and brings it into its
// table bit by bit, some with every batch, so that nobody waits for it.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "db/hash_index.h"

struct sqlite3;

namespace hss::db {

/// The log has two generations. The newer one grows; the older one is folded into the table in the order of the keys,
/// and when it is in there, leaves the log. Then the newer one, if large enough, becomes the older one.
///
/// `Log`: Key (with hash_of()), State, append(), read_on(), remove_up_to() and fold(); `Table`: update().
template <class Log, class Table>
class LoggedStates {
 public:
  using Key = typename Log::Key;
  using State = typename Log::State;
  using Changes = std::map<Key, State>;

  /// Of so many records (of 100,000 keys) the states of some twenty go on each page of the table, which is then written
  /// once for all; 20 MiB of log at the most, and about as much memory.
  static constexpr std::size_t kGeneration = 131072;

  LoggedStates(sqlite3* connection, Table& table, std::size_t generation = kGeneration)
      : log_(connection), table_(table), generation_(generation) {}

  /// The state that was committed and is not in the table yet, or null.
  [[nodiscard]] const State* find(const Key& key) const {
    const State* const found = newer_.find(key);
    return found != nullptr ? found : older_.find(key);
  }
  /// Nobody has one.
  [[nodiscard]] bool empty() const { return newer_.size() == 0 && older_.size() == 0; }

  // In a write transaction:

  /// Brings all of the log into the table: what this object knows is in doubt.
  void fold_all() {
    log_.fold(table_);
    newer_.clear();
    older_.clear();
    unfolded_.clear();
    records_ = 0;
    last_ = removed_ = last_of_older_ = 0;  // an empty log begins anew
  }
  /// Takes what other programs have added to the log, whether the transaction is committed or not. False when that is
  /// so much that fold_all() must follow.
  [[nodiscard]] bool read_on() {
    last_ = log_.read_on(last_, [this](const Key& key, const State& state) {
      newer_.put(key, state);
      ++records_;
    });
    return records_ <= 2 * generation_;
  }
  /// Logs what a batch has changed, and folds somewhat more of what is older.
  void write(const Changes& changed) {
    if (changed.empty()) return;
    last_ = log_.append(changed);
    // Faster than the newer generation grows, so that it is done before that one is large.
    fold(changed.size() + changed.size() / 4 + 1);
  }

  /// After the transaction: what it changed counts now. When it was rolled back, fold_all() must be called in the next.
  void committed(const Changes& changed) {
    newer_.reserve(generation_);
    for (const auto& [key, state] : changed) newer_.put(key, state);
    records_ += changed.size();
    if (removed_ == last_of_older_) {
      if (older_.size() > 0) older_.clear();
      if (records_ >= generation_) start_folding();
    }
  }

 private:
  using LogId = std::int64_t;

  /// The latest state of each key, in as few blocks of memory as there can be.
  class States {
   public:
    using Place = HashIndex::Place;
    [[nodiscard]] const State* find(const Key& key) const {
      const auto place = place_of(key);
      return place ? &states_[*place].second : nullptr;
    }
    void put(const Key& key, const State& state) {
      if (const auto place = place_of(key)) {
        states_[*place].second = state;
        return;
      }
      states_.emplace_back(key, state);
      index_.insert(hash_of(key), static_cast<Place>(states_.size() - 1));
    }
    [[nodiscard]] const std::pair<Key, State>& operator[](Place place) const { return states_[place]; }
    [[nodiscard]] std::size_t size() const { return states_.size(); }
    void reserve(std::size_t size) { states_.reserve(size); }
    void clear() {
      states_.clear();
      index_.reset();
    }

   private:
    [[nodiscard]] std::optional<Place> place_of(const Key& key) const {
      return index_.find(hash_of(key), [&](Place at) { return states_[at].first == key; });
    }
    std::vector<std::pair<Key, State>> states_;
    HashIndex index_;
  };

  void start_folding() {
    std::swap(newer_, older_);
    records_ = 0;
    removed_ = last_of_older_;
    removed_at_once_ = std::max(kRemovedAtOnce, (last_ - last_of_older_) / kRemovals);
    last_of_older_ = last_;
    unfolded_.reserve(older_.size());
    for (typename States::Place at = 0; at < older_.size(); ++at) unfolded_.emplace_back(older_[at].first, at);
    std::ranges::make_heap(unfolded_, std::greater());
  }

  /// What is in the newer generation again needs no folding: that one's record counts, and stays.
  void fold(std::size_t count) {
    for (; count > 0 && !unfolded_.empty(); --count) {
      std::ranges::pop_heap(unfolded_, std::greater());
      const auto& [key, state] = older_[unfolded_.back().second];
      unfolded_.pop_back();
      if (newer_.find(key) == nullptr) table_.update(key, state);
    }
    if (!unfolded_.empty() || removed_ == last_of_older_) return;
    // The oldest first: should the rest be read again after a crash, what it says comes later.
    removed_ = std::min(removed_ + removed_at_once_, last_of_older_);
    log_.remove_up_to(removed_);
  }

  /// Rows that leave the log with one batch, whose pages must be given back one by one: so few, or one part of so many.
  static constexpr LogId kRemovedAtOnce = 16, kRemovals = 64;

  Log log_;
  Table& table_;
  std::size_t generation_;
  States newer_;
  std::size_t records_ = 0;  // in the log, of the newer generation
  LogId last_ = 0;           // of the log
  States older_;
  std::vector<std::pair<Key, typename States::Place>> unfolded_;  // of the older one: a heap, the lowest key in front
  LogId last_of_older_ = 0;
  LogId removed_ = 0;  // up to here, by this transaction too
  LogId removed_at_once_ = kRemovedAtOnce;
};

}  // namespace hss::db
