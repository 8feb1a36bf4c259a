// SPDX-License-Identifier: MIT
#include "tests/support/memory_repository.h"

namespace hss::test {

void MemoryRepository::add(std::shared_ptr<const Subscription> subscription) {
  subscriptions_.push_back(std::move(subscription));
}

void MemoryRepository::add(const KeySet& key_set, const SequenceState& state) {
  key_sets_[key_set.id] = std::make_shared<const KeySet>(key_set);
  state_.sequences[key_set.id] = state;
}

void MemoryRepository::transact(const std::function<void()>& work) {
  State before = state_;
  try {
    work();
  } catch (...) {
    state_ = std::move(before);
    throw;
  }
}

std::shared_ptr<const Subscription> MemoryRepository::find_by_private_identity(std::string_view impi) {
  for (const auto& subscription : subscriptions_) {
    if (subscription->find_private(impi) != nullptr) return subscription;
  }
  return nullptr;
}

std::shared_ptr<const Subscription> MemoryRepository::find_by_public_identity(std::string_view impu) {
  for (const auto& subscription : subscriptions_) {
    if (subscription->find_public(impu) != nullptr) return subscription;
  }
  return nullptr;
}

Registration MemoryRepository::registration(SubscriptionId subscription) {
  const auto found = state_.registrations.find(subscription);
  return found == state_.registrations.end() ? Registration{} : found->second;
}

void MemoryRepository::save_registration(SubscriptionId subscription, const Registration& registration) {
  ++writes_;
  Registration kept = registration;
  std::erase_if(kept.pairs, [](const PairState& pair) {
    return pair.status == RegistrationStatus::kNotRegistered && !pair.auth_pending_until;
  });
  state_.registrations[subscription] = std::move(kept);
}

std::shared_ptr<const KeySet> MemoryRepository::key_set(KeySetId id) {
  const auto found = key_sets_.find(id);
  return found == key_sets_.end() ? nullptr : found->second;
}

SequenceState MemoryRepository::sequence(KeySetId id) { return state_.sequences.at(id); }

void MemoryRepository::save_sequence(KeySetId id, const SequenceState& state) {
  ++writes_;
  state_.sequences.at(id) = state;
}

void MemoryRepository::save_resynchronisation(KeySetId id, const ResynchronisationRecord& record) {
  ++writes_;
  state_.resynchronisations[id] = record;
}

std::vector<std::pair<std::string, unsigned>> MemoryRepository::ind_slots(Application application) {
  std::vector<std::pair<std::string, unsigned>> slots;
  for (const auto& [key, ind] : state_.ind_slots) {
    if (key.first == application) slots.emplace_back(key.second, ind);
  }
  return slots;
}

void MemoryRepository::save_ind_slot(Application application, std::string_view origin_host, unsigned ind) {
  ++writes_;
  state_.ind_slots[{application, std::string(origin_host)}] = ind;
}

const ResynchronisationRecord* MemoryRepository::resynchronisation(KeySetId id) const {
  const auto found = state_.resynchronisations.find(id);
  return found == state_.resynchronisations.end() ? nullptr : &found->second;
}

void CountingRandom::fill(std::span<std::uint8_t> out) {
  for (auto& octet : out) octet = next_++;
}

}  // namespace hss::test
