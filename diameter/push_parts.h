// What the requests of the HSS have in common (TS 29.229 6.1.9, 6.1.11, TS 29.273 8.2.2): their head, and the reading
// of their answers.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "diameter/avp_writer.h"
#include "diameter/fd.h"
#include "hss/push.h"
#include "hss/push_answer.h"

namespace hss::diameter {

/// A request with Session-Id, Vendor-Specific-Application-Id, Auth-Session-State, Origin-Host, Origin-Realm,
/// Destination-Host and Destination-Realm of `server`, and User-Name. Throws fd::Error.
fd::MessagePtr begin_request(Application application, std::uint32_t command_code, const AssignedServer& server,
                             std::string_view user_name);

/// Deregistration-Reason (TS 29.229 6.3.16).
void write_reason(AvpWriter& writer, const Push& push);

/// The result of an answer, freeDiameter's own (DIAMETER_UNABLE_TO_DELIVER) among them, whom it names in
/// Identity-with-Emergency-Registration, and what it reports. One without a result comes back as trouble. Throws
/// fd::Error.
hss::PushAnswer read_answer(msg* answer);

}  // namespace hss::diameter
