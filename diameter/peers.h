// Who may connect, and where they connect from.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diameter/access.h"
#include "diameter/live_settings.h"

namespace hss::diameter {

/// Registers with freeDiameter who may connect by the settings in force (fd_peer_validate_register). A peer is admitted
/// when Access says so and it does not use our own identity; over TLS its certificate must also hold its name. A
/// refused one is logged with its address. From the extension's entry point; `settings` live until forget_peers().
void admit_peers(const LiveSettings& settings);
/// Those that are connected, and that Access would not admit now. Peers that freeDiameter.conf names (ConnectPeer) are
/// none of them.
std::vector<std::string> not_admitted_by(const Access& access);

/// Starts to keep the remote address of every peer that connects, and to log connections made, refused and lost (peer
/// hooks, which also keep freeDiameter from dumping the capabilities exchange).
void track_peer_addresses();
/// Ends it, and from here on refuses every peer (a registration with freeDiameter's validator cannot be taken back).
void forget_peers();
/// "address:port" of a connected peer's latest connection; empty when it is not known.
std::string peer_address(std::string_view host);
/// The same, at the end of `out`: for what is done for each request.
void append_peer_address(std::string& out, std::string_view host);
/// "address:port" in freeDiameter's description of a connection, "{---T} TCP from [192.0.2.1]:41234 (9<-11)", or in a
/// text with one; empty when there is none.
std::string address_in(std::string_view text);
/// The Diameter identity, in lower case, of who is connected from "address:port"; empty when nobody is.
std::string peer_at(std::string_view address);

/// True when a connection with any peer is open.
bool any_peer_open();
/// True when a request for a Diameter host can be sent with hope: a connection with it is open; or, when it is not one
/// of those that connect here themselves (admit_peers), with any peer, which may be an agent; or with a relay. Without
/// this, freeDiameter would send what is for an absent S-CSCF to any other host of its realm.
bool can_reach(std::string_view host);

}  // namespace hss::diameter
