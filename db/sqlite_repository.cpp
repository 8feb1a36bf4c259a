// SPDX-License-Identifier: MIT
#include "db/sqlite_repository.h"

#include <algorithm>
#include <array>

#include "db/change_journal.h"
#include "db/identity_lookup.h"
#include "db/non_3gpp_reader.h"
#include "db/non_3gpp_state.h"
#include "db/outbox.h"
#include "db/recent_subscriptions.h"
#include "db/registration_table.h"
#include "db/restoration_table.h"
#include "db/sealed_keys.h"
#include "db/server_names.h"
#include "db/sqlite.h"
#include "db/state_logs.h"
#include "db/subscription_reader.h"
#include "db/unwritten.h"
#include "db/wildcard_reader.h"

namespace hss::db {

namespace {

bool worth_keeping(const PairState& pair) {
  return pair.status != RegistrationStatus::kNotRegistered || pair.auth_pending_until.has_value();
}

}  // namespace

struct SqliteRepository::Impl {
  Impl(Database& database, const KeyVault& key_vault, std::size_t memory, std::size_t generation)
      : db(database.handle()), journal(database.journal()), vault(key_vault), logs(db, generation), recent(memory) {}

  sqlite3* db;
  ChangeJournal& journal;
  const KeyVault& vault;
  IdentityLookup lookup{db};
  SubscriptionReader subscriptions{db};
  WildcardReader wildcards{db};
  ServerNames servers{db};
  RegistrationTable registrations{db, servers};
  StateLogs logs;
  RestorationTable restoration{db};
  Outbox outbox{db};
  Non3gppReader non_3gpp{db};
  Non3gppState non_3gpp_state{db};

  Statement key_set{db, "SELECT algorithm, sealed, parameters, test, amf, ind_bits, delta FROM key_set WHERE id = ?"};
  Statement sip_digest{db, "SELECT realm, sealed FROM sip_digest WHERE private_identity = ?"};
  Statement subscription_of_key_set{db, "SELECT subscription FROM key_set WHERE id = ?"};
  Statement save_resynchronisation{
      db,
      "INSERT INTO resynchronisation (key_set, at, origin_host, seq_he, seq_ms, action) VALUES (?, ?, ?, ?, ?, ?)"
      " ON CONFLICT DO UPDATE SET at = excluded.at, origin_host = excluded.origin_host, seq_he = excluded.seq_he,"
      " seq_ms = excluded.seq_ms, action = excluded.action"};
  Statement ind_slots{db, "SELECT origin_host, ind FROM ind_slot WHERE application = ? ORDER BY origin_host"};
  Statement save_ind_slot{db,
                          "INSERT INTO ind_slot (application, origin_host, ind) VALUES (?, ?, ?)"
                          " ON CONFLICT DO UPDATE SET ind = excluded.ind"};

  // ---- A batch

  /// A registration that was saved, and what is in the database.
  struct Move {
    Registration before;
    Registration after;
  };

  Statement data_version{db, "PRAGMA data_version"};  // another number when another connection has committed
  Statement savepoint{db, "SAVEPOINT request"};
  Statement release{db, "RELEASE request"};
  Statement undo{db, "ROLLBACK TO request"};

  bool batch = false;
  bool in_savepoint = false;
  std::int64_t seen_version = -1;
  RecentSubscriptions recent;
  std::uint64_t times_forgotten = 0;
  Unwritten<SubscriptionId, Move> moves;
  Unwritten<KeySetId, SequenceState> sequences;
  PendingLog::Changes pending;                   // of the moves that were written
  std::array<std::optional<IndSlots>, 2> slots;  // by application

  std::shared_ptr<const Subscription> load(SubscriptionId id);
  std::shared_ptr<const Subscription> load(std::optional<SubscriptionId> id) { return id ? load(*id) : nullptr; }
  std::optional<IndSlots>& slots_of(Application application) { return slots.at(static_cast<std::size_t>(application)); }
  /// Before a statement that writes at once: a request that has none needs no savepoint.
  void writes();
  void forget_everybody() {
    recent.forget();
    ++times_forgotten;
  }
  void forget_what_was_saved() {
    moves.clear();
    sequences.clear();
    pending.clear();
  }
  void forget_what_was_read();
  void forget_what_others_changed();
  void save_sequence_at_once(KeySetId id, const SequenceState& state);
};

std::shared_ptr<const Subscription> SqliteRepository::Impl::load(SubscriptionId id) {
  if (auto remembered = batch ? recent.find(id) : nullptr) return remembered;
  auto loaded = subscriptions.read(id);
  if (batch) recent.remember(loaded);
  return loaded;
}

void SqliteRepository::Impl::writes() {
  if (!batch) return journal.note_nothing();  // what is remembered is noted where it is saved
  if (in_savepoint) return;
  run(savepoint);
  in_savepoint = true;
}

void SqliteRepository::Impl::forget_what_was_read() {
  forget_everybody();
  servers.remember();
  slots.fill(std::nullopt);
}

void SqliteRepository::Impl::forget_what_others_changed() {
  const ChangeJournal::Changes changes = journal.take();
  servers.remember();
  slots.fill(std::nullopt);
  const bool everything = seen_version < 0 || changes.everything;
  if (everything || changes.every_subscription) forget_everybody();
  for (const SubscriptionId id : changes.subscriptions) recent.forget(id);
  logs.take_changes(changes.everything);
}

SqliteRepository::SqliteRepository(Database& database, const KeyVault& vault, std::size_t memory,
                                   std::size_t generation)
    : impl_(std::make_unique<Impl>(database, vault, memory, generation)) {}

SqliteRepository::~SqliteRepository() = default;

// ---- A batch --------------------------------------------------------------------------------------------------------

void SqliteRepository::begin_batch() {
  std::int64_t version = 0;
  for (Rows rows(impl_->data_version); rows.next();) version = rows.integer(0);
  if (impl_->seen_version != version) {
    impl_->forget_what_others_changed();
    impl_->seen_version = version;
  }
  impl_->batch = true;
}

void SqliteRepository::begin_request() {
  impl_->moves.begin_request();
  impl_->sequences.begin_request();
}

void SqliteRepository::end_request() {
  if (std::exchange(impl_->in_savepoint, false)) run(impl_->release);
}

void SqliteRepository::undo_request() {
  impl_->moves.undo_request();
  impl_->sequences.undo_request();
  if (!std::exchange(impl_->in_savepoint, false)) return;
  run(impl_->undo);
  run(impl_->release);
  impl_->servers.remember();
  impl_->slots.fill(std::nullopt);
}

void SqliteRepository::write_batch() {
  for (const auto& [id, move] : impl_->moves.values()) {
    impl_->registrations.write(id, move.before, move.after, impl_->pending);
  }
  impl_->logs.write(impl_->sequences.values(), impl_->pending);
}

void SqliteRepository::batch_committed() noexcept {
  try {
    impl_->logs.committed(impl_->sequences.values(), impl_->pending);
    for (const auto& [id, move] : impl_->moves.values()) impl_->recent.remember(id, move.after);
    for (const auto& [id, state] : impl_->sequences.values()) impl_->recent.remember(id, state);
  } catch (const std::exception&) {  // no memory: what is there may be older than what was committed
    impl_->logs.doubt();
    impl_->forget_what_was_read();
    impl_->seen_version = -1;
  }
  impl_->forget_what_was_saved();
  impl_->batch = false;
}

void SqliteRepository::batch_lost() noexcept {
  impl_->logs.rolled_back();
  impl_->forget_what_was_saved();
  impl_->forget_what_was_read();
  impl_->seen_version = -1;
  impl_->in_savepoint = false;
  impl_->batch = false;
}

// ---- Subscriptions --------------------------------------------------------------------------------------------------

bool SqliteRepository::remembers(const Subject& subject) const { return impl_->recent.remembers(subject); }
void SqliteRepository::prefetch(std::span<const Subject> subjects) const { impl_->recent.prefetch(subjects); }

void SqliteRepository::remember(const std::shared_ptr<const Subscription>& subscription,
                                const Registration& registration) {
  impl_->recent.remember(subscription);
  if (!impl_->logs.has_pending(*subscription)) impl_->recent.remember(subscription->id, registration);
}

bool SqliteRepository::has_room() const { return !impl_->recent.was_full(); }
std::size_t SqliteRepository::remembered() const { return impl_->recent.size(); }
std::size_t SqliteRepository::logged() const { return impl_->logs.size(); }
std::uint64_t SqliteRepository::times_forgotten() const { return impl_->times_forgotten; }

std::shared_ptr<const Subscription> SqliteRepository::find_by_private_identity(std::string_view impi) {
  if (auto remembered = impl_->batch ? impl_->recent.find_by_private_identity(impi) : nullptr) return remembered;
  return impl_->load(impl_->lookup.by_private_identity(impi));
}

std::shared_ptr<const Subscription> SqliteRepository::find_by_public_identity(std::string_view impu) {
  if (auto remembered = impl_->batch ? impl_->recent.find_by_public_identity(impu) : nullptr) return remembered;
  return impl_->load(impl_->lookup.by_public_identity(impu));
}

WildcardMatch SqliteRepository::find_by_wildcard(std::string_view impu) {
  const auto match = impl_->wildcards.find(impu);
  if (!match) return {};
  return {impl_->load(match->subscription), match->public_identity};
}

std::shared_ptr<const Subscription> SqliteRepository::subscription(SubscriptionId id) { return impl_->load(id); }

std::shared_ptr<const Subscription> SqliteRepository::find_by_imsi(std::string_view imsi) {
  if (auto remembered = impl_->batch ? impl_->recent.find_by_imsi(imsi) : nullptr) return remembered;
  return impl_->load(impl_->lookup.by_imsi(imsi));
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
  impl_->writes();
  impl_->non_3gpp_state.save(subscription, registration);
}

Registration SqliteRepository::registration(SubscriptionId subscription) {
  if (const auto* const saved = impl_->moves.find(subscription)) return saved->after;
  if (impl_->batch) {
    if (const auto* const remembered = impl_->recent.registration(subscription)) return *remembered;
  }
  Registration found = impl_->registrations.read(subscription, impl_->logs.pending(impl_->batch));
  if (impl_->batch) impl_->recent.remember(subscription, found);
  return found;
}

void SqliteRepository::save_registration(SubscriptionId subscription, const Registration& registration) {
  Registration after = registration;
  std::erase_if(after.pairs, [](const PairState& pair) { return !worth_keeping(pair); });
  Registration before = this->registration(subscription);
  for (const PairState& old : before.pairs) {
    if (holds(after, old.implicit_set, old.private_identity)) continue;
    impl_->writes();
    impl_->restoration.remove(old.implicit_set, old.private_identity);
  }
  if (!impl_->batch) {
    impl_->journal.note(subscription);
    PendingLog::Changes pending;
    impl_->registrations.write(subscription, before, after, pending);
    impl_->logs.save(pending);
  } else if (const auto* const saved = impl_->moves.find(subscription)) {
    impl_->moves.save(subscription, {saved->before, std::move(after)});
  } else {
    impl_->moves.save(subscription, {std::move(before), std::move(after)});
  }
}

std::vector<RestorationInfo> SqliteRepository::restoration(ImplicitSetId implicit_set) {
  return impl_->restoration.read(implicit_set);
}

void SqliteRepository::save_restoration(ImplicitSetId implicit_set, PrivateIdentityId private_identity,
                                        BytesView info) {
  impl_->writes();
  impl_->restoration.save(implicit_set, private_identity, info);
}

std::shared_ptr<const KeySet> SqliteRepository::key_set(KeySetId id) {
  if (auto remembered = impl_->batch ? impl_->recent.key_set(id) : nullptr) return remembered;
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
  if (impl_->batch) impl_->recent.remember(*found);
  return found;
}

std::optional<SipDigest> SqliteRepository::sip_digest(PrivateIdentityId id) {
  Rows rows(impl_->sip_digest, id);
  if (!rows.next()) return std::nullopt;
  return open_digest(impl_->vault, id, rows.text(0), rows.blob(1));
}

SequenceState SqliteRepository::sequence(KeySetId id) {
  if (const auto* const saved = impl_->sequences.find(id)) return *saved;
  if (impl_->batch) {
    if (const auto* const remembered = impl_->recent.sequence(id)) return *remembered;
  }
  SequenceState state = impl_->logs.sequence(id, impl_->batch);
  if (impl_->batch) impl_->recent.remember(id, state);
  return state;
}

void SqliteRepository::Impl::save_sequence_at_once(KeySetId id, const SequenceState& state) {
  for (Rows rows(subscription_of_key_set, id); rows.next();) journal.note(rows.integer(0));
  logs.save(id, state);
}

void SqliteRepository::save_sequence(KeySetId id, const SequenceState& state) {
  if (!impl_->batch) return impl_->save_sequence_at_once(id, state);
  // There is one, or the request that saves it fails here and not the whole batch.
  if (!impl_->recent.knows_sequence(id)) sequence(id);
  impl_->sequences.save(id, state);
}

void SqliteRepository::save_resynchronisation(KeySetId id, const ResynchronisationRecord& record) {
  impl_->writes();
  run(impl_->save_resynchronisation, id, record.at, record.origin_host, record.seq_he, record.seq_ms, record.action);
}

const Repository::IndSlots& SqliteRepository::ind_slots(Application application) {
  auto& remembered = impl_->slots_of(application);
  if (impl_->batch && remembered) return *remembered;
  remembered.reset();  // should reading fail, nothing is known
  IndSlots slots;
  for (Rows rows(impl_->ind_slots, application); rows.next();) {
    slots.emplace_back(rows.text(0), static_cast<unsigned>(rows.integer(1)));
  }
  return remembered.emplace(std::move(slots));
}

void SqliteRepository::save_ind_slot(Application application, std::string_view origin_host, unsigned ind) {
  impl_->writes();
  impl_->slots_of(application).reset();
  run(impl_->save_ind_slot, application, origin_host, ind);
}

PushId SqliteRepository::add_push(const Push& push) {
  impl_->writes();
  return impl_->outbox.add(push);
}

std::vector<Push> SqliteRepository::due_pushes(UnixTime now, std::size_t limit) {
  return impl_->outbox.due(now, limit);
}

std::optional<Push> SqliteRepository::push(PushId id) { return impl_->outbox.find(id); }

std::vector<Push> SqliteRepository::waiting_pushes(SubscriptionId subscription) {
  return impl_->outbox.waiting(subscription);
}

void SqliteRepository::save_push(const Push& push) {
  impl_->writes();
  impl_->outbox.save(push);
}

void SqliteRepository::forget_pushes(UnixTime finished_before) {
  impl_->writes();
  impl_->outbox.forget(finished_before);
}

}  // namespace hss::db
