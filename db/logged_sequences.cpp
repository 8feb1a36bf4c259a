// SPDX-License-Identifier: MIT
#include "db/logged_sequences.h"

#include <algorithm>
#include <functional>

namespace hss::db {

namespace {

/// Rows that leave the log with one batch: their pages must be given back one by one.
constexpr SequenceLog::Id kRemovedAtOnce = 16;

Hash hash_of_key_set(KeySetId key_set) { return hash_of(static_cast<std::uint64_t>(key_set)); }

}  // namespace

// ---- States ---------------------------------------------------------------------------------------------------------

std::optional<HashIndex::Place> LoggedSequences::States::place_of(KeySetId key_set) const {
  return index_.find(hash_of_key_set(key_set), [&](Place at) { return states_[at].first == key_set; });
}

const SequenceState* LoggedSequences::States::find(KeySetId key_set) const {
  const auto place = place_of(key_set);
  return place ? &states_[*place].second : nullptr;
}

void LoggedSequences::States::put(KeySetId key_set, const SequenceState& state) {
  if (const auto place = place_of(key_set)) {
    states_[*place].second = state;
    return;
  }
  states_.emplace_back(key_set, state);
  index_.insert(hash_of_key_set(key_set), static_cast<Place>(states_.size() - 1));
}

void LoggedSequences::States::clear() {
  states_.clear();
  index_.reset();
}

// ---- Generations ----------------------------------------------------------------------------------------------------

const SequenceState* LoggedSequences::find(KeySetId key_set) const {
  const SequenceState* const found = newer_.find(key_set);
  return found != nullptr ? found : older_.find(key_set);
}

void LoggedSequences::fold_all() {
  log_.fold(table_);
  newer_.clear();
  older_.clear();
  unfolded_.clear();
  records_ = 0;
  last_ = removed_ = last_of_older_ = 0;  // an empty log begins anew
}

bool LoggedSequences::read_on() {
  last_ = log_.read_on(last_, [this](KeySetId key_set, const SequenceState& state) {
    newer_.put(key_set, state);
    ++records_;
  });
  return records_ <= 2 * generation_;
}

/// What is in the newer generation again needs no folding: that one's record counts, and stays.
void LoggedSequences::fold(std::size_t count) {
  for (; count > 0 && !unfolded_.empty(); --count) {
    std::ranges::pop_heap(unfolded_, std::greater());
    const auto& [key_set, state] = older_[unfolded_.back().second];
    unfolded_.pop_back();
    if (newer_.find(key_set) == nullptr) table_.update(key_set, state);
  }
  if (!unfolded_.empty() || removed_ == last_of_older_) return;
  // The oldest first: should the rest be read again after a crash, what it says comes later.
  removed_ = std::min(removed_ + kRemovedAtOnce, last_of_older_);
  log_.remove_up_to(removed_);
}

void LoggedSequences::write(const std::map<KeySetId, SequenceState>& changed) {
  if (changed.empty()) return;
  content_.clear();
  for (const auto& [key_set, state] : changed) append_record(content_, key_set, state);
  last_ = log_.append(content_);
  // Faster than the newer generation grows, so that it is done before that one is large.
  fold(changed.size() + changed.size() / 4 + 1);
}

void LoggedSequences::committed(const std::map<KeySetId, SequenceState>& changed) {
  newer_.reserve(generation_);
  for (const auto& [key_set, state] : changed) newer_.put(key_set, state);
  records_ += changed.size();
  if (removed_ == last_of_older_) {
    if (older_.size() > 0) older_.clear();
    if (records_ >= generation_) start_folding();
  }
}

void LoggedSequences::start_folding() {
  std::swap(newer_, older_);
  records_ = 0;
  removed_ = last_of_older_;
  last_of_older_ = last_;
  unfolded_.reserve(older_.size());
  for (States::Place at = 0; at < older_.size(); ++at) unfolded_.emplace_back(older_[at].first, at);
  std::ranges::make_heap(unfolded_, std::greater());
}

}  // namespace hss::db
