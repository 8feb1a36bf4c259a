// SPDX-License-Identifier: MIT
#include "diameter/swx/parts.h"

#include <algorithm>
#include <string_view>

#include "diameter/abnf.h"

namespace hss::diameter::swx {
namespace {

constexpr std::uint32_t kEmergencyIndication = 1;  // Emergency-Services bit 0
constexpr std::int32_t kDontCache = 0;             // Redirect-Host-Usage, RFC 6733 6.13

/// An Address AVP (RFC 6733 4.3.1) of that family and size.
template <std::size_t N>
std::optional<Octets<N>> address(std::string_view octets, char family) {
  if (octets.size() != N + 2 || octets[0] != '\0' || octets[1] != family) return std::nullopt;
  Octets<N> out{};
  std::ranges::copy(octets.substr(2), out.begin());
  return out;
}

}  // namespace

bool is_emergency(const AvpReader& reader) {
  return (reader.unsigned32(avps::kEmergencyServices) & kEmergencyIndication) != 0;
}

PdnGateway read_gateway(const AvpReader& reader) {
  PdnGateway out;
  for (const AvpReader& info : reader.groups(avps::kMip6AgentInfo)) {
    for (const std::string& one : info.texts(avps::kMipHomeAgentAddress)) {
      if (!out.ipv4) out.ipv4 = address<4>(one, '\1');
      if (!out.ipv6) out.ipv6 = address<16>(one, '\2');
    }
    for (const AvpReader& host : info.groups(avps::kMipHomeAgentHost)) {
      out.host = host.text(avps::kDestinationHost);
      out.realm = host.text(avps::kDestinationRealm);
    }
  }
  return out;
}

void write_gateway(AvpWriter& writer, const PdnGateway& gateway) {
  if (gateway.empty()) return;
  AvpWriter info = writer.group(avps::kMip6AgentInfo);
  if (gateway.ipv4) info.address(avps::kMipHomeAgentAddress, *gateway.ipv4);
  if (gateway.ipv6) info.address(avps::kMipHomeAgentAddress, *gateway.ipv6);
  if (gateway.host.empty()) return;
  AvpWriter host = info.group(avps::kMipHomeAgentHost);
  host.text(avps::kDestinationRealm, gateway.realm);
  host.text(avps::kDestinationHost, gateway.host);
}

void write_aaa_server(AvpWriter& writer, Result result, const std::optional<std::string>& host) {
  if (!host) return;
  if (result != result::kRedirectIndication) {
    writer.text(avps::kAaaServerName, *host);
    return;
  }
  writer.text(avps::kRedirectHost, "aaa://" + *host);
  writer.enumerated(avps::kRedirectHostUsage, kDontCache);
}

}  // namespace hss::diameter::swx
