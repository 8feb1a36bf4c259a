// SPDX-License-Identifier: MIT
#include "diameter/cx/parts.h"

namespace hss::diameter::cx {

DiameterNode origin_of(const AvpReader& reader) {
  return {reader.text(avps::kOriginHost), reader.text(avps::kOriginRealm)};
}

std::optional<hss::cx::UserAuthorizationType> user_authorization_type(const AvpReader& reader) {
  const auto value = reader.enumerated(avps::kUserAuthorizationType);
  if (!value) return std::nullopt;
  return static_cast<hss::cx::UserAuthorizationType>(*value);
}

std::string_view name_of(hss::cx::UserAuthorizationType type) {
  switch (type) {
    case hss::cx::UserAuthorizationType::kRegistration:
      return "REGISTRATION";
    case hss::cx::UserAuthorizationType::kDeRegistration:
      return "DE_REGISTRATION";
    case hss::cx::UserAuthorizationType::kRegistrationAndCapabilities:
      return "REGISTRATION_AND_CAPABILITIES";
  }
  return "UNKNOWN";
}

void write_server(AvpWriter& writer, const std::optional<std::string>& server_name,
                  const std::optional<ServerCapabilities>& capabilities) {
  if (server_name) writer.text(avps::kServerName, *server_name);
  if (!capabilities || capabilities->empty()) return;
  AvpWriter group = writer.group(avps::kServerCapabilities);
  for (const std::uint32_t capability : capabilities->mandatory) {
    group.unsigned32(avps::kMandatoryCapability, capability);
  }
  for (const std::uint32_t capability : capabilities->optional) {
    group.unsigned32(avps::kOptionalCapability, capability);
  }
  for (const std::string& name : capabilities->server_names) group.text(avps::kServerName, name);
}

}  // namespace hss::diameter::cx
