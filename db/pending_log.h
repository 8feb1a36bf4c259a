// The latest authentications that became pending, or are pending no more: every MAR of a registration makes one, the
// SAR after it ends it, and most have ended before they would go into their table.
// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>

#include "db/hash_index.h"
#include "db/logged_states.h"
#include "db/record_log.h"
#include "db/sqlite.h"
#include "hss/bytes.h"
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

/// A record: the implicit set, the private identity, until when, and the server; 0: not pending, no server. The schema
/// itself writes a row without records, but with the numbers of a pair that is gone.
struct PendingRecords {
  using Key = PairKey;
  using State = PendingAuthentication;
  using Table = PendingTable;
  static constexpr const char* kTable = "auth_pending_log";
  static constexpr const char* kColumns = ", implicit_set, private_identity";

  static void append(Bytes& content, const PairKey& pair, const PendingAuthentication& state);
  static void read(const Rows& rows, const std::function<void(const PairKey&, const PendingAuthentication&)>& use);
};

using PendingLog = RecordLog<PendingRecords>;
using LoggedPending = LoggedStates<PendingLog>;

/// For other programs than the server, and for a server that may still know what has just left the log: while there is
/// one, its last word counts.
void save_pending(PendingLog& log, PendingTable& table, const PendingLog::Changes& changes);

}  // namespace hss::db
