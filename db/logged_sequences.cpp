// SPDX-License-Identifier: MIT
#include "db/logged_sequences.h"

#include <algorithm>
#include <iterator>

namespace hss::db {

const SequenceState* LoggedSequences::find_older(KeySetId key_set) const {
  const auto at = std::ranges::lower_bound(older_, key_set, {}, &Older::value_type::first);
  return at == older_.end() || at->first != key_set ? nullptr : &at->second;
}

const SequenceState* LoggedSequences::find(KeySetId key_set) const {
  const auto at = newer_.find(key_set);
  return at != newer_.end() ? &at->second : find_older(key_set);
}

void LoggedSequences::fold_all() {
  log_.fold(table_);
  newer_.clear();
  older_.clear();
  folded_ = 0;
}

/// What is in the newer generation again needs no folding: that one's record counts, and stays.
void LoggedSequences::fold(std::size_t count) {
  if (older_.empty()) return;
  for (; count > 0 && folded_ < older_.size(); --count, ++folded_) {
    const auto& [key_set, state] = older_[folded_];
    if (!newer_.contains(key_set)) table_.update(key_set, state);
  }
  if (folded_ == older_.size()) log_.remove_up_to(last_of_older_);
}

void LoggedSequences::write(const std::map<KeySetId, SequenceState>& changed) {
  if (changed.empty()) return;
  Bytes content;
  content.reserve(changed.size() * 160);
  for (const auto& [key_set, state] : changed) append_record(content, key_set, state);
  last_ = log_.append(content);
  // Faster than the newer generation grows, so that it is done before that one is large.
  fold(changed.size() + changed.size() / 4 + 1);
}

void LoggedSequences::committed(const std::map<KeySetId, SequenceState>& changed) {
  for (const auto& [key_set, state] : changed) newer_.insert_or_assign(key_set, state);
  if (folded_ == older_.size()) {
    older_.clear();
    folded_ = 0;
  }
  if (!older_.empty() || newer_.size() < generation_) return;
  older_.assign(std::make_move_iterator(newer_.begin()), std::make_move_iterator(newer_.end()));
  newer_.clear();
  last_of_older_ = last_;
  std::ranges::sort(older_, {}, &Older::value_type::first);
}

}  // namespace hss::db
