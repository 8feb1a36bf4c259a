// Push-Profile on the wire: PPR of TS 29.229 6.1.11.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/fd.h"
#include "hss/cx/push_profile.h"
#include "hss/push.h"

namespace hss::diameter::cx {

/// Throws fd::Error.
fd::MessagePtr push_profile_request(const AssignedServer& server, const hss::cx::PushProfileContent& content);

}  // namespace hss::diameter::cx
