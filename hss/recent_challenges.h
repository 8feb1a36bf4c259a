// The RANDs that a key set was last used with.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "hss/bytes.h"

namespace hss {

/// How many challenges of a key set are remembered: more than one request can ask for.
inline constexpr std::size_t kRememberedChallenges = 8;

/// Newest first; beyond kRememberedChallenges the oldest is let go. It owns no memory: a state is copied many times on
/// its way to the disk.
class RecentChallenges {
 public:
  using Rand = Octets<16>;
  using value_type = Rand;
  using const_iterator = const Rand*;

  RecentChallenges() = default;
  /// Newest first.
  RecentChallenges(std::initializer_list<Rand> rands) {
    for (const Rand& rand : rands) push_back(rand);
  }

  /// The newest.
  void push_front(const Rand& rand) {
    count_ = static_cast<std::uint8_t>(std::min(count_ + std::size_t{1}, kRememberedChallenges));
    std::shift_right(rands_.begin(), rands_.begin() + count_, 1);
    rands_.front() = rand;
  }
  /// The oldest, for whoever reads them in their order. What is too much is not remembered.
  void push_back(const Rand& rand) {
    if (count_ < kRememberedChallenges) rands_[count_++] = rand;
  }
  /// False when it is none of them.
  bool erase(const Rand& rand) {
    auto* const at = std::find(rands_.begin(), rands_.begin() + count_, rand);
    if (at == end()) return false;
    std::shift_left(at, rands_.begin() + count_, 1);
    --count_;
    return true;
  }

  [[nodiscard]] const_iterator begin() const { return rands_.data(); }
  [[nodiscard]] const_iterator end() const { return rands_.data() + count_; }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  const Rand& operator[](std::size_t index) const { return rands_[index]; }

  friend bool operator==(const RecentChallenges& a, const RecentChallenges& b) { return std::ranges::equal(a, b); }

 private:
  std::array<Rand, kRememberedChallenges> rands_{};
  std::uint8_t count_ = 0;
};

}  // namespace hss
