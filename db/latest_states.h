// The latest state of each key, in as few blocks of memory as there can be.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
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
    return place ? &states_[*place] : nullptr;
  }
  /// find() or put() of it comes soon.
  void prefetch(const Key& key) const { index_.prefetch(hash_of(key)); }
  void prefetch_at(Place place) const { prefetch_octets(&states_[place], sizeof states_[place]); }
  void put(const Key& key, const State& state) {
    if (const auto place = place_of(key)) {
      states_[*place] = state;
      return;
    }
    states_.push_back(state);
    keys_.push_back(key);
    index_.insert(hash_of(key), static_cast<Place>(keys_.size() - 1));
  }
  [[nodiscard]] const State& operator[](Place place) const { return states_[place]; }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  /// The keys of all, and their places, as they came.
  using Keys = std::vector<std::pair<Key, Place>>;
  [[nodiscard]] Keys keys() const {
    Keys all;
    all.reserve(keys_.size());
    for (Place at = 0; at < keys_.size(); ++at) all.emplace_back(keys_[at], at);
    return all;
  }

  void reserve(std::size_t size) {
    keys_.reserve(size);
    states_.reserve(size);
  }
  /// Keeps the memory for what comes next.
  void clear() {
    keys_.clear();
    states_.clear();
    index_.reset();
  }

 private:
  [[nodiscard]] std::optional<Place> place_of(const Key& key) const {
    return index_.find(hash_of(key), [&](Place at) { return keys_[at] == key; });
  }

  std::vector<Key> keys_;
  std::vector<State> states_;  // of these
  HashIndex index_;
};

}  // namespace hss::db
