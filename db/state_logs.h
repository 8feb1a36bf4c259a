// The logs of what changes with every request, as a repository uses them: SEQs and pending authentications. In a batch
// of the server it knows what stands in them; outside one, and while that is in doubt, it reads them.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "db/logged_sequences.h"
#include "db/pending_log.h"
#include "db/registration_table.h"
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
  /// Whether the log has, or may have, something of a subscription. Between batches.
  bool may_have_pending(const Subscription& subscription);

  // Outside a batch, at once:

  void save(KeySetId id, const SequenceState& state);
  void save(const PendingLog::Changes& pending);

  // In a batch:

  /// Another connection has changed something; `everything`: nobody knows what.
  void take_changes(bool everything);
  void write(const SequenceLog::Changes& sequences, const PendingLog::Changes& pending);
  /// After the transaction, when it was committed; when it was not, `everything` is to be taken by the next.
  void committed(const SequenceLog::Changes& sequences, const PendingLog::Changes& pending);

 private:
  SequenceTable sequence_table_;
  PendingTable pending_table_;
  SequenceLog sequence_log_;
  PendingLog pending_log_;
  LoggedSequences logged_sequences_;
  LoggedPending logged_pending_;
  // What the two above know is in doubt; before they log anything, all of the logs must go into the tables. Until then
  // nothing is written for it: a disk that has no room serves who only reads.
  bool in_doubt_ = true;
};

}  // namespace hss::db
