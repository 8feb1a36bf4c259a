// SPDX-License-Identifier: MIT
#include "provisioning/subscription_json.h"

#include <algorithm>
#include <map>

#include "hss/aka.h"
#include "hss/milenage.h"
#include "provisioning/json_object.h"
#include "provisioning/subscriber_fields.h"

namespace hss::provisioning {
namespace {

constexpr std::string_view kMilenage = "milenage";
constexpr unsigned kMaxIndBits = 16;  // TS 33.102 C.1.1.1

Json key_set_to_json(const db::KeySetDraft& key_set, bool with_keys) {
  Json json;
  json["algorithm"] = kMilenage;
  if (with_keys) {
    json["k"] = to_hex(key_set.k.reveal());
    json["opc"] = to_hex(key_set.opc.reveal());
  }
  json["amf"] = to_hex(key_set.amf);
  json["sqn"] = sqn_text(key_set.seq, key_set.ind_bits);
  json["ind_bits"] = key_set.ind_bits;
  json["delta"] = key_set.delta;
  return json;
}

Json public_to_json(const db::PublicIdentityDraft& identity) {
  Json json;
  json["impu"] = identity.impu;
  if (identity.barred) json["barred"] = true;
  if (!identity.registration_allowed) json["registration_allowed"] = false;
  json["implicit_set"] = identity.implicit_set;
  json["service_profile"] = identity.service_profile;
  if (!identity.display_name.empty()) json["display_name"] = identity.display_name;
  return json;
}

db::KeySetDraft read_key_set(const Json& value, const std::string& path, FieldProblems& problems, bool& without_keys) {
  Checker check(problems);
  JsonObject object(value, path, check);
  db::KeySetDraft key_set;
  if (const auto algorithm = object.text("algorithm"); algorithm && *algorithm != kMilenage) {
    check.refuse(object.path_of("algorithm"), "must be \"milenage\"");
  }
  if (const auto bits = object.number("ind_bits", kMaxIndBits)) key_set.ind_bits = static_cast<unsigned>(*bits);
  if (const auto delta = object.number("delta", kMaxSqn)) key_set.delta = *delta;
  if (const auto amf = object.text("amf")) check.hex(object.path_of("amf"), *amf, key_set.amf);
  if (const auto sqn = object.text("sqn")) {
    key_set.seq = check.seq(object.path_of("sqn"), *sqn, key_set.ind_bits).value_or(0);
  }
  const KeyText k(object.text("k").value_or(""));
  const KeyText opc(object.text("opc").value_or(""));
  const KeyText op(object.text("op").value_or(""));
  without_keys = k.empty() && opc.empty() && op.empty();
  if (!without_keys) {
    FieldProblems key_problems;
    Checker keys(key_problems);
    if (k.empty()) {
      keys.refuse("k", "missing");
    } else if (opc.empty() && op.empty()) {
      keys.refuse("opc", "missing: give opc or op");
    } else if (keys.hex("k", k.text, key_set.k.overwrite())) {
      read_opc(keys, key_set.k, opc, op, FieldNames::kColumns, key_set.opc);
    }
    for (FieldProblem& problem : key_problems) check.refuse(object.path_of(problem.field), problem.reason);
  }
  object.refuse_the_rest();
  return key_set;
}

db::PrivateIdentityDraft read_private(const Json& value, const std::string& path, Checker& check,
                                      std::size_t key_sets) {
  JsonObject object(value, path, check);
  db::PrivateIdentityDraft identity;
  identity.impi = check.impi(object.path_of("impi"), object.text("impi").value_or("")).value_or("");
  if (const auto scheme = object.text("scheme"); scheme && *scheme != name_of(AuthScheme::kDigestAkaV1Md5)) {
    check.refuse(object.path_of("scheme"), "must be \"" + std::string(name_of(AuthScheme::kDigestAkaV1Md5)) + '"');
  }
  if (const auto index = object.number("key_set")) {
    if (*index < key_sets) {
      identity.key_set = static_cast<std::size_t>(*index);
    } else {
      check.refuse(object.path_of("key_set"), "there is no such element in key_sets (the first is 0)");
    }
  }
  object.refuse_the_rest();
  return identity;
}

db::PublicIdentityDraft read_public(const Json& value, const std::string& path, Checker& check) {
  JsonObject object(value, path, check);
  db::PublicIdentityDraft identity;
  identity.impu = check.impu(object.path_of("impu"), object.text("impu").value_or("")).value_or("");
  identity.barred = object.boolean("barred").value_or(false);
  identity.registration_allowed = object.boolean("registration_allowed").value_or(true);
  identity.implicit_set = static_cast<std::size_t>(object.number("implicit_set").value_or(0));
  identity.service_profile = object.text("service_profile").value_or("default");
  identity.display_name = object.text("display_name").value_or("");
  object.refuse_the_rest();
  return identity;
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
    Json item;
    item["impi"] = identity.impi;
    item["scheme"] = name_of(identity.scheme);
    if (identity.key_set) item["key_set"] = *identity.key_set;
    json["private_identities"].push_back(std::move(item));
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
  return json;
}

std::variant<JsonSubscription, FieldProblems> subscription_from_json(const Json& value) {
  FieldProblems problems;
  Checker check(problems);
  JsonObject object(value, "", check);
  JsonSubscription result;
  db::SubscriptionDraft& draft = result.draft;
  if (const auto imsi = object.text("imsi")) draft.imsi = check.imsi("imsi", *imsi).value_or("");
  for (const std::string& text : object.texts("msisdns")) {
    if (const auto msisdn = check.msisdn("msisdns", text)) draft.msisdns.push_back(*msisdn);
  }
  each(object, "key_sets", [&](const Json& item, const std::string& path) {
    bool without_keys = false;
    draft.key_sets.push_back(read_key_set(item, path, problems, without_keys));
    result.without_keys.push_back(without_keys);
  });
  each(object, "private_identities", [&](const Json& item, const std::string& path) {
    draft.private_identities.push_back(read_private(item, path, check, draft.key_sets.size()));
  });
  each(object, "public_identities", [&](const Json& item, const std::string& path) {
    draft.public_identities.push_back(read_public(item, path, check));
  });
  for (std::size_t i = 0; i < draft.key_sets.size(); ++i) {
    if (std::ranges::find(draft.private_identities, std::optional(i), &db::PrivateIdentityDraft::key_set) ==
        draft.private_identities.end()) {
      check.refuse("key_sets[" + std::to_string(i) + ']', "is used by no private identity");
    }
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
