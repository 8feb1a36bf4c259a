// Registration-Termination on SWx (RTR/RTA), TS 29.273 8.1.2.2.3: the HSS takes a user away from a 3GPP AAA server.
// Requests go through the outbox; the state changes when the AAA server has answered.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hss/push_answer.h"
#include "hss/repository.h"

namespace hss::swx {

/// What a termination is about.
struct TerminationOrder {
  DeregistrationReason reason = DeregistrationReason::kPermanentTermination;
  std::string reason_info{};
  bool subscription_is_gone = false;  // the answer changes nothing, there is no state any more
};

/// Writes the push that takes a registered user away from its AAA server; one that waits already for the same is not
/// written twice. Nothing else changes. Its id, the waiting one's when there is one; none when the user is not
/// registered. `imsi`: as the AAA server knows the user.
std::optional<PushId> request_termination(SubscriptionId subscription, std::string_view imsi,
                                          const Non3gppRegistration& registration, const TerminationOrder& order,
                                          Repository& repository, const Context& context);

/// Tells a server that had the user registered that another one has it now (NEW_SERVER_ASSIGNED). The answer moves no
/// state.
PushId request_release(std::string_view imsi, const AaaServer& server, Repository& repository, const Context& context);

/// True for an RTR from which no state follows (the user went to another server, or the subscription was replaced),
/// when the same user is with the server that it is for again, by a registration of its own: sent now, it would end
/// that one. The sender must not send it any more.
bool overtaken(const Push& push, Repository& repository, const Context& context);

/// Applies the answer to an RTR and saves the push with its new status. 2001, 2002 and Experimental 5001: the AAA
/// server and the PDN connections are forgotten, when that server is still the stored one. Anything else, and silence:
/// tried again later; silence from the third request on ends a push about a user who is not registered there any more,
/// and what overtaken() tells of is not tried again. A push that is finished by then stays as it is.
void apply_termination_answer(Push push, const PushAnswer& answer, Repository& repository, const Context& context);

/// The user of an answered push is with nobody any more. False, and nothing changed, when the server that was asked
/// does not have the user, or the subscription is gone or has another IMSI.
bool end_registration(const Push& push, Repository& repository, const Context& context);

}  // namespace hss::swx
