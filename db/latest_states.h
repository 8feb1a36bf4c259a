// The latest state of each key, in as few blocks of memory as there can be.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "db/hash_index.h"
#include "db/packed_octets.h"

namespace hss::db {

/// `Key`: with hash_of(), == and <.
template <class Key, class State>
class LatestStates {
 public:
  using Place = HashIndex::Place;

  [[nodiscard]] const State* find(const Key& key) const {
    const auto place = place_of(key);
    return place ? &states_[*place].second : nullptr;
  }
  /// find() or put() of it comes soon.
  void prefetch(const Key& key) const { index_.prefetch(hash_of(key)); }
  void prefetch_at(Place place) const { prefetch_octets(&states_[place], sizeof states_[place]); }
  void put(const Key& key, const State& state) {
    if (const auto place = place_of(key)) {
      states_[*place].second = state;
      return;
    }
    states_.emplace_back(key, state);
    index_.insert(hash_of(key), static_cast<Place>(states_.size() - 1));
  }
  [[nodiscard]] const std::pair<Key, State>& operator[](Place place) const { return states_[place]; }
  [[nodiscard]] std::size_t size() const { return states_.size(); }
  /// Their places in the order of their keys.
  [[nodiscard]] std::vector<Place> in_order() const {
    std::vector<Place> places(states_.size());
    std::iota(places.begin(), places.end(), Place{0});
    std::ranges::sort(places, {}, [this](Place at) -> const Key& { return states_[at].first; });
    return places;
  }

  void reserve(std::size_t size) { states_.reserve(size); }
  /// Keeps the memory for what comes next.
  void clear() {
    states_.clear();
    index_.reset();
  }

 private:
  [[nodiscard]] std::optional<Place> place_of(const Key& key) const {
    return index_.find(hash_of(key), [&](Place at) { return states_[at].first == key; });
  }

  std::vector<std::pair<Key, State>> states_;
  HashIndex index_;
};

}  // namespace hss::db
