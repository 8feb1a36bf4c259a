// Whose the identities of a draft are: a refusal names the one that is taken.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "db/administration.h"
#include "db/sqlite.h"

namespace hss::db {

class IdentityOwners {
 public:
  explicit IdentityOwners(sqlite3* connection) : db_(connection) {}

  /// Throws IdentityTaken when an identity of the draft stands twice in it or is another subscription's than `id`.
  void check_taken(SubscriptionId id, const SubscriptionDraft& draft);

 private:
  static void check_owner(Statement& owner, SubscriptionId id, const std::string& kind, std::string_view identity);

  sqlite3* db_;

  Statement imsi_{db_, "SELECT id FROM subscription WHERE imsi = ?"};
  Statement msisdn_{db_, "SELECT subscription FROM msisdn WHERE msisdn = ?"};
  Statement impi_{db_, "SELECT subscription FROM private_identity WHERE impi = ?"};
  Statement impu_{db_,
                  "SELECT s.subscription FROM public_identity p JOIN implicit_set s ON s.id = p.implicit_set"
                  " WHERE p.impu = ?"};
};

}  // namespace hss::db
