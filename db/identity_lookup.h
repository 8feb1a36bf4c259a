// Whose an identity is.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "db/sqlite.h"
#include "hss/subscriber.h"

namespace hss::db {

/// By identities in their canonical form; nothing when nobody has it. Wildcarded public identities are looked for
/// elsewhere (wildcard_reader.h).
class IdentityLookup {
 public:
  explicit IdentityLookup(sqlite3* connection) : db_(connection) {}

  std::optional<SubscriptionId> by_private_identity(std::string_view impi) { return first(by_impi_, impi); }
  std::optional<SubscriptionId> by_public_identity(std::string_view impu) { return first(by_impu_, impu); }
  std::optional<SubscriptionId> by_imsi(std::string_view imsi) { return first(by_imsi_, imsi); }

 private:
  static std::optional<SubscriptionId> first(Statement& statement, std::string_view identity) {
    Rows rows(statement, identity);
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
  }

  sqlite3* db_;
  Statement by_impi_{db_, "SELECT subscription FROM private_identity WHERE impi = ?"};
  Statement by_impu_{db_,
                     "SELECT s.subscription FROM public_identity p JOIN implicit_set s ON s.id = p.implicit_set"
                     " WHERE p.impu = ?"};
  Statement by_imsi_{db_, "SELECT id FROM subscription WHERE imsi = ?"};
};

}  // namespace hss::db
