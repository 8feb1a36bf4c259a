// The values of an APN as people write them, on the command line and in files: each is read, checked and written here.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/non_3gpp.h"
#include "provisioning/checks.h"

namespace hss::provisioning {

/// "ipv4", "ipv6", "ipv4v6", "ipv4-or-ipv6"; nullopt for anything else.
std::optional<PdnType> parse_pdn_type(std::string_view text);
std::string_view name_of(PdnType type);

/// "UPLINK:DOWNLINK" in bits per second, each from 1 to 4294967295, or with K, M or G (thousands, millions, thousand
/// millions) at its end. A problem under `field` and nullopt for anything else.
std::optional<Ambr> read_ambr(std::string_view field, std::string_view text, Checker& check);
/// What read_ambr reads, the largest unit that loses nothing: "50M:150M".
std::string ambr_text(const Ambr& ambr);

/// Four hexadecimal digits, in upper case (TS 29.061 16.4.7.2: a text on the wire). A problem under `field` and nullopt
/// for anything else.
std::optional<std::string> read_charging_characteristics(std::string_view field, std::string_view text, Checker& check);

/// Adds an IPv4 or IPv6 address; false, and a problem under `field`, for what is none, or a second one of its family.
bool add_address(std::string_view field, std::string_view text, PdnGateway& gateway, Checker& check);
/// The addresses in words, the IPv4 one first.
std::vector<std::string> address_texts(const std::optional<Octets<4>>& ipv4, const std::optional<Octets<16>>& ipv6);
/// "192.0.2.1, 2001:db8::1, pgw.example.org in example.org"; empty for an empty gateway.
std::string gateway_text(const PdnGateway& gateway);

/// Host and realm go together, and are Diameter identities; what is wrong becomes a problem under their fields.
void check_gateway_name(const PdnGateway& gateway, std::string_view host_field, std::string_view realm_field,
                        Checker& check);

/// The name of an APN template: letters, digits, '-', '_' and '.', 63 at the most. A problem under `field` and nullopt
/// for anything else.
std::optional<std::string> read_apn_name(std::string_view field, std::string_view text, Checker& check);
/// An APN network identifier in canonical form, or "*"; a problem under `field` and nullopt for anything else.
std::optional<std::string> read_network_identifier(std::string_view field, std::string_view text, Checker& check);

}  // namespace hss::provisioning
