// SPDX-License-Identifier: MIT
#include "diameter/cx/push_parts.h"

#include <array>
#include <optional>
#include <variant>

#include "diameter/abnf.h"
#include "diameter/answer.h"
#include "diameter/avp_reader.h"
#include "diameter/dictionary.h"

namespace hss::diameter::cx {
namespace {

constexpr std::int32_t kNoStateMaintained = 1;  // Auth-Session-State, RFC 6733 8.11

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

fd::MessagePtr begin_request(std::uint32_t command_code, const AssignedServer& server, std::string_view user_name) {
  msg* made = nullptr;
  fd::check(fd_msg_new(request_object(command_code), MSGFL_ALLOC_ETEID, &made), "make a request");
  fd::MessagePtr request(made);
  fd::header(made).msg_appl = kApplicationCx;  // the command belongs to more than one, so freeDiameter cannot know it
  fd::check(fd_msg_new_session(made, nullptr, 0), "make a Session-Id");
  AvpWriter avps(made);
  write_application(avps, kApplicationCx);
  avps.enumerated(avps::kAuthSessionState, kNoStateMaintained);
  avps.text(avps::kOriginHost, fd::own_host());
  avps.text(avps::kOriginRealm, fd::own_realm());
  avps.text(avps::kDestinationHost, server.diameter_host);
  avps.text(avps::kDestinationRealm, server.diameter_realm);
  avps.text(avps::kUserName, user_name);
  return request;
}

hss::cx::PushAnswer read_answer(msg* answer) {
  hss::cx::PushAnswer out;
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
  return out;
}

}  // namespace hss::diameter::cx
