// The AVPs that SWx has beside those of Cx (TS 29.273 table 8.2.3.0/1 and 8.2.3.0/2, and what they are made of).
// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "diameter/avp_definition.h"

namespace hss::diameter::avp_table {

// clang-format off
inline constexpr std::array kSwxRows = {
    // RFC 6733
    AvpDefinition{kBase, 27, "Session-Timeout", kUnsigned32, kM},
    AvpDefinition{kBase, 261, "Redirect-Host-Usage", kEnumerated, kM, 6},
    AvpDefinition{kBase, 292, "Redirect-Host", kDiameterUri, kM},
    // RFC 4004, RFC 5447, RFC 5778
    AvpDefinition{kBase, 124, "MIP6-Feature-Vector", kUnsigned64, kM},
    AvpDefinition{kBase, 125, "MIP6-Home-Link-Prefix", kOctetString, kM},  // not read; it comes with M
    AvpDefinition{kBase, 334, "MIP-Home-Agent-Address", kAddress, kM},
    AvpDefinition{kBase, 348, "MIP-Home-Agent-Host", kGrouped, kM},
    AvpDefinition{kBase, 486, "MIP6-Agent-Info", kGrouped, kM},
    AvpDefinition{kBase, 493, "Service-Selection", kUtf8String, kM},
    // RFC 8506
    AvpDefinition{kBase, 443, "Subscription-Id", kGrouped, kM},
    AvpDefinition{kBase, 444, "Subscription-Id-Data", kUtf8String, kM},
    AvpDefinition{kBase, 450, "Subscription-Id-Type", kEnumerated, kM, 4},
    // TS 29.061 16.4.7
    AvpDefinition{k3gpp, 13, "3GPP-Charging-Characteristics", kUtf8String, kMV},
    // TS 29.214 5.3, TS 29.212 5.3
    AvpDefinition{k3gpp, 515, "Max-Requested-Bandwidth-DL", kUnsigned32, kMV},
    AvpDefinition{k3gpp, 516, "Max-Requested-Bandwidth-UL", kUnsigned32, kMV},
    AvpDefinition{k3gpp, 1028, "QoS-Class-Identifier", kEnumerated, kMV, 255},
    AvpDefinition{k3gpp, 1032, "RAT-Type", kEnumerated, kV, kOpen},
    AvpDefinition{k3gpp, 1034, "Allocation-Retention-Priority", kGrouped, kV},
    AvpDefinition{k3gpp, 1046, "Priority-Level", kUnsigned32, kV},
    AvpDefinition{k3gpp, 1047, "Pre-emption-Capability", kEnumerated, kV, 1},
    AvpDefinition{k3gpp, 1048, "Pre-emption-Vulnerability", kEnumerated, kV, 1},
    // TS 32.299 7.2
    AvpDefinition{k3gpp, 848, "Served-Party-IP-Address", kAddress, kMV},
    AvpDefinition{k3gpp, 2716, "BSSID", kUtf8String, kMV},
    // TS 29.272 7.3
    AvpDefinition{k3gpp, 1401, "Terminal-Information", kGrouped, kMV},
    AvpDefinition{k3gpp, 1402, "IMEI", kUtf8String, kMV},
    AvpDefinition{k3gpp, 1403, "Software-Version", kUtf8String, kMV},
    AvpDefinition{k3gpp, 1423, "Context-Identifier", kUnsigned32, kMV},
    AvpDefinition{k3gpp, 1430, "APN-Configuration", kGrouped, kMV},
    AvpDefinition{k3gpp, 1431, "EPS-Subscribed-QoS-Profile", kGrouped, kMV},
    AvpDefinition{k3gpp, 1432, "VPLMN-Dynamic-Address-Allowed", kEnumerated, kMV, 1},
    AvpDefinition{k3gpp, 1435, "AMBR", kGrouped, kMV},
    AvpDefinition{k3gpp, 1438, "PDN-GW-Allocation-Type", kEnumerated, kMV, 1},
    AvpDefinition{k3gpp, 1456, "PDN-Type", kEnumerated, kMV, 3},
    AvpDefinition{k3gpp, 1472, "Specific-APN-Info", kGrouped, kMV},  // likewise
    AvpDefinition{k3gpp, 1612, "Active-APN", kGrouped, kV},
    AvpDefinition{k3gpp, 1642, "Time-Zone", kUtf8String, kV},
    AvpDefinition{k3gpp, 1649, "Local-Time-Zone", kGrouped, kV},
    AvpDefinition{k3gpp, 1650, "Daylight-Saving-Time", kEnumerated, kV, 2},
    // TS 29.273
    AvpDefinition{k3gpp, 318, "3GPP-AAA-Server-Name", kDiameterIdentity, kMV},
    AvpDefinition{k3gpp, 1500, "Non-3GPP-User-Data", kGrouped, kMV},
    AvpDefinition{k3gpp, 1501, "Non-3GPP-IP-Access", kEnumerated, kMV, 1},
    AvpDefinition{k3gpp, 1502, "Non-3GPP-IP-Access-APN", kEnumerated, kMV, 1},
    AvpDefinition{k3gpp, 1503, "AN-Trusted", kEnumerated, kMV, 1},
    AvpDefinition{k3gpp, 1504, "ANID", kUtf8String, kMV},
    AvpDefinition{k3gpp, 1505, "Trace-Info", kGrouped, kV},
    AvpDefinition{k3gpp, 1508, "PPR-Flags", kUnsigned32, kV},
    AvpDefinition{k3gpp, 1510, "TWAN-Access-Info", kGrouped, kV},
    AvpDefinition{k3gpp, 1511, "Access-Authorization-Flags", kUnsigned32, kV},
    AvpDefinition{k3gpp, 1512, "TWAN-Default-APN-Context-Id", kUnsigned32, kV},
    AvpDefinition{k3gpp, 1518, "AAA-Failure-Indication", kUnsigned32, kV},
    AvpDefinition{k3gpp, 1524, "SSID", kUtf8String, kV},
    AvpDefinition{k3gpp, 1526, "Access-Network-Info", kGrouped, kV},
    AvpDefinition{k3gpp, 1538, "Emergency-Services", kUnsigned32, kV},
    AvpDefinition{k3gpp, 1541, "ERP-Authorization", kUnsigned32, kV},
};
// clang-format on

}  // namespace hss::diameter::avp_table
