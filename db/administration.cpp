// SPDX-License-Identifier: MIT
#include "db/administration.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "db/apn_store.h"
#include "db/change_journal.h"
#include "db/draft_writer.h"
#include "db/non_3gpp_reader.h"
#include "db/outbox.h"
#include "db/profile_store.h"
#include "db/sealed_keys.h"
#include "db/sequence_log.h"
#include "db/sqlite.h"
#include "db/sqlite_repository.h"
#include "hss/wildcard.h"

namespace hss::db {

struct Administration::Impl {
  Impl(Database& database, const KeyVault& key_vault)
      : db(database.handle()),
        journal(database.journal()),
        vault(key_vault),
        repository(database, vault),
        writer(db, vault, sequence_log,
               [this](SubscriptionId id) { return !repository.registration(id).pairs.empty(); }) {}

  sqlite3* db;
  ChangeJournal& journal;
  KeyVault vault;
  SqliteRepository repository;
  SequenceLog sequence_log{db};  // read once for who reads and writes a subscription
  DraftWriter writer;

  PushList push_list{db};
  ProfileStore profiles{db};
  ApnStore apns{db};
  Non3gppReader non_3gpp{db};

  Statement remove{db, "DELETE FROM subscription WHERE id = ?"};
  // A push stands for itself; who gets the number next has nothing to do with it.
  Statement release_pushes{
      db, "UPDATE push SET subscription = 0, implicit_set = 0, private_identity = 0 WHERE subscription = ?"};
  Statement list{db, "SELECT id FROM subscription WHERE id > ? ORDER BY id LIMIT ?"};
  Statement list_with_text{
      db,
      "SELECT s.id FROM subscription s WHERE s.id > ?1 AND s.id <= ?2 AND (instr(s.imsi, ?3)"
      " OR EXISTS (SELECT 1 FROM msisdn m WHERE m.subscription = s.id AND instr(m.msisdn, ?3))"
      " OR EXISTS (SELECT 1 FROM private_identity i WHERE i.subscription = s.id AND instr(lower(i.impi), ?3))"
      " OR EXISTS (SELECT 1 FROM implicit_set t JOIN public_identity p ON p.implicit_set = t.id"
      " WHERE t.subscription = s.id AND instr(lower(p.impu), ?3))) ORDER BY s.id"};
  // Reads the whole table first (SQLite keeps the order of a CROSS JOIN), and nothing more of those who are no
  // services.
  Statement list_with_services{
      db,
      "SELECT DISTINCT s.subscription FROM public_identity p CROSS JOIN implicit_set s ON s.id = p.implicit_set"
      " WHERE p.type IN (1, 2) ORDER BY 1"};
  Statement count{db, "SELECT count(*) FROM subscription"};

  Statement by_imsi{db, "SELECT id FROM subscription WHERE imsi = ?"};
  Statement by_msisdn{db, "SELECT subscription FROM msisdn WHERE msisdn = ?"};
  Statement by_impi{db, "SELECT subscription FROM private_identity WHERE impi = ?"};
  Statement by_impu{db,
                    "SELECT s.subscription FROM public_identity p JOIN implicit_set s ON s.id = p.implicit_set"
                    " WHERE p.impu = ?"};

  Statement usim{db, "SELECT usim FROM subscription WHERE id = ?"};
  Statement msisdns{db, "SELECT msisdn FROM msisdn WHERE subscription = ? ORDER BY position"};
  Statement key_sets{
      db,
      "SELECT k.id, k.algorithm, k.sealed, k.parameters, k.test, k.amf, k.ind_bits, k.delta, q.seq,"
      " r.at, r.origin_host, r.seq_he, r.seq_ms, r.action FROM key_set k JOIN sequence q ON q.key_set = k.id"
      " LEFT JOIN resynchronisation r ON r.key_set = k.id WHERE k.subscription = ? ORDER BY k.id"};
  Statement digest{db, "SELECT realm, sealed FROM sip_digest WHERE private_identity = ?"};
  Statement set_numbers{db, "SELECT id, number FROM implicit_set WHERE subscription = ?"};
  Statement restorations{db,
                         "SELECT r.implicit_set, r.private_identity, length(r.content) FROM implicit_set s"
                         " JOIN restoration r ON r.implicit_set = s.id WHERE s.subscription = ?"};

  static std::optional<SubscriptionId> find_one(Statement& statement, std::string_view identity) {
    Rows rows(statement, identity);
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
  }

  std::map<KeySetId, std::size_t> read_key_sets(SubscriptionId id, bool with_keys, StoredSubscription& out);
  void read_digests(const Subscription& subscription, bool with_keys, SubscriptionDraft& draft);
  std::map<ImplicitSetId, std::size_t> read_set_numbers(SubscriptionId id);
  void read_state(SubscriptionId id, const Subscription& subscription,
                  const std::map<ImplicitSetId, std::size_t>& numbers, StoredSubscription& out);
};

namespace {

void read_associations(const Subscription& subscription, const std::map<ImplicitSetId, std::size_t>& numbers,
                       SubscriptionDraft& draft) {
  if (subscription.associations.size() == subscription.private_identities.size() * numbers.size()) return;  // all
  for (std::size_t i = 0; i < subscription.private_identities.size(); ++i) {
    for (const auto& [private_identity, set] : subscription.associations) {
      if (private_identity == subscription.private_identities[i].id) draft.associations.push_back({i, numbers.at(set)});
    }
  }
}

std::optional<Non3gppDraft> draft_of(const std::optional<Non3gppReader::Provisioned>& provisioned) {
  if (!provisioned) return std::nullopt;
  const Non3gppSubscription& subscription = provisioned->subscription;
  Non3gppDraft draft{.access_allowed = subscription.access_allowed,
                     .apns_enabled = subscription.apns_enabled,
                     .apns = {},
                     .forbidden_rat_types = subscription.forbidden_rat_types,
                     .visited_networks = subscription.visited_networks,
                     .session_timeout = subscription.session_timeout,
                     .ambr = subscription.ambr,
                     .charging_characteristics = subscription.charging_characteristics};
  for (std::size_t i = 0; i < subscription.apns.size(); ++i) {
    const SubscribedApn& apn = subscription.apns[i];
    draft.apns.push_back({.name = provisioned->templates[i], .ipv4 = apn.ipv4, .ipv6 = apn.ipv6});
  }
  return draft;
}

void read_identities(const Subscription& subscription, const std::map<KeySetId, std::size_t>& key_sets,
                     const std::map<ImplicitSetId, std::size_t>& numbers, SubscriptionDraft& draft) {
  for (const PrivateIdentity& identity : subscription.private_identities) {
    PrivateIdentityDraft& copy = draft.private_identities.emplace_back();
    copy.impi = identity.impi;
    copy.scheme = identity.scheme;
    if (identity.key_set) copy.key_set = key_sets.at(*identity.key_set);
    copy.framed_address = identity.framed_address;
    copy.line_identifiers = identity.line_identifiers;
  }
  for (const PublicIdentity& identity : subscription.public_identities) {
    draft.public_identities.push_back({.impu = identity.impu,
                                       .barred = identity.barred,
                                       .registration_allowed = identity.registration_allowed,
                                       .implicit_set = numbers.at(identity.implicit_set),
                                       .service_profile = identity.service_profile->name,
                                       .display_name = identity.display_name,
                                       .type = identity.type,
                                       .psi_active = identity.psi_active,
                                       .application_server = identity.application_server,
                                       .alias_group = identity.alias_group,
                                       .service_priority_level = identity.service_priority_level});
  }
}

}  // namespace

std::map<KeySetId, std::size_t> Administration::Impl::read_key_sets(SubscriptionId id, bool with_keys,
                                                                    StoredSubscription& out) {
  std::map<KeySetId, std::size_t> indices;
  Rows rows(key_sets, id);
  while (rows.next()) {
    const std::size_t index = out.draft.key_sets.size();
    indices[rows.integer(0)] = index;
    KeySetDraft& key_set = out.draft.key_sets.emplace_back();
    key_set.algorithm = to_enum(rows.integer(1), AkaAlgorithm::kXor, "AKA algorithm");
    if (with_keys) open_keys(vault, rows.integer(0), rows.blob(2), key_set.k, key_set.opc);
    key_set.parameters = decode_parameters(rows.integer(0), rows.blob(3));
    key_set.test = rows.integer(4) != 0;
    const auto amf = static_cast<std::uint64_t>(rows.integer(5));
    key_set.amf = {static_cast<std::uint8_t>(amf >> 8U), static_cast<std::uint8_t>(amf)};
    key_set.ind_bits = static_cast<unsigned>(rows.integer(6));
    key_set.delta = static_cast<std::uint64_t>(rows.integer(7));
    const SequenceState* const logged = sequence_log.find(rows.integer(0));
    key_set.seq = logged != nullptr ? logged->seq : static_cast<std::uint64_t>(rows.integer(8));
    if (rows.is_null(9)) continue;
    using Action = ResynchronisationRecord::Action;
    out.resynchronisations.push_back({index,
                                      {.at = rows.integer(9),
                                       .origin_host = rows.text(10),
                                       .seq_he = static_cast<std::uint64_t>(rows.integer(11)),
                                       .seq_ms = static_cast<std::uint64_t>(rows.integer(12)),
                                       .action = to_enum(rows.integer(13), Action::kLowered, "resynchronisation")}});
  }
  return indices;
}

void Administration::Impl::read_digests(const Subscription& subscription, bool with_keys, SubscriptionDraft& draft) {
  for (std::size_t i = 0; i < subscription.private_identities.size(); ++i) {
    const PrivateIdentity& identity = subscription.private_identities[i];
    if (!identity.sip_digest) continue;
    Rows rows(digest, identity.id);
    if (!rows.next()) continue;
    draft.private_identities[i].sip_digest = with_keys ? open_digest(vault, identity.id, rows.text(0), rows.blob(1))
                                                       : closed_digest(rows.text(0), rows.blob(1));
  }
}

std::map<ImplicitSetId, std::size_t> Administration::Impl::read_set_numbers(SubscriptionId id) {
  std::map<ImplicitSetId, std::size_t> numbers;
  Rows rows(set_numbers, id);
  while (rows.next()) numbers[rows.integer(0)] = static_cast<std::size_t>(rows.integer(1));
  return numbers;
}

void Administration::Impl::read_state(SubscriptionId id, const Subscription& subscription,
                                      const std::map<ImplicitSetId, std::size_t>& numbers, StoredSubscription& out) {
  const Registration registration = repository.registration(id);
  out.server = registration.server;
  out.previous_server = registration.previous_server;
  out.reassignment_pending = registration.reassignment_pending;
  out.non_3gpp = repository.non_3gpp_registration(id);
  std::map<std::pair<ImplicitSetId, PrivateIdentityId>, std::size_t> octets;
  for (Rows rows(restorations, id); rows.next();) {
    octets[{rows.integer(0), rows.integer(1)}] = static_cast<std::size_t>(rows.integer(2));
  }
  for (const PairState& pair : registration.pairs) {
    const PrivateIdentity* identity = subscription.private_by_id(pair.private_identity);
    if (identity == nullptr) continue;
    out.states.push_back({.impi = identity->impi,
                          .implicit_set = numbers.at(pair.implicit_set),
                          .status = pair.status,
                          .auth_pending_until = pair.auth_pending_until,
                          .restoration_octets = octets[{pair.implicit_set, pair.private_identity}]});
  }
}

Administration::Administration(Database& database, const KeyVault& vault) {
  check_master_key(database, vault);
  impl_ = std::make_unique<Impl>(database, vault);
}

Administration::~Administration() = default;

SubscriptionId Administration::add(const SubscriptionDraft& draft) {
  impl_->journal.note_nothing();  // nobody remembers who was not there
  return impl_->writer.add(draft);
}

void Administration::replace(SubscriptionId id, const SubscriptionDraft& draft) {
  impl_->journal.note(id);
  if (!impl_->writer.write(id, draft)) {
    throw std::runtime_error("subscription " + std::to_string(id) + " does not exist any more; list them again");
  }
}

bool Administration::remove(SubscriptionId id) {
  impl_->journal.note(id);
  run(impl_->release_pushes, id);
  return run(impl_->remove, id) != 0;
}

std::optional<SubscriptionId> Administration::find(std::string_view identity) {
  if (const auto id = Impl::find_one(impl_->by_imsi, identity)) return id;
  const std::string_view digits = identity.starts_with('+') ? identity.substr(1) : identity;
  if (const auto id = Impl::find_one(impl_->by_msisdn, digits)) return id;
  if (const auto id = Impl::find_one(impl_->by_impi, identity)) return id;
  if (const auto id = Impl::find_one(impl_->by_impu, identity)) return id;
  if (const auto wildcard = WildcardedIdentity::parse(identity)) {
    if (const auto id = Impl::find_one(impl_->by_impu, wildcard->text())) return id;
  }
  const auto match = impl_->repository.find_by_wildcard(identity);
  return match.subscription == nullptr ? std::nullopt : std::optional(match.subscription->id);
}

std::optional<SubscriptionId> Administration::owner(IdentityKind kind, std::string_view identity) {
  switch (kind) {
    case IdentityKind::kImsi:
      return Impl::find_one(impl_->by_imsi, identity);
    case IdentityKind::kMsisdn:
      return Impl::find_one(impl_->by_msisdn, identity);
    case IdentityKind::kPrivate:
      return Impl::find_one(impl_->by_impi, identity);
    case IdentityKind::kPublic:
      return Impl::find_one(impl_->by_impu, identity);
  }
  return std::nullopt;
}

std::optional<StoredSubscription> Administration::read(SubscriptionId id, bool with_keys) {
  const auto subscription = impl_->repository.subscription(id);
  if (subscription == nullptr) return std::nullopt;
  StoredSubscription stored;
  stored.id = id;
  SubscriptionDraft& draft = stored.draft;
  draft.imsi = subscription->imsi;
  for (Rows rows(impl_->msisdns, id); rows.next();) draft.msisdns.push_back(rows.text(0));
  draft.capabilities = subscription->capabilities;
  draft.visited_networks = subscription->visited_networks;
  draft.loose_route_required = subscription->loose_route_required;
  draft.charging = subscription->charging;
  const auto key_sets = impl_->read_key_sets(id, with_keys, stored);
  if (Rows rows(impl_->usim, id); rows.next() && !rows.is_null(0)) draft.usim = key_sets.at(rows.integer(0));
  draft.non_3gpp = draft_of(impl_->non_3gpp.read(id));
  const auto numbers = impl_->read_set_numbers(id);
  read_identities(*subscription, key_sets, numbers, draft);
  impl_->read_digests(*subscription, with_keys, draft);
  read_associations(*subscription, numbers, draft);
  impl_->read_state(id, *subscription, numbers, stored);
  return stored;
}

std::vector<SubscriptionId> Administration::list(SubscriptionId after, std::size_t limit) {
  std::vector<SubscriptionId> ids;
  Rows rows(impl_->list, after, limit);
  while (rows.next()) ids.push_back(rows.integer(0));
  return ids;
}

std::vector<SubscriptionId> Administration::list_with_text(SubscriptionId after, SubscriptionId last,
                                                           std::string_view text) {
  std::vector<SubscriptionId> ids;
  Rows rows(impl_->list_with_text, after, last, text);
  while (rows.next()) ids.push_back(rows.integer(0));
  return ids;
}

std::vector<SubscriptionId> Administration::list_with_services() {
  std::vector<SubscriptionId> ids;
  Rows rows(impl_->list_with_services);
  while (rows.next()) ids.push_back(rows.integer(0));
  return ids;
}

std::uint64_t Administration::count() {
  Rows rows(impl_->count);
  return rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
}

Repository& Administration::repository() { return impl_->repository; }

std::vector<SubscriptionId> Administration::served_with_profile(std::string_view name) {
  return impl_->profiles.served_with_profile(name);
}

std::vector<SubscriptionId> Administration::served_with_shared_ifc_set(std::string_view name) {
  return impl_->profiles.served_with_shared_ifc_set(name);
}

void Administration::save_apn(std::string_view name, const ApnConfiguration& configuration) {
  impl_->journal.note_nothing();
  impl_->apns.save_apn(name, configuration);
}

std::optional<ApnConfiguration> Administration::apn(std::string_view name) { return impl_->apns.apn(name); }

std::vector<Administration::NamedApn> Administration::apns() { return impl_->apns.apns(); }

bool Administration::remove_apn(std::string_view name) {
  impl_->journal.note_nothing();
  return impl_->apns.remove_apn(name);
}

std::vector<SubscriptionId> Administration::registered_with_apn(std::string_view name) {
  return impl_->apns.registered_with_apn(name);
}

std::vector<SubscriptionId> Administration::registered_on_swx(std::string_view aaa_host, SubscriptionId after,
                                                              std::size_t limit) {
  return impl_->apns.registered_on_swx(aaa_host, after, limit);
}

std::vector<Push> Administration::pushes(std::optional<SubscriptionId> subscription, bool waiting_only,
                                         std::size_t limit) {
  return impl_->push_list.read(subscription, waiting_only, limit);
}

void Administration::save_shared_ifc_set(std::string_view name, std::uint32_t id, std::string_view xml) {
  impl_->journal.note_every_subscription();
  impl_->profiles.save_shared_ifc_set(name, id, xml);
}

std::optional<Administration::SharedIfcText> Administration::shared_ifc_set(std::string_view name) {
  return impl_->profiles.shared_ifc_set(name);
}

std::vector<Administration::SharedIfcText> Administration::shared_ifc_sets() {
  return impl_->profiles.shared_ifc_sets();
}

bool Administration::remove_shared_ifc_set(std::string_view name) {
  impl_->journal.note_every_subscription();
  return impl_->profiles.remove_shared_ifc_set(name);
}

void Administration::save_profile(std::string_view name, std::string_view xml) {
  impl_->journal.note_every_subscription();
  impl_->profiles.save_profile(name, xml);
}

std::optional<std::string> Administration::profile(std::string_view name) { return impl_->profiles.profile(name); }

std::vector<std::string> Administration::profiles() { return impl_->profiles.profiles(); }

bool Administration::remove_profile(std::string_view name) {
  impl_->journal.note_every_subscription();
  return impl_->profiles.remove_profile(name);
}

}  // namespace hss::db
