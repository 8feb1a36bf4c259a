// SPDX-License-Identifier: MIT
#include "db/sqlite_repository.h"

#include <algorithm>
#include <unordered_map>

#include "db/sealed_keys.h"
#include "db/sqlite.h"

namespace hss::db {

namespace {

constexpr std::size_t kRandSize = 16;

/// A number of the database as one of the named values that it stands for.
template <typename Enum>
Enum to_enum(std::int64_t value, Enum last, const char* what) {
  if (value < 0 || value > static_cast<std::int64_t>(last)) {
    throw StoreFault(std::string("the database holds an unknown ") + what + " (" + std::to_string(value) +
                     "); use the program that wrote it");
  }
  return static_cast<Enum>(value);
}

}  // namespace

struct SqliteRepository::Impl {
  Impl(sqlite3* connection, const KeyVault& key_vault) : db(connection), vault(key_vault) {}

  sqlite3* db;
  const KeyVault& vault;

  Statement by_impi{db, "SELECT subscription FROM private_identity WHERE impi = ?"};
  Statement by_impu{db,
                    "SELECT s.subscription FROM public_identity p JOIN implicit_set s ON s.id = p.implicit_set"
                    " WHERE p.impu = ?"};
  Statement subscription{db, "SELECT loose_route FROM subscription WHERE id = ?"};
  Statement private_identities{
      db, "SELECT id, impi, scheme, key_set FROM private_identity WHERE subscription = ? ORDER BY position"};
  Statement public_identities{
      db,
      "SELECT p.id, p.impu, p.barred, p.registration_allowed, p.implicit_set, p.display_name, v.id, v.revision"
      " FROM implicit_set s JOIN public_identity p ON p.implicit_set = s.id"
      " JOIN service_profile v ON v.id = p.service_profile WHERE s.subscription = ? ORDER BY p.position"};
  Statement associations{db,
                         "SELECT a.private_identity, a.implicit_set FROM implicit_set s"
                         " JOIN association a ON a.implicit_set = s.id WHERE s.subscription = ? ORDER BY 2, 1"};
  Statement capabilities{
      db, "SELECT kind, number, name FROM server_capability WHERE subscription = ? ORDER BY kind, position"};
  Statement networks{db, "SELECT network FROM visited_network WHERE subscription = ? ORDER BY position"};
  Statement profile{db, "SELECT name, xml FROM service_profile WHERE id = ?"};

  Statement server{db,
                   "SELECT c.name, c.diameter_host, c.diameter_realm FROM subscription s"
                   " JOIN s_cscf c ON c.id = s.s_cscf WHERE s.id = ?"};
  Statement pairs{db,
                  "SELECT r.implicit_set, r.private_identity, r.status, r.auth_pending_until FROM implicit_set s"
                  " JOIN registration r ON r.implicit_set = s.id WHERE s.subscription = ? ORDER BY 1, 2"};
  Statement add_server{
      db, "INSERT INTO s_cscf (name, diameter_host, diameter_realm) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"};
  Statement set_server{db,
                       "UPDATE subscription SET s_cscf = (SELECT id FROM s_cscf WHERE name = ? AND diameter_host = ?"
                       " AND diameter_realm = ?) WHERE id = ?"};
  Statement clear_server{db, "UPDATE subscription SET s_cscf = NULL WHERE id = ?"};
  Statement save_pair{db,
                      "INSERT INTO registration (implicit_set, private_identity, status, auth_pending_until)"
                      " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET status = excluded.status,"
                      " auth_pending_until = excluded.auth_pending_until"};
  Statement remove_pair{db, "DELETE FROM registration WHERE implicit_set = ? AND private_identity = ?"};

  Statement key_set{db, "SELECT algorithm, sealed, amf, ind_bits, delta FROM key_set WHERE id = ?"};
  Statement sequence{db, "SELECT seq, issued FROM sequence WHERE key_set = ?"};
  Statement save_sequence{db, "UPDATE sequence SET seq = ?, issued = ? WHERE key_set = ?"};
  Statement save_resynchronisation{
      db,
      "INSERT INTO resynchronisation (key_set, at, origin_host, seq_he, seq_ms, action) VALUES (?, ?, ?, ?, ?, ?)"
      " ON CONFLICT DO UPDATE SET at = excluded.at, origin_host = excluded.origin_host, seq_he = excluded.seq_he,"
      " seq_ms = excluded.seq_ms, action = excluded.action"};
  Statement ind_slots{db, "SELECT origin_host, ind FROM ind_slot WHERE application = ? ORDER BY origin_host"};
  Statement save_ind_slot{db,
                          "INSERT INTO ind_slot (application, origin_host, ind) VALUES (?, ?, ?)"
                          " ON CONFLICT DO UPDATE SET ind = excluded.ind"};

  /// Parsed service profiles by id. A revision is never used twice, so what was rolled back is never found again.
  struct ParsedProfile {
    std::int64_t revision = 0;
    std::shared_ptr<const ServiceProfile> profile;
  };
  std::unordered_map<std::int64_t, ParsedProfile> profiles;

  std::shared_ptr<const ServiceProfile> parsed_profile(std::int64_t id, std::int64_t revision);
  std::vector<PrivateIdentity> load_private_identities(SubscriptionId id);
  std::vector<PublicIdentity> load_public_identities(SubscriptionId id);
  ServerCapabilities load_capabilities(SubscriptionId id);
  std::shared_ptr<const Subscription> load(SubscriptionId id);
  std::shared_ptr<const Subscription> find(Statement& statement, std::string_view identity);
};

std::shared_ptr<const ServiceProfile> SqliteRepository::Impl::parsed_profile(std::int64_t id, std::int64_t revision) {
  const auto found = profiles.find(id);
  if (found != profiles.end() && found->second.revision == revision) return found->second.profile;
  Rows rows(profile, id);
  if (!rows.next()) throw StoreFault("service profile " + std::to_string(id) + " is missing from the database");
  const std::string name = rows.text(0);
  auto parsed = std::make_shared<ServiceProfile>();
  try {
    *parsed = parse_service_profile(rows.text(1));
  } catch (const ProfileError& error) {
    throw StoreFault("service profile \"" + name + "\" cannot be read: " + error.what());
  }
  parsed->id = id;
  parsed->name = name;
  profiles[id] = {revision, parsed};
  return parsed;
}

std::vector<PrivateIdentity> SqliteRepository::Impl::load_private_identities(SubscriptionId id) {
  std::vector<PrivateIdentity> identities;
  Rows rows(private_identities, id);
  while (rows.next()) {
    identities.push_back({.id = rows.integer(0),
                          .impi = rows.text(1),
                          .scheme = to_enum(rows.integer(2), AuthScheme::kDigestAkaV1Md5, "authentication scheme"),
                          .key_set = rows.optional_integer(3)});
  }
  return identities;
}

std::vector<PublicIdentity> SqliteRepository::Impl::load_public_identities(SubscriptionId id) {
  std::vector<PublicIdentity> identities;
  Rows rows(public_identities, id);
  while (rows.next()) {
    identities.push_back({.id = rows.integer(0),
                          .impu = rows.text(1),
                          .barred = rows.integer(2) != 0,
                          .registration_allowed = rows.integer(3) != 0,
                          .implicit_set = rows.integer(4),
                          .service_profile = parsed_profile(rows.integer(6), rows.integer(7)),
                          .display_name = rows.text(5)});
  }
  return identities;
}

ServerCapabilities SqliteRepository::Impl::load_capabilities(SubscriptionId id) {
  ServerCapabilities loaded;
  Rows rows(capabilities, id);
  while (rows.next()) {
    const std::int64_t kind = rows.integer(0);
    if (kind == 2) {
      loaded.server_names.push_back(rows.text(2));
    } else {
      (kind == 0 ? loaded.mandatory : loaded.optional).push_back(static_cast<std::uint32_t>(rows.integer(1)));
    }
  }
  return loaded;
}

std::shared_ptr<const Subscription> SqliteRepository::Impl::load(SubscriptionId id) {
  auto loaded = std::make_shared<Subscription>();
  loaded->id = id;
  {
    Rows rows(subscription, id);
    if (!rows.next()) return nullptr;
    if (const auto required = rows.optional_integer(0)) loaded->loose_route_required = *required != 0;
  }
  loaded->private_identities = load_private_identities(id);
  loaded->public_identities = load_public_identities(id);
  Rows allowed(associations, id);
  while (allowed.next()) loaded->associations.push_back({allowed.integer(0), allowed.integer(1)});
  loaded->capabilities = load_capabilities(id);
  Rows visited(networks, id);
  while (visited.next()) loaded->visited_networks.push_back(visited.text(0));
  return loaded;
}

std::shared_ptr<const Subscription> SqliteRepository::Impl::find(Statement& statement, std::string_view identity) {
  SubscriptionId id = 0;
  {
    Rows rows(statement, identity);
    if (!rows.next()) return nullptr;
    id = rows.integer(0);
  }
  return load(id);
}

SqliteRepository::SqliteRepository(Database& database, const KeyVault& vault)
    : impl_(std::make_unique<Impl>(database.handle(), vault)) {}

SqliteRepository::~SqliteRepository() = default;

std::shared_ptr<const Subscription> SqliteRepository::find_by_private_identity(std::string_view impi) {
  return impl_->find(impl_->by_impi, impi);
}

std::shared_ptr<const Subscription> SqliteRepository::find_by_public_identity(std::string_view impu) {
  return impl_->find(impl_->by_impu, impu);
}

std::shared_ptr<const Subscription> SqliteRepository::subscription(SubscriptionId id) { return impl_->load(id); }

Registration SqliteRepository::registration(SubscriptionId subscription) {
  Registration found;
  Rows server(impl_->server, subscription);
  if (server.next()) found.server = {server.text(0), server.text(1), server.text(2)};
  Rows pairs(impl_->pairs, subscription);
  while (pairs.next()) {
    found.pairs.push_back(
        {.implicit_set = pairs.integer(0),
         .private_identity = pairs.integer(1),
         .status = to_enum(pairs.integer(2), RegistrationStatus::kUnregistered, "registration status"),
         .auth_pending_until = pairs.optional_integer(3)});
  }
  return found;
}

void SqliteRepository::save_registration(SubscriptionId subscription, const Registration& registration) {
  const Registration before = this->registration(subscription);
  if (registration.server != before.server) {
    if (const auto& server = registration.server) {
      run(impl_->add_server, server->name, server->diameter_host, server->diameter_realm);
      run(impl_->set_server, server->name, server->diameter_host, server->diameter_realm, subscription);
    } else {
      run(impl_->clear_server, subscription);
    }
  }
  // Only what differs is written: most of the time that is one narrow row.
  const auto worth_keeping = [](const PairState& pair) {
    return pair.status != RegistrationStatus::kNotRegistered || pair.auth_pending_until.has_value();
  };
  for (const PairState& old : before.pairs) {
    const bool stays = std::any_of(registration.pairs.begin(), registration.pairs.end(), [&](const PairState& pair) {
      return pair.implicit_set == old.implicit_set && pair.private_identity == old.private_identity &&
             worth_keeping(pair);
    });
    if (!stays) run(impl_->remove_pair, old.implicit_set, old.private_identity);
  }
  for (const PairState& pair : registration.pairs) {
    if (!worth_keeping(pair)) continue;
    if (std::find(before.pairs.begin(), before.pairs.end(), pair) != before.pairs.end()) continue;
    run(impl_->save_pair, pair.implicit_set, pair.private_identity, pair.status, pair.auth_pending_until);
  }
}

std::shared_ptr<const KeySet> SqliteRepository::key_set(KeySetId id) {
  Rows rows(impl_->key_set, id);
  if (!rows.next()) return nullptr;
  auto found = std::make_shared<KeySet>();
  found->id = id;
  found->algorithm = to_enum(rows.integer(0), AkaAlgorithm::kMilenage, "AKA algorithm");
  open_keys(impl_->vault, id, rows.blob(1), found->k, found->opc);
  const auto amf = static_cast<std::uint64_t>(rows.integer(2));
  found->amf = {static_cast<std::uint8_t>(amf >> 8U), static_cast<std::uint8_t>(amf)};
  found->ind_bits = static_cast<unsigned>(rows.integer(3));
  found->delta = static_cast<std::uint64_t>(rows.integer(4));
  return found;
}

SequenceState SqliteRepository::sequence(KeySetId id) {
  Rows rows(impl_->sequence, id);
  if (!rows.next()) throw StoreFault("key set " + std::to_string(id) + " has no sequence number");
  SequenceState state;
  state.seq = static_cast<std::uint64_t>(rows.integer(0));
  for (BytesView issued = rows.blob(1); issued.size() >= kRandSize; issued = issued.subspan(kRandSize)) {
    std::copy_n(issued.begin(), kRandSize, state.issued.emplace_back().begin());
  }
  return state;
}

void SqliteRepository::save_sequence(KeySetId id, const SequenceState& state) {
  Bytes issued;
  issued.reserve(kRememberedChallenges * kRandSize);
  for (const auto& rand : state.issued) issued.insert(issued.end(), rand.begin(), rand.end());
  if (run(impl_->save_sequence, state.seq, BytesView(issued), id) == 0) {
    throw StoreFault("key set " + std::to_string(id) + " has no sequence number");
  }
}

void SqliteRepository::save_resynchronisation(KeySetId id, const ResynchronisationRecord& record) {
  run(impl_->save_resynchronisation, id, record.at, record.origin_host, record.seq_he, record.seq_ms, record.action);
}

std::vector<std::pair<std::string, unsigned>> SqliteRepository::ind_slots(Application application) {
  std::vector<std::pair<std::string, unsigned>> slots;
  Rows rows(impl_->ind_slots, application);
  while (rows.next()) slots.emplace_back(rows.text(0), static_cast<unsigned>(rows.integer(1)));
  return slots;
}

void SqliteRepository::save_ind_slot(Application application, std::string_view origin_host, unsigned ind) {
  run(impl_->save_ind_slot, application, origin_host, ind);
}

}  // namespace hss::db
