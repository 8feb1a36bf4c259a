// Server-Assignment on the wire, TS 29.273 8.2.2.3.
// SPDX-License-Identifier: MIT
#include "diameter/swx/server_assignment.h"

#include <array>

#include "diameter/dictionary.h"
#include "diameter/parts.h"
#include "diameter/swx/parts.h"
#include "diameter/swx/user_data.h"

namespace hss::diameter::swx {
namespace {

using hss::ServerAssignmentType;
using hss::swx::ReportedApn;
using hss::swx::ServerAssignmentAnswer;
using hss::swx::ServerAssignmentRequest;

constexpr std::array kRules{
    required(avps::kSessionId),
    optional(avps::kDrmp),
    required(avps::kVendorSpecificApplicationId),
    required(avps::kAuthSessionState),
    required(avps::kOriginHost),
    required(avps::kOriginRealm),
    required(avps::kDestinationRealm),
    optional(avps::kDestinationHost),
    optional(avps::kServiceSelection),
    optional(avps::kContextIdentifier),
    optional(avps::kMip6AgentInfo, abnf::kMip6AgentInfo),
    optional(avps::kVisitedNetworkIdentifier),
    required(avps::kUserName),
    required(avps::kServerAssignmentType),
    any(avps::kActiveApn, abnf::kActiveApn),
    optional(avps::kOcSupportedFeatures),
    any(avps::kSupportedFeatures, abnf::kSupportedFeatures),
    optional(avps::kTerminalInformation),
    optional(avps::kEmergencyServices),
};

/// The AVPs that a SAR has for itself and in each Active-APN.
ReportedApn apn_of(const AvpReader& reader) {
  return {reader.optional_unsigned32(avps::kContextIdentifier), reader.optional_text(avps::kServiceSelection),
          read_gateway(reader), reader.optional_text(avps::kVisitedNetworkIdentifier)};
}

ServerAssignmentRequest decode(const AvpReader& reader) {
  ServerAssignmentRequest out;
  out.origin = origin_of(reader);
  out.user_name = reader.text(avps::kUserName);
  out.type = static_cast<ServerAssignmentType>(reader.enumerated(avps::kServerAssignmentType).value());
  out.apn = apn_of(reader);
  for (const AvpReader& apn : reader.groups(avps::kActiveApn)) out.active_apns.push_back(apn_of(apn));
  out.emergency = is_emergency(reader);
  return out;
}

/// User-Name went before.
void encode(const ServerAssignmentAnswer& data, Answer& answer) {
  AvpWriter& avps = answer.avps();
  if (data.user_data) write_user_data(avps, *data.user_data);
  write_aaa_server(avps, data.verdict.result, data.aaa_server);
  answer.supported_features();
}

Description describe(const ServerAssignmentRequest& request, const ServerAssignmentAnswer* answer) {
  Description out{std::string(hss::kServerAssignmentTypeNames.at(static_cast<std::size_t>(request.type))), {}};
  if (request.apn.service_selection) append_word(out.detail, "APN " + *request.apn.service_selection);
  if (!request.active_apns.empty()) {
    append_word(out.detail, "active APNs x" + std::to_string(request.active_apns.size()));
  }
  if (request.emergency) append_word(out.detail, "emergency");
  if (answer == nullptr) return out;
  if (answer->user_data) append_word(out.detail, "APNs x" + std::to_string(answer->user_data->apns.size()));
  if (answer->aaa_server) append_word(out.detail, "held by " + *answer->aaa_server);
  return out;
}

}  // namespace

const Command<ServerAssignmentRequest, ServerAssignmentAnswer> kServerAssignment{
    kApplicationSwx, command_code::kServerAssignment, "SWx-SAR", Echo::kUserName, kRules,
    decode,          hss::swx::server_assignment,     encode,    describe};

}  // namespace hss::diameter::swx
