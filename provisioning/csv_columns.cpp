// SPDX-License-Identifier: MIT
#include "provisioning/csv_columns.h"

#include <array>

#include "hss/ascii.h"
#include "provisioning/subscription_diff.h"

namespace hss::provisioning {
namespace {

using Fields = SubscriberFields;
using Written = CsvColumn::Written;

template <auto kMember>
constexpr CsvColumn text(std::string_view name, Written written) {
  return {name, written, [](Fields& f, const std::string& value) { f.*kMember = value; },
          [](const Fields& f) { return f.*kMember; }};
}

template <auto kMember>
constexpr CsvColumn key(std::string_view name, Written written) {
  return {name, written, [](Fields& f, const std::string& value) { f.*kMember = KeyText(value); },
          [](const Fields& f) { return (f.*kMember).text; }};
}

template <auto kMember>
constexpr CsvColumn list(std::string_view name, Written written) {
  return {name, written, [](Fields& f, const std::string& value) { f.*kMember = split(value, ";"); },
          [](const Fields& f) { return join(f.*kMember, ";"); }};
}

constexpr CsvColumn impus() {
  return {"impus", Written::kAlways, [](Fields& f, const std::string& value) { f.impus = split_impus(value); },
          [](const Fields& f) { return join(f.impus, " "); }};
}

constexpr CsvColumn test_card() {
  return {"test_card", Written::kWhenUsed,
          [](Fields& f, const std::string& value) {
            const std::string word = ascii::lower(value);
            f.test_card = word == "yes" || word == "true" || word == "1";
          },
          [](const Fields& f) { return std::string(f.test_card ? "yes" : ""); }};
}

constexpr std::array<CsvColumn, 41> kColumns{
    text<&Fields::imsi>("imsi", Written::kAlways),
    list<&Fields::msisdns>("msisdn", Written::kAlways),
    text<&Fields::impi>("impi", Written::kAlways),
    impus(),
    key<&Fields::k>("k", Written::kWithKeys),
    key<&Fields::opc>("opc", Written::kWithKeys),
    key<&Fields::op>("op", Written::kNever),
    text<&Fields::amf>("amf", Written::kAlways),
    text<&Fields::sqn>("sqn", Written::kAlways),
    text<&Fields::ind_bits>("ind_bits", Written::kAlways),
    text<&Fields::profile>("profile", Written::kAlways),
    text<&Fields::algorithm>("algorithm", Written::kWhenUsed),
    key<&Fields::topc>("topc", Written::kWhenUsedAndKeys),
    key<&Fields::top>("top", Written::kNever),
    text<&Fields::tuak_iterations>("tuak_iterations", Written::kWhenUsed),
    text<&Fields::res_length>("res_length", Written::kWhenUsed),
    text<&Fields::milenage_constants>("milenage_constants", Written::kWhenUsed),
    test_card(),
    text<&Fields::scheme>("scheme", Written::kWhenUsed),
    text<&Fields::sip_digest_realm>("sip_digest_realm", Written::kWhenUsed),
    key<&Fields::sip_password>("sip_password", Written::kNever),
    key<&Fields::ha1>("ha1", Written::kWhenUsedAndKeys),
    key<&Fields::ha1_sha256>("ha1_sha256", Written::kWhenUsedAndKeys),
    text<&Fields::framed_address>("framed_address", Written::kWhenUsed),
    list<&Fields::line_identifiers>("line_identifiers", Written::kWhenUsed),
    text<&Fields::alias_group>("alias_group", Written::kWhenUsed),
    text<&Fields::service_priority>("service_priority", Written::kWhenUsed),
    text<&Fields::primary_event_charging>("primary_event_charging", Written::kWhenUsed),
    text<&Fields::secondary_event_charging>("secondary_event_charging", Written::kWhenUsed),
    text<&Fields::primary_collection_charging>("primary_collection_charging", Written::kWhenUsed),
    text<&Fields::secondary_collection_charging>("secondary_collection_charging", Written::kWhenUsed),
    text<&Fields::display_name>("display_name", Written::kWhenUsed),
    text<&Fields::non_3gpp>("non_3gpp", Written::kWhenUsed),
    list<&Fields::apns>("apns", Written::kWhenUsed),
    list<&Fields::static_addresses>("static_addresses", Written::kWhenUsed),
    text<&Fields::non_3gpp_apns>("non_3gpp_apns", Written::kWhenUsed),
    list<&Fields::forbidden_rats>("forbidden_rats", Written::kWhenUsed),
    list<&Fields::non_3gpp_networks>("non_3gpp_networks", Written::kWhenUsed),
    text<&Fields::session_timeout>("session_timeout", Written::kWhenUsed),
    text<&Fields::ue_ambr>("ue_ambr", Written::kWhenUsed),
    text<&Fields::charging_characteristics>("charging_characteristics", Written::kWhenUsed),
};

/// Keys that were not read are zeros of the right length, so that the rest can be compared.
void fill_keys(db::SubscriptionDraft& draft) {
  const Secret<32> zeros;
  for (auto& key_set : draft.key_sets) {
    const std::size_t opc = key_set.algorithm == AkaAlgorithm::kTuak ? 32 : 16;
    key_set.k = SecretOctets<32>(zeros.reveal().first(16));
    key_set.opc =
        key_set.algorithm == AkaAlgorithm::kXor ? SecretOctets<32>() : SecretOctets<32>(zeros.reveal().first(opc));
  }
  for (auto& identity : draft.private_identities) {
    if (identity.sip_digest) identity.sip_digest = SipDigest{identity.sip_digest->realm, {}, {}};
  }
}

SubscriberFields fields_of_all(const db::SubscriptionDraft& draft, const Settings& settings) {
  SubscriberFields fields;
  const db::PrivateIdentityDraft& identity = draft.private_identities.front();
  const db::PublicIdentityDraft& first = draft.public_identities.front();
  if (!draft.key_sets.empty()) static_cast<KeyFields&>(fields) = fields_of(draft.key_sets.front());
  if (fields.algorithm == name_of(AkaAlgorithm::kMilenage)) fields.algorithm.clear();
  static_cast<Non3gppFields&>(fields) = non_3gpp_fields_of(draft, settings);
  fields.imsi = draft.imsi;
  fields.msisdns = draft.msisdns;
  fields.impi = identity.impi;
  for (const auto& impu : draft.public_identities) fields.impus.push_back(impu.impu);
  fields.profile = first.service_profile;
  fields.display_name = first.display_name;
  fields.alias_group = first.alias_group;
  if (first.service_priority_level) fields.service_priority = std::to_string(*first.service_priority_level);
  if (identity.sip_digest) {
    fields.sip_digest_realm = identity.sip_digest->realm;
    fields.ha1 = KeyText(to_hex(identity.sip_digest->ha1.reveal()));
    if (identity.sip_digest->alternate_sha256) {
      fields.ha1_sha256 = KeyText(to_hex(identity.sip_digest->alternate_sha256->reveal()));
    }
  }
  if (identity.framed_address) fields.framed_address = to_text(*identity.framed_address);
  for (const Bytes& line : identity.line_identifiers) fields.line_identifiers.push_back(line_identifier_text(line));
  if (identity.scheme != AuthScheme::kDigestAkaV1Md5) fields.scheme = hss::name_of(identity.scheme);
  fields.primary_event_charging = draft.charging.primary_event;
  fields.secondary_event_charging = draft.charging.secondary_event;
  fields.primary_collection_charging = draft.charging.primary_collection;
  fields.secondary_collection_charging = draft.charging.secondary_collection;
  return fields;
}

/// What import reads where export wrote these: a list whose element holds what separates them is another one.
SubscriberFields as_read(const SubscriberFields& fields) {
  SubscriberFields read;
  for (const CsvColumn& column : kColumns) column.set(read, column.get(fields));
  return read;
}

}  // namespace

std::span<const CsvColumn> csv_columns() { return kColumns; }

std::optional<SubscriberFields> csv_fields(db::SubscriptionDraft draft, bool with_keys, const Settings& settings) {
  if (draft.private_identities.size() != 1 || draft.key_sets.size() > 1 || draft.public_identities.empty()) {
    return std::nullopt;
  }
  if (!with_keys) fill_keys(draft);
  SubscriberFields fields = fields_of_all(draft, settings);
  const auto again = make_draft(as_read(fields), settings);
  const auto* same = std::get_if<db::SubscriptionDraft>(&again);
  if (same == nullptr || first_difference(*same, draft)) return std::nullopt;
  return fields;
}

}  // namespace hss::provisioning
