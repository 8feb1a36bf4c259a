// APN templates, as hssctl writes them, and who of those registered on SWx a change reaches.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/administration.h"
#include "db/columns.h"
#include "db/sqlite.h"

namespace hss::db {

/// The methods of Administration of the same names.
class ApnStore {
 public:
  explicit ApnStore(sqlite3* connection) : db_(connection) {}

  void save_apn(std::string_view name, const ApnConfiguration& configuration);
  std::optional<ApnConfiguration> apn(std::string_view name);
  std::vector<Administration::NamedApn> apns();
  bool remove_apn(std::string_view name);
  std::vector<SubscriptionId> registered_with_apn(std::string_view name);
  std::vector<SubscriptionId> registered_on_swx(std::string_view aaa_host, SubscriptionId after, std::size_t limit);

 private:
  void check_context_identifier(std::string_view name, std::uint32_t context_identifier);
  void move_network(std::string_view name, const ApnConfiguration& before, const ApnConfiguration& after);

  sqlite3* db_;

  Statement save_{db_,
                  "INSERT INTO apn (name, context_identifier, network_identifier, pdn_type, qci, priority_level,"
                  " may_pre_empt, may_be_pre_empted, vplmn_dynamic_address, ambr_uplink, ambr_downlink,"
                  " charging_characteristics, gateway_ipv4, gateway_ipv6, gateway_host, gateway_realm)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                  " context_identifier = excluded.context_identifier, network_identifier = excluded.network_identifier,"
                  " pdn_type = excluded.pdn_type, qci = excluded.qci, priority_level = excluded.priority_level,"
                  " may_pre_empt = excluded.may_pre_empt, may_be_pre_empted = excluded.may_be_pre_empted,"
                  " vplmn_dynamic_address = excluded.vplmn_dynamic_address, ambr_uplink = excluded.ambr_uplink,"
                  " ambr_downlink = excluded.ambr_downlink,"
                  " charging_characteristics = excluded.charging_characteristics, gateway_ipv4 = excluded.gateway_ipv4,"
                  " gateway_ipv6 = excluded.gateway_ipv6, gateway_host = excluded.gateway_host,"
                  " gateway_realm = excluded.gateway_realm"};
  Statement apn_{db_, "SELECT " + std::string(kApnColumns) + " FROM apn a WHERE a.name = ?"};
  Statement apns_{db_, "SELECT a.name, " + std::string(kApnColumns) + " FROM apn a ORDER BY a.name"};
  Statement remove_{db_, "DELETE FROM apn WHERE name = ?"};
  Statement owner_{db_, "SELECT name FROM apn WHERE context_identifier = ?"};
  Statement used_{db_,
                  "SELECT EXISTS (SELECT 1 FROM apn a JOIN non_3gpp n ON n.apn = a.id WHERE a.name = ?1)"
                  " OR EXISTS (SELECT 1 FROM apn a JOIN non_3gpp_apn x ON x.apn = a.id WHERE a.name = ?1)"};

  // Another template of a network that a subscriber with this template (?1) has. Of two templates at least one is in
  // non_3gpp_apn.
  Statement clash_{
      db_,
      "SELECT o.name FROM apn a JOIN apn o ON o.network_identifier = ?2 AND o.id <> a.id WHERE a.name = ?1 AND ("
      "EXISTS (SELECT 1 FROM non_3gpp_apn x JOIN non_3gpp n ON n.subscription = x.subscription"
      " WHERE x.apn = o.id AND n.apn = a.id)"
      " OR EXISTS (SELECT 1 FROM non_3gpp_apn x JOIN non_3gpp n ON n.subscription = x.subscription"
      " WHERE x.apn = a.id AND n.apn = o.id)"
      " OR EXISTS (SELECT 1 FROM non_3gpp_apn x JOIN non_3gpp_apn y ON y.subscription = x.subscription"
      " WHERE x.apn = a.id AND y.apn = o.id))"};
  Statement renumber_connections_{db_, "UPDATE active_apn SET context_identifier = ?2 WHERE context_identifier = ?1"};
  Statement forget_connections_{db_, "DELETE FROM active_apn WHERE context_identifier = ? AND name <> ?"};

  Statement registered_with_{
      db_,
      "SELECT r.subscription FROM apn a CROSS JOIN non_3gpp_registration r WHERE a.name = ? AND r.registered = 1 AND ("
      "EXISTS (SELECT 1 FROM non_3gpp n WHERE n.subscription = r.subscription AND n.apn = a.id)"
      " OR EXISTS (SELECT 1 FROM non_3gpp_apn x WHERE x.subscription = r.subscription AND x.apn = a.id))"
      " ORDER BY r.subscription"};
  Statement registered_{db_,
                        "SELECT r.subscription FROM non_3gpp_registration r CROSS JOIN server s ON s.id = r.server"
                        " WHERE r.subscription > ?2 AND r.registered = 1"
                        " AND (?1 = '' OR s.diameter_host = ?1 COLLATE NOCASE) ORDER BY r.subscription LIMIT ?3"};
};

}  // namespace hss::db
