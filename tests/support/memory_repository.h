// The store in memory, for tests of the procedures. It passes the same contract suite as the real one (tests/db).
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hss/random.h"
#include "hss/repository.h"

namespace hss::test {

class MemoryRepository final : public Repository {
 public:
  /// Provisions. Of a wildcarded identity, `impu` is the canonical text (hss/wildcard.h).
  void add(std::shared_ptr<const Subscription> subscription);
  void add(const KeySet& key_set, const SequenceState& state = {});
  /// The flag PrivateIdentity::sip_digest is the subscription's own.
  void add(PrivateIdentityId id, const SipDigest& digest);
  /// Access over non-3GPP networks of a subscription; what was there before is replaced.
  void add(SubscriptionId id, const Non3gppSubscription& non_3gpp);
  /// Takes a subscription away with its state; its pushes stay and belong to nobody any more.
  void remove(SubscriptionId id);

  /// Runs `work` as one transaction: what it throws undoes what it wrote, and goes on to the caller.
  void transact(const std::function<void()>& work);

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

  /// For assertions.
  [[nodiscard]] const ResynchronisationRecord* resynchronisation(KeySetId id) const;
  /// The whole outbox, oldest first.
  [[nodiscard]] std::vector<Push> pushes() const;
  /// How many writes there were: a refusal must not write.
  [[nodiscard]] std::size_t writes() const { return writes_; }

 private:
  using Pair = std::pair<ImplicitSetId, PrivateIdentityId>;
  struct State {
    std::map<SubscriptionId, Registration> registrations;
    std::map<SubscriptionId, Non3gppRegistration> non_3gpp_registrations;
    std::map<Pair, Bytes> restorations;
    std::map<KeySetId, SequenceState> sequences;
    std::map<KeySetId, ResynchronisationRecord> resynchronisations;
    std::map<std::pair<Application, std::string>, unsigned> ind_slots;
    std::map<PushId, Push> pushes;
    PushId last_push = 0;
  };
  std::vector<std::shared_ptr<const Subscription>> subscriptions_;
  std::map<SubscriptionId, std::shared_ptr<const Non3gppSubscription>> non_3gpp_;
  std::map<KeySetId, std::shared_ptr<const KeySet>> key_sets_;
  std::map<PrivateIdentityId, SipDigest> sip_digests_;
  IndSlots slots_;  // the last that were asked for
  State state_;
  std::size_t writes_ = 0;
};

/// Octets that a test can foresee: 00 01 02 ... counting on over calls.
class CountingRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint8_t next_ = 0;
};

}  // namespace hss::test
