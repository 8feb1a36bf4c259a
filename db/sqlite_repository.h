// The domain's store on SQLite: every method is one indexed statement or a handful of them, or none when the writer
// remembers what is asked for.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>

#include "db/database.h"
#include "db/key_vault.h"
#include "hss/repository.h"

namespace hss::db {

/// Used inside Database::write or Database::read, on one thread at a time. Outside a batch it keeps nothing, writes at
/// once, and a rollback needs no word to it.
class SqliteRepository final : public Repository {
 public:
  /// Of the logs (LoggedStates): of so many records of 100,000 subscribers the states of some twenty go on each page of
  /// their table. Takes 20 MiB of log at the most, and some more memory.
  static constexpr std::size_t kGeneration = 131072;

  /// `memory`: octets that it may use to remember subscriptions from batch to batch, about.
  SqliteRepository(Database& database, const KeyVault& vault, std::size_t memory = 0,
                   std::size_t generation = kGeneration);
  ~SqliteRepository() override;

  // A batch is one transaction of many requests. What they save of registrations and sequence numbers is written at its
  // end, once for each; what is remembered beyond it is what was committed.

  /// Inside the transaction, first.
  void begin_batch();
  /// Before each request.
  void begin_request();
  /// After each request: keeps what it wrote, or takes it back.
  void end_request();
  void undo_request();
  /// Inside the transaction, last: writes what was saved.
  void write_batch();
  /// After the transaction: it was committed, or rolled back.
  void batch_committed() noexcept;
  void batch_lost() noexcept;

  /// Whether a batch finds it without the database.
  [[nodiscard]] bool remembers(const Subject& subject) const;
  /// Of RecentSubscriptions.
  void prefetch(std::span<const Subject> subjects) const;
  /// Between batches: as it was committed at some time since the latest one ended, a registration without what a log
  /// says of it. Of those that another program has changed meanwhile the next batch hears when it begins, and reads
  /// them again.
  void remember(const std::shared_ptr<const Subscription>& subscription, const Registration& registration);

  /// Between batches: of how many key sets, or pairs, the log has what is not in the table yet.
  [[nodiscard]] std::size_t logged() const;

  /// Whether there is memory for somebody who is not remembered; as long as nobody was let go, there seems to be.
  [[nodiscard]] bool has_room() const;
  /// How many subscriptions are remembered.
  [[nodiscard]] std::size_t remembered() const;
  /// How often everything that was remembered had to be forgotten.
  [[nodiscard]] std::uint64_t times_forgotten() const;

  std::shared_ptr<const Subscription> find_by_private_identity(std::string_view impi) override;
  std::shared_ptr<const Subscription> find_by_public_identity(std::string_view impu) override;
  WildcardMatch find_by_wildcard(std::string_view impu) override;
  std::shared_ptr<const Subscription> subscription(SubscriptionId id) override;
  std::shared_ptr<const Subscription> find_by_imsi(std::string_view imsi) override;
  std::shared_ptr<const Non3gppSubscription> non_3gpp(SubscriptionId subscription) override;
  Non3gppRegistration non_3gpp_registration(SubscriptionId subscription) override;
  void save_non_3gpp_registration(SubscriptionId subscription, const Non3gppRegistration& registration) override;
  Registration registration(SubscriptionId subscription) override;
  void save_registration(SubscriptionId subscription, const Registration& registration) override;
  std::vector<RestorationInfo> restoration(ImplicitSetId implicit_set) override;
  void save_restoration(ImplicitSetId implicit_set, PrivateIdentityId private_identity, BytesView info) override;
  std::shared_ptr<const KeySet> key_set(KeySetId id) override;
  std::optional<SipDigest> sip_digest(PrivateIdentityId id) override;
  SequenceState sequence(KeySetId id) override;
  void save_sequence(KeySetId id, const SequenceState& state) override;
  void save_resynchronisation(KeySetId id, const ResynchronisationRecord& record) override;
  const IndSlots& ind_slots(Application application) override;
  void save_ind_slot(Application application, std::string_view origin_host, unsigned ind) override;
  PushId add_push(const Push& push) override;
  std::vector<Push> due_pushes(UnixTime now, std::size_t limit) override;
  std::optional<Push> push(PushId id) override;
  std::vector<Push> waiting_pushes(SubscriptionId subscription) override;
  void save_push(const Push& push) override;
  void forget_pushes(UnixTime finished_before) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hss::db
