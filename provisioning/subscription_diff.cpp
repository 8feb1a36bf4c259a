// SPDX-License-Identifier: MIT
#include "provisioning/subscription_diff.h"

#include "provisioning/subscription_json.h"

namespace hss::provisioning {
namespace {

std::optional<std::string> key_difference(const db::KeySetDraft& wanted, const db::KeySetDraft& stored) {
  if (wanted.algorithm != stored.algorithm) return "algorithm";
  if (!wanted.k.equals(stored.k)) return "k";
  if (!wanted.opc.equals(stored.opc)) return "opc";
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
    const auto& identity = wanted.private_identities[i];
    const auto& other = stored.private_identities[i];
    if (identity.impi != other.impi) return "impi";
    if (identity.scheme != other.scheme) return "scheme";
    if (identity.key_set != other.key_set) return "key_set";
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
  return std::nullopt;
}

}  // namespace hss::provisioning
