// What the requests of the HSS have in common (TS 29.229 6.1.9, 6.1.11): their head, and the reading of their answers.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "diameter/avp_writer.h"
#include "diameter/fd.h"
#include "hss/cx/registration_termination.h"
#include "hss/push.h"

namespace hss::diameter::cx {

/// A request of Cx with Session-Id, Vendor-Specific-Application-Id, Auth-Session-State, Origin-Host, Origin-Realm,
/// Destination-Host and Destination-Realm of `server`, and User-Name. Throws fd::Error.
fd::MessagePtr begin_request(std::uint32_t command_code, const AssignedServer& server, std::string_view user_name);

/// The result of an answer, freeDiameter's own (DIAMETER_UNABLE_TO_DELIVER) among them, and whom it names in
/// Identity-with-Emergency-Registration. One without a result comes back as trouble. Throws fd::Error.
hss::cx::PushAnswer read_answer(msg* answer);

}  // namespace hss::diameter::cx
