// SPDX-License-Identifier: MIT
#include "provisioning/push/text.h"

#include <array>

#include "hss/swx/push_profile.h"
#include "provisioning/subscriber/state.h"
#include "provisioning/text.h"

namespace hss::provisioning::push {
namespace {

std::string contents_of(const Push& push) {
  std::vector<std::string> parts;
  if (push.user_data) parts.emplace_back("user data");
  if (push.charging) parts.emplace_back("charging");
  if (push.sip_digest) parts.emplace_back("SIP Digest");
  for (std::string& name : names_of_flags(push.ppr_flags)) parts.push_back(std::move(name));
  return join(parts, ", ");
}

struct Flag {
  std::uint32_t bit;
  const char* name;
};
constexpr std::array<Flag, 4> kFlags{{{swx::kResetIndication, "Reset-Indication"},
                                      {swx::kAccessNetworkInfoRequest, "Access-Network-Info-Request"},
                                      {swx::kLocalTimeZoneRequest, "UE-Local-Time-Zone-Request"},
                                      {swx::kPcscfRestorationRequest, "P-CSCF-Restoration-Request"}}};

}  // namespace

std::vector<std::string> names_of_flags(std::uint32_t ppr_flags) {
  std::vector<std::string> names;
  for (const Flag& flag : kFlags) {
    if ((ppr_flags & flag.bit) != 0) names.emplace_back(flag.name);
  }
  return names;
}

std::string what_of(const Push& push) {
  const std::string application = push.application == Application::kSwx ? "SWx-" : "";
  if (push.kind == PushKind::kPushProfile) return application + "PPR " + contents_of(push);
  return application + "RTR " + std::string(name_of(push.reason));
}

std::string result_text(Result result) {
  const std::string vendor = result.vendor == kVendorBase ? "" : std::to_string(result.vendor) + ':';
  return std::string(name_of(result)) + " (" + vendor + std::to_string(result.code) + ')';
}

std::string result_of(const Push& push) { return push.result ? result_text(*push.result) : "-"; }

std::string summary(const Push& push) {
  const std::string whom = push.public_identities.empty()
                               ? push.private_identity
                               : join(push.public_identities, ", ") + " (" + push.private_identity + ')';
  return "push " + std::to_string(push.id) + ": " + what_of(push) + " to " + printable(push.server.diameter_host) +
         " for " + printable(whom);
}

std::string how_it_went(const Push& push) {
  return std::string(name_of(push.status)) + (push.outcome.empty() ? "" : ": " + one_line(push.outcome));
}

Json to_json(const Push& push) {
  Json json;
  json["id"] = push.id;
  json["created"] = subscriber::utc(push.created);
  const bool on_cx = push.application == Application::kCx;
  const bool rtr = push.kind == PushKind::kRegistrationTermination;
  json["application"] = name_of(push.application);
  json["kind"] = rtr ? "RTR" : "PPR";
  if (rtr) {
    json["reason"] = name_of(push.reason);
    if (!push.reason_info.empty()) json["reason_info"] = push.reason_info;
  } else {
    json["user_data"] = push.user_data;
    if (on_cx) {
      json["charging"] = push.charging;
      json["sip_digest"] = push.sip_digest;
    } else {
      json["ppr_flags"] = names_of_flags(push.ppr_flags);
    }
  }
  if (on_cx) json["server_name"] = push.server.name;
  json["diameter_host"] = push.server.diameter_host;
  json["diameter_realm"] = push.server.diameter_realm;
  json["private_identity"] = push.private_identity;
  if (!push.public_identities.empty()) json["public_identities"] = push.public_identities;
  if (!push.associated_identities.empty()) json["associated_identities"] = push.associated_identities;
  json["status"] = name_of(push.status);
  json["attempts"] = push.attempts;
  if (push.status == PushStatus::kWaiting) json["next_attempt"] = subscriber::utc(push.next_attempt);
  if (push.finished) json["finished"] = subscriber::utc(*push.finished);
  if (push.result) {
    json["result"] = name_of(*push.result);
    json["result_vendor"] = push.result->vendor;
    json["result_code"] = push.result->code;
  }
  if (!push.outcome.empty()) json["outcome"] = push.outcome;
  return json;
}

}  // namespace hss::provisioning::push
