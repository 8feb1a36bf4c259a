// Registration-Termination on the wire: RTR of TS 29.229 6.1.9.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/fd.h"
#include "hss/push.h"

namespace hss::diameter::cx {

/// Throws fd::Error.
fd::MessagePtr registration_termination_request(const Push& push);

}  // namespace hss::diameter::cx
