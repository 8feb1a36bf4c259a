// SPDX-License-Identifier: MIT
#include "provisioning/subscription_json.h"

#include <algorithm>
#include <map>

#include "hss/aka.h"
#include "provisioning/json_object.h"
#include "provisioning/milenage_constants.h"
#include "provisioning/non_3gpp_json.h"
#include "provisioning/subscriber_fields.h"

namespace hss::provisioning {
namespace {

constexpr unsigned kMaxIndBits = 16;  // TS 33.102 C.1.1.1

Json key_set_to_json(const db::KeySetDraft& key_set, bool with_keys) {
  Json json;
  json["algorithm"] = name_of(key_set.algorithm);
  if (with_keys) {
    json["k"] = to_hex(key_set.k.reveal());
    if (key_set.algorithm != AkaAlgorithm::kXor) {
      json[std::string(opc_name(key_set.algorithm))] = to_hex(key_set.opc.reveal());
    }
  }
  if (key_set.algorithm == AkaAlgorithm::kTuak) json["tuak_iterations"] = key_set.parameters.tuak_iterations;
  if (key_set.algorithm != AkaAlgorithm::kMilenage) json["res_length"] = key_set.parameters.res_octets;
  if (key_set.parameters.milenage != MilenageConstants{}) {
    json["milenage_constants"] = to_text(key_set.parameters.milenage);
  }
  if (key_set.test) json["test_card"] = true;
  json["amf"] = to_hex(key_set.amf);
  json["sqn"] = sqn_text(key_set.seq, key_set.ind_bits);
  json["ind_bits"] = key_set.ind_bits;
  json["delta"] = key_set.delta;
  return json;
}

db::KeySetDraft read_keys(const Json& value, const std::string& path, Checker& check, bool& without_keys) {
  JsonObject object(value, path, check);
  KeyFields fields;
  const auto number = [&](const char* name, std::uint64_t max) {
    const auto read = object.number(name, max);
    return read ? std::to_string(*read) : std::string();
  };
  fields.algorithm = object.text("algorithm").value_or("");
  fields.k = KeyText(object.text("k").value_or(""));
  fields.opc = KeyText(object.text("opc").value_or(""));
  fields.op = KeyText(object.text("op").value_or(""));
  fields.topc = KeyText(object.text("topc").value_or(""));
  fields.top = KeyText(object.text("top").value_or(""));
  fields.amf = object.text("amf").value_or("");
  fields.sqn = object.text("sqn").value_or("");
  fields.ind_bits = number("ind_bits", kMaxIndBits);
  fields.tuak_iterations = number("tuak_iterations", 255);
  fields.res_length = number("res_length", 16);
  fields.milenage_constants = object.text("milenage_constants").value_or("");
  fields.test_card = object.boolean("test_card").value_or(false);
  const auto delta = object.number("delta", kMaxSqn);
  object.refuse_the_rest();

  without_keys = !fields.has_keys();
  FieldProblems problems;
  Checker fields_check(problems);
  db::KeySetDraft key_set = read_key_set(fields, "8000", FieldNames::kColumns, Keys::kLeftOutAllowed, fields_check);
  name_by_path(problems, object, check);
  if (delta) key_set.delta = *delta;
  return key_set;
}

/// Calls `read(element, path)` for each element of an array member.
template <typename Read>
void each(JsonObject& object, const std::string& name, Read read) {
  const Json* values = object.array(name);
  if (values == nullptr) return;
  for (std::size_t i = 0; i < values->size(); ++i) {
    read((*values)[i], object.path_of(name) + '[' + std::to_string(i) + ']');
  }
}

void read_usim(JsonObject& object, db::SubscriptionDraft& draft, Checker& check) {
  const auto index = object.number("usim");
  if (!index) return;
  if (*index >= draft.key_sets.size()) {
    check.refuse("usim", "must be the number of an element of key_sets, from 0");
  } else {
    draft.usim = static_cast<std::size_t>(*index);
  }
}

void read_associations(JsonObject& object, db::SubscriptionDraft& draft, Checker& check) {
  each(object, "associations", [&](const Json& value, const std::string& path) {
    JsonObject pair(value, path, check);
    const auto identity = pair.number("private_identity");
    const auto set = pair.number("implicit_set");
    pair.refuse_the_rest();
    const bool known =
        identity && set && *identity < draft.private_identities.size() &&
        std::ranges::any_of(draft.public_identities, [&](const auto& p) { return p.implicit_set == *set; });
    if (!known) {
      check.refuse(path, "must name an element of private_identities and an implicit_set of public_identities");
      return;
    }
    draft.associations.push_back({static_cast<std::size_t>(*identity), static_cast<std::size_t>(*set)});
  });
}

void read_capabilities(JsonObject& object, ServerCapabilities& out, Checker& check) {
  const Json* value = object.object("capabilities");
  if (value == nullptr) return;
  JsonObject capabilities(*value, object.path_of("capabilities"), check);
  out.mandatory = capabilities.numbers("mandatory");
  out.optional = capabilities.numbers("optional");
  for (const std::string& text : capabilities.texts("server_names")) {
    if (const auto uri = check.server_name(capabilities.path_of("server_names"), text))
      out.server_names.push_back(*uri);
  }
  capabilities.refuse_the_rest();
}

void read_charging(JsonObject& object, ChargingInformation& out, Checker& check) {
  const Json* value = object.object("charging");
  if (value == nullptr) return;
  JsonObject charging(*value, object.path_of("charging"), check);
  const auto read = [&](const char* name, std::string& uri) {
    if (const auto text = charging.text(name)) uri = check.diameter_uri(charging.path_of(name), *text).value_or("");
  };
  read("primary_event", out.primary_event);
  read("secondary_event", out.secondary_event);
  read("primary_collection", out.primary_collection);
  read("secondary_collection", out.secondary_collection);
  charging.refuse_the_rest();
}

Json charging_to_json(const ChargingInformation& charging) {
  Json json;
  const auto write = [&](const char* name, const std::string& uri) {
    if (!uri.empty()) json[name] = uri;
  };
  write("primary_event", charging.primary_event);
  write("secondary_event", charging.secondary_event);
  write("primary_collection", charging.primary_collection);
  write("secondary_collection", charging.secondary_collection);
  return json;
}

/// Identities of one kind must differ.
template <typename Items, typename Name>
void refuse_twice(const Items& items, Name name, const std::string& field, Checker& check) {
  std::set<std::string> seen;
  for (const auto& item : items) {
    const std::string& text = std::invoke(name, item);
    if (!text.empty() && !seen.insert(text).second) {
      check.refuse(field, "an identity is named twice, or in two spellings");
      return;
    }
  }
}

}  // namespace

Json to_json(const db::SubscriptionDraft& original, bool with_keys) {
  db::SubscriptionDraft draft = original;
  number_implicit_sets(draft);
  Json json;
  if (!draft.imsi.empty()) json["imsi"] = draft.imsi;
  if (!draft.msisdns.empty()) json["msisdns"] = draft.msisdns;
  json["key_sets"] = Json::array();
  for (const auto& key_set : draft.key_sets) json["key_sets"].push_back(key_set_to_json(key_set, with_keys));
  json["private_identities"] = Json::array();
  for (const auto& identity : draft.private_identities) {
    json["private_identities"].push_back(private_to_json(identity, with_keys));
  }
  json["public_identities"] = Json::array();
  for (const auto& identity : draft.public_identities) json["public_identities"].push_back(public_to_json(identity));
  for (const auto& pair : draft.associations) {
    json["associations"].push_back({{"private_identity", pair.private_identity}, {"implicit_set", pair.implicit_set}});
  }
  if (!draft.capabilities.empty()) {
    json["capabilities"] = {{"mandatory", draft.capabilities.mandatory},
                            {"optional", draft.capabilities.optional},
                            {"server_names", draft.capabilities.server_names}};
  }
  if (!draft.visited_networks.empty()) json["visited_networks"] = draft.visited_networks;
  if (draft.loose_route_required) json["loose_route_required"] = *draft.loose_route_required;
  if (!draft.charging.empty()) json["charging"] = charging_to_json(draft.charging);
  if (draft.usim) json["usim"] = *draft.usim;
  // Without an IMSI there can be none, and nothing has to say so.
  if (draft.non_3gpp || !draft.imsi.empty()) json["non_3gpp"] = non_3gpp_to_json(draft.non_3gpp);
  return json;
}

std::variant<JsonSubscription, FieldProblems> subscription_from_json(const Json& value) {
  FieldProblems problems;
  Checker check(problems);
  JsonObject object(value, "", check);
  JsonSubscription result;
  db::SubscriptionDraft& draft = result.draft;
  const auto imsi = object.text("imsi");
  if (imsi) draft.imsi = check.imsi("imsi", *imsi).value_or("");
  for (const std::string& text : object.texts("msisdns")) {
    if (const auto msisdn = check.msisdn("msisdns", text)) draft.msisdns.push_back(*msisdn);
  }
  each(object, "key_sets", [&](const Json& item, const std::string& path) {
    bool without_keys = false;
    draft.key_sets.push_back(read_keys(item, path, check, without_keys));
    result.without_keys.push_back(without_keys);
  });
  read_usim(object, draft, check);
  each(object, "private_identities", [&](const Json& item, const std::string& path) {
    bool without_ha1 = false;
    draft.private_identities.push_back(read_private(item, path, check, draft.key_sets.size(), without_ha1));
    result.without_ha1.push_back(without_ha1);
  });
  each(object, "public_identities", [&](const Json& item, const std::string& path) {
    draft.public_identities.push_back(read_public(item, path, check));
  });
  for (std::size_t i = 0; i < draft.key_sets.size(); ++i) {
    const bool used =
        draft.usim == i || std::ranges::find(draft.private_identities, std::optional(i),
                                             &db::PrivateIdentityDraft::key_set) != draft.private_identities.end();
    if (!used) check.refuse("key_sets[" + std::to_string(i) + ']', "is used by no private identity, nor as usim");
  }
  if (draft.private_identities.empty()) check.refuse("private_identities", "missing: at least one is needed");
  if (draft.public_identities.empty()) check.refuse("public_identities", "missing: at least one is needed");
  refuse_twice(draft.msisdns, std::identity{}, "msisdns", check);
  refuse_twice(draft.private_identities, &db::PrivateIdentityDraft::impi, "private_identities", check);
  refuse_twice(draft.public_identities, &db::PublicIdentityDraft::impu, "public_identities", check);
  read_associations(object, draft, check);
  read_capabilities(object, draft.capabilities, check);
  for (const std::string& text : object.texts("visited_networks")) {
    draft.visited_networks.push_back(canonical_network(text));
    if (draft.visited_networks.back().empty()) check.refuse("visited_networks", "empty");
  }
  draft.loose_route_required = object.boolean("loose_route_required");
  read_charging(object, draft.charging, check);
  if (const Json* non_3gpp = object.object("non_3gpp")) {
    draft.non_3gpp = read_non_3gpp(*non_3gpp, "non_3gpp", check);
    if (!imsi) check.refuse("non_3gpp", "needs an IMSI: give imsi with it");
  }
  if (draft.usim && !imsi) check.refuse("usim", "is what an IMSI authenticates with: give imsi with it");
  result.says_non_3gpp = value.is_object() && value.contains("non_3gpp");
  object.refuse_the_rest();
  if (!problems.empty()) return problems;
  number_implicit_sets(draft);
  return result;
}

void number_implicit_sets(db::SubscriptionDraft& draft) {
  std::map<std::size_t, std::size_t> numbers;
  for (auto& identity : draft.public_identities) {
    identity.implicit_set = numbers.emplace(identity.implicit_set, numbers.size()).first->second;
  }
  std::set<std::pair<std::size_t, std::size_t>> pairs;
  for (const auto& pair : draft.associations) {
    if (const auto set = numbers.find(pair.implicit_set); set != numbers.end()) {
      pairs.emplace(pair.private_identity, set->second);
    }
  }
  draft.associations.clear();
  if (pairs.size() == draft.private_identities.size() * numbers.size()) return;  // all with all
  for (const auto& [identity, set] : pairs) draft.associations.push_back({identity, set});
}

}  // namespace hss::provisioning
