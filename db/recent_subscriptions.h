// The subscriptions that were served or preloaded lately, as they were committed, in a bounded amount of memory: a
// request of one of them reads nothing from the database. Whoever keeps it says when another connection has changed
// something.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "db/hash_index.h"
#include "db/packed_key_set.h"
#include "db/packed_octets.h"
#include "db/packed_subscription.h"
#include "db/shared_values.h"
#include "db/slots.h"
#include "hss/repository.h"
#include "hss/subscriber.h"

namespace hss::db {

/// Everything is kept packed and unpacked when it is asked for. When memory runs out, anybody is let go, by chance:
/// phones register again and again in about the same order, and of users who come round like that the one who was not
/// seen for longest is the next to come.
class RecentSubscriptions {
 public:
  using Snapshot = std::shared_ptr<const Subscription>;

  /// `limit`: octets; 0: nothing is remembered. `seed`: of the chance by which somebody is let go.
  explicit RecentSubscriptions(std::size_t limit, std::uint32_t seed = 1)
      : limit_(limit), was_full_(limit == 0), chance_(seed) {}

  /// Null when it is not remembered. Identities in canonical form.
  Snapshot find(SubscriptionId id);
  Snapshot find_by_private_identity(std::string_view impi);
  Snapshot find_by_public_identity(std::string_view impu);
  Snapshot find_by_imsi(std::string_view imsi);
  [[nodiscard]] bool remembers(const Subject& subject) const;
  /// These are asked for next: what they take comes from memory at the same time. Changes nothing.
  void prefetch(std::span<const Subject> subjects) const;
  /// Lets others go when there is no memory for it.
  void remember(const Snapshot& subscription);

  // What belongs to a subscription is remembered with it, and only while it is. A pointer is good until the next call.

  [[nodiscard]] std::shared_ptr<const KeySet> key_set(KeySetId id) const;
  void remember(const KeySet& key_set);
  [[nodiscard]] const SequenceState* sequence(KeySetId id) const;
  [[nodiscard]] bool knows_sequence(KeySetId id) const;
  void remember(KeySetId id, const SequenceState& state);
  [[nodiscard]] const Registration* registration(SubscriptionId id) const;
  void remember(SubscriptionId id, const Registration& registration);

  void forget() noexcept;
  void forget(SubscriptionId id) noexcept;

  [[nodiscard]] std::size_t size() const { return entries_.taken(); }
  /// Whether somebody was let go since forget() because there was no memory for more.
  [[nodiscard]] bool was_full() const { return was_full_; }
  /// Octets of memory, as the allocator counts them.
  [[nodiscard]] std::size_t octets() const;

 private:
  using Place = HashIndex::Place;
  static constexpr Place kNowhere = 0xffffffffU;
  struct Entry {
    PackedSubscription subscription;
    PackedOctets registration;  // nothing: not known
    Place cards = kNowhere;     // the first of its key sets
  };
  struct Card {
    KeySetId id = 0;
    Place entry = kNowhere;
    Place next = kNowhere;  // of the same entry
    PackedOctets sequence;  // nothing: not known
    PackedKeySet key_set;   // the same
  };
  struct Unpacked {
    Place entry = kNowhere;
    Snapshot subscription;
  };

  [[nodiscard]] std::optional<Place> entry_of(SubscriptionId id) const;
  [[nodiscard]] std::optional<Place> entry_of(IdentityKind kind, std::string_view identity) const;
  [[nodiscard]] std::optional<Place> card_of(KeySetId id) const;
  Snapshot found(std::optional<Place> entry);
  void add(const Snapshot& subscription);
  void add_card(KeySetId id, Place entry);
  void drop(Place entry);
  void drop_those_in_the_way(const Subscription& subscription);
  void drop_what_is_too_much();
  Place anybody();
  /// Runs what makes something remembered; when memory is at its end, all is forgotten.
  template <typename Make>
  void make(Make&& make) noexcept;
  void put(PackedOctets& place, BytesView content);

  std::size_t limit_;
  bool was_full_ = false;
  std::size_t blocks_ = 0;  // octets of what entries and cards refer to
  Slots<Entry> entries_;
  Slots<Card> cards_;
  HashIndex entry_index_;  // by every identity, and by number
  HashIndex card_index_;
  SharedProfiles profiles_;
  SharedServers servers_;
  std::minstd_rand chance_;
  Unpacked latest_;                          // one request asks for its subscription by several identities
  Bytes scratch_;                            // to pack in
  std::string identity_;                     // to put identities together in; has had room for each that is remembered
  mutable SequenceState sequence_;           // the last that was asked for
  mutable std::shared_ptr<KeySet> key_set_;  // the same; its memory is used again when nobody else has it
  mutable Registration registration_;
};

}  // namespace hss::db
