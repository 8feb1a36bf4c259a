// The permutation Keccak-f[1600] of FIPS 202 3.3, out of which SHA-3 and TUAK are made; here because OpenSSL offers
// only the hashes.
// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/crypto.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace hss {

/// A state of 200 octets (FIPS 202 3.1.2: octet 0 holds bits 0 to 7), all zero at first. It wipes itself, and permute()
/// leaves none of it behind: keys stand in it.
class KeccakState {
 public:
  static constexpr std::size_t kOctets = 200;

  KeccakState() = default;
  KeccakState(const KeccakState&) = delete;
  KeccakState& operator=(const KeccakState&) = delete;
  ~KeccakState() { OPENSSL_cleanse(lanes_.data(), sizeof lanes_); }

  /// One octet of the state; the index is below kOctets.
  [[nodiscard]] std::uint8_t get(std::size_t octet) const {
    return static_cast<std::uint8_t>(lanes_[octet / 8] >> (octet % 8 * 8));
  }
  void set(std::size_t octet, std::uint8_t value) {
    const std::size_t shift = octet % 8 * 8;
    lanes_[octet / 8] = (lanes_[octet / 8] & ~(std::uint64_t{0xFF} << shift)) | std::uint64_t{value} << shift;
  }

  /// Keccak-f[1600]: 24 rounds.
  void permute();

 private:
  std::array<std::uint64_t, 25> lanes_{};  // lane (x, y) at x + 5 y
};

}  // namespace hss
