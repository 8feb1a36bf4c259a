// What several Cx commands read and write in the same way.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diameter/avp_reader.h"
#include "diameter/avp_writer.h"
#include "diameter/parts.h"
#include "diameter/supported_features.h"
#include "hss/cx/user_authorization.h"
#include "hss/subscriber.h"

namespace hss::diameter::cx {

std::optional<hss::cx::UserAuthorizationType> user_authorization_type(const AvpReader& reader);
std::string_view name_of(hss::cx::UserAuthorizationType type);

/// Server-Name and Server-Capabilities (TS 29.229 6.3.3), each when it is there.
void write_server(AvpWriter& writer, const std::optional<std::string>& server_name,
                  const std::optional<ServerCapabilities>& capabilities);

/// Charging-Information (TS 29.229 6.3.19); nothing when it is empty.
void write_charging(AvpWriter& writer, const ChargingInformation& charging);

/// A group of User-Names (Associated-Identities and the like); nothing when there are none.
void write_private_identities(AvpWriter& writer, const AvpDefinition& group, const std::vector<std::string>& impis);

/// SIP-Auth-Data-Item of SIP Digest (TS 29.228 6.3.1, TS 29.229 6.3.36).
void write_sip_digest(AvpWriter& writer, const SipDigest& digest);

}  // namespace hss::diameter::cx
