// SPDX-License-Identifier: MIT
#include "provisioning/subscriber/non_3gpp.h"

#include <ostream>

#include "provisioning/announce.h"
#include "provisioning/apn/apn_fields.h"
#include "provisioning/non_3gpp_fields.h"
#include "provisioning/subscriber/state.h"
#include "provisioning/text.h"

namespace hss::provisioning::subscriber {
namespace {

std::string_view state_of(const Non3gppRegistration& registration) {
  if (registration.registered) return "registered";
  const bool pending = registration.server && registration.pending_until && *registration.pending_until > now();
  return pending ? "pending" : "not registered";
}

void print_provisioned(const db::Non3gppDraft& draft, std::ostream& out) {
  out << (draft.access_allowed ? "allowed" : "barred") << (draft.apns_enabled ? "" : ", APNs disabled") << '\n';
  for (std::size_t i = 0; i < draft.apns.size(); ++i) {
    const auto addresses = static_address_texts(draft.apns[i]);
    out << "  APN       " << printable(draft.apns[i].name) << (i == 0 ? ", the default one" : "")
        << (addresses.empty() ? "" : ", static " + join(addresses, ", ")) << '\n';
  }
  std::vector<std::string> rats;
  for (const std::uint32_t rat : draft.forbidden_rat_types) rats.push_back(rat_type_text(rat));
  if (!rats.empty()) out << "  forbidden " << join(rats, ", ") << '\n';
  if (!draft.visited_networks.empty()) out << "  roams in  " << printable(join(draft.visited_networks, ", ")) << '\n';
  if (draft.session_timeout) out << "  session   " << count_of(*draft.session_timeout, "second") << '\n';
  if (draft.ambr) out << "  UE-AMBR   " << ambr_text(*draft.ambr) << " bit/s (up:down)\n";
  if (!draft.charging_characteristics.empty()) out << "  charging  " << draft.charging_characteristics << '\n';
}

void print_registration(const Non3gppRegistration& registration, std::ostream& out) {
  if (!registration.server) {
    out << "AAA server none\n";
    return;
  }
  out << "AAA server " << printable(registration.server->host) << " (realm " << printable(registration.server->realm)
      << ")\n  state     " << (registration.registered ? "registered" : "not registered");
  if (registration.pending_until) {
    out << (*registration.pending_until > now() ? ", authentication pending until "
                                                : ", authentication was pending until ")
        << utc(*registration.pending_until);
  }
  out << '\n';
  for (const ActiveApn& apn : registration.active_apns) {
    out << "  connected " << printable(apn.name)
        << (apn.gateway.empty() ? "" : " by PDN gateway " + gateway_text(apn.gateway))
        << (apn.visited_network.empty() ? "" : ", in network " + printable(apn.visited_network)) << '\n';
  }
}

Json gateway_to_json(const PdnGateway& gateway) {
  Json json;
  const auto addresses = address_texts(gateway.ipv4, gateway.ipv6);
  if (!addresses.empty()) json["addresses"] = addresses;
  if (!gateway.host.empty()) json["host"] = gateway.host;
  if (!gateway.realm.empty()) json["realm"] = gateway.realm;
  return json;
}

}  // namespace

std::string_view swx_state(const db::StoredSubscription& stored) { return state_of(stored.non_3gpp); }

void print_non_3gpp(const db::StoredSubscription& stored, std::ostream& out) {
  out << "Non-3GPP   ";
  if (stored.draft.non_3gpp) {
    print_provisioned(*stored.draft.non_3gpp, out);
  } else {
    out << "none\n";
  }
  // Who is registered and has no access any more waits for the answer to an RTR.
  if (stored.draft.non_3gpp || stored.non_3gpp.server) print_registration(stored.non_3gpp, out);
}

Json swx_registration_json(const Non3gppRegistration& registration) {
  Json json;
  json["state"] = state_of(registration);
  if (!registration.server) return json;
  json["aaa_server"] = {{"host", registration.server->host}, {"realm", registration.server->realm}};
  if (registration.pending_until) json["authentication_pending_until"] = utc(*registration.pending_until);
  for (const ActiveApn& apn : registration.active_apns) {
    Json item{{"name", apn.name}, {"context_identifier", apn.context_identifier}};
    if (!apn.gateway.empty()) item["pdn_gateway"] = gateway_to_json(apn.gateway);
    if (!apn.visited_network.empty()) item["visited_network"] = apn.visited_network;
    json["active_apns"].push_back(std::move(item));
  }
  return json;
}

}  // namespace hss::provisioning::subscriber
