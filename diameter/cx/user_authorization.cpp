// User-Authorization on the wire, TS 29.229 6.1.1 and 6.1.2.
// SPDX-License-Identifier: MIT
#include "diameter/cx/user_authorization.h"

#include <array>

#include "diameter/cx/parts.h"
#include "diameter/dictionary.h"

namespace hss::diameter::cx {
namespace {

using hss::cx::UserAuthorizationAnswer;
using hss::cx::UserAuthorizationRequest;

constexpr std::uint32_t kImsEmergencyRegistration = 1;  // UAR-Flags bit 0, TS 29.229 6.3.44

constexpr std::array kRules{
    required(avps::kSessionId),
    optional(avps::kDrmp),
    required(avps::kVendorSpecificApplicationId),
    required(avps::kAuthSessionState),
    required(avps::kOriginHost),
    required(avps::kOriginRealm),
    optional(avps::kDestinationHost),
    required(avps::kDestinationRealm),
    required(avps::kUserName),
    optional(avps::kOcSupportedFeatures),
    any(avps::kSupportedFeatures, abnf::kSupportedFeatures),
    required(avps::kPublicIdentity),
    required(avps::kVisitedNetworkIdentifier),
    optional(avps::kUserAuthorizationType),
    optional(avps::kUarFlags),
};

UserAuthorizationRequest decode(const AvpReader& reader) {
  UserAuthorizationRequest out;
  out.origin = origin_of(reader);
  out.user_name = reader.text(avps::kUserName);
  out.public_identity = reader.text(avps::kPublicIdentity);
  out.visited_network = reader.text(avps::kVisitedNetworkIdentifier);
  out.type = user_authorization_type(reader).value_or(hss::cx::UserAuthorizationType::kRegistration);
  out.emergency = (reader.unsigned32(avps::kUarFlags) & kImsEmergencyRegistration) != 0;
  out.features = features_of(reader);
  return out;
}

void encode(const UserAuthorizationAnswer& data, Answer& answer) {
  answer.supported_features();
  write_server(answer.avps(), data.server_name, data.capabilities);
}

Description describe(const UserAuthorizationRequest& request, const UserAuthorizationAnswer* answer) {
  Description out{std::string(name_of(request.type)) + (request.emergency ? " emergency" : ""), {}};
  if (answer != nullptr) out.server_name = answer->server_name.value_or("");
  return out;
}

}  // namespace

const Command<UserAuthorizationRequest, UserAuthorizationAnswer> kUserAuthorization{
    kApplicationCx, command_code::kUserAuthorization, "UAR",  Echo::kNothing, kRules,
    decode,         hss::cx::user_authorization,      encode, describe};

}  // namespace hss::diameter::cx
