// SPDX-License-Identifier: MIT
#include "db/state_logs.h"

#include <algorithm>
#include <utility>

namespace hss::db {

StateLogs::StateLogs(sqlite3* connection, std::size_t generation)
    : sequence_table_(connection),
      pending_table_(connection),
      sequence_log_(connection),
      pending_log_(connection),
      logged_sequences_(connection, sequence_table_, generation),
      logged_pending_(connection, pending_table_, generation) {}

SequenceState StateLogs::sequence(KeySetId id, bool in_batch) {
  const bool known = in_batch && !in_doubt_;
  const SequenceState* const logged = known ? logged_sequences_.find(id) : sequence_log_.find(id);
  return logged != nullptr ? *logged : sequence_table_.read(id);
}

RegistrationTable::Logged StateLogs::pending(bool in_batch) {
  if (in_batch && !in_doubt_) {
    if (logged_pending_.empty()) return {};
    return [this](const PairKey& pair) { return logged_pending_.find(pair); };
  }
  if (pending_log_.empty()) return {};
  return [this](const PairKey& pair) { return pending_log_.find(pair); };
}

bool StateLogs::may_have_pending(const Subscription& subscription) {
  if (in_doubt_) return !pending_log_.empty();
  return std::ranges::any_of(subscription.associations, [this](const Subscription::Association& pair) {
    return logged_pending_.find({pair.implicit_set, pair.private_identity}) != nullptr;
  });
}

void StateLogs::save(KeySetId id, const SequenceState& state) {
  save_sequence(sequence_log_, sequence_table_, id, state);
}

void StateLogs::save(const PendingLog::Changes& pending) { save_pending(pending_log_, pending_table_, pending); }

void StateLogs::take_changes(bool everything) {
  if (!everything) {
    if (in_doubt_) return;
    const bool sequences = logged_sequences_.read_on(), pending = logged_pending_.read_on();
    if (sequences && pending) return;
  }
  sequence_log_.forget();
  pending_log_.forget();
  in_doubt_ = true;
}

void StateLogs::write(const SequenceLog::Changes& sequences, const PendingLog::Changes& pending) {
  if (sequences.empty() && pending.empty()) return;
  if (std::exchange(in_doubt_, false)) {
    logged_sequences_.fold_all();
    logged_pending_.fold_all();
  }
  logged_sequences_.write(sequences);
  logged_pending_.write(pending);
}

void StateLogs::committed(const SequenceLog::Changes& sequences, const PendingLog::Changes& pending) {
  logged_sequences_.committed(sequences);
  logged_pending_.committed(pending);
}

}  // namespace hss::db
