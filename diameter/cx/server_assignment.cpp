// Server-Assignment on the wire, TS 29.229 6.1.3 and 6.1.4.
// SPDX-License-Identifier: MIT
#include "diameter/cx/server_assignment.h"

#include <array>

#include "diameter/cx/parts.h"
#include "diameter/dictionary.h"

namespace hss::diameter::cx {
namespace {

using hss::ServerAssignmentType;
using hss::cx::ServerAssignmentAnswer;
using hss::cx::ServerAssignmentRequest;

constexpr std::uint32_t kPcscfRestoration = 1;  // SAR-Flags bit 0, TS 29.229 6.3

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
    kept(avps::kScscfRestorationInfo, abnf::kScscfRestorationInfo),
    optional(avps::kMultipleRegistrationIndication),
    optional(avps::kSessionPriority),
    optional(avps::kSarFlags),
    optional(avps::kFailedPcscf),
};

static_assert(hss::kServerAssignmentTypeNames.size() ==
              static_cast<std::size_t>(avps::kServerAssignmentType.last_value) + 1);

ServerAssignmentRequest decode(const AvpReader& reader) {
  ServerAssignmentRequest out;
  out.origin = origin_of(reader);
  out.user_name = reader.optional_text(avps::kUserName);
  out.public_identities = reader.texts(avps::kPublicIdentity);
  out.server_name = reader.text(avps::kServerName);
  out.type = static_cast<ServerAssignmentType>(reader.enumerated(avps::kServerAssignmentType).value());
  out.user_data_already_available = reader.enumerated(avps::kUserDataAlreadyAvailable) == 1;
  out.features = features_of(reader);
  out.wildcarded_public_identity = reader.optional_text(avps::kWildcardedPublicIdentity);
  out.restoration_info = reader.content(avps::kScscfRestorationInfo);
  out.multiple_registration = reader.enumerated(avps::kMultipleRegistrationIndication) == 1;
  out.p_cscf_restoration = (reader.unsigned32(avps::kSarFlags) & kPcscfRestoration) != 0;
  return out;
}

void encode(const ServerAssignmentAnswer& data, Answer& answer) {
  AvpWriter& avps = answer.avps();
  if (data.user_name) avps.text(avps::kUserName, *data.user_name);
  answer.supported_features();
  if (data.user_data) avps.text(avps::kUserData, *data.user_data);
  write_charging(avps, data.charging);
  write_private_identities(avps, avps::kAssociatedIdentities, data.associated_identities);
  if (data.loose_route_required) avps.enumerated(avps::kLooseRouteIndication, *data.loose_route_required ? 1 : 0);
  for (const Bytes& info : data.restoration_info) avps.content(avps::kScscfRestorationInfo, info);
  write_private_identities(avps, avps::kAssociatedRegisteredIdentities, data.associated_registered_identities);
  if (data.server_name) avps.text(avps::kServerName, *data.server_name);
  if (data.wildcarded_public_identity) avps.text(avps::kWildcardedPublicIdentity, *data.wildcarded_public_identity);
}

Description describe(const ServerAssignmentRequest& request, const ServerAssignmentAnswer* answer) {
  Description out{std::string(hss::kServerAssignmentTypeNames.at(static_cast<std::size_t>(request.type))), {}};
  if (request.multiple_registration) append_word(out.detail, "multiple registration");
  if (request.restoration_info) append_word(out.detail, "stores restoration");
  if (request.p_cscf_restoration) append_word(out.detail, "P-CSCF restoration");
  if (answer == nullptr) return out;
  if (!answer->restoration_info.empty()) {
    append_word(out.detail, "returns restoration x" + std::to_string(answer->restoration_info.size()));
  }
  if (answer->wildcarded_public_identity) append_word(out.detail, "by wildcard " + *answer->wildcarded_public_identity);
  return out;
}

}  // namespace

const Command<ServerAssignmentRequest, ServerAssignmentAnswer> kServerAssignment{
    kApplicationCx, command_code::kServerAssignment, "SAR",  Echo::kNothing, kRules,
    decode,         hss::cx::server_assignment,      encode, describe};

}  // namespace hss::diameter::cx
