// What a command or a group may hold, as a table: the ABNF of RFC 6733 3.2 with {required}, [optional] and *[repeated].
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include "diameter/avp_table.h"

namespace hss::diameter {

inline constexpr std::uint32_t kAnyNumber = std::numeric_limits<std::uint32_t>::max();

/// One element of an ABNF. AVPs without a rule are allowed (*[AVP]) and not read.
struct Rule {
  const AvpDefinition* avp = nullptr;
  std::uint32_t min = 0;
  std::uint32_t max = kAnyNumber;
  std::span<const Rule> members{};  // of a grouped AVP; empty: its content is not read
  bool kept = false;                // its content is kept: it must be whole also where M is neither specified nor set
};

/// The rules in the order of the specification; the first one that is broken is what the answer is about.
using Abnf = std::span<const Rule>;

/// {AVP}
constexpr Rule required(const AvpDefinition& avp, Abnf members = {}) { return {&avp, 1, 1, members}; }
/// [AVP]
constexpr Rule optional(const AvpDefinition& avp, Abnf members = {}) { return {&avp, 0, 1, members}; }
/// [AVP], of which the whole content is kept
constexpr Rule kept(const AvpDefinition& avp, Abnf members) { return {&avp, 0, 1, members, true}; }
/// 1*{AVP}
constexpr Rule at_least_one(const AvpDefinition& avp, Abnf members = {}) { return {&avp, 1, kAnyNumber, members}; }
/// *N[AVP]
constexpr Rule up_to(std::uint32_t most, const AvpDefinition& avp) { return {&avp, 0, most}; }
/// *[AVP]
constexpr Rule any(const AvpDefinition& avp, Abnf members = {}) { return {&avp, 0, kAnyNumber, members}; }

namespace abnf {

/// TS 29.229 6.3.29
inline constexpr std::array kSupportedFeatures{
    required(avps::kVendorId),
    required(avps::kFeatureListId),
    required(avps::kFeatureList),
};

/// TS 29.229 6.3.13, as a Multimedia-Auth-Request has it: without SIP-Authentication-Scheme nothing can be selected.
inline constexpr std::array kSipAuthDataItem{
    optional(avps::kSipItemNumber),    required(avps::kSipAuthenticationScheme),  optional(avps::kSipAuthenticate),
    optional(avps::kSipAuthorization), optional(avps::kSipAuthenticationContext), optional(avps::kConfidentialityKey),
    optional(avps::kIntegrityKey),     optional(avps::kSipDigestAuthenticate),    optional(avps::kFramedIpAddress),
    optional(avps::kFramedIpv6Prefix), optional(avps::kFramedInterfaceId),        any(avps::kLineIdentifier),
};

/// TS 29.229 6.3, Subscription-Info
inline constexpr std::array kSubscriptionInfo{
    required(avps::kCallIdSipHeader), required(avps::kFromSipHeader), required(avps::kToSipHeader),
    required(avps::kRecordRoute),     required(avps::kContact),
};

/// TS 29.229 6.3, P-CSCF-Subscription-Info
inline constexpr std::array kPcscfSubscriptionInfo{
    required(avps::kCallIdSipHeader),
    required(avps::kFromSipHeader),
    required(avps::kToSipHeader),
    required(avps::kContact),
};

/// TS 29.229 6.3, Restoration-Info
inline constexpr std::array kRestorationInfo{
    required(avps::kPath),
    required(avps::kContact),
    optional(avps::kInitialCseq),
    optional(avps::kCallIdSipHeader),
    optional(avps::kSubscriptionInfo, kSubscriptionInfo),
    optional(avps::kPcscfSubscriptionInfo, kPcscfSubscriptionInfo),
};

/// TS 29.229 6.3.46
inline constexpr std::array kScscfRestorationInfo{
    required(avps::kUserName),
    at_least_one(avps::kRestorationInfo, kRestorationInfo),
    optional(avps::kRegistrationTimeOut),
    optional(avps::kSipAuthenticationScheme),
};

/// RFC 4004 7.11
inline constexpr std::array kMipHomeAgentHost{
    required(avps::kDestinationRealm),
    required(avps::kDestinationHost),
};

/// RFC 5447 4.2.1
inline constexpr std::array kMip6AgentInfo{
    up_to(2, avps::kMipHomeAgentAddress),
    optional(avps::kMipHomeAgentHost, kMipHomeAgentHost),
};

/// TS 29.272 7.3.127. What it needs is asked of no one: the APN or its Context-Identifier will do.
inline constexpr std::array kActiveApn{
    optional(avps::kContextIdentifier),
    optional(avps::kServiceSelection),
    optional(avps::kMip6AgentInfo, kMip6AgentInfo),
    optional(avps::kVisitedNetworkIdentifier),
};

}  // namespace abnf
}  // namespace hss::diameter
