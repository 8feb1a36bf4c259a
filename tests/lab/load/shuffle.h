// A random order that needs no memory: every number below a limit, each once before any comes again.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace hss::lab {

class Shuffle {
 public:
  /// Numbers 0 to `count` - 1, at least one; another `seed`, another order.
  Shuffle(std::uint32_t count, std::uint64_t seed);

  /// The number of one turn; the turns count on for ever.
  [[nodiscard]] std::uint32_t at(std::uint64_t turn) const;

 private:
  [[nodiscard]] std::uint32_t mix(std::uint32_t value) const;

  std::uint32_t count_;
  std::uint32_t bits_;
  std::uint32_t mask_;
  std::array<std::uint32_t, 2> factors_{};
  std::uint32_t offset_ = 0;
};

}  // namespace hss::lab
