// SPDX-License-Identifier: MIT
#include "provisioning/apn/apn_json.h"

#include <limits>

#include "provisioning/apn/apn_fields.h"

namespace hss::provisioning {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();

/// A number from `least` to `most`; `fallback` when it is absent or wrong.
std::uint32_t ranged(JsonObject& object, std::string_view member, std::uint32_t least, std::uint64_t most,
                     std::uint32_t fallback, Checker& check) {
  const auto value = object.number(member);
  if (!value) return fallback;
  if (*value >= least && *value <= most) return static_cast<std::uint32_t>(*value);
  check.refuse(object.path_of(member),
               "must be a number from " + std::to_string(least) + " to " + std::to_string(most));
  return fallback;
}

PdnGateway read_gateway(const Json& value, const std::string& path, Checker& check) {
  JsonObject object(value, path, check);
  PdnGateway gateway;
  for (const std::string& address : object.texts("addresses")) {
    add_address(object.path_of("addresses"), address, gateway, check);
  }
  gateway.host = object.text("host").value_or("");
  gateway.realm = object.text("realm").value_or("");
  check_gateway_name(gateway, object.path_of("host"), object.path_of("realm"), check);
  object.refuse_the_rest();
  return gateway;
}

}  // namespace

Json ambr_to_json(const Ambr& ambr) { return {{"uplink", ambr.uplink}, {"downlink", ambr.downlink}}; }

std::optional<Ambr> read_ambr(JsonObject& object, std::string_view member, Checker& check) {
  const Json* value = object.object(member);
  if (value == nullptr) return std::nullopt;
  JsonObject rates(*value, object.path_of(member), check);
  const Ambr ambr{.uplink = ranged(rates, "uplink", 1, kMax, 0, check),
                  .downlink = ranged(rates, "downlink", 1, kMax, 0, check)};
  rates.refuse_the_rest();
  for (const auto& [name, rate] : {std::pair{"uplink", ambr.uplink}, std::pair{"downlink", ambr.downlink}}) {
    if (value->is_object() && !value->contains(name)) check.refuse(rates.path_of(name), "is missing");
    if (rate == 0) return std::nullopt;
  }
  return ambr;
}

Json apn_to_json(const db::Administration::NamedApn& apn) {
  const ApnConfiguration& configuration = apn.configuration;
  Json json{{"name", apn.name},
            {"context_identifier", configuration.context_identifier},
            {"apn", configuration.name},
            {"pdn_type", name_of(configuration.pdn_type)},
            {"qci", configuration.qci},
            {"priority_level", configuration.priority.level},
            {"may_pre_empt", configuration.priority.may_pre_empt},
            {"may_be_pre_empted", configuration.priority.may_be_pre_empted}};
  if (configuration.vplmn_dynamic_address_allowed) {
    json["vplmn_dynamic_address"] = *configuration.vplmn_dynamic_address_allowed;
  }
  if (configuration.ambr) json["ambr"] = ambr_to_json(*configuration.ambr);
  if (!configuration.charging_characteristics.empty()) {
    json["charging_characteristics"] = configuration.charging_characteristics;
  }
  if (!configuration.gateway.empty()) {
    Json& gateway = json["gateway"];
    gateway = Json::object();
    const auto addresses = address_texts(configuration.gateway.ipv4, configuration.gateway.ipv6);
    if (!addresses.empty()) gateway["addresses"] = addresses;
    if (!configuration.gateway.host.empty()) {
      gateway["host"] = configuration.gateway.host;
      gateway["realm"] = configuration.gateway.realm;
    }
  }
  return json;
}

db::Administration::NamedApn read_apn(const Json& value, const std::string& path, Checker& check) {
  JsonObject object(value, path, check);
  db::Administration::NamedApn apn;
  ApnConfiguration& configuration = apn.configuration;
  apn.name = read_apn_name(object.path_of("name"), object.text("name").value_or(""), check).value_or("");
  const std::string network = object.text("apn").value_or(apn.name);
  if (!network.empty()) {
    configuration.name = read_network_identifier(object.path_of("apn"), network, check).value_or("");
  }
  if (value.is_object() && !value.contains("context_identifier")) {
    check.refuse(object.path_of("context_identifier"), "is missing");
  }
  configuration.context_identifier = ranged(object, "context_identifier", 1, kMax, 1, check);
  if (const auto type = object.text("pdn_type")) {
    if (const auto known = parse_pdn_type(*type)) {
      configuration.pdn_type = *known;
    } else {
      check.refuse(object.path_of("pdn_type"), "must be ipv4, ipv6, ipv4v6 or ipv4-or-ipv6");
    }
  }
  configuration.qci = ranged(object, "qci", 1, 254, configuration.qci, check);
  AllocationRetentionPriority& priority = configuration.priority;
  priority.level = ranged(object, "priority_level", 1, 15, priority.level, check);
  priority.may_pre_empt = object.boolean("may_pre_empt").value_or(priority.may_pre_empt);
  priority.may_be_pre_empted = object.boolean("may_be_pre_empted").value_or(priority.may_be_pre_empted);
  configuration.vplmn_dynamic_address_allowed = object.boolean("vplmn_dynamic_address");
  configuration.ambr = read_ambr(object, "ambr", check);
  if (const auto digits = object.text("charging_characteristics")) {
    configuration.charging_characteristics =
        read_charging_characteristics(object.path_of("charging_characteristics"), *digits, check).value_or("");
  }
  if (const Json* gateway = object.object("gateway")) {
    configuration.gateway = read_gateway(*gateway, object.path_of("gateway"), check);
  }
  object.refuse_the_rest();
  return apn;
}

}  // namespace hss::provisioning
