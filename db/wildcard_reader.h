// Finds the wildcarded public identity that matches an identity (TS 23.003 13.5): a handful of expressions among
// millions of identities, each compiled once.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "db/sqlite.h"
#include "hss/subscriber.h"
#include "hss/wildcard.h"

namespace hss::db {

class WildcardReader {
 public:
  explicit WildcardReader(sqlite3* connection) : db_(connection) {}

  struct Match {
    SubscriptionId subscription = 0;
    PublicIdentityId public_identity = 0;
  };
  /// The best one, as hss::Repository::find_by_wildcard says.
  std::optional<Match> find(std::string_view impu);

 private:
  const WildcardedIdentity& compiled(const std::string& text);

  /// By their text, so that nothing has to be forgotten when one is removed or rolled back.
  static constexpr std::size_t kMostCompiled = 1024;
  std::unordered_map<std::string, WildcardedIdentity> compiled_;

  sqlite3* db_;
  // Reads nothing but the partial index, in the order of the texts.
  Statement all_{db_,
                 "SELECT impu, id FROM public_identity INDEXED BY wildcarded_identity WHERE type IN (2, 4)"
                 " ORDER BY impu"};
  Statement owner_{db_,
                   "SELECT s.subscription FROM public_identity p JOIN implicit_set s ON s.id = p.implicit_set"
                   " WHERE p.id = ?"};
};

}  // namespace hss::db
