// Push-Profile on SWx (PPR/PPA), TS 29.273 8.1.2.3: the 3GPP AAA server is told what was provisioned anew, or asked for
// something by PPR-Flags. And what a change of a subscription asks for.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hss/push_answer.h"
#include "hss/repository.h"
#include "hss/swx/user_data.h"

namespace hss::swx {

/// Bits of PPR-Flags, TS 29.273 8.2.3.17.
inline constexpr std::uint32_t kResetIndication = 1U << 0U;
inline constexpr std::uint32_t kAccessNetworkInfoRequest = 1U << 1U;
inline constexpr std::uint32_t kLocalTimeZoneRequest = 1U << 2U;
inline constexpr std::uint32_t kPcscfRestorationRequest = 1U << 3U;

/// What is known of a user before or after a change.
struct UserRecord {
  std::string imsi;                                           // empty: none
  std::shared_ptr<const Non3gppSubscription> subscription{};  // null: none
};

/// Writes the pushes that a change of a registered user asks for, to the AAA server that has it, in the transaction of
/// the change, with what was read before it:
/// - the subscription is removed, its IMSI is another, it has no non-3GPP subscription any more, or may not use
///   non-3GPP access any more: RTR PERMANENT_TERMINATION;
/// - another Non-3GPP-User-Data, or other networks to roam in: PPR.
/// `after` absent: the subscription is removed. Nothing for a user who is not registered.
std::vector<PushId> announce_change(SubscriptionId id, const UserRecord& before,
                                    const Non3gppRegistration& registration, const std::optional<UserRecord>& after,
                                    Repository& repository, const Context& context);

/// Writes a PPR on demand: the whole profile, PPR-Flags, or both. Its id, that of one that waits for the same when
/// there is one; none when the user is not registered, or there is nothing to be sent.
std::optional<PushId> request_push(const Subscription& subscription, bool user_data, std::uint32_t ppr_flags,
                                   Repository& repository, const Context& context);

/// What a PPR carries now.
struct PushProfileContent {
  std::string user_name;
  std::optional<UserData> user_data{};
  std::uint32_t ppr_flags = 0;  // 0: not sent
};
/// Absent when there is nothing to be sent any more: the user is not registered with that server.
std::optional<PushProfileContent> push_profile_content(const Push& push, Repository& repository,
                                                       const Context& context);

/// Applies the answer to a PPR and saves the push. 2001, 2002: done, with what was reported. Experimental 5001: the AAA
/// server has lost the user, who is with nobody any more. 3002 to 3005, 4xxx, 5012 and silence: tried again later.
/// Anything else, and silence from the third request on: refused, with the words that say what helps.
void apply_push_profile_answer(Push push, const PushAnswer& answer, Repository& repository, const Context& context);

}  // namespace hss::swx
