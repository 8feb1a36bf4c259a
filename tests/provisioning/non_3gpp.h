// Access over non-3GPP networks as JSON writes it: the usual one, and one that has everything.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace hss::provisioning {

inline const std::string kDefaultAccess = R"({"access":"allowed","apns":[{"name":"ims"}]})";
inline const std::string kRichAccess =
    R"({"access":"barred","apns_enabled":false,)"
    R"("apns":[{"name":"ims","ipv4":"192.0.2.1","ipv6":"2001:db8:1::/64"},{"name":"web","ipv4":"192.0.2.2"}],)"
    R"("forbidden_rat_types":["WLAN","77"],"visited_networks":["a.example.org","b.example.org"],)"
    R"("session_timeout":3600,"ambr":{"uplink":50000000,"downlink":150000001},"charging_characteristics":"08AF"})";

}  // namespace hss::provisioning
