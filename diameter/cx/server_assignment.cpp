// Server-Assignment on the wire, TS 29.229 6.1.3 and 6.1.4.
// SPDX-License-Identifier: MIT
#include "diameter/cx/server_assignment.h"

#include <array>

#include "diameter/cx/parts.h"
#include "diameter/dictionary.h"

namespace hss::diameter::cx {
namespace {

using hss::cx::ServerAssignmentAnswer;
using hss::cx::ServerAssignmentRequest;
using hss::cx::ServerAssignmentType;

/// Which of User-Name and Public-Identity a type needs, and how many, is the procedure's to say.
constexpr std::array kRules{
    required(avps::kSessionId),
    optional(avps::kDrmp),
    required(avps::kVendorSpecificApplicationId),
    required(avps::kAuthSessionState),
    required(avps::kOriginHost),
    required(avps::kOriginRealm),
    optional(avps::kDestinationHost),
    required(avps::kDestinationRealm),
    optional(avps::kUserName),
    optional(avps::kOcSupportedFeatures),
    any(avps::kSupportedFeatures, abnf::kSupportedFeatures),
    any(avps::kPublicIdentity),
    optional(avps::kWildcardedPublicIdentity),
    required(avps::kServerName),
    required(avps::kServerAssignmentType),
    required(avps::kUserDataAlreadyAvailable),
    optional(avps::kScscfRestorationInfo),
    optional(avps::kMultipleRegistrationIndication),
    optional(avps::kSessionPriority),
    optional(avps::kSarFlags),
    optional(avps::kFailedPcscf),
};

constexpr std::array kTypeNames{
    "NO_ASSIGNMENT",
    "REGISTRATION",
    "RE_REGISTRATION",
    "UNREGISTERED_USER",
    "TIMEOUT_DEREGISTRATION",
    "USER_DEREGISTRATION",
    "TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME",
    "USER_DEREGISTRATION_STORE_SERVER_NAME",
    "ADMINISTRATIVE_DEREGISTRATION",
    "AUTHENTICATION_FAILURE",
    "AUTHENTICATION_TIMEOUT",
    "DEREGISTRATION_TOO_MUCH_DATA",
    "AAA_USER_DATA_REQUEST",
    "PGW_UPDATE",
    "RESTORATION",
};
static_assert(kTypeNames.size() == static_cast<std::size_t>(avps::kServerAssignmentType.last_value) + 1);

ServerAssignmentRequest decode(const AvpReader& reader) {
  ServerAssignmentRequest out;
  out.origin = origin_of(reader);
  out.user_name = reader.optional_text(avps::kUserName);
  out.public_identities = reader.texts(avps::kPublicIdentity);
  out.server_name = reader.text(avps::kServerName);
  out.type = static_cast<ServerAssignmentType>(reader.enumerated(avps::kServerAssignmentType).value());
  out.user_data_already_available = reader.enumerated(avps::kUserDataAlreadyAvailable) == 1;
  return out;
}

void encode(const ServerAssignmentAnswer& data, Answer& answer) {
  AvpWriter& avps = answer.avps();
  if (data.user_name) avps.text(avps::kUserName, *data.user_name);
  answer.supported_features();
  if (data.user_data) avps.text(avps::kUserData, *data.user_data);
  if (!data.associated_identities.empty()) {
    AvpWriter group = avps.group(avps::kAssociatedIdentities);
    for (const std::string& impi : data.associated_identities) group.text(avps::kUserName, impi);
  }
  if (data.loose_route_required) avps.enumerated(avps::kLooseRouteIndication, *data.loose_route_required ? 1 : 0);
  if (data.server_name) avps.text(avps::kServerName, *data.server_name);
}

Description describe(const ServerAssignmentRequest& request, const ServerAssignmentAnswer* /*answer*/) {
  return {kTypeNames.at(static_cast<std::size_t>(request.type)), {}};
}

}  // namespace

const Command<ServerAssignmentRequest, ServerAssignmentAnswer> kServerAssignment{
    kApplicationCx, command_code::kServerAssignment, "SAR",  false,   kRules,
    decode,         hss::cx::server_assignment,      encode, describe};

}  // namespace hss::diameter::cx
