// What several SWx commands read and write in the same way.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "diameter/avp_reader.h"
#include "diameter/avp_writer.h"
#include "hss/non_3gpp.h"
#include "hss/result.h"

namespace hss::diameter::swx {

/// Emergency-Services bit 0, Emergency-Indication (TS 29.273 7.2.3.4).
bool is_emergency(const AvpReader& reader);

/// MIP6-Agent-Info (RFC 5447 4.2.1) of a message or a group, the first address of each family; an empty gateway when
/// there is none.
PdnGateway read_gateway(const AvpReader& reader);
/// Nothing when it is empty.
void write_gateway(AvpWriter& writer, const PdnGateway& gateway);

/// The AAA server that has the user: Redirect-Host with DIAMETER_REDIRECT_INDICATION (RFC 6733 6.12), else
/// 3GPP-AAA-Server-Name (TS 29.273 8.2.3.24). Nothing without one.
void write_aaa_server(AvpWriter& writer, Result result, const std::optional<std::string>& host);

}  // namespace hss::diameter::swx
