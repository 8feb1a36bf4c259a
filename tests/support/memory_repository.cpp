// SPDX-License-Identifier: MIT
#include "tests/support/memory_repository.h"

#include <algorithm>

#include "hss/wildcard.h"

namespace hss::test {

namespace {

bool worth_keeping(const PairState& pair) {
  return pair.status != RegistrationStatus::kNotRegistered || pair.auth_pending_until.has_value();
}

}  // namespace

void MemoryRepository::add(std::shared_ptr<const Subscription> subscription) {
  subscriptions_.push_back(std::move(subscription));
}

void MemoryRepository::add(const KeySet& key_set, const SequenceState& state) {
  key_sets_[key_set.id] = std::make_shared<const KeySet>(key_set);
  state_.sequences[key_set.id] = state;
}

void MemoryRepository::add(PrivateIdentityId id, const SipDigest& digest) { sip_digests_.insert_or_assign(id, digest); }

void MemoryRepository::add(SubscriptionId id, const Non3gppSubscription& non_3gpp) {
  non_3gpp_[id] = std::make_shared<const Non3gppSubscription>(non_3gpp);
}

void MemoryRepository::remove(SubscriptionId id) {
  const auto gone = subscription(id);
  if (gone == nullptr) return;
  for (const auto& [identity, set] : gone->associations) state_.restorations.erase({set, identity});
  state_.registrations.erase(id);
  state_.non_3gpp_registrations.erase(id);
  non_3gpp_.erase(id);
  for (auto& [push_id, push] : state_.pushes) {
    if (push.subscription == id) push.subscription = push.implicit_set = push.private_identity_id = 0;
  }
  std::erase(subscriptions_, gone);
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

WildcardMatch MemoryRepository::find_by_wildcard(std::string_view impu) {
  WildcardMatch best;
  std::size_t best_literal = 0;
  std::string best_text;
  for (const auto& subscription : subscriptions_) {
    for (const PublicIdentity& identity : subscription->public_identities) {
      if (!identity.is_wildcarded()) continue;
      const auto wildcard = WildcardedIdentity::parse(identity.impu);
      if (!wildcard || !wildcard->matches(impu)) continue;
      const std::size_t literal = wildcard->literal_octets();
      if (best.subscription != nullptr &&
          (literal < best_literal || (literal == best_literal && identity.impu > best_text))) {
        continue;
      }
      best = {subscription, identity.id};
      best_literal = literal;
      best_text = identity.impu;
    }
  }
  return best;
}

std::shared_ptr<const Subscription> MemoryRepository::subscription(SubscriptionId id) {
  const auto found =
      std::ranges::find_if(subscriptions_, [&](const auto& subscription) { return subscription->id == id; });
  return found == subscriptions_.end() ? nullptr : *found;
}

std::shared_ptr<const Subscription> MemoryRepository::find_by_imsi(std::string_view imsi) {
  if (imsi.empty()) return nullptr;
  const auto found =
      std::ranges::find_if(subscriptions_, [&](const auto& subscription) { return subscription->imsi == imsi; });
  return found == subscriptions_.end() ? nullptr : *found;
}

std::shared_ptr<const Non3gppSubscription> MemoryRepository::non_3gpp(SubscriptionId subscription) {
  const auto found = non_3gpp_.find(subscription);
  return found == non_3gpp_.end() ? nullptr : found->second;
}

Non3gppRegistration MemoryRepository::non_3gpp_registration(SubscriptionId subscription) {
  const auto found = state_.non_3gpp_registrations.find(subscription);
  return found == state_.non_3gpp_registrations.end() ? Non3gppRegistration{} : found->second;
}

void MemoryRepository::save_non_3gpp_registration(SubscriptionId subscription,
                                                  const Non3gppRegistration& registration) {
  ++writes_;
  if (!registration.server) {
    state_.non_3gpp_registrations.erase(subscription);
    return;
  }
  if (this->subscription(subscription) == nullptr) throw StoreFault("state on SWx of a subscription that is not there");
  if (registration.registered == registration.pending_until.has_value()) {
    throw StoreFault("on SWx a user is either registered or has authentication pending");
  }
  Non3gppRegistration kept = registration;
  std::ranges::sort(kept.active_apns, {}, &ActiveApn::name);
  const auto same_name = [](const ActiveApn& a, const ActiveApn& b) { return a.name == b.name; };
  if (std::ranges::adjacent_find(kept.active_apns, same_name) != kept.active_apns.end()) {
    throw StoreFault("two PDN connections of one APN");
  }
  state_.non_3gpp_registrations[subscription] = std::move(kept);
}

Registration MemoryRepository::registration(SubscriptionId subscription) {
  const auto found = state_.registrations.find(subscription);
  return found == state_.registrations.end() ? Registration{} : found->second;
}

void MemoryRepository::save_registration(SubscriptionId subscription, const Registration& registration) {
  ++writes_;
  Registration kept = registration;
  std::erase_if(kept.pairs, [](const PairState& pair) { return !worth_keeping(pair); });
  for (const PairState& old : state_.registrations[subscription].pairs) {
    const bool stays = std::ranges::any_of(kept.pairs, [&](const PairState& pair) {
      return pair.implicit_set == old.implicit_set && pair.private_identity == old.private_identity;
    });
    if (!stays) state_.restorations.erase({old.implicit_set, old.private_identity});
  }
  state_.registrations[subscription] = std::move(kept);
}

std::vector<RestorationInfo> MemoryRepository::restoration(ImplicitSetId implicit_set) {
  std::vector<RestorationInfo> found;
  for (const auto& [pair, content] : state_.restorations) {
    if (pair.first == implicit_set) found.push_back({pair.second, content});
  }
  return found;
}

void MemoryRepository::save_restoration(ImplicitSetId implicit_set, PrivateIdentityId private_identity,
                                        BytesView info) {
  ++writes_;
  if (info.empty()) {
    state_.restorations.erase({implicit_set, private_identity});
    return;
  }
  const bool associated = std::ranges::any_of(subscriptions_, [&](const auto& subscription) {
    return subscription->associated(private_identity, implicit_set);
  });
  if (!associated) throw StoreFault("restoration information of a pair that does not exist");
  if (info.size() > kLongestRestoration) throw StoreFault("restoration information is too long");
  state_.restorations[{implicit_set, private_identity}] = Bytes(info.begin(), info.end());
}

std::shared_ptr<const KeySet> MemoryRepository::key_set(KeySetId id) {
  const auto found = key_sets_.find(id);
  return found == key_sets_.end() ? nullptr : found->second;
}

std::optional<SipDigest> MemoryRepository::sip_digest(PrivateIdentityId id) {
  const auto found = sip_digests_.find(id);
  return found == sip_digests_.end() ? std::nullopt : std::optional(found->second);
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

const Repository::IndSlots& MemoryRepository::ind_slots(Application application) {
  slots_.clear();
  for (const auto& [key, ind] : state_.ind_slots) {
    if (key.first == application) slots_.emplace_back(key.second, ind);
  }
  return slots_;
}

void MemoryRepository::save_ind_slot(Application application, std::string_view origin_host, unsigned ind) {
  ++writes_;
  state_.ind_slots[{application, std::string(origin_host)}] = ind;
}

PushId MemoryRepository::add_push(const Push& push) {
  ++writes_;
  Push added = push;
  added.id = ++state_.last_push;
  added.status = PushStatus::kWaiting;
  added.attempts = 0;
  added.next_attempt = push.created;
  added.finished.reset();
  added.result.reset();
  state_.pushes[added.id] = added;
  return added.id;
}

std::vector<Push> MemoryRepository::due_pushes(UnixTime now, std::size_t limit) {
  std::vector<Push> due;
  for (const auto& [id, push] : state_.pushes) {
    const bool clock_was_set_back = push.next_attempt > now + 2 * 86400;
    const bool is_due = push.next_attempt <= now || clock_was_set_back;
    if (push.status == PushStatus::kWaiting && is_due) due.push_back(push);
  }
  std::ranges::stable_sort(due, {}, &Push::next_attempt);
  if (due.size() > limit) due.resize(limit);
  return due;
}

std::optional<Push> MemoryRepository::push(PushId id) {
  const auto found = state_.pushes.find(id);
  return found == state_.pushes.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Push> MemoryRepository::waiting_pushes(SubscriptionId subscription) {
  std::vector<Push> waiting;
  for (const auto& [id, push] : state_.pushes) {
    if (push.status == PushStatus::kWaiting && push.subscription == subscription) waiting.push_back(push);
  }
  return waiting;
}

void MemoryRepository::save_push(const Push& push) {
  ++writes_;
  const auto found = state_.pushes.find(push.id);
  if (found == state_.pushes.end()) throw StoreFault("there is no push " + std::to_string(push.id));
  Push& stored = found->second;
  stored.private_identity = push.private_identity;
  stored.private_identity_id = push.private_identity_id;
  stored.public_identities = push.public_identities;
  stored.status = push.status;
  stored.attempts = push.attempts;
  stored.next_attempt = push.next_attempt;
  stored.finished = push.finished;
  stored.result = push.result;
  stored.outcome = push.outcome;
}

void MemoryRepository::forget_pushes(UnixTime finished_before) {
  ++writes_;
  std::erase_if(state_.pushes, [&](const auto& row) {
    return row.second.finished.has_value() && *row.second.finished < finished_before;
  });
}

std::vector<Push> MemoryRepository::pushes() const {
  std::vector<Push> all;
  for (const auto& [id, push] : state_.pushes) all.push_back(push);
  return all;
}

const ResynchronisationRecord* MemoryRepository::resynchronisation(KeySetId id) const {
  const auto found = state_.resynchronisations.find(id);
  return found == state_.resynchronisations.end() ? nullptr : &found->second;
}

void CountingRandom::fill(std::span<std::uint8_t> out) {
  for (auto& octet : out) octet = next_++;
}

}  // namespace hss::test
