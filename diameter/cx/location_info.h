// Location-Info on the wire: LIR and LIA of TS 29.229 6.1.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/command.h"
#include "hss/cx/location_info.h"

namespace hss::diameter::cx {

extern const Command<hss::cx::LocationInfoRequest, hss::cx::LocationInfoAnswer> kLocationInfo;

}  // namespace hss::diameter::cx
