// SPDX-License-Identifier: MIT
#include "provisioning/subscriber_fields.h"

#include <algorithm>
#include <limits>

#include "hss/identity.h"

namespace hss::provisioning {
namespace {

/// Builds one draft; every method reads one group of fields.
class DraftMaker {
 public:
  DraftMaker(const SubscriberFields& fields, const Settings& settings, FieldNames names)
      : fields_(fields), settings_(settings), names_(names) {}

  std::variant<db::SubscriptionDraft, FieldProblems> make() {
    read_numbers();
    read_private_identity();
    read_public_identities();
    read_keys();
    draft_.non_3gpp = fields_.given().empty() ? default_non_3gpp(draft_, settings_) : access_to_default_apns(settings_);
    read_access(fields_, names_, {}, settings_, check_, draft_);
    read_network(fields_, names_, {}, check_, draft_);
    read_public_details(fields_, names_, {}, check_, draft_);
    if (!problems_.empty()) return std::move(problems_);
    return std::move(draft_);
  }

 private:
  [[nodiscard]] std::string name(std::string_view column) const { return field_name(column, names_); }

  void read_numbers() {
    if (!fields_.imsi.empty()) draft_.imsi = check_.imsi(name("imsi"), fields_.imsi).value_or("");
    for (const std::string& text : fields_.msisdns) {
      const auto digits = check_.msisdn(name("msisdn"), text);
      if (!digits) continue;
      if (std::ranges::find(draft_.msisdns, *digits) != draft_.msisdns.end()) {
        check_.refuse(name("msisdn"), "named twice");
      } else {
        draft_.msisdns.push_back(*digits);
      }
    }
  }

  void read_private_identity() {
    std::string impi;
    if (!fields_.impi.empty()) {
      impi = check_.impi(name("impi"), fields_.impi).value_or("");
    } else if (!draft_.imsi.empty()) {
      impi = derived_impi(draft_.imsi, settings_);
    } else if (fields_.imsi.empty()) {
      check_.refuse(name("imsi"), "missing: give " + name("imsi") + " or " + name("impi"));
    }
    draft_.private_identities.push_back({.impi = impi, .key_set = {}});
  }

  void add_public(PublicName identity, bool barred, std::string_view column) {
    const auto same = std::ranges::find(draft_.public_identities, identity.impu, &db::PublicIdentityDraft::impu);
    if (same != draft_.public_identities.end()) {
      check_.refuse(name(column), "named twice, or another spelling of the same identity");
      return;
    }
    draft_.public_identities.push_back({.impu = identity.impu,
                                        .barred = barred,
                                        .service_profile = profile_name(),
                                        .display_name = barred ? "" : std::string(trim(fields_.display_name)),
                                        .type = user_type(identity)});
  }

  [[nodiscard]] std::string profile_name() const {
    return fields_.profile.empty() ? "default" : std::string(trim(fields_.profile));
  }

  void read_public_identities() {
    const std::string& impi = draft_.private_identities.front().impi;
    const bool follows = !draft_.imsi.empty() && impi == derived_impi(draft_.imsi, settings_);
    const std::string temporary =
        follows ? canonical_public_identity("sip:" + impi).value_or("") : "";  // TS 23.003 13.4B
    const bool given = !fields_.impus.empty();
    if (!given) {
      for (const std::string& impu : derived_impus(draft_.msisdns, draft_.imsi, impi, settings_)) {
        add_public({.impu = impu}, false, "msisdn");
      }
    }
    for (const std::string& text : fields_.impus) {
      const auto identity = check_.public_name(name("impus"), text);
      if (identity) add_public(*identity, identity->impu == temporary, "impus");
    }
    for (const std::string& text : fields_.barred_impus) {
      if (const auto identity = check_.public_name(name("barred_impu"), text)) {
        add_public(*identity, true, "barred_impu");
      }
    }
    if (!temporary.empty() && std::ranges::find(draft_.public_identities, temporary, &db::PublicIdentityDraft::impu) ==
                                  draft_.public_identities.end()) {
      add_public({.impu = temporary}, true, "imsi");
    }
    const bool usable = std::ranges::any_of(draft_.public_identities, [](const auto& p) { return !p.barred; });
    if (!usable && problems_.empty()) {
      check_.refuse(name(given ? "impus" : "msisdn"),
                    "no public identity that is not barred: give " + name("msisdn") + " or " + name("impus"));
    }
  }

  void read_keys() {
    db::PrivateIdentityDraft& identity = draft_.private_identities.front();
    const bool other = !fields_.sip_password.empty() || !fields_.ha1.empty() || !fields_.framed_address.empty() ||
                       !fields_.line_identifiers.empty();
    if (!other || !fields_.KeyFields::empty()) {
      draft_.key_sets.push_back(read_key_set(fields_, settings_.default_amf, names_, Keys::kNeeded, check_));
      identity.key_set = 0;
    }
    read_credentials(fields_, names_, check_, identity);
  }

  const SubscriberFields& fields_;
  const Settings& settings_;
  FieldNames names_;
  FieldProblems problems_;
  Checker check_{problems_};
  db::SubscriptionDraft draft_;
};

/// Reads what a draft has beside identities and keys.
class NetworkReader {
 public:
  NetworkReader(const SubscriberFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                Checker& check)
      : fields_(fields), names_(names), cleared_(cleared), check_(check) {}

  void read(db::SubscriptionDraft& draft) {
    each("scscf", fields_.scscfs, draft.capabilities.server_names,
         [&](const std::string& name, const std::string& text) { return check_.server_name(name, text); });
    const auto number = [&](const std::string& name, const std::string& text) {
      return check_.number(name, text, std::numeric_limits<std::uint32_t>::max());
    };
    each("capability", fields_.capabilities, draft.capabilities.mandatory, number);
    each("optional_capability", fields_.optional_capabilities, draft.capabilities.optional, number);
    each("visited_network", fields_.visited_networks, draft.visited_networks,
         [&](const std::string& name, const std::string& text) -> std::optional<std::string> {
           std::string network = canonical_network(text);
           if (!network.empty()) return network;
           check_.refuse(name, "empty");
           return std::nullopt;
         });
    charging("primary_event_charging", fields_.primary_event_charging, draft.charging.primary_event);
    charging("secondary_event_charging", fields_.secondary_event_charging, draft.charging.secondary_event);
    charging("primary_collection_charging", fields_.primary_collection_charging, draft.charging.primary_collection);
    charging("secondary_collection_charging", fields_.secondary_collection_charging,
             draft.charging.secondary_collection);
  }

 private:
  [[nodiscard]] bool cleared(std::string_view column) const {
    return std::ranges::find(cleared_, field_name(column, FieldNames::kOptions).substr(2)) != cleared_.end();
  }

  /// A list that is given, or cleared, replaces the whole list.
  template <typename Item, typename Read>
  void each(std::string_view column, const std::vector<std::string>& texts, std::vector<Item>& out, Read read) {
    if (texts.empty() && !cleared(column)) return;
    out.clear();
    for (const std::string& text : texts) {
      if (const auto item = read(field_name(column, names_), text)) out.push_back(static_cast<Item>(*item));
    }
  }

  void charging(std::string_view column, const std::string& text, std::string& out) {
    if (cleared(column)) out.clear();
    if (!text.empty()) out = check_.diameter_uri(field_name(column, names_), text).value_or("");
  }

  const SubscriberFields& fields_;
  FieldNames names_;
  const std::vector<std::string>& cleared_;
  Checker& check_;
};

}  // namespace

std::variant<db::SubscriptionDraft, FieldProblems> make_draft(const SubscriberFields& fields, const Settings& settings,
                                                              FieldNames names) {
  return DraftMaker(fields, settings, names).make();
}

std::string derived_impi(std::string_view imsi, const Settings& settings) {
  return std::string(imsi) + '@' + home_domain_of(imsi, mnc_digits(imsi, settings.home_domain));  // TS 23.003 13.3
}

std::vector<std::string> derived_impus(const std::vector<std::string>& msisdns, std::string_view imsi,
                                       std::string_view impi, const Settings& settings) {
  std::string domain = settings.home_domain;
  if (domain.empty() && !imsi.empty()) domain = home_domain_of(imsi, mnc_digits(imsi, domain));
  if (domain.empty() && impi.find('@') != std::string_view::npos) domain = impi.substr(impi.find('@') + 1);
  std::vector<std::string> impus;
  for (const std::string& msisdn : msisdns) {
    if (const auto sip = canonical_public_identity("sip:+" + msisdn + '@' + domain)) impus.push_back(*sip);
    impus.push_back("tel:+" + msisdn);
  }
  return impus;
}

IdentityType user_type(const PublicName& name) {
  return name.wildcarded ? IdentityType::kWildcardedPublicUserIdentity : IdentityType::kPublicUserIdentity;
}

void read_network(const SubscriberFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                  Checker& check, db::SubscriptionDraft& draft) {
  NetworkReader(fields, names, cleared, check).read(draft);
}

void read_access(const SubscriberFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                 const Settings& settings, Checker& check, db::SubscriptionDraft& draft) {
  const auto given = fields.given();
  if (given.empty() && !draft.non_3gpp) return;
  read_non_3gpp(fields, names, cleared, settings, check, draft);
  // The user of SWx is the IMSI (TS 29.273 8.1.2.1); one that is wrong has its own problem.
  if (!given.empty() && draft.non_3gpp && draft.imsi.empty() && fields.imsi.empty()) {
    check.refuse(field_name(given.front(), names), "needs an IMSI: give " + field_name("imsi", names) + " with it");
  }
}

void read_public_details(const SubscriberFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                         Checker& check, db::SubscriptionDraft& draft) {
  const auto is_cleared = [&](std::string_view name) { return std::ranges::find(cleared, name) != cleared.end(); };
  check.label(field_name("display_name", names), fields.display_name);
  check.label(field_name("alias_group", names), fields.alias_group);
  std::optional<std::uint64_t> priority;
  if (!fields.service_priority.empty()) {
    priority = check.number(field_name("service_priority", names), fields.service_priority, 4);
  }
  for (auto& identity : draft.public_identities) {
    if (is_cleared("alias-group")) identity.alias_group.clear();
    if (is_cleared("service-priority")) identity.service_priority_level.reset();
    if (identity.barred) continue;
    if (!fields.alias_group.empty()) identity.alias_group = trim(fields.alias_group);
    if (priority) identity.service_priority_level = static_cast<std::uint32_t>(*priority);
  }
}

std::vector<std::string> split_impus(std::string_view text) {
  std::vector<std::string> impus;
  for (const std::string& word : split(text, " \t\r\n")) {
    bool first = true;
    for (const std::string& part : split(word, ";")) {
      const bool has_scheme = canonical_public_identity(part).has_value();
      if (!first && !has_scheme && part.find('=') != std::string::npos) {
        impus.back() += ';' + part;
      } else {
        impus.push_back(part);
      }
      first = false;
    }
  }
  return impus;
}

}  // namespace hss::provisioning
