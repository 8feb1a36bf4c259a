// SPDX-License-Identifier: MIT
#include "provisioning/non_3gpp_json.h"

#include <algorithm>
#include <limits>

#include "provisioning/apn/apn_fields.h"
#include "provisioning/apn/apn_json.h"
#include "provisioning/json_object.h"
#include "provisioning/non_3gpp_fields.h"

namespace hss::provisioning {
namespace {

constexpr std::uint64_t kMaxNumber = std::numeric_limits<std::uint32_t>::max();

Json apn_of_user_to_json(const db::Non3gppDraft::Apn& apn) {
  Json json;
  json["name"] = apn.name;
  if (apn.ipv4) json["ipv4"] = static_address_texts({.name = {}, .ipv4 = apn.ipv4}).front();
  if (apn.ipv6) json["ipv6"] = static_address_texts({.name = {}, .ipv4 = {}, .ipv6 = apn.ipv6}).front();
  return json;
}

db::Non3gppDraft::Apn read_apn_of_user(const Json& value, const std::string& path, Checker& check) {
  JsonObject object(value, path, check);
  db::Non3gppDraft::Apn apn;
  apn.name = read_apn_name(object.path_of("name"), object.text("name").value_or(""), check).value_or("");
  const auto address = [&](const char* member, bool ipv4) {
    const auto text = object.text(member);
    if (!text) return;
    if ((text->find(':') == std::string::npos) != ipv4) {
      check.refuse(object.path_of(member), ipv4 ? "must be an IPv4 address" : "must be an IPv6 prefix of 64 bits");
    } else {
      read_static_address(object.path_of(member), *text, check, apn);
    }
  };
  address("ipv4", true);
  address("ipv6", false);
  object.refuse_the_rest();
  return apn;
}

void read_apns(JsonObject& object, Checker& check, std::vector<db::Non3gppDraft::Apn>& apns) {
  const Json* values = object.array("apns");
  if (values == nullptr) return;
  if (values->empty()) check.refuse(object.path_of("apns"), "must hold an APN: the first is the default one");
  for (const Json& value : *values) {
    auto apn = read_apn_of_user(value, object.path_of("apns") + '[' + std::to_string(apns.size()) + ']', check);
    if (!apn.name.empty() && std::ranges::find(apns, apn.name, &db::Non3gppDraft::Apn::name) != apns.end()) {
      check.refuse(object.path_of("apns"), "an APN is named twice");
    }
    apns.push_back(std::move(apn));
  }
}

}  // namespace

Json non_3gpp_to_json(const std::optional<db::Non3gppDraft>& draft) {
  if (!draft) return nullptr;
  Json json;
  json["access"] = draft->access_allowed ? "allowed" : "barred";
  if (!draft->apns_enabled) json["apns_enabled"] = false;
  json["apns"] = Json::array();
  for (const auto& apn : draft->apns) json["apns"].push_back(apn_of_user_to_json(apn));
  for (const std::uint32_t rat : draft->forbidden_rat_types) json["forbidden_rat_types"].push_back(rat_type_text(rat));
  if (!draft->visited_networks.empty()) json["visited_networks"] = draft->visited_networks;
  if (draft->session_timeout) json["session_timeout"] = *draft->session_timeout;
  if (draft->ambr) json["ambr"] = ambr_to_json(*draft->ambr);
  if (!draft->charging_characteristics.empty()) json["charging_characteristics"] = draft->charging_characteristics;
  return json;
}

db::Non3gppDraft read_non_3gpp(const Json& value, const std::string& path, Checker& check) {
  JsonObject object(value, path, check);
  db::Non3gppDraft draft;
  const std::string access = object.text("access").value_or("allowed");
  if (access != "allowed" && access != "barred") {
    check.refuse(object.path_of("access"), "must be allowed or barred; null in the place of the object is none");
  }
  draft.access_allowed = access == "allowed";
  draft.apns_enabled = object.boolean("apns_enabled").value_or(true);
  read_apns(object, check, draft.apns);
  for (const std::string& text : object.texts("forbidden_rat_types")) {
    const auto rat = read_rat_type(object.path_of("forbidden_rat_types"), text, draft.forbidden_rat_types, check);
    if (rat) draft.forbidden_rat_types.push_back(*rat);
  }
  for (const std::string& text : object.texts("visited_networks")) {
    const auto network = read_network(object.path_of("visited_networks"), text, draft.visited_networks, check);
    if (network) draft.visited_networks.push_back(*network);
  }
  if (const auto seconds = object.number("session_timeout", kMaxNumber)) {
    draft.session_timeout = static_cast<std::uint32_t>(*seconds);
  }
  draft.ambr = read_ambr(object, "ambr", check);
  if (const auto digits = object.text("charging_characteristics")) {
    draft.charging_characteristics =
        read_charging_characteristics(object.path_of("charging_characteristics"), *digits, check).value_or("");
  }
  object.refuse_the_rest();
  return draft;
}

}  // namespace hss::provisioning
