// Reads what was provisioned for access over non-3GPP networks: a handful of indexed statements, which only requests on
// SWx make.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/columns.h"
#include "db/sqlite.h"
#include "hss/non_3gpp.h"
#include "hss/subscriber.h"

namespace hss::db {

class Non3gppReader {
 public:
  explicit Non3gppReader(sqlite3* connection) : db_(connection) {}

  struct Provisioned {
    Non3gppSubscription subscription;
    std::vector<std::string> templates;  // the names of the templates of subscription.apns
  };
  /// Absent when nothing was provisioned.
  std::optional<Provisioned> read(SubscriptionId id);

 private:
  sqlite3* db_;

  // With the default APN, whose addresses stand at position 0.
  Statement own_{db_, "SELECT a.name, " + std::string(kApnColumns) +
                          ", d.ipv4, d.ipv6, n.access_barred, n.apns_disabled, n.session_timeout, n.ambr_uplink,"
                          " n.ambr_downlink, n.charging_characteristics, n.forbidden_rat_types, n.visited_networks"
                          " FROM non_3gpp n JOIN apn a ON a.id = n.apn LEFT JOIN non_3gpp_apn d"
                          " ON d.subscription = n.subscription AND d.position = 0 WHERE n.subscription = ?"};
  Statement further_{db_, "SELECT a.name, " + std::string(kApnColumns) +
                              ", x.ipv4, x.ipv6 FROM non_3gpp_apn x JOIN apn a ON a.id = x.apn"
                              " WHERE x.subscription = ? AND x.position > 0 ORDER BY x.position"};
  Statement msisdns_{db_, "SELECT msisdn FROM msisdn WHERE subscription = ? ORDER BY position"};
};

}  // namespace hss::db
