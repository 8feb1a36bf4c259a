// Makes the access over non-3GPP networks of a subscription what a draft says; the state of what stays lives on.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/administration.h"
#include "db/sqlite.h"

namespace hss::db {

class Non3gppWriter {
 public:
  explicit Non3gppWriter(sqlite3* connection) : db_(connection) {}

  /// For a new subscription. Throws as write() does.
  void add(SubscriptionId id, const Non3gppDraft& draft);
  /// Without a draft there is no such access any more; who has the user stays known until an answer to an RTR ends it.
  /// PDN connections in an APN that goes are forgotten. Throws UnknownApn, and std::invalid_argument when two of its
  /// APNs are one network.
  void write(SubscriptionId id, const std::optional<Non3gppDraft>& draft);
  /// The state on SWx was of another IMSI: it is forgotten, and pushes about it are about nobody any more.
  void forget_user(SubscriptionId id);

 private:
  std::vector<std::int64_t> templates_of(const Non3gppDraft& draft);
  void save(SubscriptionId id, const Non3gppDraft& draft, const std::vector<std::int64_t>& templates);
  void add_apns(SubscriptionId id, const Non3gppDraft& draft, const std::vector<std::int64_t>& templates);

  sqlite3* db_;

  Statement template_{db_, "SELECT id, network_identifier FROM apn WHERE name = ?"};
  Statement save_{db_,
                  "INSERT INTO non_3gpp (subscription, apn, access_barred, apns_disabled, session_timeout, ambr_uplink,"
                  " ambr_downlink, charging_characteristics, forbidden_rat_types, visited_networks)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET apn = excluded.apn,"
                  " access_barred = excluded.access_barred, apns_disabled = excluded.apns_disabled,"
                  " session_timeout = excluded.session_timeout, ambr_uplink = excluded.ambr_uplink,"
                  " ambr_downlink = excluded.ambr_downlink,"
                  " charging_characteristics = excluded.charging_characteristics,"
                  " forbidden_rat_types = excluded.forbidden_rat_types, visited_networks = excluded.visited_networks"};
  Statement remove_{db_, "DELETE FROM non_3gpp WHERE subscription = ?"};
  Statement clear_apns_{db_, "DELETE FROM non_3gpp_apn WHERE subscription = ?"};
  Statement insert_apn_{db_,
                        "INSERT INTO non_3gpp_apn (subscription, position, apn, ipv4, ipv6) VALUES (?, ?, ?, ?, ?)"};
  Statement forget_connections_{
      db_,
      "DELETE FROM active_apn WHERE subscription = ?1 AND context_identifier NOT IN"
      " (SELECT a.context_identifier FROM non_3gpp n JOIN apn a ON a.id = n.apn WHERE n.subscription = ?1 UNION ALL"
      " SELECT a.context_identifier FROM non_3gpp_apn x JOIN apn a ON a.id = x.apn WHERE x.subscription = ?1)"};

  Statement forget_registration_{db_, "DELETE FROM non_3gpp_registration WHERE subscription = ?"};
  Statement release_pushes_{db_, "UPDATE push SET subscription = 0 WHERE subscription = ? AND application = ?"};
};

}  // namespace hss::db
