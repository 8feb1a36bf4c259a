// The non-3GPP half of a subscription (Wi-Fi calling and the like): what the HSS tells a 3GPP AAA server on SWx, and
// what it remembers of it. TS 29.273 clause 8, TS 23.008 3.7.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/bytes.h"

namespace hss {

/// Seconds since 1970-01-01 UTC.
using UnixTime = std::int64_t;

// ---- Provisioned ----------------------------------------------------------------------------------------------------

/// Aggregate maximum bit rate (TS 29.272 7.3.41), bits per second.
struct Ambr {
  std::uint32_t uplink = 0;
  std::uint32_t downlink = 0;
  friend bool operator==(const Ambr&, const Ambr&) = default;
};

/// PDN-Type, TS 29.272 7.3.62.
enum class PdnType : std::uint8_t { kIpv4 = 0, kIpv6 = 1, kIpv4v6 = 2, kIpv4OrIpv6 = 3 };

/// Allocation-Retention-Priority, TS 29.212 5.3.32.
struct AllocationRetentionPriority {
  unsigned level = 8;             // Priority-Level 1 (highest) to 15
  bool may_pre_empt = false;      // Pre-emption-Capability
  bool may_be_pre_empted = true;  // Pre-emption-Vulnerability
  friend bool operator==(const AllocationRetentionPriority&, const AllocationRetentionPriority&) = default;
};

/// A PDN gateway, MIP6-Agent-Info (RFC 5447 4.2.1, TS 29.272 7.3.45): addresses, a name, or both.
struct PdnGateway {
  std::optional<Octets<4>> ipv4;
  std::optional<Octets<16>> ipv6;
  std::string host;   // Destination-Host of MIP-Home-Agent-Host; empty: no name
  std::string realm;  // Destination-Realm of the same
  [[nodiscard]] bool empty() const { return !ipv4 && !ipv6 && host.empty(); }
  friend bool operator==(const PdnGateway&, const PdnGateway&) = default;
};

/// An APN-Configuration (TS 29.272 7.3.35) as an operator describes it once for all who have it.
struct ApnConfiguration {
  std::uint32_t context_identifier = 1;  // Context-Identifier, 1 or more; no two templates share one
  std::string name;                      // Service-Selection: the APN network identifier, lower case, or "*" for any
  PdnType pdn_type = PdnType::kIpv4v6;
  unsigned qci = 9;  // QoS-Class-Identifier, 1..254
  AllocationRetentionPriority priority;
  std::optional<bool> vplmn_dynamic_address_allowed;  // absent: not sent
  std::optional<Ambr> ambr;                           // APN-AMBR; absent: not sent
  std::string charging_characteristics;               // four hexadecimal digits, upper case; empty: not sent
  PdnGateway gateway;                                 // the one to use (PDN-GW-Allocation-Type STATIC); empty: any
  friend bool operator==(const ApnConfiguration&, const ApnConfiguration&) = default;
};

/// An APN of one subscriber.
struct SubscribedApn {
  ApnConfiguration configuration;
  std::optional<Octets<4>> ipv4{};   // Served-Party-IP-Address, static
  std::optional<Octets<16>> ipv6{};  // likewise; a prefix of 64 bits, the rest zero
  friend bool operator==(const SubscribedApn&, const SubscribedApn&) = default;
};

/// Subscription to access over non-3GPP networks, TS 29.273 8.2.3.1 (Non-3GPP-User-Data).
struct Non3gppSubscription {
  std::vector<std::string> msisdns;  // digits without '+': Subscription-Id
  bool access_allowed = true;        // Non-3GPP-IP-Access
  bool apns_enabled = true;          // Non-3GPP-IP-Access-APN
  std::vector<SubscribedApn> apns;   // at least one, names differ; the first is the default (Context-Identifier)
  std::vector<std::uint32_t> forbidden_rat_types;  // RAT-Type, TS 29.212 5.3.31: those that are not allowed
  std::vector<std::string> visited_networks;       // where it may roam (canonical_network form); empty: everywhere
  std::optional<std::uint32_t> session_timeout;    // seconds; absent: not sent
  std::optional<Ambr> ambr;                        // UE-AMBR; absent: not sent
  std::string charging_characteristics;            // four hexadecimal digits, upper case; empty: not sent
  friend bool operator==(const Non3gppSubscription&, const Non3gppSubscription&) = default;
};

/// RAT-Type by its name in TS 29.212 5.3.31 ("WLAN", "VIRTUAL", "UTRAN", "GERAN", "EUTRAN", "HRPD", "EHRPD" ...,
/// without case) or its number; nullopt for anything else.
std::optional<std::uint32_t> parse_rat_type(std::string_view text);
/// The name, or the number when it has none.
std::string rat_type_text(std::uint32_t rat_type);

/// The network identifier of an APN as it is compared: lower case, without the operator identifier
/// (".mncNNN.mccNNN.gprs", TS 23.003 9.1). "*" is the wildcard APN. nullopt for what is no APN: labels of letters,
/// digits and '-', 62 octets at the most.
std::optional<std::string> canonical_apn(std::string_view text);

// ---- State ----------------------------------------------------------------------------------------------------------

/// The 3GPP AAA server that serves a user.
struct AaaServer {
  std::string host;   // Origin-Host of its last MAR or SAR; 3GPP-AAA-Server-Name
  std::string realm;  // Origin-Realm of the same
  friend bool operator==(const AaaServer&, const AaaServer&) = default;
};

/// A PDN connection that the AAA server told of (SAR PGW_UPDATE, RESTORATION).
struct ActiveApn {
  std::string name;                      // canonical_apn
  std::uint32_t context_identifier = 0;  // of the APN-Configuration that it belongs to (the wildcard's for "*")
  PdnGateway gateway;
  std::string visited_network;  // Visited-Network-Identifier as it came; empty: none
  friend bool operator==(const ActiveApn&, const ActiveApn&) = default;
};

/// Where a user stands on SWx. Nothing of it has to do with the registrations on Cx.
struct Non3gppRegistration {
  std::optional<AaaServer> server;
  bool registered = false;  // with a server, and not registered: authentication is pending
  /// Set while authentication is pending: when the server's claim lapses.
  std::optional<UnixTime> pending_until{};
  std::vector<ActiveApn> active_apns{};
  friend bool operator==(const Non3gppRegistration&, const Non3gppRegistration&) = default;
};

}  // namespace hss
