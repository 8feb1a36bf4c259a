// Server-Assignment on the wire: SAR and SAA of TS 29.229 6.1.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/command.h"
#include "hss/cx/server_assignment.h"

namespace hss::diameter::cx {

extern const Command<hss::cx::ServerAssignmentRequest, hss::cx::ServerAssignmentAnswer> kServerAssignment;

}  // namespace hss::diameter::cx
