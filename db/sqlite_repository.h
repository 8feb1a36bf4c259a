// The domain's store on SQLite: every method is one indexed statement or a handful of them.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "db/database.h"
#include "db/key_vault.h"
#include "hss/repository.h"

namespace hss::db {

/// Used inside Database::write or Database::read, on one thread at a time. Keeps nothing that a transaction wrote, so a
/// rollback needs no word to it.
class SqliteRepository final : public Repository {
 public:
  SqliteRepository(Database& database, const KeyVault& vault);
  ~SqliteRepository() override;

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
  std::vector<std::pair<std::string, unsigned>> ind_slots(Application application) override;
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
