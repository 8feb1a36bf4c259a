// Server-Capabilities: what lets an I-CSCF find an S-CSCF (TS 29.228 6.7, TS 29.229 6.3.4).
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "hss/context.h"
#include "hss/subscriber.h"

namespace hss::cx {

/// The subscription's own capabilities (names there are its pin); when it has none, the names of the configured pool,
/// so that the I-CSCF always finds an S-CSCF. The order of the pool follows from the subscription's id and the weights:
/// the same for one subscription every time, spread by weight over many. Names come best first; `avoid`, the server to
/// be replaced, comes last. Absent only when the pool is empty too.
std::optional<ServerCapabilities> server_capabilities(const Subscription& subscription, const Context& context,
                                                      const std::optional<AssignedServer>& avoid = std::nullopt);

}  // namespace hss::cx
