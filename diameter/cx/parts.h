// What several Cx commands read and write in the same way.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "diameter/avp_reader.h"
#include "diameter/avp_writer.h"
#include "hss/context.h"
#include "hss/cx/user_authorization.h"
#include "hss/subscriber.h"

namespace hss::diameter::cx {

DiameterNode origin_of(const AvpReader& reader);

std::optional<hss::cx::UserAuthorizationType> user_authorization_type(const AvpReader& reader);
std::string_view name_of(hss::cx::UserAuthorizationType type);

/// Server-Name and Server-Capabilities (TS 29.229 6.3.3), each when it is there.
void write_server(AvpWriter& writer, const std::optional<std::string>& server_name,
                  const std::optional<ServerCapabilities>& capabilities);

}  // namespace hss::diameter::cx
