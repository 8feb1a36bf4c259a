// Location-Info on the wire, TS 29.229 6.1.5 and 6.1.6.
// SPDX-License-Identifier: MIT
#include "diameter/cx/location_info.h"

#include <array>

#include "diameter/cx/parts.h"
#include "diameter/dictionary.h"

namespace hss::diameter::cx {
namespace {

using hss::cx::LocationInfoAnswer;
using hss::cx::LocationInfoRequest;

constexpr std::uint32_t kPsiDirectRouting = 1;  // LIA-Flags bit 0, TS 29.229 6.3

constexpr std::array kRules{
    required(avps::kSessionId),
    optional(avps::kDrmp),
    required(avps::kVendorSpecificApplicationId),
    required(avps::kAuthSessionState),
    required(avps::kOriginHost),
    required(avps::kOriginRealm),
    optional(avps::kDestinationHost),
    required(avps::kDestinationRealm),
    optional(avps::kOriginatingRequest),
    optional(avps::kOcSupportedFeatures),
    any(avps::kSupportedFeatures, abnf::kSupportedFeatures),
    required(avps::kPublicIdentity),
    optional(avps::kUserAuthorizationType),
    optional(avps::kSessionPriority),
};

LocationInfoRequest decode(const AvpReader& reader) {
  LocationInfoRequest out;
  out.origin = origin_of(reader);
  out.public_identity = reader.text(avps::kPublicIdentity);
  out.originating = reader.has(avps::kOriginatingRequest);
  out.type = user_authorization_type(reader);
  out.features = features_of(reader);
  return out;
}

void encode(const LocationInfoAnswer& data, Answer& answer) {
  answer.supported_features();
  AvpWriter& avps = answer.avps();
  write_server(avps, data.server_name, data.capabilities);
  if (data.wildcarded_public_identity) avps.text(avps::kWildcardedPublicIdentity, *data.wildcarded_public_identity);
  if (data.psi_direct_routing) avps.unsigned32(avps::kLiaFlags, kPsiDirectRouting);
}

Description describe(const LocationInfoRequest& request, const LocationInfoAnswer* answer) {
  Description out;
  if (request.originating) append_word(out.detail, "originating");
  if (request.type) append_word(out.detail, name_of(*request.type));
  if (answer == nullptr) return out;
  out.server_name = answer->server_name.value_or("");
  if (answer->psi_direct_routing) append_word(out.detail, "direct routing to an application server");
  if (answer->wildcarded_public_identity) append_word(out.detail, "by wildcard " + *answer->wildcarded_public_identity);
  return out;
}

}  // namespace

const Command<LocationInfoRequest, LocationInfoAnswer> kLocationInfo{
    kApplicationCx, command_code::kLocationInfo, "LIR",  Echo::kNothing, kRules,
    decode,         hss::cx::location_info,      encode, describe};

}  // namespace hss::diameter::cx
