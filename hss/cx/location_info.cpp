// Location-Info, TS 29.228 6.1.4.1. Steps are numbered as the clause numbers them.
// SPDX-License-Identifier: MIT
#include "hss/cx/location_info.h"

#include "hss/cx/identities.h"
#include "hss/cx/registration_state.h"
#include "hss/cx/server_selection.h"

namespace hss::cx {

LocationInfoAnswer location_info(const LocationInfoRequest& request, Repository& repository, const Context& context) {
  // Step 1: the identity is known.
  const auto subscription = find_public(request.public_identity, repository);
  if (!subscription) return {Verdict{result::kUserUnknown, {}, "no such public identity"}, {}, {}};
  const PublicIdentity& identity = *public_in(*subscription, request.public_identity);

  // Step 3: User-Authorization-Type asks for another S-CSCF in IMS restoration, a feature that is not offered: ignored.

  // Step 4: registered, or served without registration.
  const RegistrationState state(*subscription, repository, context.now);
  if (state.status(identity.implicit_set) != RegistrationStatus::kNotRegistered) {
    return {Verdict{result::kSuccess, {}, {}}, state.serving().name, {}};
  }

  // Step 5: not registered: an S-CSCF is needed only for services of the unregistered state.
  if (!request.originating && !identity.service_profile->has_unregistered_services()) {
    return {Verdict{result::kIdentityNotRegistered, {}, {}}, {}, {}};
  }
  if (state.server()) return {Verdict{result::kSuccess, {}, {}}, state.server()->name, {}};
  return {Verdict{result::kUnregisteredService, {}, {}}, {}, server_capabilities(*subscription, context)};
}

}  // namespace hss::cx
