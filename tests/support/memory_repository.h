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
  /// Provisions.
  void add(std::shared_ptr<const Subscription> subscription);
  void add(const KeySet& key_set, const SequenceState& state = {});

  /// Runs `work` as one transaction: what it throws undoes what it wrote, and goes on to the caller.
  void transact(const std::function<void()>& work);

  std::shared_ptr<const Subscription> find_by_private_identity(std::string_view impi) override;
  std::shared_ptr<const Subscription> find_by_public_identity(std::string_view impu) override;
  Registration registration(SubscriptionId subscription) override;
  void save_registration(SubscriptionId subscription, const Registration& registration) override;
  std::shared_ptr<const KeySet> key_set(KeySetId id) override;
  SequenceState sequence(KeySetId id) override;
  void save_sequence(KeySetId id, const SequenceState& state) override;
  void save_resynchronisation(KeySetId id, const ResynchronisationRecord& record) override;
  std::vector<std::pair<std::string, unsigned>> ind_slots(Application application) override;
  void save_ind_slot(Application application, std::string_view origin_host, unsigned ind) override;

  /// For assertions.
  [[nodiscard]] const ResynchronisationRecord* resynchronisation(KeySetId id) const;
  /// How many writes there were: a refusal must not write.
  [[nodiscard]] std::size_t writes() const { return writes_; }

 private:
  struct State {
    std::map<SubscriptionId, Registration> registrations;
    std::map<KeySetId, SequenceState> sequences;
    std::map<KeySetId, ResynchronisationRecord> resynchronisations;
    std::map<std::pair<Application, std::string>, unsigned> ind_slots;
  };
  std::vector<std::shared_ptr<const Subscription>> subscriptions_;
  std::map<KeySetId, std::shared_ptr<const KeySet>> key_sets_;
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
