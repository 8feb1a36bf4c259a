// A hash table of numbers only, eight octets a cell: where something is that is kept elsewhere. Whoever asks compares
// what is there with what was looked for.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "db/packed_octets.h"

namespace hss::db {

using Hash = std::uint32_t;

/// All bits of it depend on all of `value`.
constexpr Hash hash_of(std::uint64_t value) {
  constexpr std::uint64_t kGoldenRatio = 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 32U)) * kGoldenRatio;
  value = (value ^ (value >> 32U)) * kGoldenRatio;
  return static_cast<Hash>(value >> 32U);
}
constexpr Hash hash_of(std::int64_t id) { return hash_of(static_cast<std::uint64_t>(id)); }
inline Hash hash_of(std::string_view text) {
  return hash_of(static_cast<std::uint64_t>(std::hash<std::string_view>{}(text)));
}

class HashIndex {
 public:
  using Place = std::uint32_t;

  /// The first place of that hash which `is_it` accepts.
  template <typename Predicate>
  std::optional<Place> find(Hash hash, Predicate&& is_it) const {
    if (cells_.empty()) return std::nullopt;
    for (std::size_t at = home(hash); cells_[at].place != kFree; at = next(at)) {
      if (cells_[at].hash == hash && is_it(cells_[at].place)) return cells_[at].place;
    }
    return std::nullopt;
  }

  /// find() of it comes soon.
  void prefetch(Hash hash) const {
    if (!cells_.empty()) __builtin_prefetch(&cells_[home(hash)]);
  }

  void insert(Hash hash, Place place) {
    if (used_ + 1 > cells_.size() / 4 * 3) grow();
    put({hash, place});
    ++used_;
  }

  /// One that was inserted.
  void erase(Hash hash, Place place) {
    std::size_t hole = home(hash);
    while (cells_[hole].hash != hash || cells_[hole].place != place) {
      if (cells_[hole].place == kFree) return;
      hole = next(hole);
    }
    // What follows and would not be found beyond a hole moves into it.
    for (std::size_t at = next(hole); cells_[at].place != kFree; at = next(at)) {
      if (distance(home(cells_[at].hash), at) < distance(hole, at)) continue;
      cells_[hole] = cells_[at];
      hole = at;
    }
    cells_[hole] = {};
    --used_;
  }

  void clear() noexcept {
    cells_ = std::vector<Cell>();
    used_ = 0;
  }
  /// The same, and keeps the memory for what comes next.
  void reset() noexcept {
    std::fill(cells_.begin(), cells_.end(), Cell{});
    used_ = 0;
  }
  [[nodiscard]] std::size_t octets() const { return cells_.empty() ? 0 : allocated(cells_.capacity() * sizeof(Cell)); }

 private:
  static constexpr Place kFree = 0xffffffffU;
  struct Cell {
    Hash hash = 0;
    Place place = kFree;
  };

  // A greater hash has its home further on: growing goes through both tables from front to back.
  [[nodiscard]] std::size_t home(Hash hash) const { return (std::uint64_t{hash} * cells_.size()) >> 32U; }
  [[nodiscard]] std::size_t next(std::size_t at) const { return at + 1 == cells_.size() ? 0 : at + 1; }
  [[nodiscard]] std::size_t distance(std::size_t from, std::size_t to) const {
    return to >= from ? to - from : to + cells_.size() - from;
  }
  void put(const Cell& cell) {
    std::size_t at = home(cell.hash);
    while (cells_[at].place != kFree) at = next(at);
    cells_[at] = cell;
  }
  void grow() {
    constexpr std::size_t kLeast = 16;
    const std::vector<Cell> before =
        std::exchange(cells_, std::vector<Cell>(cells_.size() + cells_.size() / 2 + kLeast));
    for (const Cell& cell : before) {
      if (cell.place != kFree) put(cell);
    }
  }

  std::vector<Cell> cells_;
  std::size_t used_ = 0;
};

}  // namespace hss::db
