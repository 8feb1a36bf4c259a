// SPDX-License-Identifier: MIT
#include "provisioning/push/text.h"

#include "provisioning/subscriber/state.h"
#include "provisioning/text.h"

namespace hss::provisioning::push {
namespace {

std::string contents_of(const Push& push) {
  std::vector<std::string> parts;
  if (push.user_data) parts.emplace_back("user data");
  if (push.charging) parts.emplace_back("charging");
  if (push.sip_digest) parts.emplace_back("SIP Digest");
  return join(parts, ", ");
}

}  // namespace

std::string what_of(const Push& push) {
  if (push.kind == PushKind::kPushProfile) return "PPR " + contents_of(push);
  return "RTR " + std::string(name_of(push.reason));
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
  const bool rtr = push.kind == PushKind::kRegistrationTermination;
  json["kind"] = rtr ? "RTR" : "PPR";
  if (rtr) {
    json["reason"] = name_of(push.reason);
    if (!push.reason_info.empty()) json["reason_info"] = push.reason_info;
  } else {
    json["user_data"] = push.user_data;
    json["charging"] = push.charging;
    json["sip_digest"] = push.sip_digest;
  }
  json["server_name"] = push.server.name;
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
