// SPDX-License-Identifier: MIT
#include "hss/swx/access.h"

#include <algorithm>

#include "hss/identity.h"
#include "hss/swx/user_name.h"

namespace hss::swx {

FoundUser find_user(std::string_view user_name, Repository& repository) {
  const auto imsi = imsi_of(user_name);
  if (!imsi) return {nullptr, "User-Name is no IMSI, nor a permanent identity of EAP-AKA or EAP-AKA' that holds one"};
  auto subscription = repository.find_by_imsi(*imsi);
  if (subscription == nullptr) return {nullptr, "no subscription has IMSI " + *imsi};
  return {std::move(subscription), {}};
}

std::optional<std::string> why_no_access(const Non3gppSubscription* subscription) {
  if (subscription == nullptr) return "it has no subscription to non-3GPP access";
  if (!subscription->access_allowed) return "non-3GPP access is barred";
  if (subscription->apns.empty()) return "it has no APN";
  return std::nullopt;
}

bool may_roam(const Non3gppSubscription& subscription, const std::optional<std::string>& visited_network) {
  const auto& allowed = subscription.visited_networks;
  return !visited_network || allowed.empty() ||
         std::ranges::find(allowed, canonical_network(*visited_network)) != allowed.end();
}

HeldElsewhere refuse_as_held_elsewhere(const RegistrationState& state, const Settings& settings) {
  const bool redirected = settings.swx.other_aaa_server == OtherAaaServer::kRedirect;
  return {Verdict{redirected ? result::kRedirectIndication : result::kIdentityAlreadyRegistered, {}, describe(state)},
          state.now().server.value().host};
}

std::string describe(const RegistrationState& state) {
  const auto& server = state.now().server;
  if (!server) return "no 3GPP AAA server has the user";
  return (state.registered() ? "registered with " : "authentication is pending with ") + server->host;
}

std::string joined(std::string first, std::string_view second) {
  if (!first.empty() && !second.empty()) first += "; ";
  return first.append(second);
}

}  // namespace hss::swx
