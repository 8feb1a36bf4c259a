// Where we listen: what freeDiameter would drop silently, or fail at without saying where.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace hss::diameter {

/// Adds the addresses to what freeDiameter binds (loopback ones too, which its ListenOn drops silently). Throws
/// std::runtime_error for a text that is no IPv4 or IPv6 address, for one of a family that freeDiameter.conf turns off,
/// when a port of it cannot be bound, when both ports are one, and for SCTP on a kernel without it. An empty list
/// leaves the choice to freeDiameter.conf.
void listen_on(const std::vector<std::string>& addresses);

}  // namespace hss::diameter
