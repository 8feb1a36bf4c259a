// What other programs have changed, for the server: it remembers what it has read, and would have to forget all of it
// at each command of hssctl.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "db/sqlite.h"
#include "hss/subscriber.h"

namespace hss::db {

/// Every transaction of another program than the server adds a row or several (Database::write). One that leaves no row
/// is of a program that knows nothing of the journal, and may have changed anything.
class ChangeJournal {
 public:
  explicit ChangeJournal(sqlite3* connection) : db_(connection) {}

  // For who changes something, in its transaction. Without a word it has changed everything.

  void begin();
  /// Something of this subscription, its identities, key sets, sequence numbers or registration.
  void note(SubscriptionId subscription) { subscriptions_.insert(subscription); }
  /// Something that many subscriptions have, but no sequence number.
  void note_every_subscription() { subscriptions_.insert(kEverySubscription); }
  /// Something that the server does not remember.
  void note_nothing() { silent_ = false; }
  /// Last: writes down what was noted.
  void append();

  // For the server.

  struct Changes {
    bool everything = false;          // sequence numbers too
    bool every_subscription = false;  // but not their sequence numbers
    std::vector<SubscriptionId> subscriptions{};
  };
  /// What was changed since the last call; at the first: everything.
  Changes take();

 private:
  // In the place of a subscription.
  static constexpr SubscriptionId kEverything = 0;
  static constexpr SubscriptionId kEverySubscription = -1;
  static constexpr SubscriptionId kNothing = -2;

  /// More subscriptions of one transaction are every one.
  static constexpr std::size_t kMostOfATransaction = 1024;
  /// Rows that are kept; a server that missed some forgets everything.
  static constexpr std::int64_t kKept = 4096;

  bool silent_ = true;
  std::set<SubscriptionId> subscriptions_;
  std::int64_t taken_ = -1;  // the last row that was; -1: none yet

  sqlite3* db_;
  Statement append_{db_, "INSERT INTO change_journal (subscription) VALUES (?)"};
  Statement shorten_{db_, "DELETE FROM change_journal WHERE id <= ?"};
  Statement last_{db_, "SELECT max(id) FROM change_journal"};
  Statement later_{db_, "SELECT id, subscription FROM change_journal WHERE id > ? ORDER BY id"};
};

}  // namespace hss::db
