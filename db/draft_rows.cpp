// SPDX-License-Identifier: MIT
#include "db/draft_rows.h"

#include <sqlite3.h>

#include <set>
#include <utility>

#include "db/columns.h"
#include "db/sealed_keys.h"

namespace hss::db {

SubscriptionId DraftRows::add(const SubscriptionDraft& draft) {
  SubscriptionId id = 0;
  try {
    id = insert(insert_, unless_empty(draft.imsi), draft.loose_route_required);
    add_parts(id, draft);
  } catch (const SqliteError& error) {
    // Tables without rowid call it a primary key.
    if (error.code() != SQLITE_CONSTRAINT_UNIQUE && error.code() != SQLITE_CONSTRAINT_PRIMARYKEY) throw;
    owners_.check_taken(id, draft);  // says which and by whom
    throw;
  }
  return id;
}

void DraftRows::add_parts(SubscriptionId id, const SubscriptionDraft& draft) {
  add_data(id, draft);
  std::vector<KeySetId> key_sets;
  key_sets.reserve(draft.key_sets.size());
  for (const KeySetDraft& key_set : draft.key_sets) key_sets.push_back(key_set_writer_.add(id, key_set));
  if (draft.usim) run(set_usim_, key_sets[*draft.usim], id);

  std::vector<PrivateIdentityId> private_identities;
  for (std::size_t i = 0; i < draft.private_identities.size(); ++i) {
    const PrivateIdentityDraft& identity = draft.private_identities[i];
    private_identities.push_back(add_private(id, i, identity, key_sets));
    if (identity.sip_digest) save_digest(private_identities.back(), *identity.sip_digest);
    add_lines(private_identities.back(), identity);
  }

  SetNumbers sets;
  for (const PublicIdentityDraft& identity : draft.public_identities) sets.emplace(identity.implicit_set, 0);
  for (auto& [number, set] : sets) set = add_set(id, number);
  const std::string* profile = nullptr;
  std::int64_t profile_number = 0;
  for (std::size_t i = 0; i < draft.public_identities.size(); ++i) {
    const PublicIdentityDraft& identity = draft.public_identities[i];
    if (profile == nullptr || *profile != identity.service_profile) {  // most of the time they have the same one
      profile = &identity.service_profile;
      profile_number = profile_id(*profile);
    }
    add_public(sets.at(identity.implicit_set), i, identity, profile_number);
  }
  add_associations(draft, sets, private_identities);
  if (draft.non_3gpp) non_3gpp_writer_.add(id, *draft.non_3gpp);
}

void DraftRows::add_data(SubscriptionId id, const SubscriptionDraft& draft) {
  for (std::size_t i = 0; i < draft.msisdns.size(); ++i) run(insert_msisdn_, draft.msisdns[i], id, i);
  for (std::size_t i = 0; i < draft.visited_networks.size(); ++i) {
    run(insert_network_, id, i, draft.visited_networks[i]);
  }
  const auto& [mandatory, optional, names] = draft.capabilities;
  for (std::size_t i = 0; i < mandatory.size(); ++i) run(insert_capability_, id, 0, i, mandatory[i], std::nullopt);
  for (std::size_t i = 0; i < optional.size(); ++i) run(insert_capability_, id, 1, i, optional[i], std::nullopt);
  for (std::size_t i = 0; i < names.size(); ++i) run(insert_capability_, id, 2, i, std::nullopt, names[i]);
  if (const ChargingInformation& charging = draft.charging; !charging.empty()) {
    run(insert_charging_, id, unless_empty(charging.primary_event), unless_empty(charging.secondary_event),
        unless_empty(charging.primary_collection), unless_empty(charging.secondary_collection));
  }
}

ImplicitSetId DraftRows::add_set(SubscriptionId id, std::size_t number) { return insert(insert_set_, id, number); }

PrivateIdentityId DraftRows::add_private(SubscriptionId id, std::size_t position, const PrivateIdentityDraft& draft,
                                         const std::vector<KeySetId>& key_sets) {
  std::optional<KeySetId> key_set;
  if (draft.key_set) key_set = key_sets[*draft.key_set];
  std::optional<std::string> address;
  if (draft.framed_address) address = to_text(*draft.framed_address);
  return insert(insert_private_, id, position, draft.impi, draft.scheme, key_set, address);
}

void DraftRows::add_lines(PrivateIdentityId id, const PrivateIdentityDraft& draft) {
  for (std::size_t i = 0; i < draft.line_identifiers.size(); ++i) {
    run(insert_line_, id, i, BytesView(draft.line_identifiers[i]));
  }
}

void DraftRows::save_digest(PrivateIdentityId id, const SipDigest& digest) {
  const Bytes sealed = seal_digest(vault_, id, digest);
  run(save_digest_, id, digest.realm, BytesView(sealed));
}

void DraftRows::add_public(ImplicitSetId set, std::size_t position, const PublicIdentityDraft& draft,
                           std::int64_t profile) {
  run(insert_public_, set, position, draft.impu, draft.barred, draft.registration_allowed, profile,
      unless_empty(draft.display_name), draft.type, draft.psi_active, unless_empty(draft.application_server),
      unless_empty(draft.alias_group), draft.service_priority_level);
}

void DraftRows::add_association(ImplicitSetId set, PrivateIdentityId identity) {
  run(insert_association_, set, identity);
}

void DraftRows::add_associations(const SubscriptionDraft& draft, const SetNumbers& sets,
                                 const std::vector<PrivateIdentityId>& private_identities) {
  if (draft.associations.empty()) {
    for (const auto& [number, set] : sets) {
      for (const PrivateIdentityId identity : private_identities) add_association(set, identity);
    }
    return;
  }
  std::set<std::pair<ImplicitSetId, PrivateIdentityId>> wanted;
  for (const auto& [private_identity, set] : draft.associations) {
    wanted.emplace(sets.at(set), private_identities[private_identity]);
  }
  for (const auto& [set, identity] : wanted) add_association(set, identity);
}

std::int64_t DraftRows::profile_id(const std::string& name) {
  Rows rows(profile_, name);
  if (!rows.next()) throw UnknownProfile("there is no service profile \"" + name + "\"; add it first");
  return rows.integer(0);
}

}  // namespace hss::db
