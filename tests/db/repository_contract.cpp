// SPDX-License-Identifier: MIT
#include "tests/db/repository_contract.h"

#include <algorithm>
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

void BatchWorld::transact(const std::function<void()>& work) {
  try {
    database_.write([&] {
      repository_.begin_batch();
      repository_.begin_request();
      try {
        work();
      } catch (...) {
        repository_.undo_request();
        throw;
      }
      repository_.end_request();
      repository_.write_batch();
    });
  } catch (...) {
    repository_.batch_lost();
    throw;
  }
  repository_.batch_committed();
}

std::optional<ResynchronisationRecord> BatchWorld::resynchronisation(std::string_view impi) {
  std::optional<ResynchronisationRecord> found;
  other_.read([&] {
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
  subscription->imsi = draft.imsi;
  if (draft.usim) subscription->usim = key_sets[*draft.usim];
  for (const auto& identity : subscription->private_identities) {
    if (!subscription->usim) subscription->usim = identity.key_set;
  }
  repository_.add(subscription);
  if (!draft.non_3gpp) return;
  const Non3gppDraft& access = *draft.non_3gpp;
  Non3gppSubscription non_3gpp{.msisdns = draft.msisdns,
                               .access_allowed = access.access_allowed,
                               .apns_enabled = access.apns_enabled,
                               .apns = {},
                               .forbidden_rat_types = access.forbidden_rat_types,
                               .visited_networks = access.visited_networks,
                               .session_timeout = access.session_timeout,
                               .ambr = access.ambr,
                               .charging_characteristics = access.charging_characteristics};
  const auto templates = apn_templates();
  for (const auto& apn : access.apns) {
    const auto named = std::ranges::find(templates, apn.name, &Administration::NamedApn::name);
    non_3gpp.apns.push_back({named->configuration, apn.ipv4, apn.ipv6});
  }
  repository_.add(subscription->id, non_3gpp);
}

}  // namespace hss::db::test
