// The names of results, as one table.
// SPDX-License-Identifier: MIT
#include "hss/result.h"

namespace hss {
namespace {

struct Row {
  Result result;
  std::string_view name;
};

constexpr Row kRows[] = {
    // RFC 6733 7.1
    {result::kSuccess, "DIAMETER_SUCCESS"},
    {result::kLimitedSuccess, "DIAMETER_LIMITED_SUCCESS"},
    {result::kCommandUnsupported, "DIAMETER_COMMAND_UNSUPPORTED"},
    {result::kUnableToDeliver, "DIAMETER_UNABLE_TO_DELIVER"},
    {result::kRealmNotServed, "DIAMETER_REALM_NOT_SERVED"},
    {result::kTooBusy, "DIAMETER_TOO_BUSY"},
    {result::kLoopDetected, "DIAMETER_LOOP_DETECTED"},
    {result::kRedirectIndication, "DIAMETER_REDIRECT_INDICATION"},
    {result::kApplicationUnsupported, "DIAMETER_APPLICATION_UNSUPPORTED"},
    {result::kInvalidHeaderBits, "DIAMETER_INVALID_HDR_BITS"},
    {result::kInvalidAvpBits, "DIAMETER_INVALID_AVP_BITS"},
    {result::kUnknownPeer, "DIAMETER_UNKNOWN_PEER"},
    {result::kOutOfSpace, "DIAMETER_OUT_OF_SPACE"},
    {result::kAvpUnsupported, "DIAMETER_AVP_UNSUPPORTED"},
    {result::kAuthorizationRejected, "DIAMETER_AUTHORIZATION_REJECTED"},
    {result::kInvalidAvpValue, "DIAMETER_INVALID_AVP_VALUE"},
    {result::kMissingAvp, "DIAMETER_MISSING_AVP"},
    {result::kAvpNotAllowed, "DIAMETER_AVP_NOT_ALLOWED"},
    {result::kAvpOccursTooManyTimes, "DIAMETER_AVP_OCCURS_TOO_MANY_TIMES"},
    {result::kNoCommonApplication, "DIAMETER_NO_COMMON_APPLICATION"},
    {result::kUnableToComply, "DIAMETER_UNABLE_TO_COMPLY"},
    {result::kInvalidAvpLength, "DIAMETER_INVALID_AVP_LENGTH"},
    // TS 29.229 6.2.1, 6.2.2
    {result::kFirstRegistration, "DIAMETER_FIRST_REGISTRATION"},
    {result::kSubsequentRegistration, "DIAMETER_SUBSEQUENT_REGISTRATION"},
    {result::kUnregisteredService, "DIAMETER_UNREGISTERED_SERVICE"},
    {result::kSuccessServerNameNotStored, "DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED"},
    {result::kUserUnknown, "DIAMETER_ERROR_USER_UNKNOWN"},
    {result::kIdentitiesDontMatch, "DIAMETER_ERROR_IDENTITIES_DONT_MATCH"},
    {result::kIdentityNotRegistered, "DIAMETER_ERROR_IDENTITY_NOT_REGISTERED"},
    {result::kRoamingNotAllowed, "DIAMETER_ERROR_ROAMING_NOT_ALLOWED"},
    {result::kIdentityAlreadyRegistered, "DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED"},
    {result::kAuthSchemeNotSupported, "DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED"},
    {result::kInAssignmentType, "DIAMETER_ERROR_IN_ASSIGNMENT_TYPE"},
    {result::kTooMuchData, "DIAMETER_ERROR_TOO_MUCH_DATA"},
    {result::kNotSupportedUserData, "DIAMETER_ERROR_NOT_SUPPORTED_USER_DATA"},
    {result::kFeatureUnsupported, "DIAMETER_ERROR_FEATURE_UNSUPPORTED"},
    // TS 29.273 10.2
    {result::kUserNoNon3gppSubscription, "DIAMETER_ERROR_USER_NO_NON_3GPP_SUBSCRIPTION"},
    {result::kUserNoApnSubscription, "DIAMETER_ERROR_USER_NO_APN_SUBSCRIPTION"},
    {result::kRatTypeNotAllowed, "DIAMETER_ERROR_RAT_TYPE_NOT_ALLOWED"},
};

}  // namespace

std::string_view name_of(Result result) {
  for (const Row& row : kRows) {
    if (row.result == result) return row.name;
  }
  return "UNKNOWN_RESULT";
}

}  // namespace hss
