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

constexpr std::string_view kSteps1And2 = "TS 29.228 6.1.1.1 steps 1 and 2";
constexpr std::string_view kStep3 = "TS 29.228 6.1.1.1 step 3";
constexpr std::string_view kStep4 = "TS 29.228 6.1.1.1 step 4";
constexpr std::string_view kStep5 = "TS 29.228 6.1.1.1 step 5";
constexpr std::string_view kStep6 = "TS 29.228 6.1.1.1 step 6";

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

/// Steps 3 and 4: the refusal, or nothing. An emergency registration is refused for neither; nor is a de-registration
/// for step 4.
std::optional<UserAuthorizationAnswer> not_allowed(const UserAuthorizationRequest& request, const IdentityPair& pair,
                                                   const Context& context) {
  if (request.emergency) {
    context.step(kStep3,
                 [] { return std::string("an emergency registration: barring and roaming are not looked at"); });
    return std::nullopt;
  }
  if (set_is_barred(pair)) {
    context.step(kStep3, [] { return std::string("barred, and so is every member of its set"); });
    return refuse(result::kAuthorizationRejected, "every public identity of the set is barred");
  }
  context.step(kStep3, [&] {
    return std::string(pair.public_identity->barred ? "barred, but its set has members that are not" : "not barred");
  });
  if (request.type == Type::kDeRegistration) {
    context.step(kStep4, [] { return std::string("a de-registration: roaming is not looked at"); });
    return std::nullopt;
  }
  if (!may_roam(*pair.subscription, request.visited_network)) {
    context.step(kStep4, [] { return std::string("the visited network is not in the subscription's list"); });
    return refuse(result::kRoamingNotAllowed, "the visited network is not in the subscription's list");
  }
  if (!pair.public_identity->registration_allowed) {
    context.step(kStep4, [] { return std::string("the public identity may not register"); });
    return refuse(result::kAuthorizationRejected, "the public identity may not register");
  }
  context.step(kStep4, [&] {
    return std::string(pair.subscription->visited_networks.empty() ? "it may roam everywhere"
                                                                   : "it may roam in the visited network");
  });
  return std::nullopt;
}

}  // namespace

UserAuthorizationAnswer user_authorization(const UserAuthorizationRequest& request, Repository& repository,
                                           const Context& context) {
  if (!known(request.type)) {
    return {Verdict{result::kInvalidAvpValue, RequestField::kUserAuthorizationType, {}}, {}, {}};
  }

  // Steps 1 and 2: both identities known, and one may use the other.
  auto found = find_pair(request.user_name, request.public_identity, repository);
  if (auto* verdict = std::get_if<Verdict>(&found)) {
    context.step(kSteps1And2, [&] { return verdict->remark; });
    return {std::move(*verdict), {}, {}};
  }
  const IdentityPair& pair = std::get<IdentityPair>(found);
  const Subscription& subscription = *pair.subscription;
  context.step(kSteps1And2, [&] { return pair.private_identity->impi + " may use " + pair.public_identity->impu; });

  if (auto refusal = not_allowed(request, pair, context)) return *refusal;

  RegistrationState state(subscription, repository, context.now);

  // Step 5: the I-CSCF asks for another S-CSCF: capabilities, never the name that is assigned. With IMS restoration,
  // the S-CSCF that it will choose may take the user without a challenge. An emergency registration is not restored.
  if (request.type == Type::kRegistrationAndCapabilities) {
    const bool reassign = request.features.restoration && !request.emergency && state.server();
    context.step(kStep5, [&] {
      return std::string("another S-CSCF is wanted") + (reassign ? ", and may take the user over" : "");
    });
    auto capabilities = server_capabilities(subscription, context, state.server());
    if (reassign) {
      state.request_reassignment();
      state.save();
    }
    return {Verdict{result::kSuccess, {}, reassign ? "S-CSCF reassignment pending" : ""}, {}, std::move(capabilities)};
  }

  // Step 6: by the state of the public identity.
  const bool registration = request.type == Type::kRegistration;
  const RegistrationStatus status = state.status(pair.public_identity->implicit_set);
  context.step(kStep6, [&] {
    return std::string(name_of(status)) +
           (state.server() ? ", S-CSCF " + state.server()->name : std::string(", no S-CSCF is stored"));
  });
  if (status != RegistrationStatus::kNotRegistered) {
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
