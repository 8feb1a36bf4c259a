// What the values of hss.toml may be: each kind of text, and what it stands for.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hss/settings.h"

namespace hss::settings {

/// "FIRST-LAST" with 0 <= FIRST <= LAST <= 65535.
std::optional<IndRange> parse_ind_range(std::string_view range);
bool is_ind_range(std::string_view range);
std::string range_text(const IndRange& range);

bool is_host_name(std::string_view name);
/// IPv4 or IPv6, in numbers.
bool is_address(std::string_view address);

inline constexpr std::string_view kPeerName = "a Diameter identity (host name), or '*.' and a realm for all its hosts";
bool is_peer_name(std::string_view name);
inline constexpr std::string_view kPeerEntry =
    "a Diameter identity (host name), or '*.' and a realm for all its hosts; after it, each after a space, addresses "
    "that it may come from (192.0.2.1, 192.0.2.0/24)";
bool is_peer_entry(std::string_view entry);

/// A SIP URI, and after a space its weight.
bool is_pool_entry(std::string_view entry);
inline constexpr std::string_view kChargingFunction =
    "a DiameterURI, aaa://host:port;transport=tcp or aaas://..., or empty";
/// RFC 6733 4.3.1: scheme, host, port and the parameters transport and protocol, in that order.
bool is_charging_function(std::string_view uri);

/// Not empty, without NUL.
bool is_path(std::string_view path);
/// 4 hexadecimal digits.
bool is_amf(std::string_view amf);
/// As hssctl names APN templates.
bool is_apn_template(std::string_view name);
bool is_log_level(std::string_view level);

}  // namespace hss::settings
