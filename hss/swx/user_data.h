// Non-3GPP-User-Data (TS 29.273 8.2.3.1) as it is sent: the subscription, and in each APN the PDN gateway that the user
// has there now.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hss/non_3gpp.h"

namespace hss::swx {

/// One APN-Configuration.
struct ApnData {
  SubscribedApn apn;
  /// PDN-GW-Allocation-Type STATIC: the template names the gateway; DYNAMIC: `gateway` is the one that the AAA server
  /// told of. Absent: there is none, and the AVP is not sent.
  enum class Allocation : std::uint8_t { kStatic = 0, kDynamic = 1 };
  std::optional<Allocation> allocation{};
  PdnGateway gateway{};
  std::string visited_network{};  // of the dynamic gateway; empty: none
  friend bool operator==(const ApnData&, const ApnData&) = default;
};

struct UserData {
  std::string msisdn;  // Subscription-Id, END_USER_E164; empty: none
  bool access_allowed = true;
  bool apns_enabled = true;
  std::vector<std::uint32_t> forbidden_rat_types{};
  std::optional<std::uint32_t> session_timeout{};
  std::optional<Ambr> ambr{};
  std::string charging_characteristics{};
  std::uint32_t default_context_identifier = 0;
  std::vector<ApnData> apns{};
  friend bool operator==(const UserData&, const UserData&) = default;
};

/// What the subscription and the state of a user say. A connection through the wildcard APN "*" is told in its
/// APN-Configuration by its gateway only while it is the one connection there.
UserData user_data(const Non3gppSubscription& subscription, const Non3gppRegistration& registration);

}  // namespace hss::swx
