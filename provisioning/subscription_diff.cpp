// SPDX-License-Identifier: MIT
#include "provisioning/subscription_diff.h"

#include <algorithm>

#include "provisioning/key_fields.h"
#include "provisioning/non_3gpp_fields.h"
#include "provisioning/subscription_json.h"

namespace hss::provisioning {
namespace {

std::optional<std::string> key_difference(const db::KeySetDraft& wanted, const db::KeySetDraft& stored) {
  if (wanted.algorithm != stored.algorithm) return "algorithm";
  if (!wanted.k.equals(stored.k)) return "k";
  if (!wanted.opc.equals(stored.opc)) return std::string(opc_name(wanted.algorithm));
  if (wanted.parameters.milenage != stored.parameters.milenage) return "milenage_constants";
  if (wanted.parameters.tuak_iterations != stored.parameters.tuak_iterations) return "tuak_iterations";
  if (wanted.parameters.res_octets != stored.parameters.res_octets) return "res_length";
  if (wanted.test != stored.test) return "test_card";
  if (wanted.amf != stored.amf) return "amf";
  if (wanted.ind_bits != stored.ind_bits) return "ind_bits";
  if (wanted.delta != stored.delta) return "delta";
  if (wanted.seq > stored.seq) return "sqn";
  return std::nullopt;
}

std::optional<std::string> public_difference(const db::PublicIdentityDraft& wanted,
                                             const db::PublicIdentityDraft& stored) {
  if (wanted.impu != stored.impu) return "impus";
  if (wanted.barred != stored.barred) return "barred";
  if (wanted.registration_allowed != stored.registration_allowed) return "registration_allowed";
  if (wanted.implicit_set != stored.implicit_set) return "implicit_set";
  if (wanted.service_profile != stored.service_profile) return "profile";
  if (wanted.display_name != stored.display_name) return "display_name";
  if (wanted.type != stored.type) return "type";
  if (wanted.psi_active != stored.psi_active) return "psi_active";
  if (wanted.application_server != stored.application_server) return "application_server";
  if (wanted.alias_group != stored.alias_group) return "alias_group";
  if (wanted.service_priority_level != stored.service_priority_level) return "service_priority";
  return std::nullopt;
}

std::optional<std::string> private_difference(const db::PrivateIdentityDraft& wanted,
                                              const db::PrivateIdentityDraft& stored) {
  if (wanted.impi != stored.impi) return "impi";
  if (wanted.scheme != stored.scheme) return "scheme";
  if (wanted.key_set != stored.key_set) return "key_set";
  if (wanted.sip_digest.has_value() != stored.sip_digest.has_value()) return "sip_digest";
  if (wanted.sip_digest) {
    if (wanted.sip_digest->realm != stored.sip_digest->realm) return "sip_digest_realm";
    if (!wanted.sip_digest->ha1.equals(stored.sip_digest->ha1)) return "ha1";
    const auto& sha256 = wanted.sip_digest->alternate_sha256;
    const auto& other = stored.sip_digest->alternate_sha256;
    if (sha256.has_value() != other.has_value() || (sha256 && !sha256->equals(*other))) return "ha1_sha256";
  }
  if (wanted.framed_address != stored.framed_address) return "framed_address";
  if (wanted.line_identifiers != stored.line_identifiers) return "line_identifiers";
  return std::nullopt;
}

std::optional<std::string> non_3gpp_difference(const std::optional<db::Non3gppDraft>& wanted,
                                               const std::optional<db::Non3gppDraft>& stored) {
  if (!wanted || !stored) return wanted.has_value() == stored.has_value() ? std::nullopt : std::optional("non_3gpp");
  if (wanted->access_allowed != stored->access_allowed) return "non_3gpp";
  if (wanted->apns_enabled != stored->apns_enabled) return "non_3gpp_apns";
  if (!std::ranges::equal(wanted->apns, stored->apns, {}, &db::Non3gppDraft::Apn::name, &db::Non3gppDraft::Apn::name)) {
    return "apns";
  }
  if (wanted->apns != stored->apns) return "static_addresses";
  if (wanted->forbidden_rat_types != stored->forbidden_rat_types) return "forbidden_rats";
  if (wanted->visited_networks != stored->visited_networks) return "non_3gpp_networks";
  if (wanted->session_timeout != stored->session_timeout) return "session_timeout";
  if (wanted->ambr != stored->ambr) return "ue_ambr";
  if (wanted->charging_characteristics != stored->charging_characteristics) return "charging_characteristics";
  return std::nullopt;
}

bool same_associations(const db::SubscriptionDraft& a, const db::SubscriptionDraft& b) {
  return std::ranges::equal(a.associations, b.associations, [](const auto& x, const auto& y) {
    return x.private_identity == y.private_identity && x.implicit_set == y.implicit_set;
  });
}

}  // namespace

std::optional<std::string> first_difference(db::SubscriptionDraft wanted, db::SubscriptionDraft stored) {
  number_implicit_sets(wanted);
  number_implicit_sets(stored);
  if (wanted.imsi != stored.imsi) return "imsi";
  if (wanted.msisdns != stored.msisdns) return "msisdn";
  if (wanted.private_identities.size() != stored.private_identities.size()) return "impi";
  for (std::size_t i = 0; i < wanted.private_identities.size(); ++i) {
    if (auto field = private_difference(wanted.private_identities[i], stored.private_identities[i])) return field;
  }
  if (wanted.key_sets.size() != stored.key_sets.size()) return "key_sets";
  for (std::size_t i = 0; i < wanted.key_sets.size(); ++i) {
    if (auto field = key_difference(wanted.key_sets[i], stored.key_sets[i])) return field;
  }
  if (wanted.public_identities.size() != stored.public_identities.size()) return "impus";
  for (std::size_t i = 0; i < wanted.public_identities.size(); ++i) {
    if (auto field = public_difference(wanted.public_identities[i], stored.public_identities[i])) return field;
  }
  if (!same_associations(wanted, stored)) return "associations";
  if (wanted.capabilities != stored.capabilities) return "capabilities";
  if (wanted.visited_networks != stored.visited_networks) return "visited_networks";
  if (wanted.loose_route_required != stored.loose_route_required) return "loose_route_required";
  if (wanted.charging != stored.charging) return "charging";
  if (usim_of(wanted) != usim_of(stored)) return "usim";
  return non_3gpp_difference(wanted.non_3gpp, stored.non_3gpp);
}

}  // namespace hss::provisioning
