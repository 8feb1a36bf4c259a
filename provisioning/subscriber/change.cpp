// SPDX-License-Identifier: MIT
#include "provisioning/subscriber/change.h"

#include <algorithm>

#include "hss/ascii.h"
#include "hss/identity.h"
#include "hss/sqn.h"

namespace hss::provisioning::subscriber {
namespace {

/// Applies what was typed to a stored draft.
class Change {
 public:
  Change(const SubscriberFields& fields, const std::vector<std::string>& clear, const Settings& settings,
         db::SubscriptionDraft& draft)
      : fields_(fields), clear_(clear), settings_(settings), draft_(draft) {}

  FieldProblems apply() {
    const std::string old_impi = draft_.private_identities.front().impi;
    change_identities();
    change_keys();
    change_credentials(old_impi);
    read_access(fields_, FieldNames::kOptions, clear_, settings_, check_, draft_);
    read_network(fields_, FieldNames::kOptions, clear_, check_, draft_);
    read_public_details(fields_, FieldNames::kOptions, clear_, check_, draft_);
    return std::move(problems_);
  }

 private:
  [[nodiscard]] bool cleared(std::string_view name) const { return std::ranges::find(clear_, name) != clear_.end(); }

  void change_identities() {
    const std::string old_imsi = draft_.imsi;
    const std::string old_impi = draft_.private_identities.front().impi;
    const auto old_derived = derived_impus(draft_.msisdns, old_imsi, old_impi, settings_);
    if (!fields_.imsi.empty()) draft_.imsi = check_.imsi("--imsi", fields_.imsi).value_or(old_imsi);
    change_private(old_imsi, old_impi);
    if (!fields_.msisdns.empty() || cleared("msisdn")) {
      draft_.msisdns.clear();
      for (const std::string& text : fields_.msisdns) {
        if (const auto digits = check_.msisdn("--msisdn", text)) draft_.msisdns.push_back(*digits);
      }
    }
    const std::string& impi = draft_.private_identities.front().impi;
    if (!fields_.impus.empty()) {
      replace_public(false, read_impus("--impu", fields_.impus));
    } else if (derived_impus(draft_.msisdns, draft_.imsi, impi, settings_) != old_derived) {
      follow_msisdns(old_derived, derived_impus(draft_.msisdns, draft_.imsi, impi, settings_));
    }
    if (!fields_.barred_impus.empty()) replace_public(true, read_impus("--barred-impu", fields_.barred_impus));
    if (std::ranges::none_of(draft_.public_identities, [](const auto& p) { return !p.barred; })) {
      check_.refuse("--impu", "no public identity would be left that is not barred");
    }
    for (auto& identity : draft_.public_identities) {
      if (!fields_.profile.empty()) identity.service_profile = trim(fields_.profile);
      if (!identity.barred && !fields_.display_name.empty()) identity.display_name = trim(fields_.display_name);
      if (cleared("display-name")) identity.display_name.clear();
    }
  }

  /// The IMPI, and the barred IMPU that has its name, follow the IMSI as long as they did so before.
  void change_private(const std::string& old_imsi, const std::string& old_impi) {
    const bool followed = !old_imsi.empty() && old_impi == derived_impi(old_imsi, settings_);
    std::string impi = old_impi;
    if (!fields_.impi.empty()) {
      impi = check_.impi("--impi", fields_.impi).value_or(old_impi);
    } else if (followed && draft_.imsi != old_imsi) {
      impi = derived_impi(draft_.imsi, settings_);
    }
    if (impi == old_impi) return;
    if (draft_.private_identities.size() > 1) {
      check_.refuse("--impi", "the subscriber has several private identities: use export and import --update");
      return;
    }
    draft_.private_identities.front().impi = impi;
    const auto old_temporary = canonical_public_identity("sip:" + old_impi);
    const auto new_temporary = canonical_public_identity("sip:" + impi);
    for (auto& identity : draft_.public_identities) {
      if (identity.barred && identity.impu == old_temporary && new_temporary) identity.impu = *new_temporary;
    }
  }

  std::vector<PublicName> read_impus(const char* name, const std::vector<std::string>& texts) {
    std::vector<PublicName> impus;
    for (const std::string& text : texts) {
      if (const auto impu = check_.public_name(name, text)) impus.push_back(*impu);
    }
    return impus;
  }

  /// The barred, or the other, public identities become `impus`; those that stay keep what they have.
  void replace_public(bool barred, const std::vector<PublicName>& impus) {
    const std::vector<db::PublicIdentityDraft> before = draft_.public_identities;
    std::erase_if(draft_.public_identities, [&](const auto& p) { return p.barred == barred; });
    auto place = barred ? draft_.public_identities.end() : draft_.public_identities.begin();
    for (const auto& [impu, wildcarded] : impus) {
      if (std::ranges::find(draft_.public_identities, impu, &db::PublicIdentityDraft::impu) !=
          draft_.public_identities.end()) {
        check_.refuse(barred ? "--barred-impu" : "--impu", "named twice, or both barred and not");
        return;
      }
      const auto same = std::ranges::find(before, impu, &db::PublicIdentityDraft::impu);
      db::PublicIdentityDraft identity =
          same != before.end() ? *same
                               : db::PublicIdentityDraft{.impu = impu,
                                                         .implicit_set = before.front().implicit_set,
                                                         .service_profile = before.front().service_profile,
                                                         .display_name = {},
                                                         .type = user_type({impu, wildcarded})};
      identity.barred = barred;
      place = draft_.public_identities.insert(place, std::move(identity)) + 1;
    }
  }

  /// Identities that were derived from the numbers go with them; others stay.
  void follow_msisdns(const std::vector<std::string>& old_derived, const std::vector<std::string>& new_derived) {
    std::vector<PublicName> impus;
    for (const std::string& impu : new_derived) impus.push_back({.impu = impu});
    for (const auto& identity : draft_.public_identities) {
      const bool was_derived = std::ranges::find(old_derived, identity.impu) != old_derived.end();
      const bool is_derived = std::ranges::find(new_derived, identity.impu) != new_derived.end();
      if (!identity.barred && !was_derived && !is_derived) impus.push_back({.impu = identity.impu});
    }
    replace_public(false, impus);
  }

  void change_keys() {
    const bool any =
        !fields_.KeyFields::empty() || !fields_.amf.empty() || cleared("milenage-constants") || cleared("test-card");
    if (!any) return;
    if (draft_.key_sets.size() > 1 || (draft_.key_sets.empty() && draft_.private_identities.size() > 1)) {
      check_.refuse("--k", "the subscriber has " + count_of(draft_.key_sets.size(), "key set") +
                               ", not one: use export and import --update");
      return;
    }
    if (draft_.key_sets.empty()) {  // it had other credentials and gets a card
      draft_.key_sets.push_back(
          read_key_set(fields_, settings_.default_amf, FieldNames::kOptions, Keys::kNeeded, check_));
      draft_.private_identities.front().key_set = 0;
      return;
    }
    db::KeySetDraft& stored = draft_.key_sets.front();
    KeyFields wanted = fields_of(stored);
    if (!merge_keys(wanted)) return;
    wanted.sqn = fields_.sqn;
    if (!fields_.ind_bits.empty()) {
      wanted.ind_bits = fields_.ind_bits;
      // Not below any SQN that was issued, whatever IND it had.
      const Sqn highest = join_sqn(stored.seq + 1, 0, stored.ind_bits) - 1;
      if (fields_.sqn.empty()) wanted.sqn = to_hex(encode_sqn(highest));
    }
    db::KeySetDraft changed = read_key_set(wanted, settings_.default_amf, FieldNames::kOptions, Keys::kNeeded, check_);
    if (wanted.sqn.empty()) changed.seq = stored.seq;
    changed.delta = stored.delta;
    stored = changed;
  }

  /// What was typed over what is stored. False when something else must be given with it.
  bool merge_keys(KeyFields& wanted) {
    const auto take = [](const std::string& typed, std::string& out) {
      if (!typed.empty()) out = typed;
    };
    const bool operators = !fields_.opc.empty() || !fields_.op.empty() || !fields_.topc.empty() || !fields_.top.empty();
    if (!fields_.algorithm.empty() && ascii::lower(trim(fields_.algorithm)) != wanted.algorithm) {
      KeyFields other;
      other.algorithm = fields_.algorithm;
      other.k = wanted.k;
      other.amf = wanted.amf;
      other.ind_bits = wanted.ind_bits;
      other.test_card = wanted.test_card;
      wanted = other;
    } else if (!operators) {
      const bool tuak = !wanted.topc.empty();
      const std::string what = tuak ? "TOPc depends on " : "OPc depends on ";
      const std::string with = tuak ? ": give --topc or --top with it" : ": give --opc or --op with it";
      if (!fields_.k.empty() && (tuak || !wanted.opc.empty())) {
        check_.refuse("--k", what + "K" + with);
        return false;
      }
      if (tuak && !fields_.tuak_iterations.empty() && fields_.tuak_iterations != wanted.tuak_iterations) {
        check_.refuse("--tuak-iterations", what + "them" + with);
        return false;
      }
    }
    if (!fields_.k.empty()) wanted.k = fields_.k;
    if (operators) {
      wanted.opc = fields_.opc;
      wanted.op = fields_.op;
      wanted.topc = fields_.topc;
      wanted.top = fields_.top;
    }
    take(fields_.amf, wanted.amf);
    take(fields_.tuak_iterations, wanted.tuak_iterations);
    take(fields_.res_length, wanted.res_length);
    if (cleared("milenage-constants")) wanted.milenage_constants.clear();
    take(fields_.milenage_constants, wanted.milenage_constants);
    wanted.test_card = (wanted.test_card && !cleared("test-card")) || fields_.test_card;
    return true;
  }

  void change_credentials(const std::string& old_impi) {
    db::PrivateIdentityDraft& identity = draft_.private_identities.front();
    const bool new_digest = !fields_.sip_password.empty() || !fields_.ha1.empty();
    const bool any = new_digest || !fields_.scheme.empty() || !fields_.sip_digest_realm.empty() ||
                     !fields_.ha1_sha256.empty() || !fields_.framed_address.empty() ||
                     !fields_.line_identifiers.empty() || cleared("sip-digest") || cleared("framed-address") ||
                     cleared("line-identifier");
    if (any && draft_.private_identities.size() > 1) {
      check_.refuse("--scheme", "the subscriber has several private identities: use export and import --update");
      return;
    }
    if (cleared("sip-digest")) identity.sip_digest.reset();
    if (identity.impi != old_impi && identity.sip_digest && !new_digest) {
      check_.refuse("--impi", "HA1 depends on it: give --sip-password or --ha1 with it");
      return;
    }
    if (!any) return;
    if (cleared("framed-address")) identity.framed_address.reset();
    if (cleared("line-identifier")) identity.line_identifiers.clear();
    CredentialFields wanted = static_cast<const CredentialFields&>(fields_);  // of all, these
    if (new_digest && wanted.sip_digest_realm.empty() && identity.sip_digest) {
      wanted.sip_digest_realm = identity.sip_digest->realm;
    }
    read_credentials(wanted, FieldNames::kOptions, check_, identity);
  }

  const SubscriberFields& fields_;
  const std::vector<std::string>& clear_;
  const Settings& settings_;
  db::SubscriptionDraft& draft_;
  FieldProblems problems_;
  Checker check_{problems_};
};

}  // namespace

FieldProblems change(db::SubscriptionDraft& draft, const SubscriberFields& fields,
                     const std::vector<std::string>& clear, const Settings& settings) {
  return Change(fields, clear, settings, draft).apply();
}

}  // namespace hss::provisioning::subscriber
