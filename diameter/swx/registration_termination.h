// Registration-Termination on the wire: RTR of TS 29.273 8.2.2.4.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/fd.h"
#include "hss/push.h"

namespace hss::diameter::swx {

/// Throws fd::Error.
fd::MessagePtr registration_termination_request(const Push& push);

}  // namespace hss::diameter::swx
