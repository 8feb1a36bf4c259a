// The subscriptions that were served lately, as they were committed, in a bounded amount of memory: a request of one of
// them reads nothing from the database. Whoever keeps it says when another connection has changed something.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "hss/subscriber.h"

namespace hss::db {

class RecentSubscriptions {
 public:
  using Snapshot = std::shared_ptr<const Subscription>;

  /// `limit`: octets, about; 0: nothing is remembered.
  explicit RecentSubscriptions(std::size_t limit) : limit_(limit) {}

  /// Null when it is not remembered. Identities in canonical form.
  Snapshot find(SubscriptionId id);
  Snapshot find_by_private_identity(std::string_view impi);
  Snapshot find_by_public_identity(std::string_view impu);
  Snapshot find_by_imsi(std::string_view imsi);
  /// Lets those go that were not asked for longest.
  void remember(const Snapshot& subscription);

  // What belongs to a subscription is remembered with it, and only while it is.

  [[nodiscard]] std::shared_ptr<const KeySet> key_set(KeySetId id) const;
  void remember(const std::shared_ptr<const KeySet>& key_set);
  [[nodiscard]] const SequenceState* sequence(KeySetId id) const;
  void remember(KeySetId id, const SequenceState& state);
  [[nodiscard]] const Registration* registration(SubscriptionId id) const;
  void remember(SubscriptionId id, const Registration& registration);

  void forget();

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Octets, about.
  [[nodiscard]] std::size_t octets() const { return octets_; }

 private:
  struct Card {
    KeySetId id = 0;
    std::shared_ptr<const KeySet> key_set{};
    std::optional<SequenceState> sequence{};
  };
  struct Entry {
    Snapshot subscription;
    std::vector<Card> cards;
    std::optional<Registration> registration;
    std::size_t octets = 0;
  };
  using Place = std::list<Entry>::iterator;
  using ByText = std::unordered_map<std::string_view, Place>;  // the texts are those of the entry's subscription

  Snapshot found(const ByText& index, std::string_view text);
  Snapshot served(Place place);
  [[nodiscard]] Card* card(KeySetId id);
  [[nodiscard]] const Card* card(KeySetId id) const { return const_cast<RecentSubscriptions*>(this)->card(id); }
  void drop(Place place);
  void drop_those_in_the_way(const Subscription& subscription);

  std::size_t limit_;
  std::size_t octets_ = 0;
  std::list<Entry> entries_;  // the latest first
  std::unordered_map<SubscriptionId, Place> by_id_;
  std::unordered_map<KeySetId, Place> by_key_set_;
  ByText by_private_identity_, by_public_identity_, by_imsi_;
};

}  // namespace hss::db
