// SPDX-License-Identifier: MIT
#include "diameter/push_parts.h"

#include <array>
#include <optional>
#include <variant>

#include "diameter/abnf.h"
#include "diameter/answer.h"
#include "diameter/applications.h"
#include "diameter/avp_reader.h"
#include "diameter/parts.h"
#include "diameter/swx/push_profile.h"

namespace hss::diameter {
namespace {

constexpr std::array kExperimentalResult{
    required(avps::kVendorId),
    required(avps::kExperimentalResultCode),
};
/// RFC 6733 6.2 has one of the two; some S-CSCFs send both, and then Result-Code counts (as it does for them).
constexpr std::array kAnswer{
    optional(avps::kResultCode),
    optional(avps::kExperimentalResult, kExperimentalResult),
};
/// TS 29.229 6.3, Identity-with-Emergency-Registration
constexpr std::array kIdentityWithEmergencyRegistration{
    required(avps::kUserName),
    required(avps::kPublicIdentity),
};

std::optional<Result> result_of(msg* answer) {
  const auto content = AvpReader::read(answer, kAnswer);
  const auto* const reader = std::get_if<AvpReader>(&content);
  if (reader == nullptr) return std::nullopt;
  if (reader->has(avps::kResultCode)) return Result{kVendorBase, reader->unsigned32(avps::kResultCode)};
  for (const AvpReader& group : reader->groups(avps::kExperimentalResult)) {
    return Result{group.unsigned32(avps::kVendorId), group.unsigned32(avps::kExperimentalResultCode)};
  }
  return std::nullopt;
}

}  // namespace

fd::MessagePtr begin_request(Application application, std::uint32_t command_code, const AssignedServer& server,
                             std::string_view user_name) {
  const std::uint32_t id = row_of(application).id;
  msg* made = nullptr;
  fd::check(fd_msg_new(request_object(command_code), MSGFL_ALLOC_ETEID, &made), "make a request");
  fd::MessagePtr request(made);
  fd::header(made).msg_appl = id;  // the command belongs to more than one, so freeDiameter cannot know it
  fd::check(fd_msg_new_session(made, nullptr, 0), "make a Session-Id");
  AvpWriter avps(made);
  write_application(avps, id);
  avps.enumerated(avps::kAuthSessionState, kNoStateMaintained);
  avps.text(avps::kOriginHost, fd::own_host());
  avps.text(avps::kOriginRealm, fd::own_realm());
  avps.text(avps::kDestinationHost, server.diameter_host);
  avps.text(avps::kDestinationRealm, server.diameter_realm);
  avps.text(avps::kUserName, user_name);
  return request;
}

void write_reason(AvpWriter& writer, const Push& push) {
  AvpWriter reason = writer.group(avps::kDeregistrationReason);
  reason.enumerated(avps::kReasonCode, static_cast<std::int32_t>(push.reason));
  if (!push.reason_info.empty()) reason.text(avps::kReasonInfo, push.reason_info);
}

hss::PushAnswer read_answer(msg* answer) {
  hss::PushAnswer out;
  out.result = result_of(answer);
  if (!out.result) out.trouble = "the answer holds no result";
  for (avp* child : fd::children(answer)) {
    if (!is(child, avps::kIdentityWithEmergencyRegistration)) continue;
    if (!has_value(child, avps::kIdentityWithEmergencyRegistration)) continue;
    const auto content = AvpReader::read(child, kIdentityWithEmergencyRegistration);
    if (const auto* reader = std::get_if<AvpReader>(&content)) {
      out.emergency_private_identities.push_back(reader->text(avps::kUserName));
    }
  }
  out.reported = swx::reported_by(answer);
  return out;
}

}  // namespace hss::diameter
