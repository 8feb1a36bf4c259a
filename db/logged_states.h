// How the server keeps a log of what it changes with every request: it knows what stands in it, and brings it into its
// table bit by bit, some with every batch, so that nobody waits for it.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include "db/gradual_order.h"
#include "db/latest_states.h"

struct sqlite3;

namespace hss::db {

/// The log has two generations. The newer one grows; the older one is folded into the table in the order of the keys,
/// and when it is in there, leaves the log. Then the newer one, if large enough, becomes the older one. `Log`:
/// RecordLog.
template <class Log>
class LoggedStates {
 public:
  using Key = typename Log::Key;
  using State = typename Log::State;
  using Table = typename Log::Table;
  using Changes = typename Log::Changes;

  /// `generation`: records of it. The more, the more states go on each page of the table, which is then written once
  /// for all, and the more memory and log it takes.
  LoggedStates(sqlite3* connection, Table& table, std::size_t generation)
      : log_(connection), table_(table), generation_(generation) {}

  /// The state that was committed and is not in the table yet, or null.
  [[nodiscard]] const State* find(const Key& key) const {
    const State* const found = newer_.find(key);
    return found != nullptr ? found : older_.find(key);
  }
  /// Of how many keys it has one.
  [[nodiscard]] std::size_t size() const { return newer_.size() + older_.size(); }

  // In a transaction, before anything is written, and good whatever becomes of it:

  /// Reads the log as others have left it.
  void read_all() {
    clear();
    newer_.reserve(generation_);
    last_of_older_ = std::max(log_.first(), Id{1}) - 1;
    committed_ = {.last = last_of_older_, .removed = last_of_older_};
    read_on();
  }
  /// Reads what other programs have added.
  void read_on() {
    committed_.last = log_.read_on(committed_.last, [this](const Key& key, const State& state) {
      newer_.put(key, state);
      ++records_;
    });
    now_ = committed_;
  }

  // In a write transaction, last:

  /// Logs what a batch has changed, and folds somewhat more of what is older.
  void write(const Changes& changed) {
    if (newer_.size() > 2 * generation_) fold_all();  // others may have added any amount
    if (changed.empty()) return;
    now_.last = log_.append(changed);
    // Faster than the newer generation grows, so that it is done before that one is large.
    if (!folded_all_) fold(changed.size() + changed.size() / 4 + 1);
  }
  /// Then, when the transaction was committed: what it changed counts now.
  void committed(const Changes& changed) {
    if (std::exchange(folded_all_, false)) clear();
    committed_ = now_;
    if (!changed.empty()) newer_.reserve(generation_);
    for (const auto& [key, state] : changed) newer_.prefetch(key);
    for (const auto& [key, state] : changed) newer_.put(key, state);
    records_ += changed.size();
    if (committed_.removed != last_of_older_) return;
    if (older_.size() > 0) older_.clear();
    if (records_ >= generation_) start_folding();
  }
  /// Or when it was not: all is as it was before.
  void rolled_back() noexcept {
    folded_all_ = false;
    now_ = committed_;
  }

 private:
  using Id = typename Log::Id;
  using States = LatestStates<Key, State>;

  /// How far it has come.
  struct Progress {
    Id last = 0;             // row of the log
    Id removed = 0;          // rows of it up to this one
    std::size_t folded = 0;  // of the older generation
  };

  void clear() {
    newer_.clear();
    older_.clear();
    order_.clear();
    records_ = 0;
    last_of_older_ = 0;
  }

  void fold_all() {
    log_.fold(table_);
    folded_all_ = true;
    now_ = {};  // an empty log begins anew
  }

  void start_folding() {
    std::swap(newer_, older_);
    records_ = 0;
    removed_at_once_ = std::max(kRemovedAtOnce, (committed_.last - last_of_older_) / kRemovals);
    last_of_older_ = committed_.last;
    order_.give(older_.keys());
    committed_.folded = 0;
    now_ = committed_;
  }

  /// What is in the newer generation again needs no folding: that one's record counts, and stays.
  void fold(std::size_t count) {
    const auto part = order_.next(now_.folded, count);
    for (const auto& [key, place] : part) {
      newer_.prefetch(key);
      older_.prefetch_at(place);
    }
    for (const auto& [key, place] : part) {
      if (newer_.find(key) == nullptr) table_.update(key, older_[place]);
    }
    now_.folded += part.size();
    if (now_.folded < order_.size() || now_.removed == last_of_older_) return;
    // The oldest first: should the rest be read again after a crash, what it says comes later.
    now_.removed = std::min(now_.removed + removed_at_once_, last_of_older_);
    log_.remove_up_to(now_.removed);
  }

  /// Rows that leave the log with one batch, whose pages must be given back one by one: so few, or one part of so many.
  static constexpr Id kRemovedAtOnce = 16, kRemovals = 64;

  Log log_;
  Table& table_;
  std::size_t generation_;
  States newer_;
  std::size_t records_ = 0;  // in the log, of the newer generation
  States older_;
  GradualOrder<typename States::Keys::value_type> order_;  // of the older one
  Id last_of_older_ = 0;
  Id removed_at_once_ = kRemovedAtOnce;
  Progress committed_, now_;  // the latter in a write transaction: with what it has done
  bool folded_all_ = false;   // by it
};

}  // namespace hss::db
