// SPDX-License-Identifier: MIT
#include "db/draft_writer.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "db/sealed_keys.h"

namespace hss::db {

namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument(what);
}

void check_consistent(const SubscriptionDraft& draft) {
  require(!draft.private_identities.empty(), "a subscription needs a private identity");
  require(!draft.public_identities.empty(), "a subscription needs a public identity");
  std::set<std::size_t> sets;
  for (const auto& identity : draft.public_identities) sets.insert(identity.implicit_set);
  for (const auto& identity : draft.private_identities) {
    require(!identity.key_set || *identity.key_set < draft.key_sets.size(),
            "a private identity names a key set that the subscription does not have");
  }
  for (const auto& association : draft.associations) {
    require(association.private_identity < draft.private_identities.size() && sets.contains(association.implicit_set),
            "an association names a private identity or an implicit set that the subscription does not have");
  }
}

void check_unique(std::set<std::string_view>& seen, const std::string& kind, std::string_view identity) {
  if (seen.insert(identity).second) return;
  throw IdentityTaken(kind + " " + std::string(identity) + " is given twice; give it once");
}

std::int64_t single_id(Rows& rows) {
  if (!rows.next()) throw StoreFault("SQLite gave no id to a new row");
  const std::int64_t id = rows.integer(0);
  while (rows.next()) {
  }
  return id;
}

constexpr const char* kImsi = "IMSI";
constexpr const char* kMsisdn = "MSISDN";
constexpr const char* kImpi = "private identity";
constexpr const char* kImpu = "public identity";

}  // namespace

DraftWriter::DraftWriter(sqlite3* connection, const KeyVault& vault) : db_(connection), vault_(vault) {}

SubscriptionId DraftWriter::create() {
  Rows rows(insert_);
  return single_id(rows);
}

bool DraftWriter::write(SubscriptionId id, const SubscriptionDraft& draft) {
  check_consistent(draft);
  check_taken(id, draft);
  const std::optional<std::string> imsi = draft.imsi.empty() ? std::nullopt : std::optional(draft.imsi);
  if (run(update_, imsi, draft.loose_route_required, id) == 0) return false;
  write_subscription_data(id, draft);

  // What is no longer named goes last: until then somebody may refer to it.
  std::vector<KeySetId> old_key_sets;
  for (Rows rows(key_sets_, id); rows.next();) old_key_sets.push_back(rows.integer(0));
  std::set<ImplicitSetId> old_sets;
  for (Rows rows(members_, id); rows.next();) old_sets.insert(rows.integer(0));

  const std::vector<KeySetId> key_sets = write_key_sets(id, draft);
  const SetNumbers sets = write_implicit_sets(id, draft);
  const std::vector<PrivateIdentityId> private_identities = write_private_identities(id, draft, key_sets);
  write_public_identities(id, draft, sets);
  write_associations(id, draft, sets, private_identities);

  for (const KeySetId old : old_key_sets) {
    if (std::find(key_sets.begin(), key_sets.end(), old) == key_sets.end()) run(delete_key_set_, old);
  }
  for (const ImplicitSetId old : old_sets) {
    if (std::any_of(sets.begin(), sets.end(), [&](const auto& set) { return set.second == old; })) continue;
    run(delete_set_, old);
  }
  // TS 29.228 6.1.2: no S-CSCF is kept for a subscription of which nothing is registered any more.
  run(release_server_, id);
  return true;
}

void DraftWriter::check_owner(Statement& owner, SubscriptionId id, const std::string& kind, std::string_view identity) {
  Rows rows(owner, identity);
  if (!rows.next() || rows.integer(0) == id) return;
  throw IdentityTaken(kind + " " + std::string(identity) +
                      " belongs to another subscription; remove it there, or choose another");
}

void DraftWriter::check_taken(SubscriptionId id, const SubscriptionDraft& draft) {
  if (!draft.imsi.empty()) check_owner(imsi_owner_, id, kImsi, draft.imsi);
  std::set<std::string_view> seen;
  for (const auto& msisdn : draft.msisdns) {
    check_unique(seen, kMsisdn, msisdn);
    check_owner(msisdn_owner_, id, kMsisdn, msisdn);
  }
  seen.clear();
  for (const auto& identity : draft.private_identities) {
    check_unique(seen, kImpi, identity.impi);
    check_owner(impi_owner_, id, kImpi, identity.impi);
  }
  seen.clear();
  for (const auto& identity : draft.public_identities) {
    check_unique(seen, kImpu, identity.impu);
    check_owner(impu_owner_, id, kImpu, identity.impu);
  }
}

void DraftWriter::write_subscription_data(SubscriptionId id, const SubscriptionDraft& draft) {
  run(clear_msisdns_, id);
  for (std::size_t i = 0; i < draft.msisdns.size(); ++i) run(insert_msisdn_, draft.msisdns[i], id, i);
  run(clear_networks_, id);
  for (std::size_t i = 0; i < draft.visited_networks.size(); ++i) {
    run(insert_network_, id, i, draft.visited_networks[i]);
  }
  run(clear_capabilities_, id);
  const auto& [mandatory, optional, names] = draft.capabilities;
  for (std::size_t i = 0; i < mandatory.size(); ++i) run(insert_capability_, id, 0, i, mandatory[i], std::nullopt);
  for (std::size_t i = 0; i < optional.size(); ++i) run(insert_capability_, id, 1, i, optional[i], std::nullopt);
  for (std::size_t i = 0; i < names.size(); ++i) run(insert_capability_, id, 2, i, std::nullopt, names[i]);
}

std::vector<KeySetId> DraftWriter::write_key_sets(SubscriptionId id, const SubscriptionDraft& draft) {
  struct Stored {
    KeySetId id = 0;
    KeySetDraft keys;
    bool claimed = false;
  };
  std::vector<Stored> stored;
  for (Rows rows(key_sets_, id); rows.next();) {
    Stored one;
    one.id = rows.integer(0);
    one.keys.algorithm = static_cast<AkaAlgorithm>(rows.integer(1));
    open_keys(vault_, one.id, rows.blob(2), one.keys.k, one.keys.opc);
    stored.push_back(one);
  }
  std::vector<KeySetId> ids;
  for (const KeySetDraft& wanted : draft.key_sets) {
    const auto same = std::find_if(stored.begin(), stored.end(), [&](const Stored& one) {
      return !one.claimed && one.keys.algorithm == wanted.algorithm && one.keys.k.equals(wanted.k) &&
             one.keys.opc.equals(wanted.opc);
    });
    if (same == stored.end()) {
      ids.push_back(insert_key_set(id, wanted));
    } else {
      same->claimed = true;
      update_key_set(same->id, wanted);
      ids.push_back(same->id);
    }
  }
  return ids;
}

void DraftWriter::update_key_set(KeySetId id, const KeySetDraft& draft) {
  run(update_key_set_, draft.amf[0] << 8 | draft.amf[1], draft.ind_bits, draft.delta, id);
  run(update_sequence_, draft.seq, id);
}

KeySetId DraftWriter::insert_key_set(SubscriptionId id, const KeySetDraft& draft) {
  KeySetId key_set = 0;
  {
    Rows rows(next_key_set_);
    key_set = single_id(rows);
  }
  const Bytes sealed = seal_keys(vault_, key_set, draft.k, draft.opc);
  run(insert_key_set_, key_set, id, draft.algorithm, BytesView(sealed), draft.amf[0] << 8 | draft.amf[1],
      draft.ind_bits, draft.delta);
  run(insert_sequence_, key_set, draft.seq);
  return key_set;
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
    const std::string impu = rows.text(1);
    for (const auto& [number, members] : wanted) {
      if (members.contains(impu)) ++common[{number, rows.integer(0)}];
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
    Rows rows(insert_set_, id, number);
    sets[number] = single_id(rows);
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
    std::optional<KeySetId> key_set;
    if (wanted.key_set) key_set = key_sets[*wanted.key_set];
    if (const auto found = stored.extract(wanted.impi)) {
      run(update_private_, i, wanted.scheme, key_set, found.mapped());
      ids.push_back(found.mapped());
    } else {
      Rows rows(insert_private_, id, i, wanted.impi, wanted.scheme, key_set);
      ids.push_back(single_id(rows));
    }
  }
  for (const auto& [impi, gone] : stored) run(delete_private_, gone);
  return ids;
}

void DraftWriter::write_public_identities(SubscriptionId id, const SubscriptionDraft& draft, const SetNumbers& sets) {
  std::map<std::string, PublicIdentityId> stored;
  for (Rows rows(public_identities_, id); rows.next();) stored[rows.text(1)] = rows.integer(0);

  for (std::size_t i = 0; i < draft.public_identities.size(); ++i) {
    const PublicIdentityDraft& wanted = draft.public_identities[i];
    const ImplicitSetId set = sets.at(wanted.implicit_set);
    const std::int64_t profile = profile_id(wanted.service_profile);
    const auto name = wanted.display_name.empty() ? std::nullopt : std::optional(wanted.display_name);
    if (const auto found = stored.extract(wanted.impu)) {
      run(update_public_, set, i, wanted.barred, wanted.registration_allowed, profile, name, found.mapped());
    } else {
      run(insert_public_, set, i, wanted.impu, wanted.barred, wanted.registration_allowed, profile, name);
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
  for (const auto& [set, identity] : wanted) run(insert_association_, set, identity);
}

std::int64_t DraftWriter::profile_id(const std::string& name) {
  Rows rows(profile_, name);
  if (!rows.next()) throw UnknownProfile("there is no service profile \"" + name + "\"; add it first");
  return rows.integer(0);
}

}  // namespace hss::db
