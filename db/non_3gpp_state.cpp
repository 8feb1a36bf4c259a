// SPDX-License-Identifier: MIT
#include "db/non_3gpp_state.h"

#include <algorithm>

namespace hss::db {

namespace {

BytesView octets_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Non3gppRegistration Non3gppState::read(SubscriptionId id) {
  Non3gppRegistration found;
  {
    Rows rows(registration_, id);
    if (!rows.next()) return found;
    found.server = AaaServer{.host = rows.text(0), .realm = rows.text(1)};
    found.registered = rows.integer(2) != 0;
    found.pending_until = rows.optional_integer(3);
  }
  for (Rows rows(apns_, id); rows.next();) {
    const BytesView network = rows.blob(6);
    found.active_apns.push_back({.name = rows.text(0),
                                 .context_identifier = static_cast<std::uint32_t>(rows.integer(1)),
                                 .gateway = gateway_at(rows, 2),
                                 .visited_network = std::string(network.begin(), network.end())});
  }
  return found;
}

void Non3gppState::save(SubscriptionId id, const Non3gppRegistration& registration) {
  if (!registration.server) {
    run(remove_, id);
    return;
  }
  const Non3gppRegistration before = read(id);
  if (registration.server != before.server || registration.registered != before.registered ||
      registration.pending_until != before.pending_until) {
    const auto& [host, realm] = *registration.server;
    const AssignedServer server{.name = {}, .diameter_host = host, .diameter_realm = realm};
    run(save_, id, servers_.id_of(server), registration.registered, registration.pending_until);
  }
  const auto has = [](const std::vector<ActiveApn>& apns, const ActiveApn& apn) {
    return std::ranges::find(apns, apn) != apns.end();
  };
  for (const ActiveApn& old : before.active_apns) {
    if (!has(registration.active_apns, old)) run(remove_apn_, id, old.name);
  }
  for (const ActiveApn& apn : registration.active_apns) {
    if (has(before.active_apns, apn)) continue;
    std::optional<BytesView> network;
    if (!apn.visited_network.empty()) network = octets_of(apn.visited_network);
    run(add_apn_, id, apn.name, apn.context_identifier, view_of(apn.gateway.ipv4), view_of(apn.gateway.ipv6),
        unless_empty(apn.gateway.host), unless_empty(apn.gateway.realm), network);
  }
}

}  // namespace hss::db
