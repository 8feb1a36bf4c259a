// Names of enumerated values and of results, as tables.
// SPDX-License-Identifier: MIT
#include "tests/lab/dictionary_table.h"

namespace hss::lab {
namespace {

constexpr AvpId kInbandSecurityId{299};
constexpr AvpId kRedirectHostUsage{261};
constexpr AvpId kSubscriptionIdType{450};
constexpr AvpId kOriginatingRequest{633, kVendor3gpp};
constexpr AvpId kLooseRouteIndication{638, kVendor3gpp};
constexpr AvpId kMultipleRegistrationIndication{648, kVendor3gpp};
constexpr AvpId kPriviledgedSenderIndication{652, kVendor3gpp};
constexpr AvpId kPreEmptionCapability{1047, kVendor3gpp};
constexpr AvpId kPreEmptionVulnerability{1048, kVendor3gpp};
constexpr AvpId kVplmnDynamicAddressAllowed{1432, kVendor3gpp};
constexpr AvpId kPdnGwAllocationType{1438, kVendor3gpp};
constexpr AvpId kPdnType{1456, kVendor3gpp};
constexpr AvpId kNon3gppIpAccess{1501, kVendor3gpp};
constexpr AvpId kNon3gppIpAccessApn{1502, kVendor3gpp};
constexpr AvpId kAnTrusted{1503, kVendor3gpp};

constexpr ValueInfo kValues[] = {
    // RFC 6733; applications and vendors by what they are known as
    {avp::kAuthApplicationId, 0, "Diameter common messages"},
    {avp::kAuthApplicationId, kCx, "3GPP Cx"},
    {avp::kAuthApplicationId, kSwx, "3GPP SWx"},
    {avp::kAuthApplicationId, 0xFFFFFFFF, "relay"},
    {avp::kVendorId, 0, "IETF"},
    {avp::kVendorId, kVendor3gpp, "3GPP"},
    {avp::kVendorId, 13019, "ETSI"},
    {avp::kSupportedVendorId, 5535, "3GPP2"},
    {avp::kSupportedVendorId, kVendor3gpp, "3GPP"},
    {avp::kSupportedVendorId, 13019, "ETSI"},
    {avp::kDisconnectCause, 0, "REBOOTING"},
    {avp::kDisconnectCause, 1, "BUSY"},
    {avp::kDisconnectCause, 2, "DO_NOT_WANT_TO_TALK_TO_YOU"},
    {avp::kAuthSessionState, 0, "STATE_MAINTAINED"},
    {avp::kAuthSessionState, 1, "NO_STATE_MAINTAINED"},
    {kInbandSecurityId, 0, "NO_INBAND_SECURITY"},
    {kInbandSecurityId, 1, "TLS"},
    {kRedirectHostUsage, 0, "DONT_CACHE"},
    {kRedirectHostUsage, 1, "ALL_SESSION"},
    {kRedirectHostUsage, 2, "ALL_REALM"},
    {kRedirectHostUsage, 3, "REALM_AND_APPLICATION"},
    {kRedirectHostUsage, 4, "ALL_APPLICATION"},
    {kRedirectHostUsage, 5, "ALL_HOST"},
    {kRedirectHostUsage, 6, "ALL_USER"},
    // RFC 8506 8.47
    {kSubscriptionIdType, 0, "END_USER_E164"},
    {kSubscriptionIdType, 1, "END_USER_IMSI"},
    {kSubscriptionIdType, 2, "END_USER_SIP_URI"},
    {kSubscriptionIdType, 3, "END_USER_NAI"},
    {kSubscriptionIdType, 4, "END_USER_PRIVATE"},
    // TS 29.229 6.3
    {avp::kServerAssignmentType, 0, "NO_ASSIGNMENT"},
    {avp::kServerAssignmentType, 1, "REGISTRATION"},
    {avp::kServerAssignmentType, 2, "RE_REGISTRATION"},
    {avp::kServerAssignmentType, 3, "UNREGISTERED_USER"},
    {avp::kServerAssignmentType, 4, "TIMEOUT_DEREGISTRATION"},
    {avp::kServerAssignmentType, 5, "USER_DEREGISTRATION"},
    {avp::kServerAssignmentType, 6, "TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME"},
    {avp::kServerAssignmentType, 7, "USER_DEREGISTRATION_STORE_SERVER_NAME"},
    {avp::kServerAssignmentType, 8, "ADMINISTRATIVE_DEREGISTRATION"},
    {avp::kServerAssignmentType, 9, "AUTHENTICATION_FAILURE"},
    {avp::kServerAssignmentType, 10, "AUTHENTICATION_TIMEOUT"},
    {avp::kServerAssignmentType, 11, "DEREGISTRATION_TOO_MUCH_DATA"},
    {avp::kServerAssignmentType, 12, "AAA_USER_DATA_REQUEST"},
    {avp::kServerAssignmentType, 13, "PGW_UPDATE"},
    {avp::kServerAssignmentType, 14, "RESTORATION"},
    {avp::kReasonCode, 0, "PERMANENT_TERMINATION"},
    {avp::kReasonCode, 1, "NEW_SERVER_ASSIGNED"},
    {avp::kReasonCode, 2, "SERVER_CHANGE"},
    {avp::kReasonCode, 3, "REMOVE_S-CSCF"},
    {avp::kUserAuthorizationType, 0, "REGISTRATION"},
    {avp::kUserAuthorizationType, 1, "DE_REGISTRATION"},
    {avp::kUserAuthorizationType, 2, "REGISTRATION_AND_CAPABILITIES"},
    {avp::kUserDataAlreadyAvailable, 0, "USER_DATA_NOT_AVAILABLE"},
    {avp::kUserDataAlreadyAvailable, 1, "USER_DATA_ALREADY_AVAILABLE"},
    {kOriginatingRequest, 0, "ORIGINATING"},
    {kLooseRouteIndication, 0, "LOOSE_ROUTE_NOT_REQUIRED"},
    {kLooseRouteIndication, 1, "LOOSE_ROUTE_REQUIRED"},
    {kMultipleRegistrationIndication, 0, "NOT_MULTIPLE_REGISTRATION"},
    {kMultipleRegistrationIndication, 1, "MULTIPLE_REGISTRATION"},
    {kPriviledgedSenderIndication, 0, "NOT_PRIVILEDGED_SENDER"},
    {kPriviledgedSenderIndication, 1, "PRIVILEDGED_SENDER"},
    // TS 29.212 5.3.31, 5.3.46, 5.3.47
    {avp::kRatType, 0, "WLAN"},
    {avp::kRatType, 1, "VIRTUAL"},
    {avp::kRatType, 1000, "UTRAN"},
    {avp::kRatType, 1001, "GERAN"},
    {avp::kRatType, 1002, "GAN"},
    {avp::kRatType, 1003, "HSPA_EVOLUTION"},
    {avp::kRatType, 1004, "EUTRAN"},
    {avp::kRatType, 2000, "CDMA2000_1X"},
    {avp::kRatType, 2001, "HRPD"},
    {avp::kRatType, 2002, "UMB"},
    {avp::kRatType, 2003, "EHRPD"},
    {kPreEmptionCapability, 0, "PRE-EMPTION_CAPABILITY_ENABLED"},
    {kPreEmptionCapability, 1, "PRE-EMPTION_CAPABILITY_DISABLED"},
    {kPreEmptionVulnerability, 0, "PRE-EMPTION_VULNERABILITY_ENABLED"},
    {kPreEmptionVulnerability, 1, "PRE-EMPTION_VULNERABILITY_DISABLED"},
    // TS 29.272 7.3
    {kVplmnDynamicAddressAllowed, 0, "NOTALLOWED"},
    {kVplmnDynamicAddressAllowed, 1, "ALLOWED"},
    {kPdnGwAllocationType, 0, "STATIC"},
    {kPdnGwAllocationType, 1, "DYNAMIC"},
    {kPdnType, 0, "IPv4"},
    {kPdnType, 1, "IPv6"},
    {kPdnType, 2, "IPv4v6"},
    {kPdnType, 3, "IPv4_OR_IPv6"},
    // TS 29.273 5.2.3.9, 8.2.3
    {kNon3gppIpAccess, 0, "NON_3GPP_SUBSCRIPTION_ALLOWED"},
    {kNon3gppIpAccess, 1, "NON_3GPP_SUBSCRIPTION_BARRED"},
    {kNon3gppIpAccessApn, 0, "NON_3GPP_APNS_ENABLE"},
    {kNon3gppIpAccessApn, 1, "NON_3GPP_APNS_DISABLE"},
    {kAnTrusted, 0, "TRUSTED"},
    {kAnTrusted, 1, "UNTRUSTED"},
};

constexpr std::uint32_t kBase = 0;
constexpr std::uint32_t k3gpp = kVendor3gpp;

constexpr ResultInfo kResults[] = {
    // RFC 6733 7.1
    {{kBase, 1001}, "DIAMETER_MULTI_ROUND_AUTH"},
    {{kBase, 2001}, "DIAMETER_SUCCESS"},
    {{kBase, 2002}, "DIAMETER_LIMITED_SUCCESS"},
    {{kBase, 3001}, "DIAMETER_COMMAND_UNSUPPORTED"},
    {{kBase, 3002}, "DIAMETER_UNABLE_TO_DELIVER"},
    {{kBase, 3003}, "DIAMETER_REALM_NOT_SERVED"},
    {{kBase, 3004}, "DIAMETER_TOO_BUSY"},
    {{kBase, 3005}, "DIAMETER_LOOP_DETECTED"},
    {{kBase, 3006}, "DIAMETER_REDIRECT_INDICATION"},
    {{kBase, 3007}, "DIAMETER_APPLICATION_UNSUPPORTED"},
    {{kBase, 3008}, "DIAMETER_INVALID_HDR_BITS"},
    {{kBase, 3009}, "DIAMETER_INVALID_AVP_BITS"},
    {{kBase, 3010}, "DIAMETER_UNKNOWN_PEER"},
    {{kBase, 4001}, "DIAMETER_AUTHENTICATION_REJECTED"},
    {{kBase, 4002}, "DIAMETER_OUT_OF_SPACE"},
    {{kBase, 4003}, "ELECTION_LOST"},
    {{kBase, 5001}, "DIAMETER_AVP_UNSUPPORTED"},
    {{kBase, 5002}, "DIAMETER_UNKNOWN_SESSION_ID"},
    {{kBase, 5003}, "DIAMETER_AUTHORIZATION_REJECTED"},
    {{kBase, 5004}, "DIAMETER_INVALID_AVP_VALUE"},
    {{kBase, 5005}, "DIAMETER_MISSING_AVP"},
    {{kBase, 5006}, "DIAMETER_RESOURCES_EXCEEDED"},
    {{kBase, 5007}, "DIAMETER_CONTRADICTING_AVPS"},
    {{kBase, 5008}, "DIAMETER_AVP_NOT_ALLOWED"},
    {{kBase, 5009}, "DIAMETER_AVP_OCCURS_TOO_MANY_TIMES"},
    {{kBase, 5010}, "DIAMETER_NO_COMMON_APPLICATION"},
    {{kBase, 5011}, "DIAMETER_UNSUPPORTED_VERSION"},
    {{kBase, 5012}, "DIAMETER_UNABLE_TO_COMPLY"},
    {{kBase, 5013}, "DIAMETER_INVALID_BIT_IN_HEADER"},
    {{kBase, 5014}, "DIAMETER_INVALID_AVP_LENGTH"},
    {{kBase, 5015}, "DIAMETER_INVALID_MESSAGE_LENGTH"},
    {{kBase, 5016}, "DIAMETER_INVALID_AVP_BIT_COMBO"},
    {{kBase, 5017}, "DIAMETER_NO_COMMON_SECURITY"},
    // TS 29.229 6.2
    {{k3gpp, 2001}, "DIAMETER_FIRST_REGISTRATION"},
    {{k3gpp, 2002}, "DIAMETER_SUBSEQUENT_REGISTRATION"},
    {{k3gpp, 2003}, "DIAMETER_UNREGISTERED_SERVICE"},
    {{k3gpp, 2004}, "DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED"},
    {{k3gpp, 2005}, "DIAMETER_SERVER_SELECTION"},
    {{k3gpp, 5001}, "DIAMETER_ERROR_USER_UNKNOWN"},
    {{k3gpp, 5002}, "DIAMETER_ERROR_IDENTITIES_DONT_MATCH"},
    {{k3gpp, 5003}, "DIAMETER_ERROR_IDENTITY_NOT_REGISTERED"},
    {{k3gpp, 5004}, "DIAMETER_ERROR_ROAMING_NOT_ALLOWED"},
    {{k3gpp, 5005}, "DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED"},
    {{k3gpp, 5006}, "DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED"},
    {{k3gpp, 5007}, "DIAMETER_ERROR_IN_ASSIGNMENT_TYPE"},
    {{k3gpp, 5008}, "DIAMETER_ERROR_TOO_MUCH_DATA"},
    {{k3gpp, 5009}, "DIAMETER_ERROR_NOT_SUPPORTED_USER_DATA"},
    {{k3gpp, 5011}, "DIAMETER_ERROR_FEATURE_UNSUPPORTED"},
    {{k3gpp, 5012}, "DIAMETER_ERROR_SERVING_NODE_FEATURE_UNSUPPORTED"},
    // TS 29.272 7.4, which HSSs of 4G answer on SWx too
    {{k3gpp, 4181}, "DIAMETER_AUTHENTICATION_DATA_UNAVAILABLE"},
    {{k3gpp, 5420}, "DIAMETER_ERROR_UNKNOWN_EPS_SUBSCRIPTION"},
    {{k3gpp, 5421}, "DIAMETER_ERROR_RAT_NOT_ALLOWED"},
    // TS 29.273 10.2
    {{k3gpp, 5450}, "DIAMETER_ERROR_USER_NO_NON_3GPP_SUBSCRIPTION"},
    {{k3gpp, 5451}, "DIAMETER_ERROR_USER_NO_APN_SUBSCRIPTION"},
    {{k3gpp, 5452}, "DIAMETER_ERROR_RAT_TYPE_NOT_ALLOWED"},
    {{k3gpp, 5453}, "DIAMETER_ERROR_LATE_OVERLAPPING_REQUEST"},
    {{k3gpp, 5454}, "DIAMETER_ERROR_TIMED_OUT_REQUEST"},
};

}  // namespace

std::span<const ValueInfo> value_table() { return kValues; }
std::span<const ResultInfo> result_table() { return kResults; }

}  // namespace hss::lab
