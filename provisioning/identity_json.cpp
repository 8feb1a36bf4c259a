// SPDX-License-Identifier: MIT
#include "provisioning/identity_json.h"

#include <algorithm>
#include <array>
#include <utility>

#include "provisioning/credential_fields.h"
#include "provisioning/subscriber_fields.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

constexpr std::array<std::string_view, 5> kIdentityTypes{"PUBLIC_USER_IDENTITY", "DISTINCT_PSI", "WILDCARDED_PSI",
                                                         "NON_DISTINCT_PUBLIC_USER_IDENTITY",
                                                         "WILDCARDED_PUBLIC_USER_IDENTITY"};

std::optional<IdentityType> type_of(std::string_view name) {
  const auto found = std::ranges::find(kIdentityTypes, name);
  if (found == kIdentityTypes.end()) return std::nullopt;
  return static_cast<IdentityType>(found - kIdentityTypes.begin());
}

}  // namespace

Json private_to_json(const db::PrivateIdentityDraft& identity, bool with_keys) {
  Json json;
  json["impi"] = identity.impi;
  json["scheme"] = name_of(identity.scheme);
  if (identity.key_set) json["key_set"] = *identity.key_set;
  if (identity.sip_digest) {
    Json& digest = json["sip_digest"];
    digest["realm"] = identity.sip_digest->realm;
    if (with_keys) {
      digest["ha1"] = to_hex(identity.sip_digest->ha1.reveal());
      const auto& sha256 = identity.sip_digest->alternate_sha256;
      if (sha256) digest["ha1_sha256"] = to_hex(sha256->reveal());
    }
  }
  if (identity.framed_address) json["framed_address"] = to_text(*identity.framed_address);
  for (const Bytes& line : identity.line_identifiers) json["line_identifiers"].push_back(line_identifier_text(line));
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
  if (identity.type != IdentityType::kPublicUserIdentity) json["type"] = name_of(identity.type);
  if (!identity.psi_active) json["psi_active"] = false;
  if (!identity.application_server.empty()) json["application_server"] = identity.application_server;
  if (!identity.alias_group.empty()) json["alias_group"] = identity.alias_group;
  if (identity.service_priority_level) json["service_priority"] = *identity.service_priority_level;
  return json;
}

void name_by_path(const FieldProblems& found, const JsonObject& object, Checker& check) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kElsewhere{
      {{"sip_digest_realm", "sip_digest.realm"},
       {"sip_password", "sip_digest.password"},
       {"ha1", "sip_digest.ha1"},
       {"ha1_sha256", "sip_digest.ha1_sha256"}}};
  for (const FieldProblem& problem : found) {
    const auto member = std::ranges::find(kElsewhere, problem.field, [](const auto& row) { return row.first; });
    check.refuse(object.path_of(member == kElsewhere.end() ? std::string_view(problem.field) : member->second),
                 problem.reason);
  }
}

db::PrivateIdentityDraft read_private(const Json& value, const std::string& path, Checker& check, std::size_t key_sets,
                                      bool& without_ha1) {
  JsonObject object(value, path, check);
  db::PrivateIdentityDraft identity;
  identity.impi = check.impi(object.path_of("impi"), object.text("impi").value_or("")).value_or("");
  CredentialFields fields;
  fields.scheme = object.text("scheme").value_or("");
  if (const auto index = object.number("key_set")) {
    if (*index < key_sets) {
      identity.key_set = static_cast<std::size_t>(*index);
    } else {
      check.refuse(object.path_of("key_set"), "there is no such element in key_sets (the first is 0)");
    }
  }
  if (const Json* digest_value = object.object("sip_digest")) {
    JsonObject digest(*digest_value, object.path_of("sip_digest"), check);
    fields.sip_digest_realm = digest.text("realm").value_or("");
    fields.ha1 = KeyText(digest.text("ha1").value_or(""));
    fields.ha1_sha256 = KeyText(digest.text("ha1_sha256").value_or(""));
    fields.sip_password = KeyText(digest.text("password").value_or(""));
    digest.refuse_the_rest();
    without_ha1 = fields.ha1.empty() && fields.ha1_sha256.empty() && fields.sip_password.empty();
    if (without_ha1) {
      if (trim(fields.sip_digest_realm).empty()) check.refuse(digest.path_of("realm"), "missing");
      identity.sip_digest = SipDigest{fields.sip_digest_realm, {}, {}};
      fields.sip_digest_realm.clear();
    }
  }
  fields.framed_address = object.text("framed_address").value_or("");
  fields.line_identifiers = object.texts("line_identifiers");
  object.refuse_the_rest();
  // Nobody authenticates as a public service: its private identity may have the usual scheme and no card.
  const auto scheme = scheme_of(fields.scheme);
  if (scheme == AuthScheme::kDigestAkaV1Md5 && !identity.key_set) {
    identity.scheme = *scheme;
    fields.scheme.clear();
  }
  FieldProblems problems;
  Checker fields_check(problems);
  read_credentials(fields, FieldNames::kColumns, fields_check, identity);
  name_by_path(problems, object, check);
  return identity;
}

db::PublicIdentityDraft read_public(const Json& value, const std::string& path, Checker& check) {
  JsonObject object(value, path, check);
  db::PublicIdentityDraft identity;
  const auto name = check.public_name(object.path_of("impu"), object.text("impu").value_or(""));
  if (name) {
    identity.impu = name->impu;
    identity.type = user_type(*name);
  }
  if (const auto text = object.text("type")) {
    const auto type = type_of(*text);
    const bool wildcarded = type == IdentityType::kWildcardedPsi || type == IdentityType::kWildcardedPublicUserIdentity;
    if (!type) {
      check.refuse(
          object.path_of("type"),
          "must be one of " + join(std::vector<std::string>(kIdentityTypes.begin(), kIdentityTypes.end()), ", "));
    } else if (name && wildcarded != name->wildcarded) {
      check.refuse(object.path_of("type"), wildcarded
                                               ? "is a wildcarded one, and impu has no expression between two '!'"
                                               : "is no wildcarded one, and impu has an expression");
    } else {
      identity.type = *type;
    }
  }
  identity.barred = object.boolean("barred").value_or(false);
  identity.registration_allowed = object.boolean("registration_allowed").value_or(true);
  identity.implicit_set = static_cast<std::size_t>(object.number("implicit_set").value_or(0));
  identity.service_profile = object.text("service_profile").value_or("default");
  identity.display_name = object.text("display_name").value_or("");
  check.label(object.path_of("display_name"), identity.display_name);
  identity.psi_active = object.boolean("psi_active").value_or(true);
  if (const auto uri = object.text("application_server")) {
    identity.application_server = check.server_name(object.path_of("application_server"), *uri).value_or("");
  }
  identity.alias_group = object.text("alias_group").value_or("");
  check.label(object.path_of("alias_group"), identity.alias_group);
  if (const auto level = object.number("service_priority", 4)) {
    identity.service_priority_level = static_cast<std::uint32_t>(*level);
  }
  const bool psi = identity.type == IdentityType::kDistinctPsi || identity.type == IdentityType::kWildcardedPsi;
  if (!psi && (!identity.psi_active || !identity.application_server.empty())) {
    check.refuse(object.path_of(identity.psi_active ? "application_server" : "psi_active"),
                 "belongs to a PSI: give type DISTINCT_PSI or WILDCARDED_PSI");
  }
  object.refuse_the_rest();
  return identity;
}

std::string_view name_of(IdentityType type) { return kIdentityTypes.at(static_cast<std::size_t>(type)); }

}  // namespace hss::provisioning
