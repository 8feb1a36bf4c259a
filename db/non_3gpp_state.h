// State on SWx: the 3GPP AAA server that has a user, and the PDN connections that it told of.
// SPDX-License-Identifier: MIT
#pragma once

#include "db/columns.h"
#include "db/server_names.h"
#include "db/sqlite.h"
#include "hss/non_3gpp.h"
#include "hss/subscriber.h"

namespace hss::db {

/// The methods of hss::Repository for it.
class Non3gppState {
 public:
  explicit Non3gppState(sqlite3* connection) : db_(connection) {}

  Non3gppRegistration read(SubscriptionId id);
  /// Writes what differs from what is stored.
  void save(SubscriptionId id, const Non3gppRegistration& registration);

 private:
  sqlite3* db_;
  ServerNames servers_{db_};

  Statement registration_{db_,
                          "SELECT s.diameter_host, s.diameter_realm, r.registered, r.pending_until"
                          " FROM non_3gpp_registration r JOIN server s ON s.id = r.server WHERE r.subscription = ?"};
  Statement save_{db_,
                  "INSERT INTO non_3gpp_registration (subscription, server, registered, pending_until)"
                  " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET server = excluded.server,"
                  " registered = excluded.registered, pending_until = excluded.pending_until"};
  Statement remove_{db_, "DELETE FROM non_3gpp_registration WHERE subscription = ?"};

  Statement apns_{db_,
                  "SELECT name, context_identifier, gateway_ipv4, gateway_ipv6, gateway_host, gateway_realm,"
                  " visited_network FROM active_apn WHERE subscription = ? ORDER BY name"};
  Statement add_apn_{db_,
                     "INSERT INTO active_apn (subscription, name, context_identifier, gateway_ipv4, gateway_ipv6,"
                     " gateway_host, gateway_realm, visited_network) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement remove_apn_{db_, "DELETE FROM active_apn WHERE subscription = ? AND name = ?"};
};

}  // namespace hss::db
