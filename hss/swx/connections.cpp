// SPDX-License-Identifier: MIT
#include "hss/swx/connections.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "hss/swx/access.h"

namespace hss::swx {
namespace {

const SubscribedApn* by_name(const Non3gppSubscription& subscription, std::string_view name) {
  const auto found = std::ranges::find_if(subscription.apns,
                                          [&](const SubscribedApn& each) { return each.configuration.name == name; });
  return found == subscription.apns.end() ? nullptr : &*found;
}

const SubscribedApn* by_context_identifier(const Non3gppSubscription& subscription, std::uint32_t identifier) {
  const auto found = std::ranges::find_if(subscription.apns, [&](const SubscribedApn& each) {
    return each.configuration.context_identifier == identifier;
  });
  return found == subscription.apns.end() ? nullptr : &*found;
}

}  // namespace

const SubscribedApn* subscribed_apn(const Non3gppSubscription& subscription, std::string_view name) {
  const SubscribedApn* const own = by_name(subscription, name);
  return own != nullptr ? own : by_name(subscription, "*");
}

ActiveApn connection_of(const ReportedApn& reported, std::string name, const SubscribedApn& apn) {
  return {std::move(name), apn.configuration.context_identifier, reported.gateway,
          reported.visited_network.value_or("")};
}

std::string store_connection(std::vector<ActiveApn>& connections, ActiveApn connection) {
  std::string done = "the PDN gateway of " + connection.name + " is ";
  const auto place = std::ranges::lower_bound(connections, connection.name, {}, &ActiveApn::name);
  const bool known = place != connections.end() && place->name == connection.name;
  if (connection.gateway.empty()) {
    if (!known) return done + "none, and was none";
    connections.erase(place);
    return done + "forgotten";
  }
  if (known) {
    *place = std::move(connection);
    return done + "replaced";
  }
  done += "stored";
  const auto stored = connections.insert(place, std::move(connection));
  if (connections.size() <= kMostConnections) return done;

  // Rather one of the same APN-Configuration, which is the wildcard's when it comes to this.
  const auto others = [&](const ActiveApn& each) {
    return each.context_identifier == stored->context_identifier && each.name != stored->name;
  };
  auto gone = std::ranges::find_if(connections, others);
  if (gone == connections.end()) gone = stored == connections.begin() ? std::next(stored) : connections.begin();
  done += ", that of " + gone->name + " is forgotten: there are too many";
  connections.erase(gone);
  return done;
}

Restored connections_of(const std::vector<ReportedApn>& reported, const Non3gppSubscription& subscription) {
  Restored restored;
  std::size_t not_subscribed = 0;
  std::size_t without_gateway = 0;
  for (const ReportedApn& each : reported) {
    const SubscribedApn* apn = nullptr;
    std::string name;
    if (each.service_selection) {
      name = canonical_apn(*each.service_selection).value_or("");
      if (!name.empty()) apn = subscribed_apn(subscription, name);
    } else if (each.context_identifier) {
      apn = by_context_identifier(subscription, *each.context_identifier);
      if (apn != nullptr) name = apn->configuration.name;
    }
    if (apn == nullptr) {
      ++not_subscribed;
    } else if (each.gateway.empty()) {
      ++without_gateway;
    } else {
      store_connection(restored.connections, connection_of(each, std::move(name), *apn));
    }
  }
  const auto left_out = [&](std::size_t count, const char* why) {
    if (count > 0) restored.remark = joined(std::move(restored.remark), why + std::to_string(count));
  };
  left_out(not_subscribed, "Active-APNs left out, not subscribed: ");
  left_out(without_gateway, "Active-APNs left out, no PDN gateway: ");
  return restored;
}

}  // namespace hss::swx
