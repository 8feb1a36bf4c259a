// The permutation, shown by the hashes of FIPS 202 that OpenSSL makes of it.
// SPDX-License-Identifier: MIT
#include "hss/keccak.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <string_view>

#include "hss/bytes.h"

namespace hss {
namespace {

TEST(KeccakTest, OfNothingButZeros) {
  KeccakState state;
  state.permute();
  Octets<16> first{};
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = state.get(i);
  EXPECT_EQ(to_hex(first), "e7dde140798f25f18a47c033f9ccd584");
}

TEST(KeccakTest, AnOctetIsSetAloneAndReadBack) {
  KeccakState state;
  for (std::size_t i = 0; i < KeccakState::kOctets; ++i) state.set(i, 0xFF);
  for (std::size_t i = 0; i < KeccakState::kOctets; ++i) state.set(i, static_cast<std::uint8_t>(i));
  for (std::size_t i = 0; i < KeccakState::kOctets; ++i) EXPECT_EQ(state.get(i), i);
}

/// SHA3-256 of at most two blocks, by FIPS 202 4 and 6.1.
Octets<32> sha3_256(std::string_view message) {
  constexpr std::size_t kRate = 136;
  KeccakState state;
  std::size_t place = 0;
  for (const char c : message) {
    state.set(place, static_cast<std::uint8_t>(state.get(place) ^ static_cast<unsigned char>(c)));
    if (++place == kRate) {
      state.permute();
      place = 0;
    }
  }
  state.set(place, static_cast<std::uint8_t>(state.get(place) ^ 0x06U));
  state.set(kRate - 1, static_cast<std::uint8_t>(state.get(kRate - 1) ^ 0x80U));
  state.permute();
  Octets<32> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = state.get(i);
  return digest;
}

TEST(KeccakTest, MakesTheSha3OfOpenssl) {
  for (std::size_t length = 0; length <= 300; length += 7) {
    std::string message(length, ' ');
    for (std::size_t i = 0; i < length; ++i) message[i] = static_cast<char>(i * 31 + length);
    Octets<32> expected{};
    unsigned written = 0;
    ASSERT_EQ(EVP_Digest(message.data(), message.size(), expected.data(), &written, EVP_sha3_256(), nullptr), 1);
    ASSERT_EQ(written, expected.size());
    EXPECT_EQ(to_hex(sha3_256(message)), to_hex(expected)) << length << " octets";
  }
}

}  // namespace
}  // namespace hss
