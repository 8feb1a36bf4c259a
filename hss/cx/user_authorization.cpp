// User-Authorization, TS 29.228 6.1.1.1. Steps are numbered as the clause numbers them.
// SPDX-License-Identifier: MIT
#include "hss/cx/user_authorization.h"

#include <algorithm>

#include "hss/cx/identities.h"
#include "hss/cx/registration_state.h"
#include "hss/cx/server_selection.h"
#include "hss/identity.h"

namespace hss::cx {
namespace {

using Type = UserAuthorizationType;

bool known(Type type) {
  return type == Type::kRegistration || type == Type::kDeRegistration || type == Type::kRegistrationAndCapabilities;
}

/// A barred identity may register only if its set has a member that is not barred (the IMSI-derived one of
/// TS 23.003 13.4B).
bool set_is_barred(const IdentityPair& pair) {
  const auto members = pair.subscription->members(pair.public_identity->implicit_set);
  return std::all_of(members.begin(), members.end(), [](const PublicIdentity* member) { return member->barred; });
}

bool may_roam(const Subscription& subscription, std::string_view visited_network) {
  const auto& allowed = subscription.visited_networks;
  return allowed.empty() ||
         std::find(allowed.begin(), allowed.end(), canonical_network(visited_network)) != allowed.end();
}

UserAuthorizationAnswer refuse(Result result, std::string remark) {
  return {Verdict{result, {}, std::move(remark)}, {}, {}};
}

}  // namespace

UserAuthorizationAnswer user_authorization(const UserAuthorizationRequest& request, Repository& repository,
                                           const Context& context) {
  if (!known(request.type)) {
    return {Verdict{result::kInvalidAvpValue, RequestField::kUserAuthorizationType, {}}, {}, {}};
  }

  // Steps 1 and 2: both identities known, and one may use the other.
  auto found = find_pair(request.user_name, request.public_identity, repository);
  if (auto* verdict = std::get_if<Verdict>(&found)) return {std::move(*verdict), {}, {}};
  const IdentityPair& pair = std::get<IdentityPair>(found);
  const Subscription& subscription = *pair.subscription;

  // Step 3: barred, and no member of the set that is not. An emergency registration is not refused for it.
  if (!request.emergency && set_is_barred(pair)) {
    return refuse(result::kAuthorizationRejected, "every public identity of the set is barred");
  }

  // Step 4: roaming and the right to register; not asked for a de-registration or in an emergency.
  if (request.type != Type::kDeRegistration && !request.emergency) {
    if (!may_roam(subscription, request.visited_network)) {
      return refuse(result::kRoamingNotAllowed, "the visited network is not in the subscription's list");
    }
    if (!pair.public_identity->registration_allowed) {
      return refuse(result::kAuthorizationRejected, "the public identity may not register");
    }
  }

  const RegistrationState state(subscription, repository, context.now);

  // Step 5: the I-CSCF asks for another S-CSCF: capabilities, never the name that is assigned.
  if (request.type == Type::kRegistrationAndCapabilities) {
    return {Verdict{result::kSuccess, {}, {}}, {}, server_capabilities(subscription, context, state.server())};
  }

  // Step 6: by the state of the public identity.
  const bool registration = request.type == Type::kRegistration;
  if (state.status(pair.public_identity->implicit_set) != RegistrationStatus::kNotRegistered) {
    return {
        Verdict{registration ? result::kSubsequentRegistration : result::kSuccess, {}, {}}, state.serving().name, {}};
  }
  if (!registration) return refuse(result::kIdentityNotRegistered, {});
  if (state.server()) {
    return {Verdict{result::kSubsequentRegistration, {}, {}}, state.server()->name, {}};
  }
  return {Verdict{result::kFirstRegistration, {}, {}}, {}, server_capabilities(subscription, context)};
}

}  // namespace hss::cx
