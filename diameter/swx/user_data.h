// Non-3GPP-User-Data on the wire, TS 29.273 8.2.3.1, for SAA and PPR.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/avp_writer.h"
#include "hss/swx/user_data.h"

namespace hss::diameter::swx {

/// Writes the group: always with Non-3GPP-IP-Access, Non-3GPP-IP-Access-APN and the default Context-Identifier, which
/// a group that is not empty has to have, and an APN-Configuration for each APN. Throws fd::Error.
void write_user_data(AvpWriter& writer, const hss::swx::UserData& data);

}  // namespace hss::diameter::swx
