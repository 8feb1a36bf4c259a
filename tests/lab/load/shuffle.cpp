// SPDX-License-Identifier: MIT
#include "tests/lab/load/shuffle.h"

#include <algorithm>
#include <bit>
#include <random>

namespace hss::lab {

Shuffle::Shuffle(std::uint32_t count, std::uint64_t seed)
    : count_(count),
      bits_(std::max(1U, static_cast<std::uint32_t>(std::bit_width(count - 1)))),
      mask_(~std::uint32_t{0} >> (32U - bits_)) {
  std::mt19937_64 random(seed);
  for (std::uint32_t& factor : factors_) factor = static_cast<std::uint32_t>(random()) | 1U;  // odd: it can be undone
  offset_ = static_cast<std::uint32_t>(random());
}

// Adding, multiplying by an odd number and folding the upper half into the lower one can all be undone within so many
// bits, so that no two numbers become the same.
std::uint32_t Shuffle::mix(std::uint32_t value) const {
  value = (value + offset_) & mask_;
  for (const std::uint32_t factor : factors_) {
    value = value * factor & mask_;
    value ^= value >> (bits_ + 1) / 2;
  }
  return value * factors_[0] & mask_;
}

std::uint32_t Shuffle::at(std::uint64_t turn) const {
  auto value = static_cast<std::uint32_t>(turn % count_);
  do {  // a number beyond the limit leads on to the next of its circle, and the circle leads back below it
    value = mix(value);
  } while (value >= count_);
  return value;
}

}  // namespace hss::lab
