// The latest authentications that became pending, or are pending no more: every MAR of a registration makes one, the
// SAR after it ends it, and of millions of subscribers each would be on a page of its own. Appended here they take a
// few pages a batch, and most have ended before they would go into the table. What stands here counts, not what the
// table has.
// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "db/hash_index.h"
#include "db/log_watch.h"
#include "db/logged_states.h"
#include "db/sqlite.h"
#include "hss/subscriber.h"

namespace hss::db {

/// Whose authentication it is: TS 29.228 8.1, a private identity and the implicit set of a public one.
struct PairKey {
  ImplicitSetId implicit_set = 0;
  PrivateIdentityId private_identity = 0;
  friend auto operator<=>(const PairKey&, const PairKey&) = default;
};
inline Hash hash_of(const PairKey& pair) {
  constexpr unsigned kHalf = 32;
  const auto set = static_cast<std::uint64_t>(pair.implicit_set);
  return hash_of((set << kHalf | set >> kHalf) ^ static_cast<std::uint64_t>(pair.private_identity));
}

struct PendingAuthentication {
  std::optional<UnixTime> until;  // nothing: it is not pending
  std::optional<std::int64_t> server;
};

class PendingTable {
 public:
  explicit PendingTable(sqlite3* connection) : db_(connection) {}

  /// Nothing when there is no such pair any more.
  void update(const PairKey& pair, const PendingAuthentication& state);

 private:
  sqlite3* db_;
  Statement save_{db_,
                  "INSERT INTO auth_pending (implicit_set, private_identity, until, server) SELECT ?1, ?2, ?3, ?4"
                  " WHERE EXISTS (SELECT 1 FROM association WHERE implicit_set = ?1 AND private_identity = ?2)"
                  " ON CONFLICT DO UPDATE SET until = excluded.until, server = excluded.server"};
  Statement remove_{db_, "DELETE FROM auth_pending WHERE implicit_set = ? AND private_identity = ?"};
};

/// What is in the database. One process keeps it, the server; others add what they change while it is not empty, and
/// the database itself the end of a pair (schema.sql).
class PendingLog {
 public:
  using Key = PairKey;
  using State = PendingAuthentication;
  using Id = std::int64_t;  // of a row: ascending
  using Changes = std::map<PairKey, PendingAuthentication>;

  explicit PendingLog(sqlite3* connection) : db_(connection) {}

  /// The latest state of a pair, if it is in the log; null otherwise. Valid until the next call.
  const PendingAuthentication* find(const PairKey& pair);
  void forget() { watch_.forget(); }
  [[nodiscard]] bool empty() { return watch_.last() == 0; }

  /// Returns the last row.
  Id append(const Changes& changes);
  /// Calls `use` for each row after this one, in order; the last row.
  Id read_on(Id after, const std::function<void(const PairKey&, const PendingAuthentication&)>& use);
  void remove_up_to(Id last);
  /// Brings all of it into `table`, in a write transaction.
  void fold(PendingTable& table);

 private:
  Changes read();

  sqlite3* db_;
  LogWatch watch_{db_, "auth_pending_log"};
  Statement append_{db_,
                    "INSERT INTO auth_pending_log (implicit_set, private_identity, until, server) VALUES (?, ?, ?, ?)"};
  Statement read_on_{db_,
                     "SELECT id, implicit_set, private_identity, until, server FROM auth_pending_log WHERE id > ?"
                     " ORDER BY id"};
  Statement remove_{db_, "DELETE FROM auth_pending_log WHERE id <= ?"};
  Changes found_;  // all of it, when it was asked for
};

using LoggedPending = LoggedStates<PendingLog, PendingTable>;

/// For other programs than the server, and for a server that may still know what has just left the log: while there is
/// one, its last word counts.
void save_pending(PendingLog& log, PendingTable& table, const PendingLog::Changes& changes);

}  // namespace hss::db
