// Registration-Termination (RTR/RTA), TS 29.228 6.1.3: the HSS ends registrations. Requests go through the outbox; the
// state changes when the S-CSCF has answered.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hss/context.h"
#include "hss/push_answer.h"
#include "hss/repository.h"

namespace hss::cx {

/// Whom a termination is about: all pairs of a subscription that are REGISTERED or UNREGISTERED, or those of one
/// private identity, of one set, or of one of each.
struct TerminationScope {
  std::optional<PrivateIdentityId> private_identity;
  std::optional<ImplicitSetId> implicit_set;
};

/// Writes the pushes that end what is in scope, to the S-CSCF that holds it: one for each public identity of a set and
/// private identity, barred ones left out, with User-Name and one Public-Identity (the shape that S-CSCFs in use
/// understand). When all of a set are barred, as those of an emergency registration can be, all are named. What waits
/// already for the same identities and reason is not written twice. Nothing else changes. The ids of the pushes, those
/// that waited already among them; none when nothing in scope is registered.
std::vector<PushId> request_termination(const Subscription& subscription, const TerminationScope& scope,
                                        DeregistrationReason reason, std::string_view reason_info,
                                        Repository& repository, const Context& context);

/// What several terminations have in common.
struct TerminationOrder {
  AssignedServer server;  // to whom
  DeregistrationReason reason = DeregistrationReason::kPermanentTermination;
  std::string reason_info{};
  /// False: the answer changes nothing, for the state is another's or gone already.
  bool state_follows = true;
  bool subscription_is_gone = false;
};

/// The identities of a set that an RTR names, one RTR each: those that are not barred; when all are, as those of an
/// emergency registration can be, all of them.
std::vector<std::string> identities_to_name(const Subscription& subscription, ImplicitSetId implicit_set);

/// Writes the pushes for one pair, one for each of `public_identities`; what waits already is not written twice.
std::vector<PushId> write_terminations(const Subscription& subscription, const PairState& pair,
                                       const std::vector<std::string>& public_identities, const TerminationOrder& order,
                                       Repository& repository, const Context& context);

/// Applies the answer to an RTR (TS 29.228 6.1.3.1): changes the registration state when the
/// result says so and the S-CSCF asked is the one that is stored, and saves the push with its new status. 2001 and
/// Experimental 5001: de-registered. 2002: the pairs that the answer does not name as emergency registrations are
/// de-registered. 5012 with such identities: they stay, done. Anything else, and silence: tried again later; silence
/// from the third request on ends a push whose registration is not there any more. A push that is finished by then
/// stays as it is.
void apply_termination_answer(Push push, const PushAnswer& answer, Repository& repository, const Context& context);

/// De-registers the pair that an answered push is about. False, and nothing changed, when the pair is not registered,
/// or not with the Diameter host that was asked, or the subscription is gone.
bool end_registration(const Push& push, Repository& repository, const Context& context);

}  // namespace hss::cx
