// Push-Profile on the wire: PPR of TS 29.273 8.2.2.2, and what its answer reports.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "diameter/fd.h"
#include "hss/push.h"
#include "hss/swx/push_profile.h"

namespace hss::diameter::swx {

/// Throws fd::Error.
fd::MessagePtr push_profile_request(const AssignedServer& server, const hss::swx::PushProfileContent& content);

/// Access-Network-Info and Local-Time-Zone of an answer, in words, on one line whatever the peer wrote; empty when
/// there is nothing that can be read.
std::string reported_by(msg* answer);

/// "user-data reset p-cscf-restoration": what a PPR is about, for the log.
std::string detail_of_profile(const Push& push);

}  // namespace hss::diameter::swx
