// The verdict of a procedure: a Diameter result of the base protocol or of 3GPP, and what it is about.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hss {

inline constexpr std::uint32_t kVendorBase = 0;      // RFC 6733: goes out as Result-Code
inline constexpr std::uint32_t kVendor3gpp = 10415;  // TS 29.229 6.2: goes out as Experimental-Result

/// A result of either family. The same numbers mean different things in the two, so they never travel apart.
struct Result {
  std::uint32_t vendor = kVendorBase;
  std::uint32_t code = 0;
  friend bool operator==(const Result&, const Result&) = default;
};

namespace result {
// RFC 6733 7.1
inline constexpr Result kSuccess{kVendorBase, 2001};
inline constexpr Result kLimitedSuccess{kVendorBase, 2002};
inline constexpr Result kCommandUnsupported{kVendorBase, 3001};
inline constexpr Result kUnableToDeliver{kVendorBase, 3002};
inline constexpr Result kRealmNotServed{kVendorBase, 3003};
inline constexpr Result kTooBusy{kVendorBase, 3004};
inline constexpr Result kLoopDetected{kVendorBase, 3005};
inline constexpr Result kRedirectIndication{kVendorBase, 3006};
inline constexpr Result kApplicationUnsupported{kVendorBase, 3007};
inline constexpr Result kInvalidHeaderBits{kVendorBase, 3008};
inline constexpr Result kInvalidAvpBits{kVendorBase, 3009};
inline constexpr Result kUnknownPeer{kVendorBase, 3010};
inline constexpr Result kOutOfSpace{kVendorBase, 4002};
inline constexpr Result kAvpUnsupported{kVendorBase, 5001};
inline constexpr Result kAuthorizationRejected{kVendorBase, 5003};
inline constexpr Result kInvalidAvpValue{kVendorBase, 5004};
inline constexpr Result kMissingAvp{kVendorBase, 5005};
inline constexpr Result kAvpNotAllowed{kVendorBase, 5008};
inline constexpr Result kAvpOccursTooManyTimes{kVendorBase, 5009};
inline constexpr Result kNoCommonApplication{kVendorBase, 5010};
inline constexpr Result kUnableToComply{kVendorBase, 5012};
inline constexpr Result kInvalidAvpLength{kVendorBase, 5014};
// TS 29.229 6.2.1, 6.2.2
inline constexpr Result kFirstRegistration{kVendor3gpp, 2001};
inline constexpr Result kSubsequentRegistration{kVendor3gpp, 2002};
inline constexpr Result kUnregisteredService{kVendor3gpp, 2003};
inline constexpr Result kSuccessServerNameNotStored{kVendor3gpp, 2004};
inline constexpr Result kUserUnknown{kVendor3gpp, 5001};
inline constexpr Result kIdentitiesDontMatch{kVendor3gpp, 5002};
inline constexpr Result kIdentityNotRegistered{kVendor3gpp, 5003};
inline constexpr Result kRoamingNotAllowed{kVendor3gpp, 5004};
inline constexpr Result kIdentityAlreadyRegistered{kVendor3gpp, 5005};
inline constexpr Result kAuthSchemeNotSupported{kVendor3gpp, 5006};
inline constexpr Result kInAssignmentType{kVendor3gpp, 5007};
inline constexpr Result kTooMuchData{kVendor3gpp, 5008};
inline constexpr Result kNotSupportedUserData{kVendor3gpp, 5009};
inline constexpr Result kFeatureUnsupported{kVendor3gpp, 5011};
// TS 29.273 10.2
inline constexpr Result kUserNoNon3gppSubscription{kVendor3gpp, 5450};
inline constexpr Result kUserNoApnSubscription{kVendor3gpp, 5451};
inline constexpr Result kRatTypeNotAllowed{kVendor3gpp, 5452};
}  // namespace result

/// The specification's name of a result, e.g. "DIAMETER_ERROR_USER_UNKNOWN"; "UNKNOWN_RESULT" for one without a row.
std::string_view name_of(Result result);

/// The part of a request that a base-family refusal is about; the codec puts it into Failed-AVP.
enum class RequestField {
  kUserName,
  kPublicIdentity,
  kServerName,
  kServerAssignmentType,
  kUserAuthorizationType,
  kUserDataAlreadyAvailable,
  kSipNumberAuthItems,
  kSipAuthDataItem,
  kSipAuthenticationScheme,
  kSipAuthorization,
  kScscfRestorationInfo,
  kAnid,
  kServiceSelection,
};

struct Verdict {
  Result result = result::kUnableToComply;
  /// Set with 5004, 5005, 5009 and 5014 of the base family only.
  std::optional<RequestField> failed;
  /// For the transaction's log line: what was found and done, never a key. Empty when the result says it all.
  std::string remark;
};

}  // namespace hss
