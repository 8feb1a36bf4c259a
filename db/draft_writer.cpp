// SPDX-License-Identifier: MIT
#include "db/draft_writer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "db/columns.h"
#include "db/draft_checks.h"

namespace hss::db {

DraftWriter::DraftWriter(sqlite3* connection, const KeyVault& vault, SequenceLog& sequence_log,
                         Registered is_registered)
    : db_(connection),
      vault_(vault),
      key_set_writer_(connection, vault, sequence_log),
      is_registered_(std::move(is_registered)) {}

SubscriptionId DraftWriter::add(const SubscriptionDraft& draft) {
  check_consistent(draft);
  const auto canonical = with_canonical_wildcards(draft);
  return rows_.add(canonical ? *canonical : draft);
}

bool DraftWriter::write(SubscriptionId id, const SubscriptionDraft& draft) {
  check_consistent(draft);
  const auto canonical = with_canonical_wildcards(draft);
  return write_checked(id, canonical ? *canonical : draft);
}

bool DraftWriter::write_checked(SubscriptionId id, const SubscriptionDraft& draft) {
  owners_.check_taken(id, draft);
  if (!write_own(id, draft)) return false;
  write_subscription_data(id, draft);

  // What is no longer named goes last: until then somebody may refer to it.
  const std::vector<KeySetId> old_key_sets = key_set_writer_.stored(id);
  std::set<ImplicitSetId> old_sets;
  for (Rows rows(members_, id); rows.next();) old_sets.insert(rows.integer(0));

  const std::vector<KeySetId> key_sets = key_set_writer_.write(id, draft.key_sets);
  const SetNumbers sets = write_implicit_sets(id, draft);
  const std::vector<PrivateIdentityId> private_identities = write_private_identities(id, draft, key_sets);
  write_public_identities(id, draft, sets);
  write_associations(id, draft, sets, private_identities);

  run(update_usim_, draft.usim ? std::optional(key_sets[*draft.usim]) : std::nullopt, id);
  non_3gpp_writer_.write(id, draft.non_3gpp);

  for (const KeySetId old : old_key_sets) {
    if (std::find(key_sets.begin(), key_sets.end(), old) == key_sets.end()) key_set_writer_.remove(old);
  }
  for (const ImplicitSetId old : old_sets) {
    if (std::any_of(sets.begin(), sets.end(), [&](const auto& set) { return set.second == old; })) continue;
    run(release_pushes_of_set_, id, old);
    run(delete_set_, old);
  }
  // TS 29.228 6.1.2: no S-CSCF is kept for a subscription of which nothing is registered any more.
  if (!is_registered_(id)) run(release_server_, id);
  return true;
}

bool DraftWriter::write_own(SubscriptionId id, const SubscriptionDraft& draft) {
  std::string before;
  if (Rows rows(imsi_, id); rows.next()) before = rows.text(0);
  if (run(update_, unless_empty(draft.imsi), draft.loose_route_required, id) == 0) return false;
  if (!before.empty() && before != draft.imsi) non_3gpp_writer_.forget_user(id);
  return true;
}

void DraftWriter::write_subscription_data(SubscriptionId id, const SubscriptionDraft& draft) {
  run(clear_msisdns_, id);
  run(clear_networks_, id);
  run(clear_capabilities_, id);
  run(clear_charging_, id);
  rows_.add_data(id, draft);
}

DraftWriter::SetNumbers DraftWriter::write_implicit_sets(SubscriptionId id, const SubscriptionDraft& draft) {
  std::map<std::size_t, std::set<std::string_view>> wanted;
  for (const auto& identity : draft.public_identities) wanted[identity.implicit_set].insert(identity.impu);

  // A set of the draft is the stored one with which it has the most members in common.
  struct Kinship {
    std::size_t common = 0;
    std::size_t number = 0;
    ImplicitSetId id = 0;
  };
  std::map<std::pair<std::size_t, ImplicitSetId>, std::size_t> common;
  for (Rows rows(members_, id); rows.next();) {
    const ImplicitSetId stored = rows.integer(0);
    const std::string impu = rows.text(1);
    for (const auto& [number, members] : wanted) {
      if (members.contains(impu)) ++common[{number, stored}];
    }
  }
  std::vector<Kinship> kinships;
  for (const auto& [pair, count] : common) kinships.push_back({count, pair.first, pair.second});
  std::stable_sort(kinships.begin(), kinships.end(),
                   [](const Kinship& a, const Kinship& b) { return a.common > b.common; });

  SetNumbers sets;
  std::set<ImplicitSetId> claimed;
  for (const Kinship& kinship : kinships) {
    if (sets.contains(kinship.number) || !claimed.insert(kinship.id).second) continue;
    sets[kinship.number] = kinship.id;
    run(update_set_, kinship.number, kinship.id);
  }
  for (const auto& [number, members] : wanted) {
    if (sets.contains(number)) continue;
    sets[number] = rows_.add_set(id, number);
  }
  return sets;
}

std::vector<PrivateIdentityId> DraftWriter::write_private_identities(SubscriptionId id, const SubscriptionDraft& draft,
                                                                     const std::vector<KeySetId>& key_sets) {
  std::map<std::string, PrivateIdentityId> stored;
  for (Rows rows(private_identities_, id); rows.next();) stored[rows.text(1)] = rows.integer(0);

  std::vector<PrivateIdentityId> ids;
  for (std::size_t i = 0; i < draft.private_identities.size(); ++i) {
    const PrivateIdentityDraft& wanted = draft.private_identities[i];
    if (const auto found = stored.extract(wanted.impi)) {
      std::optional<KeySetId> key_set;
      if (wanted.key_set) key_set = key_sets[*wanted.key_set];
      std::optional<std::string> address;
      if (wanted.framed_address) address = to_text(*wanted.framed_address);
      run(update_private_, i, wanted.scheme, key_set, address, found.mapped());
      ids.push_back(found.mapped());
    } else {
      ids.push_back(rows_.add_private(id, i, wanted, key_sets));
    }
    write_credentials(ids.back(), wanted);
  }
  for (const auto& [impi, gone] : stored) {
    run(release_pushes_of_identity_, id, gone);
    run(delete_private_, gone);
  }
  return ids;
}

void DraftWriter::write_credentials(PrivateIdentityId id, const PrivateIdentityDraft& draft) {
  if (draft.sip_digest) {
    rows_.save_digest(id, *draft.sip_digest);
  } else {
    run(delete_digest_, id);
  }
  run(clear_lines_, id);
  rows_.add_lines(id, draft);
}

void DraftWriter::write_public_identities(SubscriptionId id, const SubscriptionDraft& draft, const SetNumbers& sets) {
  std::map<std::string, PublicIdentityId> stored;
  for (Rows rows(public_identities_, id); rows.next();) stored[rows.text(1)] = rows.integer(0);

  for (std::size_t i = 0; i < draft.public_identities.size(); ++i) {
    const PublicIdentityDraft& wanted = draft.public_identities[i];
    const ImplicitSetId set = sets.at(wanted.implicit_set);
    const std::int64_t profile = rows_.profile_id(wanted.service_profile);
    if (const auto found = stored.extract(wanted.impu)) {
      run(update_public_, set, i, wanted.barred, wanted.registration_allowed, profile,
          unless_empty(wanted.display_name), wanted.type, wanted.psi_active, unless_empty(wanted.application_server),
          unless_empty(wanted.alias_group), wanted.service_priority_level, found.mapped());
    } else {
      rows_.add_public(set, i, wanted, profile);
    }
  }
  for (const auto& [impu, gone] : stored) run(delete_public_, gone);
}

void DraftWriter::write_associations(SubscriptionId id, const SubscriptionDraft& draft, const SetNumbers& sets,
                                     const std::vector<PrivateIdentityId>& private_identities) {
  std::set<std::pair<ImplicitSetId, PrivateIdentityId>> wanted;
  for (const auto& [private_identity, set] : draft.associations) {
    wanted.emplace(sets.at(set), private_identities[private_identity]);
  }
  if (draft.associations.empty()) {
    for (const auto& [number, set] : sets) {
      for (const PrivateIdentityId identity : private_identities) wanted.emplace(set, identity);
    }
  }
  std::vector<std::pair<ImplicitSetId, PrivateIdentityId>> gone;
  for (Rows rows(associations_, id); rows.next();) {
    const std::pair association{rows.integer(0), rows.integer(1)};
    if (wanted.erase(association) == 0) gone.push_back(association);
  }
  for (const auto& [set, identity] : gone) run(delete_association_, set, identity);  // and the state of the pair
  for (const auto& [set, identity] : wanted) rows_.add_association(set, identity);
}

}  // namespace hss::db
