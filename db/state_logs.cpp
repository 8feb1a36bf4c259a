// SPDX-License-Identifier: MIT
#include "db/state_logs.h"

#include <algorithm>

namespace hss::db {

StateLogs::StateLogs(sqlite3* connection, std::size_t generation)
    : sequence_table_(connection),
      pending_table_(connection),
      sequence_log_(connection),
      pending_log_(connection),
      logged_sequences_(connection, sequence_table_, generation),
      logged_pending_(connection, pending_table_, generation) {}

SequenceState StateLogs::sequence(KeySetId id, bool in_batch) {
  const SequenceState* const logged = in_batch ? logged_sequences_.find(id) : sequence_log_.find(id);
  return logged != nullptr ? *logged : sequence_table_.read(id);
}

RegistrationTable::Logged StateLogs::pending(bool in_batch) {
  if (in_batch) {
    if (logged_pending_.size() == 0) return {};
    return [this](const PairKey& pair) { return logged_pending_.find(pair); };
  }
  if (pending_log_.empty()) return {};
  return [this](const PairKey& pair) { return pending_log_.find(pair); };
}

bool StateLogs::has_pending(const Subscription& subscription) const {
  return std::ranges::any_of(subscription.associations, [this](const Subscription::Association& pair) {
    return logged_pending_.find({pair.implicit_set, pair.private_identity}) != nullptr;
  });
}

std::size_t StateLogs::size() const { return std::max(logged_sequences_.size(), logged_pending_.size()); }

void StateLogs::save(KeySetId id, const SequenceState& state) {
  save_sequence(sequence_log_, sequence_table_, id, state);
}

void StateLogs::save(const PendingLog::Changes& pending) { save_pending(pending_log_, pending_table_, pending); }

void StateLogs::take_changes(bool everything) {
  in_doubt_ = in_doubt_ || everything;
  if (in_doubt_) {
    logged_sequences_.read_all();
    logged_pending_.read_all();
    in_doubt_ = false;
  } else {
    logged_sequences_.read_on();
    logged_pending_.read_on();
  }
}

void StateLogs::write(const SequenceLog::Changes& sequences, const PendingLog::Changes& pending) {
  if (sequences.empty() && pending.empty()) return;  // a disk that has no room serves who only reads
  logged_sequences_.write(sequences);
  logged_pending_.write(pending);
}

void StateLogs::committed(const SequenceLog::Changes& sequences, const PendingLog::Changes& pending) {
  // Ids come again when a log was emptied.
  sequence_log_.forget();
  pending_log_.forget();
  logged_sequences_.committed(sequences);
  logged_pending_.committed(pending);
}

void StateLogs::rolled_back() noexcept {
  logged_sequences_.rolled_back();
  logged_pending_.rolled_back();
}

}  // namespace hss::db
