// The outbox on SQLite: requests of the HSS to S-CSCFs and 3GPP AAA servers, and what came of each.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/server_names.h"
#include "db/sqlite.h"
#include "hss/push.h"

namespace hss::db {

/// "SELECT ... FROM push p ..." of what makes a Push, with the rest of a statement.
std::string select_pushes(std::string_view rest);

/// The methods of hss::Repository for pushes.
class Outbox {
 public:
  explicit Outbox(sqlite3* connection) : db_(connection) {}

  PushId add(const Push& push);
  std::vector<Push> due(UnixTime now, std::size_t limit);
  std::optional<Push> find(PushId id);
  std::vector<Push> waiting(SubscriptionId subscription);
  void save(const Push& push);
  void forget(UnixTime finished_before);

 private:
  sqlite3* db_;
  ServerNames servers_{db_};

  Statement insert_{db_,
                    "INSERT INTO push (kind, status, subscription, implicit_set, private_identity, server, user_name,"
                    " public_identities, associated_identities, reason, reason_info, changed, created, attempts,"
                    " next_attempt, outcome, application, ppr_flags)"
                    " VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?12, ?13, ?14, ?15)"
                    " RETURNING id"};
  Statement due_{db_,
                 select_pushes("WHERE p.status = 0 AND p.next_attempt <= ? ORDER BY p.next_attempt, p.id LIMIT ?")};
  Statement too_late_{db_,
                      select_pushes("WHERE p.status = 0 AND p.next_attempt > ? ORDER BY p.next_attempt, p.id LIMIT ?")};
  Statement find_{db_, select_pushes("WHERE p.id = ?")};
  Statement waiting_{db_, select_pushes("WHERE p.subscription = ? AND p.status = 0 ORDER BY p.id")};
  Statement save_{db_,
                  "UPDATE push SET status = ?, private_identity = ?, user_name = ?, public_identities = ?,"
                  " attempts = ?, next_attempt = ?, finished = ?, result_vendor = ?, result_code = ?, outcome = ?"
                  " WHERE id = ?"};
  Statement forget_{db_, "DELETE FROM push WHERE finished < ?"};
};

/// The outbox for people.
class PushList {
 public:
  explicit PushList(sqlite3* connection) : db_(connection) {}

  /// Newest first; those of a subscription and those about its IMSI from which no state follows, or all.
  std::vector<Push> read(std::optional<SubscriptionId> subscription, bool waiting_only, std::size_t limit);

 private:
  sqlite3* db_;
  Statement all_{db_, select_pushes("WHERE p.status <= ? ORDER BY p.id DESC LIMIT ?")};
  Statement of_subscription_{db_, select_pushes("WHERE (p.subscription = ?1 OR (p.subscription = 0 AND p.user_name ="
                                                " (SELECT imsi FROM subscription WHERE id = ?1))) AND p.status <= ?2"
                                                " ORDER BY p.id DESC LIMIT ?3")};
};

}  // namespace hss::db
