// SPDX-License-Identifier: MIT
#include "db/apn_store.h"

#include <stdexcept>

#include "db/draft_checks.h"

namespace hss::db {

void ApnStore::save_apn(std::string_view name, const ApnConfiguration& configuration) {
  check_consistent(configuration);
  check_context_identifier(name, configuration.context_identifier);
  if (const auto before = apn(name)) move_network(name, *before, configuration);
  const auto& [level, may_pre_empt, may_be_pre_empted] = configuration.priority;
  const PdnGateway& gateway = configuration.gateway;
  run(save_, name, configuration.context_identifier, configuration.name, configuration.pdn_type, configuration.qci,
      level, may_pre_empt, may_be_pre_empted, configuration.vplmn_dynamic_address_allowed,
      uplink_of(configuration.ambr), downlink_of(configuration.ambr),
      unless_empty(configuration.charging_characteristics), view_of(gateway.ipv4), view_of(gateway.ipv6),
      unless_empty(gateway.host), unless_empty(gateway.realm));
}

void ApnStore::check_context_identifier(std::string_view name, std::uint32_t context_identifier) {
  Rows rows(owner_, context_identifier);
  if (!rows.next() || rows.text(0) == name) return;
  throw std::runtime_error("the Context-Identifier " + std::to_string(context_identifier) + " belongs to the APN " +
                           in_quotes(rows.text(0)) + "; choose another");
}

void ApnStore::move_network(std::string_view name, const ApnConfiguration& before, const ApnConfiguration& after) {
  if (after.name != before.name) {
    if (Rows rows(clash_, name, after.name); rows.next()) {
      throw std::runtime_error("a subscriber has the APN " + in_quotes(name) + " and the APN " +
                               in_quotes(rows.text(0)) + ", which is the network " + after.name +
                               " already; take one of them from him first");
    }
    // A connection is in the network that it is in; through "*", in any.
    if (after.name != "*") run(forget_connections_, before.context_identifier, after.name);
  }
  if (after.context_identifier != before.context_identifier) {
    run(renumber_connections_, before.context_identifier, after.context_identifier);
  }
}

std::optional<ApnConfiguration> ApnStore::apn(std::string_view name) {
  Rows rows(apn_, name);
  if (!rows.next()) return std::nullopt;
  return apn_at(rows, 0);
}

std::vector<Administration::NamedApn> ApnStore::apns() {
  std::vector<Administration::NamedApn> found;
  for (Rows rows(apns_); rows.next();) found.push_back({rows.text(0), apn_at(rows, 1)});
  return found;
}

bool ApnStore::remove_apn(std::string_view name) {
  {
    Rows rows(used_, name);
    if (rows.next() && rows.integer(0) != 0) {
      throw std::runtime_error("the APN " + in_quotes(name) + " is in use; take it from its subscribers first");
    }
  }
  // What is left of users who had it once must not be taken for an APN that gets the number next.
  if (const auto gone = apn(name)) run(forget_connections_, gone->context_identifier, "");
  return run(remove_, name) != 0;
}

std::vector<SubscriptionId> ApnStore::registered_with_apn(std::string_view name) {
  std::vector<SubscriptionId> ids;
  for (Rows rows(registered_with_, name); rows.next();) ids.push_back(rows.integer(0));
  return ids;
}

std::vector<SubscriptionId> ApnStore::registered_on_swx(std::string_view aaa_host, SubscriptionId after,
                                                        std::size_t limit) {
  std::vector<SubscriptionId> ids;
  for (Rows rows(registered_, aaa_host, after, limit); rows.next();) ids.push_back(rows.integer(0));
  return ids;
}

}  // namespace hss::db
