// SPDX-License-Identifier: MIT
#include "tests/db/repository_contract.h"

#include <map>

namespace hss::db::test {

std::optional<ResynchronisationRecord> SqliteWorld::resynchronisation(std::string_view impi) {
  std::optional<ResynchronisationRecord> found;
  database_.read([&] {
    const auto stored = administration_.read(administration_.find(impi).value(), false).value();
    if (!stored.resynchronisations.empty()) found = stored.resynchronisations.front().record;
  });
  return found;
}

std::optional<ResynchronisationRecord> MemoryWorld::resynchronisation(std::string_view impi) {
  const auto* identity = repository_.find_by_private_identity(impi)->find_private(impi);
  const auto* record = repository_.resynchronisation(identity->key_set.value());
  return record == nullptr ? std::nullopt : std::optional(*record);
}

void MemoryWorld::provision(const SubscriptionDraft& draft) {
  auto subscription = std::make_shared<Subscription>();
  subscription->id = ++last_id_;
  std::vector<KeySetId> key_sets;
  for (const KeySetDraft& keys : draft.key_sets) {
    repository_.add({.id = ++last_id_,
                     .algorithm = keys.algorithm,
                     .k = keys.k,
                     .opc = keys.opc,
                     .parameters = keys.parameters,
                     .test = keys.test,
                     .amf = keys.amf,
                     .ind_bits = keys.ind_bits,
                     .delta = keys.delta},
                    {.seq = keys.seq, .issued = {}});
    key_sets.push_back(last_id_);
  }
  for (const auto& identity : draft.private_identities) {
    auto& copy = subscription->private_identities.emplace_back();
    copy.id = ++last_id_;
    copy.impi = identity.impi;
    copy.scheme = identity.scheme;
    if (identity.key_set) copy.key_set = key_sets[*identity.key_set];
    copy.sip_digest = identity.sip_digest.has_value();
    if (identity.sip_digest) repository_.add(copy.id, *identity.sip_digest);
    copy.framed_address = identity.framed_address;
    copy.line_identifiers = identity.line_identifiers;
  }
  std::map<std::size_t, ImplicitSetId> sets;
  for (const auto& identity : draft.public_identities) {
    if (!sets.contains(identity.implicit_set)) sets[identity.implicit_set] = ++last_id_;
    auto profile = std::make_shared<ServiceProfile>();
    profile->name = identity.service_profile;
    subscription->public_identities.push_back({.id = ++last_id_,
                                               .impu = identity.impu,
                                               .barred = identity.barred,
                                               .registration_allowed = identity.registration_allowed,
                                               .implicit_set = sets[identity.implicit_set],
                                               .service_profile = profile,
                                               .display_name = identity.display_name,
                                               .type = identity.type,
                                               .psi_active = identity.psi_active,
                                               .application_server = identity.application_server,
                                               .alias_group = identity.alias_group,
                                               .service_priority_level = identity.service_priority_level});
  }
  for (const auto& [identity, set] : draft.associations) {
    subscription->associations.push_back({subscription->private_identities[identity].id, sets.at(set)});
  }
  if (draft.associations.empty()) {
    for (const auto& identity : subscription->private_identities) {
      for (const auto& [number, set] : sets) subscription->associations.push_back({identity.id, set});
    }
  }
  subscription->capabilities = draft.capabilities;
  subscription->visited_networks = draft.visited_networks;
  subscription->loose_route_required = draft.loose_route_required;
  subscription->charging = draft.charging;
  repository_.add(subscription);
}

}  // namespace hss::db::test
