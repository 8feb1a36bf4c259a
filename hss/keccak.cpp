// Keccak-f[1600] as FIPS 202 3.2 and 3.3 define it. Rotations and round constants are computed from their definitions
// when this is compiled, so there is no table to mistype.
// SPDX-License-Identifier: MIT
#include "hss/keccak.h"

#include <bit>

namespace hss {
namespace {

constexpr std::size_t kRounds = 24;
constexpr std::size_t kLanes = 25;

/// Offsets of rho, by lane (FIPS 202 3.2.2).
constexpr std::array<int, kLanes> kRotations = [] {
  std::array<int, kLanes> rotations{};
  std::size_t x = 1;
  std::size_t y = 0;
  for (int t = 0; t < 24; ++t) {
    rotations[x + 5 * y] = (t + 1) * (t + 2) / 2 % 64;
    const std::size_t next = (2 * x + 3 * y) % 5;
    x = y;
    y = next;
  }
  return rotations;
}();

/// Constants of iota, by round: the bits rc(j + 7 round) at places 2^j - 1, from the shift register of FIPS 202 3.2.5.
constexpr std::array<std::uint64_t, kRounds> kRoundConstants = [] {
  std::array<std::uint64_t, kRounds> constants{};
  unsigned shift_register = 1;
  for (std::uint64_t& constant : constants) {
    for (unsigned j = 0; j <= 6; ++j) {
      if ((shift_register & 1U) != 0) constant |= std::uint64_t{1} << ((1U << j) - 1);
      shift_register <<= 1U;
      if ((shift_register & 0x100U) != 0) shift_register ^= 0x171U;  // x^8 + x^6 + x^5 + x^4 + 1
    }
  }
  return constants;
}();

/// The place that pi takes each lane to (FIPS 202 3.2.3).
constexpr std::array<std::size_t, kLanes> kPlaces = [] {
  std::array<std::size_t, kLanes> places{};
  for (std::size_t x = 0; x < 5; ++x) {
    for (std::size_t y = 0; y < 5; ++y) places[x + 5 * y] = y + 5 * ((2 * x + 3 * y) % 5);
  }
  return places;
}();

/// What a round works with; wiped, for it is as secret as the state.
struct Workspace {
  std::array<std::uint64_t, kLanes> moved{};
  std::array<std::uint64_t, 5> parity{};
  Workspace() = default;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() { OPENSSL_cleanse(this, sizeof *this); }
};

}  // namespace

void KeccakState::permute() {
  Workspace work;
  for (const std::uint64_t constant : kRoundConstants) {
    // theta
    for (std::size_t x = 0; x < 5; ++x) {
      work.parity[x] = lanes_[x] ^ lanes_[x + 5] ^ lanes_[x + 10] ^ lanes_[x + 15] ^ lanes_[x + 20];
    }
    // theta's end, rho and pi
    for (std::size_t x = 0; x < 5; ++x) {
      const std::uint64_t mixed = work.parity[(x + 4) % 5] ^ std::rotl(work.parity[(x + 1) % 5], 1);
      for (std::size_t lane = x; lane < kLanes; lane += 5) {
        work.moved[kPlaces[lane]] = std::rotl(lanes_[lane] ^ mixed, kRotations[lane]);
      }
    }
    // chi
    for (std::size_t row = 0; row < kLanes; row += 5) {
      for (std::size_t x = 0; x < 5; ++x) {
        lanes_[row + x] = work.moved[row + x] ^ (~work.moved[row + (x + 1) % 5] & work.moved[row + (x + 2) % 5]);
      }
    }
    // iota
    lanes_[0] ^= constant;
  }
}

}  // namespace hss
