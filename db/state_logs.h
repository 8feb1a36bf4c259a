// The logs of what changes with every request, as a repository uses them: SEQs and pending authentications. In a batch
// of the server it knows what stands in them; outside one it reads them.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "db/pending_log.h"
#include "db/registration_table.h"
#include "db/sequence_log.h"
#include "hss/subscriber.h"

namespace hss::db {

class StateLogs {
 public:
  /// `generation`: of LoggedStates.
  StateLogs(sqlite3* connection, std::size_t generation);

  /// StoreFault for a key set that has none.
  SequenceState sequence(KeySetId id, bool in_batch);
  /// What stands in the log. Good as long as nothing is written.
  RegistrationTable::Logged pending(bool in_batch);
  /// Whether the log has something of a subscription. Between batches.
  [[nodiscard]] bool has_pending(const Subscription& subscription) const;
  /// Of how many keys there is something in the longer one. Between batches.
  [[nodiscard]] std::size_t size() const;

  // Outside a batch, at once:

  void save(KeySetId id, const SequenceState& state);
  void save(const PendingLog::Changes& pending);

  // In a batch:

  /// Another connection has changed something, before the first one too; `everything`: nobody knows what.
  void take_changes(bool everything);
  void write(const SequenceLog::Changes& sequences, const PendingLog::Changes& pending);
  /// After the transaction, when it was committed.
  void committed(const SequenceLog::Changes& sequences, const PendingLog::Changes& pending);
  /// When it was not.
  void rolled_back() noexcept;
  /// Some memory was missing: what is known is in doubt, and will be read again with the next changes.
  void doubt() noexcept { in_doubt_ = true; }

 private:
  SequenceTable sequence_table_;
  PendingTable pending_table_;
  SequenceLog sequence_log_;
  PendingLog pending_log_;
  LoggedSequences logged_sequences_;
  LoggedPending logged_pending_;
  bool in_doubt_ = true;  // what the two above know
};

}  // namespace hss::db
