// Location-Info, TS 29.228 6.1.4.1. Steps are numbered as the clause numbers them.
// SPDX-License-Identifier: MIT
#include "hss/cx/location_info.h"

#include "hss/cx/identities.h"
#include "hss/cx/registration_state.h"
#include "hss/cx/server_selection.h"

namespace hss::cx {
namespace {

constexpr std::string_view kStep1 = "TS 29.228 6.1.4.1 step 1";
constexpr std::string_view kStep2 = "TS 29.228 6.1.4.1 step 2";
constexpr std::string_view kStep3 = "TS 29.228 6.1.4.1 step 3";
constexpr std::string_view kStep4 = "TS 29.228 6.1.4.1 step 4";
constexpr std::string_view kStep5 = "TS 29.228 6.1.4.1 step 5";

LocationInfoAnswer answer(Result result, std::string remark = {}) {
  LocationInfoAnswer plain;
  plain.verdict = Verdict{result, {}, std::move(remark)};
  return plain;
}

LocationInfoAnswer answer_with(const AssignedServer& server) {
  auto with_name = answer(result::kSuccess);
  with_name.server_name = server.name;
  return with_name;
}

/// Steps 2 to 5, for an identity that is known.
LocationInfoAnswer locate(const LocationInfoRequest& request, const PublicOwner& owner, Repository& repository,
                          const Context& context) {
  const Subscription& subscription = *owner.subscription;
  const PublicIdentity& identity = *owner.identity;

  // Step 2: a service that is switched off does not exist; one whose AS is known needs no S-CSCF to be reached.
  if (identity.is_psi() && !identity.psi_active) {
    context.step(kStep2, [] { return std::string("a public service identity that is not active"); });
    return answer(result::kUserUnknown, "the public service identity is not active");
  }
  if (identity.is_psi() && !identity.application_server.empty() && !request.originating) {
    context.step(kStep2, [&] { return "an active service, routed to its AS " + identity.application_server; });
    auto direct = answer(result::kSuccess);
    direct.server_name = identity.application_server;
    direct.psi_direct_routing = true;
    return direct;
  }
  context.step(kStep2, [&] {
    return std::string(identity.is_psi() ? "an active service, reached through an S-CSCF" : "a user, not a service");
  });

  RegistrationState state(subscription, repository, context.now);

  // Step 3: the I-CSCF asks for another S-CSCF, which means something in IMS restoration only.
  if (request.type == UserAuthorizationType::kRegistrationAndCapabilities) {
    if (request.features.restoration) {
      context.step(kStep3, [] { return std::string("another S-CSCF is wanted, and may take the user over"); });
      auto others = answer(result::kSuccess);
      others.capabilities = server_capabilities(subscription, context, state.server());
      if (state.server()) others.verdict.remark = "S-CSCF reassignment pending";
      state.request_reassignment();
      state.save();
      return others;
    }
    context.step(kStep3, [] { return std::string("another S-CSCF is wanted, without IMS restoration: ignored"); });
  }

  // Step 4: registered, or served without registration. Of the latter it is not asked again whether it has services:
  // its S-CSCF has the profile, and is told of changes.
  const RegistrationStatus status = state.status(identity.implicit_set);
  context.step(kStep4, [&] {
    return std::string(name_of(status)) +
           (state.server() ? ", S-CSCF " + state.server()->name : std::string(", no S-CSCF is stored"));
  });
  if (status != RegistrationStatus::kNotRegistered) return answer_with(state.serving());

  // Step 5: not registered: an S-CSCF is needed only for services of the unregistered state.
  const bool services = identity.service_profile->has_unregistered_services();
  context.step(kStep5, [&] {
    return std::string(request.originating ? "a request of the user itself"
                       : services          ? "services for the unregistered state"
                                           : "no services for the unregistered state");
  });
  if (!request.originating && !services) return answer(result::kIdentityNotRegistered);
  if (state.server()) return answer_with(*state.server());
  auto unregistered = answer(result::kUnregisteredService);
  unregistered.capabilities = server_capabilities(subscription, context);
  return unregistered;
}

}  // namespace

LocationInfoAnswer location_info(const LocationInfoRequest& request, Repository& repository, const Context& context) {
  // Step 1: the identity is known, by itself or by a wildcard.
  const PublicOwner owner = find_public(request.public_identity, std::nullopt, repository);
  if (!owner.subscription) {
    context.step(kStep1, [] { return std::string("no such public identity, and no wildcard that matches"); });
    return answer(result::kUserUnknown, "no such public identity");
  }
  context.step(kStep1, [&] {
    return owner.by_wildcard() ? owner.instance + " matches " + owner.identity->impu
                               : owner.identity->impu + " is known";
  });
  auto found = locate(request, owner, repository, context);
  if (found.verdict.result != result::kUserUnknown) found.wildcarded_public_identity = owner.expression();
  return found;
}

}  // namespace hss::cx
