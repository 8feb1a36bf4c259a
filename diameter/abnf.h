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

}  // namespace abnf
}  // namespace hss::diameter
