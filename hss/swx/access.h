// What Multimedia-Auth and Server-Assignment on SWx ask alike before they serve a user: known, allowed to use non-3GPP
// access there, and with no other 3GPP AAA server.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hss/context.h"
#include "hss/repository.h"
#include "hss/result.h"
#include "hss/swx/registration_state.h"

namespace hss::swx {

/// The subscription of a User-Name; null, and why, when there is none.
struct FoundUser {
  std::shared_ptr<const Subscription> subscription;
  std::string why_not;
};
FoundUser find_user(std::string_view user_name, Repository& repository);

/// Why a user may not use non-3GPP access at all (DIAMETER_ERROR_USER_NO_NON_3GPP_SUBSCRIPTION); nullopt: it may.
/// Null stands for a subscription without it.
std::optional<std::string> why_no_access(const Non3gppSubscription* subscription);

/// True also without Visited-Network-Identifier (as received): the user is at home then.
bool may_roam(const Non3gppSubscription& subscription, const std::optional<std::string>& visited_network);

/// How another 3GPP AAA server is answered that asks for a user whom one has already (TS 29.273 8.1.2.1, 8.1.2.2.2).
struct HeldElsewhere {
  Verdict verdict;
  std::string aaa_server;  // the one that has the user
};
/// The user must be held elsewhere.
HeldElsewhere refuse_as_held_elsewhere(const RegistrationState& state, const Settings& settings);

/// Where the user stands, for a step: "registered with aaa.example.org".
std::string describe(const RegistrationState& state);

/// Two remarks as one, "first; second", each of which may be empty.
std::string joined(std::string first, std::string_view second);

}  // namespace hss::swx
