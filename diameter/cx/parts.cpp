// SPDX-License-Identifier: MIT
#include "diameter/cx/parts.h"

#include <span>

namespace hss::diameter::cx {
namespace {

/// A hash as digits, lower case (RFC 7616); they are as secret as the hash.
template <std::size_t N>
void write_hex(AvpWriter& writer, const AvpDefinition& avp, std::span<const std::uint8_t, N> hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Secret<2 * N> digits;
  for (std::size_t i = 0; i < N; ++i) {
    digits.overwrite()[2 * i] = static_cast<std::uint8_t>(kDigits[hash[i] >> 4U]);
    digits.overwrite()[2 * i + 1] = static_cast<std::uint8_t>(kDigits[hash[i] & 0x0FU]);
  }
  writer.octets(avp, digits.reveal());
}

}  // namespace

std::optional<hss::cx::UserAuthorizationType> user_authorization_type(const AvpReader& reader) {
  const auto value = reader.enumerated(avps::kUserAuthorizationType);
  if (!value) return std::nullopt;
  return static_cast<hss::cx::UserAuthorizationType>(*value);
}

std::string_view name_of(hss::cx::UserAuthorizationType type) {
  const auto number = static_cast<std::size_t>(type);
  return number < hss::cx::kUserAuthorizationTypeNames.size() ? hss::cx::kUserAuthorizationTypeNames.at(number)
                                                              : "UNKNOWN";
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

void write_charging(AvpWriter& writer, const ChargingInformation& charging) {
  if (charging.empty()) return;
  AvpWriter group = writer.group(avps::kChargingInformation);
  const auto function = [&group](const AvpDefinition& avp, const std::string& uri) {
    if (!uri.empty()) group.text(avp, uri);
  };
  function(avps::kPrimaryEvent, charging.primary_event);
  function(avps::kSecondaryEvent, charging.secondary_event);
  function(avps::kPrimaryCollection, charging.primary_collection);
  function(avps::kSecondaryCollection, charging.secondary_collection);
}

void write_private_identities(AvpWriter& writer, const AvpDefinition& group, const std::vector<std::string>& impis) {
  if (impis.empty()) return;
  AvpWriter members = writer.group(group);
  for (const std::string& impi : impis) members.text(avps::kUserName, impi);
}

void write_sip_digest(AvpWriter& writer, const SipDigest& digest) {
  AvpWriter item = writer.group(avps::kSipAuthDataItem);
  item.text(avps::kSipAuthenticationScheme, name_of(AuthScheme::kSipDigest));
  AvpWriter group = item.group(avps::kSipDigestAuthenticate);
  group.text(avps::kDigestRealm, digest.realm);
  group.text(avps::kDigestAlgorithm, "MD5");
  group.text(avps::kDigestQop, "auth");
  write_hex(group, avps::kDigestHa1, digest.ha1.reveal());
  if (!digest.alternate_sha256) return;
  group.text(avps::kAlternateDigestAlgorithm, "SHA-256");
  write_hex(group, avps::kAlternateDigestHa1, digest.alternate_sha256->reveal());
}

}  // namespace hss::diameter::cx
