// SPDX-License-Identifier: MIT
#include "hss/swx/user_data.h"

#include <algorithm>
#include <utility>

namespace hss::swx {
namespace {

constexpr std::string_view kWildcardApn = "*";

/// The connection that an APN-Configuration tells of; null: none.
const ActiveApn* connection(const ApnConfiguration& apn, const Non3gppSubscription& subscription,
                            const std::vector<ActiveApn>& connections) {
  // By name: what was provisioned since may have another Context-Identifier.
  const auto belongs = [&](const ActiveApn& each) {
    if (apn.name != kWildcardApn) return each.name == apn.name;
    return std::ranges::none_of(subscription.apns, [&](const SubscribedApn& other) {
      return other.configuration.name != kWildcardApn && other.configuration.name == each.name;
    });
  };
  const auto found = std::ranges::find_if(connections, belongs);
  if (found == connections.end()) return nullptr;
  // Many APNs can be reached through the wildcard, and one APN-Configuration holds one gateway.
  if (std::find_if(std::next(found), connections.end(), belongs) != connections.end()) return nullptr;
  return &*found;
}

}  // namespace

UserData user_data(const Non3gppSubscription& subscription, const Non3gppRegistration& registration) {
  UserData data;
  if (!subscription.msisdns.empty()) data.msisdn = subscription.msisdns.front();
  data.access_allowed = subscription.access_allowed;
  data.apns_enabled = subscription.apns_enabled;
  data.forbidden_rat_types = subscription.forbidden_rat_types;
  data.session_timeout = subscription.session_timeout;
  data.ambr = subscription.ambr;
  data.charging_characteristics = subscription.charging_characteristics;
  if (!subscription.apns.empty()) {
    data.default_context_identifier = subscription.apns.front().configuration.context_identifier;
  }
  for (const SubscribedApn& apn : subscription.apns) {
    ApnData each{.apn = apn};
    if (!apn.configuration.gateway.empty()) {
      each.allocation = ApnData::Allocation::kStatic;
      each.gateway = apn.configuration.gateway;
    } else if (const ActiveApn* const active = connection(apn.configuration, subscription, registration.active_apns);
               active != nullptr && !active->gateway.empty()) {
      each.allocation = ApnData::Allocation::kDynamic;
      each.gateway = active->gateway;
      each.visited_network = active->visited_network;
    }
    data.apns.push_back(std::move(each));
  }
  return data;
}

}  // namespace hss::swx
