// SPDX-License-Identifier: MIT
#include "db/recent_subscriptions.h"

#include <algorithm>

namespace hss::db {

namespace {

constexpr std::size_t kOfBlock = 16;       // what the allocator adds to each
constexpr std::size_t kOfIndexEntry = 64;  // a node of a hash table, and its share of the buckets
constexpr std::size_t kOfState = 640;      // registration, sequence and key set, when they are remembered too

std::size_t octets_of(const std::string& text) {
  constexpr std::size_t kInPlace = 15;
  return text.capacity() > kInPlace ? text.capacity() + 1 + kOfBlock : 0;
}

template <typename T>
std::size_t octets_of(const std::vector<T>& vector) {
  return vector.capacity() == 0 ? 0 : vector.capacity() * sizeof(T) + kOfBlock;
}

std::size_t octets_of(const PrivateIdentity& identity) {
  std::size_t octets = octets_of(identity.impi) + octets_of(identity.line_identifiers) + kOfIndexEntry;
  for (const Bytes& line : identity.line_identifiers) octets += octets_of(line);
  return octets;
}

std::size_t octets_of(const PublicIdentity& identity) {
  return octets_of(identity.impu) + octets_of(identity.display_name) + octets_of(identity.application_server) +
         octets_of(identity.alias_group) + kOfIndexEntry;
}

/// About what one takes in memory. Service profiles are shared, and not counted.
std::size_t octets_of(const Subscription& subscription) {
  std::size_t octets = sizeof(Subscription) + 2 * kOfBlock + octets_of(subscription.private_identities) +
                       octets_of(subscription.public_identities) + octets_of(subscription.associations) +
                       octets_of(subscription.capabilities.mandatory) + octets_of(subscription.capabilities.optional) +
                       octets_of(subscription.capabilities.server_names) + octets_of(subscription.visited_networks) +
                       octets_of(subscription.imsi) + 3 * kOfIndexEntry + kOfState;
  for (const PrivateIdentity& identity : subscription.private_identities) octets += octets_of(identity);
  for (const PublicIdentity& identity : subscription.public_identities) octets += octets_of(identity);
  for (const std::string& name : subscription.capabilities.server_names) octets += octets_of(name);
  for (const std::string& network : subscription.visited_networks) octets += octets_of(network);
  const ChargingInformation& charging = subscription.charging;
  return octets + octets_of(charging.primary_event) + octets_of(charging.secondary_event) +
         octets_of(charging.primary_collection) + octets_of(charging.secondary_collection);
}

}  // namespace

RecentSubscriptions::Snapshot RecentSubscriptions::served(Place place) {
  entries_.splice(entries_.begin(), entries_, place);
  return place->subscription;
}

RecentSubscriptions::Snapshot RecentSubscriptions::found(const ByText& index, std::string_view text) {
  const auto at = index.find(text);
  return at == index.end() ? nullptr : served(at->second);
}

RecentSubscriptions::Snapshot RecentSubscriptions::find(SubscriptionId id) {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : served(at->second);
}

RecentSubscriptions::Snapshot RecentSubscriptions::find_by_private_identity(std::string_view impi) {
  return found(by_private_identity_, impi);
}

RecentSubscriptions::Snapshot RecentSubscriptions::find_by_public_identity(std::string_view impu) {
  return found(by_public_identity_, impu);
}

RecentSubscriptions::Snapshot RecentSubscriptions::find_by_imsi(std::string_view imsi) { return found(by_imsi_, imsi); }

void RecentSubscriptions::remember(const Snapshot& subscription) {
  if (subscription == nullptr || limit_ == 0) return;
  drop_those_in_the_way(*subscription);
  const Place place = entries_.emplace(entries_.begin());
  place->subscription = subscription;
  place->octets = sizeof(Entry) + kOfBlock + octets_of(*subscription);
  octets_ += place->octets;
  by_id_[subscription->id] = place;
  if (!subscription->imsi.empty()) by_imsi_[subscription->imsi] = place;
  for (const PublicIdentity& identity : subscription->public_identities) by_public_identity_[identity.impu] = place;
  const auto add_card = [&](const std::optional<KeySetId>& id) {
    if (id && by_key_set_.insert_or_assign(*id, place).second) place->cards.push_back({.id = *id});
  };
  for (const PrivateIdentity& identity : subscription->private_identities) {
    by_private_identity_[identity.impi] = place;
    add_card(identity.key_set);
  }
  add_card(subscription->usim);
  while (octets_ > limit_) drop(std::prev(entries_.end()));
}

/// The indices hold the texts of their own entries: an identity must be of one entry only.
void RecentSubscriptions::drop_those_in_the_way(const Subscription& subscription) {
  const auto drop_found = [this](auto& index, const auto& key) {
    if (const auto at = index.find(key); at != index.end()) drop(at->second);
  };
  drop_found(by_id_, subscription.id);
  drop_found(by_imsi_, subscription.imsi);
  for (const PrivateIdentity& identity : subscription.private_identities) {
    drop_found(by_private_identity_, identity.impi);
    if (identity.key_set) drop_found(by_key_set_, *identity.key_set);
  }
  for (const PublicIdentity& identity : subscription.public_identities) {
    drop_found(by_public_identity_, identity.impu);
  }
  if (subscription.usim) drop_found(by_key_set_, *subscription.usim);
}

RecentSubscriptions::Card* RecentSubscriptions::card(KeySetId id) {
  const auto at = by_key_set_.find(id);
  if (at == by_key_set_.end()) return nullptr;
  const auto found = std::ranges::find(at->second->cards, id, &Card::id);
  return found == at->second->cards.end() ? nullptr : &*found;
}

std::shared_ptr<const KeySet> RecentSubscriptions::key_set(KeySetId id) const {
  const Card* const found = card(id);
  return found == nullptr ? nullptr : found->key_set;
}

void RecentSubscriptions::remember(const std::shared_ptr<const KeySet>& key_set) {
  if (Card* const found = card(key_set->id)) found->key_set = key_set;
}

const SequenceState* RecentSubscriptions::sequence(KeySetId id) const {
  const Card* const found = card(id);
  return found == nullptr || !found->sequence ? nullptr : &*found->sequence;
}

void RecentSubscriptions::remember(KeySetId id, const SequenceState& state) {
  if (Card* const found = card(id)) found->sequence = state;
}

const Registration* RecentSubscriptions::registration(SubscriptionId id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() || !at->second->registration ? nullptr : &*at->second->registration;
}

void RecentSubscriptions::remember(SubscriptionId id, const Registration& registration) {
  if (const auto at = by_id_.find(id); at != by_id_.end()) at->second->registration = registration;
}

void RecentSubscriptions::drop(Place place) {
  const Subscription& subscription = *place->subscription;
  by_id_.erase(subscription.id);
  by_imsi_.erase(subscription.imsi);
  for (const PrivateIdentity& identity : subscription.private_identities) by_private_identity_.erase(identity.impi);
  for (const PublicIdentity& identity : subscription.public_identities) by_public_identity_.erase(identity.impu);
  for (const Card& card : place->cards) by_key_set_.erase(card.id);
  octets_ -= place->octets;
  entries_.erase(place);
}

void RecentSubscriptions::forget() {
  by_id_.clear();
  by_key_set_.clear();
  by_private_identity_.clear();
  by_public_identity_.clear();
  by_imsi_.clear();
  entries_.clear();
  octets_ = 0;
}

}  // namespace hss::db
