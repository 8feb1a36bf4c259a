// Server-Assignment on the wire: SAR and SAA of TS 29.273 8.2.2.3.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/command.h"
#include "hss/swx/server_assignment.h"

namespace hss::diameter::swx {

extern const Command<hss::swx::ServerAssignmentRequest, hss::swx::ServerAssignmentAnswer> kServerAssignment;

}  // namespace hss::diameter::swx
