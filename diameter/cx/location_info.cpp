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
  return out;
}

void encode(const LocationInfoAnswer& data, Answer& answer) {
  answer.supported_features();
  write_server(answer.avps(), data.server_name, data.capabilities);
}

Description describe(const LocationInfoRequest& request, const LocationInfoAnswer* answer) {
  Description out{request.originating ? "originating" : "", {}};
  if (answer != nullptr) out.server_name = answer->server_name.value_or("");
  return out;
}

}  // namespace

const Command<LocationInfoRequest, LocationInfoAnswer> kLocationInfo{
    kApplicationCx, command_code::kLocationInfo, "LIR",  false,   kRules,
    decode,         hss::cx::location_info,      encode, describe};

}  // namespace hss::diameter::cx
