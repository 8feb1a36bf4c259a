// SPDX-License-Identifier: MIT
#include "db/recent_subscriptions.h"

#include <new>
#include <utility>
#include <vector>

#include "db/packed_state.h"

namespace hss::db {

namespace {

// Of most, to be fetched from memory before they are asked for.
constexpr std::size_t kOctetsOfRegistration = 32, kOctetsOfSequence = 144;

Hash hash_of_identity(IdentityKind kind, std::string_view identity) {
  return hash_of(identity) + static_cast<Hash>(kind);
}

std::optional<IdentityKind> kind_of(const Subject& subject) {
  switch (subject.kind) {
    case Subject::Kind::kPrivateIdentity:
      return IdentityKind::kPrivate;
    case Subject::Kind::kPublicIdentity:
      return IdentityKind::kPublic;
    case Subject::Kind::kImsi:
      return IdentityKind::kImsi;
    case Subject::Kind::kNobody:
      break;
  }
  return std::nullopt;
}

}  // namespace

// ---- Finding --------------------------------------------------------------------------------------------------------

std::optional<RecentSubscriptions::Place> RecentSubscriptions::entry_of(SubscriptionId id) const {
  if (latest_.subscription != nullptr && latest_.subscription->id == id) return latest_.entry;
  return entry_index_.find(hash_of(id), [&](Place at) { return entries_[at].subscription.id() == id; });
}

std::optional<RecentSubscriptions::Place> RecentSubscriptions::entry_of(IdentityKind kind,
                                                                        std::string_view identity) const {
  return entry_index_.find(hash_of_identity(kind, identity),
                           [&](Place at) { return entries_[at].subscription.holds(kind, identity); });
}

std::optional<RecentSubscriptions::Place> RecentSubscriptions::card_of(KeySetId id) const {
  if (latest_.subscription != nullptr) {
    for (Place at = entries_[latest_.entry].cards; at != kNowhere; at = cards_[at].next) {
      if (cards_[at].id == id) return at;
    }
  }
  return card_index_.find(hash_of(id), [&](Place at) { return cards_[at].id == id; });
}

RecentSubscriptions::Snapshot RecentSubscriptions::found(std::optional<Place> entry) {
  if (!entry) return nullptr;
  if (latest_.entry == *entry) return latest_.subscription;
  // Its state is asked for next, and comes from memory while this unpacks.
  const Entry& at = entries_[*entry];
  at.registration.prefetch(kOctetsOfRegistration);
  if (at.cards != kNowhere) __builtin_prefetch(&cards_[at.cards]);
  latest_ = {*entry, at.subscription.unpack(profiles_)};
  if (at.cards != kNowhere) cards_[at.cards].sequence.prefetch(kOctetsOfSequence);
  return latest_.subscription;
}

RecentSubscriptions::Snapshot RecentSubscriptions::find(SubscriptionId id) { return found(entry_of(id)); }

RecentSubscriptions::Snapshot RecentSubscriptions::find_by_private_identity(std::string_view impi) {
  return found(entry_of(IdentityKind::kPrivate, impi));
}

RecentSubscriptions::Snapshot RecentSubscriptions::find_by_public_identity(std::string_view impu) {
  return found(entry_of(IdentityKind::kPublic, impu));
}

RecentSubscriptions::Snapshot RecentSubscriptions::find_by_imsi(std::string_view imsi) {
  return found(entry_of(IdentityKind::kImsi, imsi));
}

bool RecentSubscriptions::remembers(const Subject& subject) const {
  const auto kind = kind_of(subject);
  return kind && entry_of(*kind, subject.identity);
}

void RecentSubscriptions::prefetch(std::span<const Subject> subjects) const {
  // Each step needs what the one before has fetched, of nearly all: it looks at no identity, only at its hash.
  std::vector<Hash> hashes;
  hashes.reserve(subjects.size());
  for (const Subject& subject : subjects) {
    const auto kind = kind_of(subject);
    if (kind) hashes.push_back(hash_of_identity(*kind, subject.identity));
  }
  for (const Hash hash : hashes) entry_index_.prefetch(hash);
  std::vector<Place> places;
  places.reserve(hashes.size());
  for (const Hash hash : hashes) {
    const auto place = entry_index_.find(hash, [](Place) { return true; });
    if (!place) continue;
    places.push_back(*place);
    __builtin_prefetch(&entries_[*place]);
  }
  for (const Place place : places) {
    const Entry& entry = entries_[place];
    entry.subscription.prefetch();
    entry.registration.prefetch(kOctetsOfRegistration);
    if (entry.cards != kNowhere) __builtin_prefetch(&cards_[entry.cards]);
  }
  for (const Place place : places) {
    if (entries_[place].cards == kNowhere) continue;
    const Card& card = cards_[entries_[place].cards];
    card.sequence.prefetch(kOctetsOfSequence);
    card.key_set.prefetch();
  }
}

std::shared_ptr<const KeySet> RecentSubscriptions::key_set(KeySetId id) const {
  const auto card = card_of(id);
  if (!card || !cards_[*card].key_set) return nullptr;
  // Mostly whoever asked for the last one has let it go.
  if (key_set_ == nullptr || key_set_.use_count() > 1) key_set_ = std::make_shared<KeySet>();
  cards_[*card].key_set.unpack(id, *key_set_);
  return key_set_;
}

bool RecentSubscriptions::knows_sequence(KeySetId id) const {
  const auto card = card_of(id);
  return card && cards_[*card].sequence;
}

const SequenceState* RecentSubscriptions::sequence(KeySetId id) const {
  const auto card = card_of(id);
  if (!card || !cards_[*card].sequence) return nullptr;
  unpack(cards_[*card].sequence, sequence_);
  return &sequence_;
}

const Registration* RecentSubscriptions::registration(SubscriptionId id) const {
  const auto entry = entry_of(id);
  if (!entry || !entries_[*entry].registration) return nullptr;
  unpack(entries_[*entry].registration, servers_, registration_);
  return &registration_;
}

// ---- Remembering ----------------------------------------------------------------------------------------------------

template <typename Make>
void RecentSubscriptions::make(Make&& make) noexcept {
  try {
    make();
    drop_what_is_too_much();
  } catch (const std::bad_alloc&) {
    forget();
    was_full_ = true;
  }
}

void RecentSubscriptions::put(PackedOctets& place, BytesView content) {
  const std::size_t before = place.octets();
  place.assign(content);
  blocks_ += place.octets() - before;
}

void RecentSubscriptions::remember(const Snapshot& subscription) {
  if (subscription == nullptr || limit_ == 0) return;
  make([&] {
    drop_those_in_the_way(*subscription);
    add(subscription);
  });
}

void RecentSubscriptions::add(const Snapshot& subscription) {
  const Place entry = entries_.take({PackedSubscription(*subscription, profiles_, scratch_), {}, kNowhere});
  const PackedSubscription& packed = entries_[entry].subscription;
  blocks_ += packed.octets();
  entry_index_.insert(hash_of(subscription->id), entry);
  packed.each_identity(identity_, [&](IdentityKind kind, std::string_view identity) {
    entry_index_.insert(hash_of_identity(kind, identity), entry);
  });
  for (const PrivateIdentity& identity : subscription->private_identities) {
    if (identity.key_set) add_card(*identity.key_set, entry);
  }
  if (subscription->usim) add_card(*subscription->usim, entry);
  latest_ = {entry, subscription};
}

void RecentSubscriptions::add_card(KeySetId id, Place entry) {
  if (card_of(id)) return;  // it uses one key set more than once
  const Place card = cards_.take({id, entry, entries_[entry].cards, {}, {}});
  entries_[entry].cards = card;
  card_index_.insert(hash_of(id), card);
}

void RecentSubscriptions::remember(const KeySet& key_set) {
  const auto card = card_of(key_set.id);
  if (!card) return;
  make([&] {
    PackedKeySet packed(key_set);
    blocks_ += packed.octets() - cards_[*card].key_set.octets();
    cards_[*card].key_set = std::move(packed);
  });
}

void RecentSubscriptions::remember(KeySetId id, const SequenceState& state) {
  const auto card = card_of(id);
  if (!card) return;
  make([&] { put(cards_[*card].sequence, pack(state, scratch_)); });
}

void RecentSubscriptions::remember(SubscriptionId id, const Registration& registration) {
  const auto entry = entry_of(id);
  if (!entry) return;
  make([&] {
    const BytesView packed = pack(registration, servers_, scratch_);
    release_servers(entries_[*entry].registration, servers_);
    put(entries_[*entry].registration, packed);
  });
}

// ---- Letting go -----------------------------------------------------------------------------------------------------

/// An identity is of one entry only: what is remembered of whoever had it is wrong now.
void RecentSubscriptions::drop_those_in_the_way(const Subscription& subscription) {
  const auto drop_found = [this](std::optional<Place> entry) {
    if (entry) drop(*entry);
  };
  const auto drop_owner = [this](KeySetId id) {
    if (const auto card = card_of(id)) drop(cards_[*card].entry);
  };
  drop_found(entry_of(subscription.id));
  drop_found(entry_of(IdentityKind::kImsi, subscription.imsi));
  for (const PrivateIdentity& identity : subscription.private_identities) {
    drop_found(entry_of(IdentityKind::kPrivate, identity.impi));
    if (identity.key_set) drop_owner(*identity.key_set);
  }
  for (const PublicIdentity& identity : subscription.public_identities) {
    drop_found(entry_of(IdentityKind::kPublic, identity.impu));
  }
  if (subscription.usim) drop_owner(*subscription.usim);
}

void RecentSubscriptions::drop_what_is_too_much() {
  while (octets() > limit_) {
    if (size() == 0) {
      forget();  // the tables themselves
    } else {
      drop(anybody());
    }
    was_full_ = true;
  }
}

RecentSubscriptions::Place RecentSubscriptions::anybody() {
  auto entry = static_cast<Place>(chance_() % entries_.size());
  while (!entries_[entry].subscription) entry = static_cast<Place>((entry + 1) % entries_.size());
  return entry;
}

void RecentSubscriptions::drop(Place entry) {
  const PackedSubscription& packed = entries_[entry].subscription;
  entry_index_.erase(hash_of(packed.id()), entry);
  packed.each_identity(identity_, [&](IdentityKind kind, std::string_view identity) {
    entry_index_.erase(hash_of_identity(kind, identity), entry);
  });
  for (Place card = entries_[entry].cards; card != kNowhere;) {
    const Card& gone = cards_[card];
    blocks_ -= gone.sequence.octets() + gone.key_set.octets();
    card_index_.erase(hash_of(gone.id), card);
    cards_.free(std::exchange(card, gone.next));
  }
  packed.release_profiles(profiles_);
  release_servers(entries_[entry].registration, servers_);
  blocks_ -= packed.octets() + entries_[entry].registration.octets();
  entries_.free(entry);
  if (latest_.entry == entry) latest_ = {};
}

void RecentSubscriptions::forget(SubscriptionId id) noexcept {
  if (const auto entry = entry_of(id)) drop(*entry);
}

void RecentSubscriptions::forget() noexcept {
  entries_.clear();
  cards_.clear();
  entry_index_.clear();
  card_index_.clear();
  profiles_.clear();
  servers_.clear();
  blocks_ = 0;
  latest_ = {};
  key_set_.reset();
  was_full_ = limit_ == 0;
}

std::size_t RecentSubscriptions::octets() const {
  return blocks_ + entries_.octets() + cards_.octets() + entry_index_.octets() + card_index_.octets() +
         profiles_.octets() + servers_.octets();
}

}  // namespace hss::db
