// Push-Profile (PPR/PPA), TS 29.228 6.2.2: the S-CSCF that serves a user is told what was provisioned anew. And what a
// change of a subscription asks for: a PPR where the S-CSCF can take it, an RTR where it cannot.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hss/context.h"
#include "hss/cx/registration_termination.h"
#include "hss/repository.h"

namespace hss::cx {

/// Writes the pushes that a change asks for, each to the S-CSCF that served the set before, for sets that were
/// REGISTERED or UNREGISTERED (auth-pending for the digest). To be called in the transaction of the change, with what
/// was read before it:
/// - identities that are gone, and sets that are now barred as a whole: RTR PERMANENT_TERMINATION;
/// - the default public identity of a registered set is another: RTR SERVER_CHANGE (a PPR may not change it);
/// - mandatory capabilities are others: RTR SERVER_CHANGE;
/// - an UNREGISTERED set that no longer has services for that state: RTR REMOVE_S-CSCF;
/// - another User-Data, charging functions, SIP Digest: one PPR for each set.
/// `after` null: the subscription is removed. `digest_changed`: private identities whose HA1 is another.
std::vector<PushId> announce_change(const Subscription& before, const Registration& registration,
                                    const Subscription* after, const std::vector<PrivateIdentityId>& digest_changed,
                                    Repository& repository, const Context& context);

/// What a PPR carries now.
struct PushProfileContent {
  std::string user_name;
  std::optional<std::string> user_data;
  ChargingInformation charging;  // empty: not sent
  std::optional<SipDigest> sip_digest;
};
/// Absent when there is nothing to be sent any more: the set is not registered with that S-CSCF.
std::optional<PushProfileContent> push_profile_content(const Push& push, Repository& repository,
                                                       const Context& context);

/// Applies the answer to a PPR (TS 29.228 6.2.2.1) and saves the push. 2001: done. Experimental
/// 5001: the pair is NOT_REGISTERED, and another private identity of the set is tried when there is one. 5008, 5009: an
/// RTR SERVER_CHANGE takes its place. Base 3001, 3007, 5001 and the like, and silence after some attempts: refused,
/// with an outcome that says that this S-CSCF does not do PPR and names the RTR that makes the change effective. 5012,
/// and silence before: tried again later. (A peer that cannot be reached is no silence: the sender calls retry_later.)
void apply_push_profile_answer(Push push, const PushAnswer& answer, Repository& repository, const Context& context);

}  // namespace hss::cx
