// SPDX-License-Identifier: MIT
#include "provisioning/subscriber_fields.h"

#include <algorithm>
#include <limits>

#include "hss/identity.h"
#include "hss/milenage.h"

namespace hss::provisioning {
namespace {

/// "optional_capability" of a file is "--optional-capability" of the command line; "msisdns" there is "--msisdn".
std::string field_name(std::string_view column, FieldNames names) {
  if (names == FieldNames::kColumns) return std::string(column);
  std::string option = "--" + std::string(column);
  std::ranges::replace(option, '_', '-');
  if (option == "--impus") option = "--impu";
  return option;
}

/// Builds one draft; every method reads one group of fields.
class DraftMaker {
 public:
  DraftMaker(const SubscriberFields& fields, const Settings& settings, FieldNames names)
      : fields_(fields), settings_(settings), names_(names) {}

  std::variant<db::SubscriptionDraft, FieldProblems> make() {
    read_numbers();
    read_private_identity();
    read_public_identities();
    read_key_set();
    read_network();
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
    draft_.private_identities.push_back({.impi = impi, .key_set = 0});
  }

  void add_public(std::string impu, bool barred, std::string_view column) {
    const auto same = std::ranges::find(draft_.public_identities, impu, &db::PublicIdentityDraft::impu);
    if (same != draft_.public_identities.end()) {
      check_.refuse(name(column), "named twice, or another spelling of the same identity");
      return;
    }
    draft_.public_identities.push_back({.impu = std::move(impu),
                                        .barred = barred,
                                        .service_profile = profile_name(),
                                        .display_name = barred ? "" : std::string(trim(fields_.display_name))});
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
        add_public(impu, false, "msisdn");
      }
    }
    for (const std::string& text : fields_.impus) {
      if (const auto impu = check_.impu(name("impus"), text)) add_public(*impu, *impu == temporary, "impus");
    }
    for (const std::string& text : fields_.barred_impus) {
      if (const auto impu = check_.impu(name("barred_impu"), text)) add_public(*impu, true, "barred_impu");
    }
    if (!temporary.empty() && std::ranges::find(draft_.public_identities, temporary, &db::PublicIdentityDraft::impu) ==
                                  draft_.public_identities.end()) {
      add_public(temporary, true, "imsi");
    }
    const bool usable = std::ranges::any_of(draft_.public_identities, [](const auto& p) { return !p.barred; });
    if (!usable && problems_.empty()) {
      check_.refuse(name(given ? "impus" : "msisdn"),
                    "no public identity that is not barred: give " + name("msisdn") + " or " + name("impus"));
    }
  }

  void read_key_set() {
    db::KeySetDraft key_set;
    if (!fields_.ind_bits.empty()) {
      const auto bits = check_.number(name("ind_bits"), fields_.ind_bits, 16);
      key_set.ind_bits = static_cast<unsigned>(bits.value_or(5));
    }
    const bool has_k = !fields_.k.empty() && check_.hex(name("k"), fields_.k.text, key_set.k.overwrite());
    if (fields_.k.empty()) check_.refuse(name("k"), "missing");
    if (fields_.opc.empty() && fields_.op.empty()) {
      check_.refuse(name("opc"), "missing: give " + name("opc") + " or " + name("op"));
    } else if (has_k) {
      read_opc(check_, key_set.k, fields_.opc, fields_.op, names_, key_set.opc);
    } else {  // only to name what else is wrong
      Secret<16> unused;
      if (!fields_.opc.empty()) check_.hex(name("opc"), fields_.opc.text, unused.overwrite());
      if (!fields_.op.empty()) check_.hex(name("op"), fields_.op.text, unused.overwrite());
    }
    check_.hex(name("amf"), fields_.amf.empty() ? settings_.default_amf : fields_.amf, key_set.amf);
    if (!fields_.sqn.empty()) key_set.seq = check_.seq(name("sqn"), fields_.sqn, key_set.ind_bits).value_or(0);
    draft_.key_sets.push_back(key_set);
  }

  void read_network() {
    for (const std::string& text : fields_.scscfs) {
      if (const auto uri = check_.server_name(name("scscf"), text)) draft_.capabilities.server_names.push_back(*uri);
    }
    read_capabilities("capability", fields_.capabilities, draft_.capabilities.mandatory);
    read_capabilities("optional_capability", fields_.optional_capabilities, draft_.capabilities.optional);
    for (const std::string& text : fields_.visited_networks) {
      const std::string network = canonical_network(text);
      if (network.empty()) {
        check_.refuse(name("visited_network"), "empty");
      } else {
        draft_.visited_networks.push_back(network);
      }
    }
  }

  void read_capabilities(std::string_view column, const std::vector<std::string>& texts,
                         std::vector<std::uint32_t>& out) {
    for (const std::string& text : texts) {
      const auto number = check_.number(name(column), text, std::numeric_limits<std::uint32_t>::max());
      if (number) out.push_back(static_cast<std::uint32_t>(*number));
    }
  }

  const SubscriberFields& fields_;
  const Settings& settings_;
  FieldNames names_;
  FieldProblems problems_;
  Checker check_{problems_};
  db::SubscriptionDraft draft_;
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

bool read_opc(Checker& check, const Secret<16>& k, const KeyText& opc, const KeyText& op, FieldNames names,
              Secret<16>& out) {
  Secret<16> given;
  Secret<16> clear;
  const bool has_opc = !opc.empty() && check.hex(field_name("opc", names), opc.text, given.overwrite());
  const bool has_op = !op.empty() && check.hex(field_name("op", names), op.text, clear.overwrite());
  if ((!opc.empty() && !has_opc) || (!op.empty() && !has_op)) return false;
  if (!has_op) {
    out = given;
    return has_opc;
  }
  out = milenage::derive_opc(k, clear);
  if (!has_opc || out.equals(given)) return true;
  check.refuse(field_name("opc", names),
               "is not what K and OP give: one of the three is wrong; leave OP out if in doubt");
  return false;
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
