// SPDX-License-Identifier: MIT
#include "db/sqlite_repository.h"

#include <algorithm>

#include "db/non_3gpp_reader.h"
#include "db/non_3gpp_state.h"
#include "db/outbox.h"
#include "db/sealed_keys.h"
#include "db/server_names.h"
#include "db/sqlite.h"
#include "db/subscription_reader.h"
#include "db/wildcard_reader.h"

namespace hss::db {

namespace {

constexpr std::size_t kRandSize = 16;

bool worth_keeping(const PairState& pair) {
  return pair.status != RegistrationStatus::kNotRegistered || pair.auth_pending_until.has_value();
}

std::optional<AssignedServer> server_of(const Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return AssignedServer{rows.text(column), rows.text(column + 1), rows.text(column + 2)};
}

}  // namespace

struct SqliteRepository::Impl {
  Impl(sqlite3* connection, const KeyVault& key_vault) : db(connection), vault(key_vault) {}

  sqlite3* db;
  const KeyVault& vault;
  SubscriptionReader subscriptions{db};
  WildcardReader wildcards{db};
  ServerNames servers{db};
  Outbox outbox{db};
  Non3gppReader non_3gpp{db};
  Non3gppState non_3gpp_state{db};

  Statement by_impi{db, "SELECT subscription FROM private_identity WHERE impi = ?"};
  Statement by_impu{db,
                    "SELECT s.subscription FROM public_identity p JOIN implicit_set s ON s.id = p.implicit_set"
                    " WHERE p.impu = ?"};
  Statement by_imsi{db, "SELECT id FROM subscription WHERE imsi = ?"};

  Statement serving{db,
                    "SELECT c.name, c.diameter_host, c.diameter_realm, o.name, o.diameter_host, o.diameter_realm,"
                    " s.reassignment_pending FROM subscription s LEFT JOIN server c ON c.id = s.s_cscf"
                    " LEFT JOIN server o ON o.id = s.previous_s_cscf WHERE s.id = ?"};
  Statement save_serving{
      db, "UPDATE subscription SET s_cscf = ?, previous_s_cscf = ?, reassignment_pending = ? WHERE id = ?"};
  Statement pairs{db,
                  "SELECT r.implicit_set, r.private_identity, r.status, r.auth_pending_until FROM implicit_set s"
                  " JOIN registration r ON r.implicit_set = s.id WHERE s.subscription = ? ORDER BY 1, 2"};
  Statement save_pair{db,
                      "INSERT INTO registration (implicit_set, private_identity, status, auth_pending_until)"
                      " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET status = excluded.status,"
                      " auth_pending_until = excluded.auth_pending_until"};
  Statement remove_pair{db, "DELETE FROM registration WHERE implicit_set = ? AND private_identity = ?"};

  Statement restoration{
      db, "SELECT private_identity, content FROM restoration WHERE implicit_set = ? ORDER BY private_identity"};
  Statement save_restoration{db,
                             "INSERT INTO restoration (implicit_set, private_identity, content) VALUES (?, ?, ?)"
                             " ON CONFLICT DO UPDATE SET content = excluded.content"};
  Statement remove_restoration{db, "DELETE FROM restoration WHERE implicit_set = ? AND private_identity = ?"};

  Statement key_set{db, "SELECT algorithm, sealed, parameters, test, amf, ind_bits, delta FROM key_set WHERE id = ?"};
  Statement sip_digest{db, "SELECT realm, sealed FROM sip_digest WHERE private_identity = ?"};
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

  std::shared_ptr<const Subscription> find(Statement& statement, std::string_view identity);
};

std::shared_ptr<const Subscription> SqliteRepository::Impl::find(Statement& statement, std::string_view identity) {
  SubscriptionId id = 0;
  {
    Rows rows(statement, identity);
    if (!rows.next()) return nullptr;
    id = rows.integer(0);
  }
  return subscriptions.read(id);
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

WildcardMatch SqliteRepository::find_by_wildcard(std::string_view impu) {
  const auto match = impl_->wildcards.find(impu);
  if (!match) return {};
  return {impl_->subscriptions.read(match->subscription), match->public_identity};
}

std::shared_ptr<const Subscription> SqliteRepository::subscription(SubscriptionId id) {
  return impl_->subscriptions.read(id);
}

std::shared_ptr<const Subscription> SqliteRepository::find_by_imsi(std::string_view imsi) {
  return impl_->find(impl_->by_imsi, imsi);
}

std::shared_ptr<const Non3gppSubscription> SqliteRepository::non_3gpp(SubscriptionId subscription) {
  auto found = impl_->non_3gpp.read(subscription);
  if (!found) return nullptr;
  return std::make_shared<const Non3gppSubscription>(std::move(found->subscription));
}

Non3gppRegistration SqliteRepository::non_3gpp_registration(SubscriptionId subscription) {
  return impl_->non_3gpp_state.read(subscription);
}

void SqliteRepository::save_non_3gpp_registration(SubscriptionId subscription,
                                                  const Non3gppRegistration& registration) {
  impl_->non_3gpp_state.save(subscription, registration);
}

Registration SqliteRepository::registration(SubscriptionId subscription) {
  Registration found;
  Rows serving(impl_->serving, subscription);
  if (serving.next()) {
    found.server = server_of(serving, 0);
    found.previous_server = server_of(serving, 3);
    found.reassignment_pending = serving.integer(6) != 0;
  }
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
  // Only what differs is written: most of the time that is one narrow row.
  if (registration.server != before.server || registration.previous_server != before.previous_server ||
      registration.reassignment_pending != before.reassignment_pending) {
    const auto id_of = [this](const std::optional<AssignedServer>& server) {
      return server ? std::optional(impl_->servers.id_of(*server)) : std::nullopt;
    };
    run(impl_->save_serving, id_of(registration.server), id_of(registration.previous_server),
        registration.reassignment_pending, subscription);
  }
  for (const PairState& old : before.pairs) {
    const bool stays = std::any_of(registration.pairs.begin(), registration.pairs.end(), [&](const PairState& pair) {
      return pair.implicit_set == old.implicit_set && pair.private_identity == old.private_identity &&
             worth_keeping(pair);
    });
    if (stays) continue;
    run(impl_->remove_pair, old.implicit_set, old.private_identity);
    run(impl_->remove_restoration, old.implicit_set, old.private_identity);
  }
  for (const PairState& pair : registration.pairs) {
    if (!worth_keeping(pair)) continue;
    if (std::find(before.pairs.begin(), before.pairs.end(), pair) != before.pairs.end()) continue;
    run(impl_->save_pair, pair.implicit_set, pair.private_identity, pair.status, pair.auth_pending_until);
  }
}

std::vector<RestorationInfo> SqliteRepository::restoration(ImplicitSetId implicit_set) {
  std::vector<RestorationInfo> found;
  for (Rows rows(impl_->restoration, implicit_set); rows.next();) {
    const BytesView content = rows.blob(1);
    found.push_back({rows.integer(0), Bytes(content.begin(), content.end())});
  }
  return found;
}

void SqliteRepository::save_restoration(ImplicitSetId implicit_set, PrivateIdentityId private_identity,
                                        BytesView info) {
  if (info.empty()) {
    run(impl_->remove_restoration, implicit_set, private_identity);
  } else {
    run(impl_->save_restoration, implicit_set, private_identity, info);
  }
}

std::shared_ptr<const KeySet> SqliteRepository::key_set(KeySetId id) {
  Rows rows(impl_->key_set, id);
  if (!rows.next()) return nullptr;
  auto found = std::make_shared<KeySet>();
  found->id = id;
  found->algorithm = to_enum(rows.integer(0), AkaAlgorithm::kXor, "AKA algorithm");
  open_keys(impl_->vault, id, rows.blob(1), found->k, found->opc);
  found->parameters = decode_parameters(id, rows.blob(2));
  found->test = rows.integer(3) != 0;
  const auto amf = static_cast<std::uint64_t>(rows.integer(4));
  found->amf = {static_cast<std::uint8_t>(amf >> 8U), static_cast<std::uint8_t>(amf)};
  found->ind_bits = static_cast<unsigned>(rows.integer(5));
  found->delta = static_cast<std::uint64_t>(rows.integer(6));
  return found;
}

std::optional<SipDigest> SqliteRepository::sip_digest(PrivateIdentityId id) {
  Rows rows(impl_->sip_digest, id);
  if (!rows.next()) return std::nullopt;
  return open_digest(impl_->vault, id, rows.text(0), rows.blob(1));
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

PushId SqliteRepository::add_push(const Push& push) { return impl_->outbox.add(push); }

std::vector<Push> SqliteRepository::due_pushes(UnixTime now, std::size_t limit) {
  return impl_->outbox.due(now, limit);
}

std::optional<Push> SqliteRepository::push(PushId id) { return impl_->outbox.find(id); }

std::vector<Push> SqliteRepository::waiting_pushes(SubscriptionId subscription) {
  return impl_->outbox.waiting(subscription);
}

void SqliteRepository::save_push(const Push& push) { impl_->outbox.save(push); }

void SqliteRepository::forget_pushes(UnixTime finished_before) { impl_->outbox.forget(finished_before); }

}  // namespace hss::db
