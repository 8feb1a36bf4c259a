// Registration state on SQLite: the S-CSCF of a subscription, and a narrow row for each pair that stands with it.
// SPDX-License-Identifier: MIT
#pragma once

#include "db/server_names.h"
#include "db/sqlite.h"
#include "hss/subscriber.h"

namespace hss::db {

/// True when a pair is listed, in whatever state.
bool holds(const Registration& registration, ImplicitSetId implicit_set, PrivateIdentityId private_identity);

class RegistrationTable {
 public:
  /// `servers` must live as long.
  RegistrationTable(sqlite3* connection, ServerNames& servers) : db_(connection), servers_(servers) {}

  /// Empty for a subscription that is not known.
  Registration read(SubscriptionId subscription);
  /// Writes what differs from `before`, which is what is stored: most of the time that is one narrow row.
  void write(SubscriptionId subscription, const Registration& before, const Registration& after);

 private:
  sqlite3* db_;
  ServerNames& servers_;

  Statement serving_{db_,
                     "SELECT c.name, c.diameter_host, c.diameter_realm, o.name, o.diameter_host, o.diameter_realm,"
                     " s.reassignment_pending FROM subscription s LEFT JOIN server c ON c.id = s.s_cscf"
                     " LEFT JOIN server o ON o.id = s.previous_s_cscf WHERE s.id = ?"};
  Statement save_serving_{
      db_, "UPDATE subscription SET s_cscf = ?, previous_s_cscf = ?, reassignment_pending = ? WHERE id = ?"};
  Statement pairs_{db_,
                   "SELECT r.implicit_set, r.private_identity, r.status, r.auth_pending_until FROM implicit_set s"
                   " JOIN registration r ON r.implicit_set = s.id WHERE s.subscription = ?"};
  Statement save_pair_{db_,
                       "INSERT INTO registration (implicit_set, private_identity, status, auth_pending_until)"
                       " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET status = excluded.status,"
                       " auth_pending_until = excluded.auth_pending_until"};
  Statement remove_pair_{db_, "DELETE FROM registration WHERE implicit_set = ? AND private_identity = ?"};
};

}  // namespace hss::db
