// Who may connect, where they connect from, and where we listen.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hss::diameter {

/// True when `host` is one of `allowed`: a Diameter identity compared without case, or "*.realm" for any host of a
/// realm.
bool peer_allowed(std::string_view host, const std::vector<std::string>& allowed);

/// Registers the allow-list with freeDiameter (fd_peer_validate_register). A peer is admitted when it is listed and
/// does not use our own identity; over TLS its certificate must also hold its name. A refused one is logged with its
/// address. From the extension's entry point; called again, it replaces the list.
void admit_peers(std::vector<std::string> allowed);

/// Adds the addresses to what freeDiameter binds (loopback ones too, which its ListenOn drops silently). Throws
/// std::runtime_error for a text that is no IPv4 or IPv6 address, for one of a family that freeDiameter.conf turns off,
/// and when a port of it cannot be bound. An empty list leaves the choice to freeDiameter.conf.
void listen_on(const std::vector<std::string>& addresses);

/// Starts to keep the remote address of every peer that connects, and to log connections made, refused and lost (peer
/// hooks, which also keep freeDiameter from dumping the capabilities exchange).
void track_peer_addresses();
/// Ends it, and from here on refuses every peer (a registration with freeDiameter's validator cannot be taken back).
void forget_peers();
/// "address:port" of a connected peer's latest connection; empty when it is not known.
std::string peer_address(std::string_view host);
/// The Diameter identity, in lower case, of who is connected from "address:port"; empty when nobody is.
std::string peer_at(std::string_view address);

/// True when a connection with any peer is open.
bool any_peer_open();
/// True when a request for a Diameter host can be sent with hope: a connection with it is open; or, when it is not one
/// of those that connect here themselves (admit_peers), with any peer, which may be an agent; or with a relay. Without
/// this, freeDiameter would send what is for an absent S-CSCF to any other host of its realm.
bool can_reach(std::string_view host);

}  // namespace hss::diameter
