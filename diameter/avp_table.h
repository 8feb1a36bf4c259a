// Every AVP of Cx and SWx as one table (TS 29.229 6.3, RFC 6733 4.5; those of SWx alone are in swx/avp_rows.h), and
// names for the rows that code refers to.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "diameter/avp_definition.h"
#include "diameter/swx/avp_rows.h"

namespace hss::diameter {
namespace avp_table {

// clang-format off
inline constexpr std::array kBaseAndCxRows = {
    // RFC 6733
    AvpDefinition{kBase, 1, "User-Name", kUtf8String, kM},
    AvpDefinition{kBase, 33, "Proxy-State", kOctetString, kM},
    AvpDefinition{kBase, 258, "Auth-Application-Id", kUnsigned32, kM},
    AvpDefinition{kBase, 260, "Vendor-Specific-Application-Id", kGrouped, kM},
    AvpDefinition{kBase, 263, "Session-Id", kUtf8String, kM},
    AvpDefinition{kBase, 264, "Origin-Host", kDiameterIdentity, kM},
    AvpDefinition{kBase, 266, "Vendor-Id", kUnsigned32, kM},
    AvpDefinition{kBase, 268, "Result-Code", kUnsigned32, kM},
    AvpDefinition{kBase, 277, "Auth-Session-State", kEnumerated, kM, 1},
    AvpDefinition{kBase, 279, "Failed-AVP", kGrouped, kM},
    AvpDefinition{kBase, 280, "Proxy-Host", kDiameterIdentity, kM},
    AvpDefinition{kBase, 282, "Route-Record", kDiameterIdentity, kM},
    AvpDefinition{kBase, 283, "Destination-Realm", kDiameterIdentity, kM},
    AvpDefinition{kBase, 284, "Proxy-Info", kGrouped, kM},
    AvpDefinition{kBase, 293, "Destination-Host", kDiameterIdentity, kM},
    AvpDefinition{kBase, 296, "Origin-Realm", kDiameterIdentity, kM},
    AvpDefinition{kBase, 297, "Experimental-Result", kGrouped, kM},
    AvpDefinition{kBase, 298, "Experimental-Result-Code", kUnsigned32, kM},
    // RFC 7155, in SIP-Auth-Data-Item
    AvpDefinition{kBase, 8, "Framed-IP-Address", kOctetString, kM},
    AvpDefinition{kBase, 96, "Framed-Interface-Id", kUnsigned64, kM},
    AvpDefinition{kBase, 97, "Framed-IPv6-Prefix", kOctetString, kM},
    // RFC 4740, in SIP-Digest-Authenticate
    AvpDefinition{kBase, 104, "Digest-Realm", kUtf8String, kM},
    AvpDefinition{kBase, 110, "Digest-QoP", kUtf8String, kM},
    AvpDefinition{kBase, 111, "Digest-Algorithm", kUtf8String, kM},
    AvpDefinition{kBase, 121, "Digest-HA1", kUtf8String, kM},
    // RFC 7944, RFC 7683, RFC 8583
    AvpDefinition{kBase, 301, "DRMP", kEnumerated, kNone, 15},
    AvpDefinition{kBase, 621, "OC-Supported-Features", kGrouped, kNone},
    AvpDefinition{kBase, 623, "OC-OLR", kGrouped, kNone},
    AvpDefinition{kBase, 650, "Load", kGrouped, kNone},
    // ETSI TS 183 017, in SIP-Auth-Data-Item
    AvpDefinition{kEtsi, 500, "Line-Identifier", kOctetString, kMV},
    // TS 29.229 table 6.3.1
    AvpDefinition{k3gpp, 600, "Visited-Network-Identifier", kOctetString, kMV},
    AvpDefinition{k3gpp, 601, "Public-Identity", kUtf8String, kMV},
    AvpDefinition{k3gpp, 602, "Server-Name", kUtf8String, kMV},
    AvpDefinition{k3gpp, 603, "Server-Capabilities", kGrouped, kMV},
    AvpDefinition{k3gpp, 604, "Mandatory-Capability", kUnsigned32, kMV},
    AvpDefinition{k3gpp, 605, "Optional-Capability", kUnsigned32, kMV},
    AvpDefinition{k3gpp, 606, "User-Data", kOctetString, kMV},
    AvpDefinition{k3gpp, 607, "SIP-Number-Auth-Items", kUnsigned32, kMV},
    AvpDefinition{k3gpp, 608, "SIP-Authentication-Scheme", kUtf8String, kMV},
    AvpDefinition{k3gpp, 609, "SIP-Authenticate", kOctetString, kMV},
    AvpDefinition{k3gpp, 610, "SIP-Authorization", kOctetString, kMV},
    AvpDefinition{k3gpp, 611, "SIP-Authentication-Context", kOctetString, kMV},
    AvpDefinition{k3gpp, 612, "SIP-Auth-Data-Item", kGrouped, kMV},
    AvpDefinition{k3gpp, 613, "SIP-Item-Number", kUnsigned32, kMV},
    AvpDefinition{k3gpp, 614, "Server-Assignment-Type", kEnumerated, kMV, 14},
    AvpDefinition{k3gpp, 615, "Deregistration-Reason", kGrouped, kMV},
    AvpDefinition{k3gpp, 616, "Reason-Code", kEnumerated, kMV, 3},
    AvpDefinition{k3gpp, 617, "Reason-Info", kUtf8String, kMV},
    AvpDefinition{k3gpp, 618, "Charging-Information", kGrouped, kMV},
    AvpDefinition{k3gpp, 619, "Primary-Event-Charging-Function-Name", kDiameterUri, kMV},
    AvpDefinition{k3gpp, 620, "Secondary-Event-Charging-Function-Name", kDiameterUri, kMV},
    AvpDefinition{k3gpp, 621, "Primary-Charging-Collection-Function-Name", kDiameterUri, kMV},
    AvpDefinition{k3gpp, 622, "Secondary-Charging-Collection-Function-Name", kDiameterUri, kMV},
    AvpDefinition{k3gpp, 623, "User-Authorization-Type", kEnumerated, kMV, 2},
    AvpDefinition{k3gpp, 624, "User-Data-Already-Available", kEnumerated, kMV, 1},
    AvpDefinition{k3gpp, 625, "Confidentiality-Key", kOctetString, kMV},
    AvpDefinition{k3gpp, 626, "Integrity-Key", kOctetString, kMV},
    AvpDefinition{k3gpp, 628, "Supported-Features", kGrouped, kV},
    AvpDefinition{k3gpp, 629, "Feature-List-ID", kUnsigned32, kV},
    AvpDefinition{k3gpp, 630, "Feature-List", kUnsigned32, kV},
    AvpDefinition{k3gpp, 631, "Supported-Applications", kGrouped, kV},
    AvpDefinition{k3gpp, 632, "Associated-Identities", kGrouped, kV},
    AvpDefinition{k3gpp, 633, "Originating-Request", kEnumerated, kMV, 0},
    AvpDefinition{k3gpp, 634, "Wildcarded-Public-Identity", kUtf8String, kV},
    AvpDefinition{k3gpp, 635, "SIP-Digest-Authenticate", kGrouped, kV},
    AvpDefinition{k3gpp, 636, "Wildcarded-IMPU", kUtf8String, kV},
    AvpDefinition{k3gpp, 637, "UAR-Flags", kUnsigned32, kV},
    AvpDefinition{k3gpp, 638, "Loose-Route-Indication", kEnumerated, kV, 1},
    AvpDefinition{k3gpp, 639, "SCSCF-Restoration-Info", kGrouped, kV},
    AvpDefinition{k3gpp, 640, "Path", kOctetString, kV},
    AvpDefinition{k3gpp, 641, "Contact", kOctetString, kV},
    AvpDefinition{k3gpp, 642, "Subscription-Info", kGrouped, kV},
    AvpDefinition{k3gpp, 643, "Call-ID-SIP-Header", kOctetString, kV},
    AvpDefinition{k3gpp, 644, "From-SIP-Header", kOctetString, kV},
    AvpDefinition{k3gpp, 645, "To-SIP-Header", kOctetString, kV},
    AvpDefinition{k3gpp, 646, "Record-Route", kOctetString, kV},
    AvpDefinition{k3gpp, 647, "Associated-Registered-Identities", kGrouped, kV},
    AvpDefinition{k3gpp, 648, "Multiple-Registration-Indication", kEnumerated, kV, 1},
    AvpDefinition{k3gpp, 649, "Restoration-Info", kGrouped, kV},
    AvpDefinition{k3gpp, 650, "Session-Priority", kEnumerated, kV, 4},
    AvpDefinition{k3gpp, 651, "Identity-with-Emergency-Registration", kGrouped, kV},
    AvpDefinition{k3gpp, 652, "Priviledged-Sender-Indication", kEnumerated, kV, 1},
    AvpDefinition{k3gpp, 653, "LIA-Flags", kUnsigned32, kV},
    AvpDefinition{k3gpp, 654, "Initial-CSeq-Sequence-Number", kUnsigned32, kV},
    AvpDefinition{k3gpp, 655, "SAR-Flags", kUnsigned32, kV},
    AvpDefinition{k3gpp, 656, "Allowed-WAF-WWSF-Identities", kGrouped, kV},
    AvpDefinition{k3gpp, 657, "WebRTC-Authentication-Function-Name", kUtf8String, kV},
    AvpDefinition{k3gpp, 658, "WebRTC-Web-Server-Function-Name", kUtf8String, kV},
    AvpDefinition{k3gpp, 659, "RTR-Flags", kUnsigned32, kV},
    AvpDefinition{k3gpp, 660, "P-CSCF-Subscription-Info", kGrouped, kV},
    AvpDefinition{k3gpp, 661, "Registration-Time-Out", kTime, kV},
    AvpDefinition{k3gpp, 662, "Alternate-Digest-Algorithm", kUtf8String, kV},
    AvpDefinition{k3gpp, 663, "Alternate-Digest-HA1", kUtf8String, kV},
    AvpDefinition{k3gpp, 664, "Failed-PCSCF", kGrouped, kV},
    AvpDefinition{k3gpp, 665, "PCSCF-FQDN", kDiameterIdentity, kV},
    AvpDefinition{k3gpp, 666, "PCSCF-IP-Address", kAddress, kV},
    AvpDefinition{k3gpp, 667, "OC-Reg-Timer-Ext", kUnsigned32, kV},
};
// clang-format on

inline constexpr auto kRows = [] {
  std::array<AvpDefinition, kBaseAndCxRows.size() + kSwxRows.size()> all{};
  std::ranges::copy(kSwxRows, std::ranges::copy(kBaseAndCxRows, all.begin()).out);
  return all;
}();

/// The row with a name; a name that no row has does not compile.
consteval const AvpDefinition& named(std::string_view name) {
  for (const AvpDefinition& row : kRows) {
    if (row.name == name) return row;
  }
  throw "no such AVP in the table";
}

}  // namespace avp_table

namespace avps {

using avp_table::named;
inline constexpr const AvpDefinition& kUserName = named("User-Name");
inline constexpr const AvpDefinition& kAuthApplicationId = named("Auth-Application-Id");
inline constexpr const AvpDefinition& kVendorSpecificApplicationId = named("Vendor-Specific-Application-Id");
inline constexpr const AvpDefinition& kSessionId = named("Session-Id");
inline constexpr const AvpDefinition& kOriginHost = named("Origin-Host");
inline constexpr const AvpDefinition& kOriginRealm = named("Origin-Realm");
inline constexpr const AvpDefinition& kVendorId = named("Vendor-Id");
inline constexpr const AvpDefinition& kResultCode = named("Result-Code");
inline constexpr const AvpDefinition& kAuthSessionState = named("Auth-Session-State");
inline constexpr const AvpDefinition& kFailedAvp = named("Failed-AVP");
inline constexpr const AvpDefinition& kProxyInfo = named("Proxy-Info");
inline constexpr const AvpDefinition& kRouteRecord = named("Route-Record");
inline constexpr const AvpDefinition& kDestinationRealm = named("Destination-Realm");
inline constexpr const AvpDefinition& kDestinationHost = named("Destination-Host");
inline constexpr const AvpDefinition& kExperimentalResult = named("Experimental-Result");
inline constexpr const AvpDefinition& kExperimentalResultCode = named("Experimental-Result-Code");
inline constexpr const AvpDefinition& kDrmp = named("DRMP");
inline constexpr const AvpDefinition& kOcSupportedFeatures = named("OC-Supported-Features");
inline constexpr const AvpDefinition& kFramedIpAddress = named("Framed-IP-Address");
inline constexpr const AvpDefinition& kFramedInterfaceId = named("Framed-Interface-Id");
inline constexpr const AvpDefinition& kFramedIpv6Prefix = named("Framed-IPv6-Prefix");
inline constexpr const AvpDefinition& kLineIdentifier = named("Line-Identifier");
inline constexpr const AvpDefinition& kDigestRealm = named("Digest-Realm");
inline constexpr const AvpDefinition& kDigestQop = named("Digest-QoP");
inline constexpr const AvpDefinition& kDigestAlgorithm = named("Digest-Algorithm");
inline constexpr const AvpDefinition& kDigestHa1 = named("Digest-HA1");
inline constexpr const AvpDefinition& kVisitedNetworkIdentifier = named("Visited-Network-Identifier");
inline constexpr const AvpDefinition& kPublicIdentity = named("Public-Identity");
inline constexpr const AvpDefinition& kServerName = named("Server-Name");
inline constexpr const AvpDefinition& kServerCapabilities = named("Server-Capabilities");
inline constexpr const AvpDefinition& kMandatoryCapability = named("Mandatory-Capability");
inline constexpr const AvpDefinition& kOptionalCapability = named("Optional-Capability");
inline constexpr const AvpDefinition& kUserData = named("User-Data");
inline constexpr const AvpDefinition& kSipNumberAuthItems = named("SIP-Number-Auth-Items");
inline constexpr const AvpDefinition& kSipAuthenticationScheme = named("SIP-Authentication-Scheme");
inline constexpr const AvpDefinition& kSipAuthenticate = named("SIP-Authenticate");
inline constexpr const AvpDefinition& kSipAuthorization = named("SIP-Authorization");
inline constexpr const AvpDefinition& kSipAuthenticationContext = named("SIP-Authentication-Context");
inline constexpr const AvpDefinition& kSipAuthDataItem = named("SIP-Auth-Data-Item");
inline constexpr const AvpDefinition& kSipItemNumber = named("SIP-Item-Number");
inline constexpr const AvpDefinition& kServerAssignmentType = named("Server-Assignment-Type");
inline constexpr const AvpDefinition& kDeregistrationReason = named("Deregistration-Reason");
inline constexpr const AvpDefinition& kReasonCode = named("Reason-Code");
inline constexpr const AvpDefinition& kReasonInfo = named("Reason-Info");
inline constexpr const AvpDefinition& kChargingInformation = named("Charging-Information");
inline constexpr const AvpDefinition& kPrimaryEvent = named("Primary-Event-Charging-Function-Name");
inline constexpr const AvpDefinition& kSecondaryEvent = named("Secondary-Event-Charging-Function-Name");
inline constexpr const AvpDefinition& kPrimaryCollection = named("Primary-Charging-Collection-Function-Name");
inline constexpr const AvpDefinition& kSecondaryCollection = named("Secondary-Charging-Collection-Function-Name");
inline constexpr const AvpDefinition& kUserAuthorizationType = named("User-Authorization-Type");
inline constexpr const AvpDefinition& kUserDataAlreadyAvailable = named("User-Data-Already-Available");
inline constexpr const AvpDefinition& kConfidentialityKey = named("Confidentiality-Key");
inline constexpr const AvpDefinition& kIntegrityKey = named("Integrity-Key");
inline constexpr const AvpDefinition& kSupportedFeatures = named("Supported-Features");
inline constexpr const AvpDefinition& kFeatureListId = named("Feature-List-ID");
inline constexpr const AvpDefinition& kFeatureList = named("Feature-List");
inline constexpr const AvpDefinition& kAssociatedIdentities = named("Associated-Identities");
inline constexpr const AvpDefinition& kOriginatingRequest = named("Originating-Request");
inline constexpr const AvpDefinition& kWildcardedPublicIdentity = named("Wildcarded-Public-Identity");
inline constexpr const AvpDefinition& kSipDigestAuthenticate = named("SIP-Digest-Authenticate");
inline constexpr const AvpDefinition& kUarFlags = named("UAR-Flags");
inline constexpr const AvpDefinition& kLooseRouteIndication = named("Loose-Route-Indication");
inline constexpr const AvpDefinition& kScscfRestorationInfo = named("SCSCF-Restoration-Info");
inline constexpr const AvpDefinition& kPath = named("Path");
inline constexpr const AvpDefinition& kContact = named("Contact");
inline constexpr const AvpDefinition& kSubscriptionInfo = named("Subscription-Info");
inline constexpr const AvpDefinition& kCallIdSipHeader = named("Call-ID-SIP-Header");
inline constexpr const AvpDefinition& kFromSipHeader = named("From-SIP-Header");
inline constexpr const AvpDefinition& kToSipHeader = named("To-SIP-Header");
inline constexpr const AvpDefinition& kRecordRoute = named("Record-Route");
inline constexpr const AvpDefinition& kAssociatedRegisteredIdentities = named("Associated-Registered-Identities");
inline constexpr const AvpDefinition& kRestorationInfo = named("Restoration-Info");
inline constexpr const AvpDefinition& kMultipleRegistrationIndication = named("Multiple-Registration-Indication");
inline constexpr const AvpDefinition& kSessionPriority = named("Session-Priority");
inline constexpr const AvpDefinition& kIdentityWithEmergencyRegistration =
    named("Identity-with-Emergency-Registration");
inline constexpr const AvpDefinition& kLiaFlags = named("LIA-Flags");
inline constexpr const AvpDefinition& kInitialCseq = named("Initial-CSeq-Sequence-Number");
inline constexpr const AvpDefinition& kSarFlags = named("SAR-Flags");
inline constexpr const AvpDefinition& kPcscfSubscriptionInfo = named("P-CSCF-Subscription-Info");
inline constexpr const AvpDefinition& kRegistrationTimeOut = named("Registration-Time-Out");
inline constexpr const AvpDefinition& kAlternateDigestAlgorithm = named("Alternate-Digest-Algorithm");
inline constexpr const AvpDefinition& kAlternateDigestHa1 = named("Alternate-Digest-HA1");
inline constexpr const AvpDefinition& kFailedPcscf = named("Failed-PCSCF");

// Of SWx
inline constexpr const AvpDefinition& kSessionTimeout = named("Session-Timeout");
inline constexpr const AvpDefinition& kRedirectHostUsage = named("Redirect-Host-Usage");
inline constexpr const AvpDefinition& kRedirectHost = named("Redirect-Host");
inline constexpr const AvpDefinition& kMipHomeAgentAddress = named("MIP-Home-Agent-Address");
inline constexpr const AvpDefinition& kMipHomeAgentHost = named("MIP-Home-Agent-Host");
inline constexpr const AvpDefinition& kMip6AgentInfo = named("MIP6-Agent-Info");
inline constexpr const AvpDefinition& kServiceSelection = named("Service-Selection");
inline constexpr const AvpDefinition& kSubscriptionId = named("Subscription-Id");
inline constexpr const AvpDefinition& kSubscriptionIdData = named("Subscription-Id-Data");
inline constexpr const AvpDefinition& kSubscriptionIdType = named("Subscription-Id-Type");
inline constexpr const AvpDefinition& kChargingCharacteristics = named("3GPP-Charging-Characteristics");
inline constexpr const AvpDefinition& kMaxRequestedBandwidthDl = named("Max-Requested-Bandwidth-DL");
inline constexpr const AvpDefinition& kMaxRequestedBandwidthUl = named("Max-Requested-Bandwidth-UL");
inline constexpr const AvpDefinition& kQosClassIdentifier = named("QoS-Class-Identifier");
inline constexpr const AvpDefinition& kRatType = named("RAT-Type");
inline constexpr const AvpDefinition& kAllocationRetentionPriority = named("Allocation-Retention-Priority");
inline constexpr const AvpDefinition& kPriorityLevel = named("Priority-Level");
inline constexpr const AvpDefinition& kPreEmptionCapability = named("Pre-emption-Capability");
inline constexpr const AvpDefinition& kPreEmptionVulnerability = named("Pre-emption-Vulnerability");
inline constexpr const AvpDefinition& kServedPartyIpAddress = named("Served-Party-IP-Address");
inline constexpr const AvpDefinition& kBssid = named("BSSID");
inline constexpr const AvpDefinition& kTerminalInformation = named("Terminal-Information");
inline constexpr const AvpDefinition& kContextIdentifier = named("Context-Identifier");
inline constexpr const AvpDefinition& kApnConfiguration = named("APN-Configuration");
inline constexpr const AvpDefinition& kEpsSubscribedQosProfile = named("EPS-Subscribed-QoS-Profile");
inline constexpr const AvpDefinition& kVplmnDynamicAddressAllowed = named("VPLMN-Dynamic-Address-Allowed");
inline constexpr const AvpDefinition& kAmbr = named("AMBR");
inline constexpr const AvpDefinition& kPdnGwAllocationType = named("PDN-GW-Allocation-Type");
inline constexpr const AvpDefinition& kPdnType = named("PDN-Type");
inline constexpr const AvpDefinition& kActiveApn = named("Active-APN");
inline constexpr const AvpDefinition& kTimeZone = named("Time-Zone");
inline constexpr const AvpDefinition& kLocalTimeZone = named("Local-Time-Zone");
inline constexpr const AvpDefinition& kDaylightSavingTime = named("Daylight-Saving-Time");
inline constexpr const AvpDefinition& kAaaServerName = named("3GPP-AAA-Server-Name");
inline constexpr const AvpDefinition& kNon3gppUserData = named("Non-3GPP-User-Data");
inline constexpr const AvpDefinition& kNon3gppIpAccess = named("Non-3GPP-IP-Access");
inline constexpr const AvpDefinition& kNon3gppIpAccessApn = named("Non-3GPP-IP-Access-APN");
inline constexpr const AvpDefinition& kAnTrusted = named("AN-Trusted");
inline constexpr const AvpDefinition& kAnid = named("ANID");
inline constexpr const AvpDefinition& kPprFlags = named("PPR-Flags");
inline constexpr const AvpDefinition& kAaaFailureIndication = named("AAA-Failure-Indication");
inline constexpr const AvpDefinition& kSsid = named("SSID");
inline constexpr const AvpDefinition& kAccessNetworkInfo = named("Access-Network-Info");
inline constexpr const AvpDefinition& kEmergencyServices = named("Emergency-Services");

}  // namespace avps
}  // namespace hss::diameter
