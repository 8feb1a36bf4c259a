// SPDX-License-Identifier: MIT
#include "provisioning/non_3gpp_fields.h"

#include <algorithm>
#include <limits>

#include "hss/ascii.h"
#include "hss/identity.h"
#include "provisioning/apn/apn_fields.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

constexpr std::uint8_t kStaticPrefixLength = 64;  // TS 32.299 7.2.187, TS 23.401 5.3.1.2.2

class Non3gppReader {
 public:
  Non3gppReader(const Non3gppFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                const Settings& settings, Checker& check, db::SubscriptionDraft& draft)
      : fields_(fields), names_(names), cleared_(cleared), settings_(settings), check_(check), draft_(draft) {}

  void read() {
    const auto given = fields_.given();
    const std::string access = ascii::lower(trim(fields_.non_3gpp));
    if (access == "none") {
      draft_.non_3gpp.reset();
      for (const std::string_view column : given) {
        if (column != "non_3gpp") check_.refuse(name(column), "says something, and " + name("non_3gpp") + " is none");
      }
      return;
    }
    if (!access.empty() && access != "allowed" && access != "barred") {
      check_.refuse(name("non_3gpp"), "must be allowed, barred or none");
    }
    if (!draft_.non_3gpp) {
      if (given.empty()) return;
      if (access.empty() && fields_.apns.empty()) {
        check_.refuse(name(given.front()), "there is no access over non-3GPP networks: give " + name("non_3gpp") +
                                               " or " + name("apns") + " with it");
        return;
      }
      draft_.non_3gpp = access_to_default_apns(settings_);
    }
    if (!access.empty()) draft_.non_3gpp->access_allowed = access == "allowed";
    read_apns(*draft_.non_3gpp);
    read_rest(*draft_.non_3gpp);
  }

 private:
  [[nodiscard]] std::string name(std::string_view column) const { return field_name(column, names_); }
  [[nodiscard]] bool cleared(std::string_view column) const {
    return std::ranges::find(cleared_, field_name(column, FieldNames::kOptions).substr(2)) != cleared_.end();
  }

  void read_apns(db::Non3gppDraft& draft) {
    const std::string apns = ascii::lower(trim(fields_.non_3gpp_apns));
    if (apns == "enabled" || apns == "disabled") {
      draft.apns_enabled = apns == "enabled";
    } else if (!apns.empty()) {
      check_.refuse(name("non_3gpp_apns"), "must be enabled or disabled");
    }
    if (!fields_.apns.empty()) {
      const std::vector<db::Non3gppDraft::Apn> before = std::move(draft.apns);
      draft.apns.clear();
      for (const std::string& text : fields_.apns) {
        const auto apn = read_apn_name(name("apns"), text, check_);
        if (!apn) continue;
        if (find(draft.apns, *apn) != nullptr) {
          check_.refuse(name("apns"), "named twice");
          continue;
        }
        const auto same = std::ranges::find(before, *apn, &db::Non3gppDraft::Apn::name);
        draft.apns.push_back(same != before.end() ? *same : db::Non3gppDraft::Apn{.name = *apn});
      }
    } else if (draft.apns.empty()) {
      check_.refuse(name("apns"), "missing, and hss.toml has no default_apns: 'hssctl apn list' shows what there is");
    }
    if (!fields_.static_addresses.empty() || cleared("static_addresses")) read_static_addresses(draft);
  }

  static db::Non3gppDraft::Apn* find(std::vector<db::Non3gppDraft::Apn>& apns, std::string_view name) {
    const auto found = std::ranges::find(apns, name, &db::Non3gppDraft::Apn::name);
    return found == apns.end() ? nullptr : &*found;
  }

  void read_static_addresses(db::Non3gppDraft& draft) {
    const std::string field = name("static_addresses");
    for (auto& apn : draft.apns) apn = {.name = apn.name};
    for (const std::string& text : fields_.static_addresses) {
      const auto equals = text.find('=');
      if (equals == std::string::npos) {
        check_.refuse(field, "must be APN=ADDRESS, like ims=192.0.2.1 or ims=2001:db8:1::/64");
        continue;
      }
      auto* apn = find(draft.apns, trim(std::string_view(text).substr(0, equals)));
      if (apn == nullptr) {
        check_.refuse(field, "is for an APN that the subscriber does not have: see " + name("apns"));
      } else {
        read_static_address(field, std::string_view(text).substr(equals + 1), check_, *apn);
      }
    }
  }

  void read_rest(db::Non3gppDraft& draft) {
    each("forbidden_rats", fields_.forbidden_rats, draft.forbidden_rat_types,
         [&](const std::string& field, const std::string& text) {
           return read_rat_type(field, text, draft.forbidden_rat_types, check_);
         });
    each("non_3gpp_networks", fields_.non_3gpp_networks, draft.visited_networks,
         [&](const std::string& field, const std::string& text) {
           return read_network(field, text, draft.visited_networks, check_);
         });
    if (cleared("session_timeout")) draft.session_timeout.reset();
    if (!fields_.session_timeout.empty()) {
      const auto seconds =
          check_.number(name("session_timeout"), fields_.session_timeout, std::numeric_limits<std::uint32_t>::max());
      if (seconds) draft.session_timeout = static_cast<std::uint32_t>(*seconds);
    }
    if (cleared("ue_ambr")) draft.ambr.reset();
    if (!fields_.ue_ambr.empty()) draft.ambr = read_ambr(name("ue_ambr"), fields_.ue_ambr, check_);
    if (cleared("charging_characteristics")) draft.charging_characteristics.clear();
    if (!fields_.charging_characteristics.empty()) {
      draft.charging_characteristics =
          read_charging_characteristics(name("charging_characteristics"), fields_.charging_characteristics, check_)
              .value_or("");
    }
  }

  /// A list that is given, or cleared, replaces the whole list.
  template <typename Item, typename Read>
  void each(std::string_view column, const std::vector<std::string>& texts, std::vector<Item>& out, Read read) {
    if (texts.empty() && !cleared(column)) return;
    out.clear();
    for (const std::string& text : texts) {
      if (auto item = read(name(column), text)) out.push_back(std::move(*item));
    }
  }

  const Non3gppFields& fields_;
  FieldNames names_;
  const std::vector<std::string>& cleared_;
  const Settings& settings_;
  Checker& check_;
  db::SubscriptionDraft& draft_;
};

}  // namespace

std::vector<std::string_view> Non3gppFields::given() const {
  std::vector<std::string_view> columns;
  const auto add = [&](std::string_view column, bool is_given) {
    if (is_given) columns.push_back(column);
  };
  add("non_3gpp", !non_3gpp.empty());
  add("apns", !apns.empty());
  add("static_addresses", !static_addresses.empty());
  add("non_3gpp_apns", !non_3gpp_apns.empty());
  add("forbidden_rats", !forbidden_rats.empty());
  add("non_3gpp_networks", !non_3gpp_networks.empty());
  add("session_timeout", !session_timeout.empty());
  add("ue_ambr", !ue_ambr.empty());
  add("charging_characteristics", !charging_characteristics.empty());
  return columns;
}

std::optional<std::size_t> usim_of(const db::SubscriptionDraft& draft) {
  if (draft.usim) return draft.usim;
  for (const auto& identity : draft.private_identities) {
    if (identity.key_set) return identity.key_set;
  }
  return std::nullopt;
}

db::Non3gppDraft access_to_default_apns(const Settings& settings) {
  db::Non3gppDraft draft;
  for (const std::string& name : settings.default_apns) draft.apns.push_back({.name = name});
  return draft;
}

std::optional<db::Non3gppDraft> default_non_3gpp(const db::SubscriptionDraft& draft, const Settings& settings) {
  if (draft.imsi.empty() || !usim_of(draft) || settings.default_apns.empty()) return std::nullopt;
  return access_to_default_apns(settings);
}

void read_non_3gpp(const Non3gppFields& fields, FieldNames names, const std::vector<std::string>& cleared,
                   const Settings& settings, Checker& check, db::SubscriptionDraft& draft) {
  Non3gppReader(fields, names, cleared, settings, check, draft).read();
}

Non3gppFields non_3gpp_fields_of(const db::SubscriptionDraft& draft, const Settings& settings) {
  Non3gppFields fields;
  if (draft.non_3gpp == default_non_3gpp(draft, settings)) return fields;
  if (!draft.non_3gpp) {
    fields.non_3gpp = "none";
    return fields;
  }
  const db::Non3gppDraft& non_3gpp = *draft.non_3gpp;
  if (!non_3gpp.access_allowed) fields.non_3gpp = "barred";
  if (!non_3gpp.apns_enabled) fields.non_3gpp_apns = "disabled";
  for (const auto& apn : non_3gpp.apns) {
    fields.apns.push_back(apn.name);
    for (const std::string& address : static_address_texts(apn)) {
      fields.static_addresses.push_back(apn.name + '=' + address);
    }
  }
  for (const std::uint32_t rat : non_3gpp.forbidden_rat_types) fields.forbidden_rats.push_back(rat_type_text(rat));
  fields.non_3gpp_networks = non_3gpp.visited_networks;
  if (non_3gpp.session_timeout) fields.session_timeout = std::to_string(*non_3gpp.session_timeout);
  if (non_3gpp.ambr) fields.ue_ambr = ambr_text(*non_3gpp.ambr);
  fields.charging_characteristics = non_3gpp.charging_characteristics;
  return fields;
}

void read_static_address(std::string_view field, std::string_view text, Checker& check, db::Non3gppDraft::Apn& apn) {
  const auto address = parse_framed_address(trim(text));
  if (!address || (address->ipv6_prefix && address->ipv6_prefix_length != kStaticPrefixLength)) {
    check.refuse(field, "is no address: write 192.0.2.1 or 2001:db8:1::/64");
  } else if ((address->ipv4 && apn.ipv4) || (address->ipv6_prefix && apn.ipv6)) {
    check.refuse(field, "gives an APN two addresses of a kind: one IPv4 address and one IPv6 prefix at the most");
  } else if (address->ipv4) {
    apn.ipv4 = address->ipv4;
  } else {
    apn.ipv6 = address->ipv6_prefix;
  }
}

std::vector<std::string> static_address_texts(const db::Non3gppDraft::Apn& apn) {
  std::vector<std::string> texts;
  if (apn.ipv4) texts.push_back(to_text(FramedAddress{.ipv4 = apn.ipv4, .ipv6_prefix = std::nullopt}));
  if (apn.ipv6) {
    texts.push_back(to_text(
        FramedAddress{.ipv4 = std::nullopt, .ipv6_prefix = apn.ipv6, .ipv6_prefix_length = kStaticPrefixLength}));
  }
  return texts;
}

std::optional<std::uint32_t> read_rat_type(std::string_view field, std::string_view text,
                                           const std::vector<std::uint32_t>& others, Checker& check) {
  const auto rat = parse_rat_type(trim(text));
  if (!rat) {
    check.refuse(field, "is no RAT-Type: write WLAN, VIRTUAL, UTRAN, GERAN, EUTRAN, HRPD, EHRPD, or a number");
  } else if (std::ranges::find(others, *rat) != others.end()) {
    check.refuse(field, "named twice");
  } else {
    return rat;
  }
  return std::nullopt;
}

std::optional<std::string> read_network(std::string_view field, std::string_view text,
                                        const std::vector<std::string>& others, Checker& check) {
  std::string network = canonical_network(text);
  if (network.empty()) {
    check.refuse(field, "empty");
  } else if (std::ranges::any_of(network, ascii::is_control)) {
    check.refuse(field, "has a control character");
  } else if (std::ranges::find(others, network) != others.end()) {
    check.refuse(field, "named twice");
  } else {
    return network;
  }
  return std::nullopt;
}

}  // namespace hss::provisioning
