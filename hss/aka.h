// Authentication vectors and AUTS of TS 33.102 6.3, whatever the algorithm of the key set.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "hss/bytes.h"
#include "hss/secret.h"
#include "hss/subscriber.h"

namespace hss {

/// SQN as a number: 48 bits, SEQ in the high bits and IND in the low ind_bits.
using Sqn = std::uint64_t;
inline constexpr Sqn kMaxSqn = (Sqn{1} << 48U) - 1;

constexpr Octets<6> encode_sqn(Sqn sqn) {
  const auto octet = [sqn](unsigned shift) { return static_cast<std::uint8_t>(sqn >> shift & 0xFFU); };
  return {octet(40), octet(32), octet(24), octet(16), octet(8), octet(0)};
}
constexpr Sqn decode_sqn(const Octets<6>& octets) {
  Sqn sqn = 0;
  for (const std::uint8_t octet : octets) sqn = sqn << 8U | octet;
  return sqn;
}

struct AkaVector {
  Octets<16> rand{};
  Octets<16> autn{};      // (SQN xor AK) || AMF || MAC-A
  SecretOctets<32> xres;  // 4 to 16 octets, 8 for Milenage
  Secret<16> ck;
  Secret<16> ik;
};

/// False for the XOR algorithm on a card that is not marked as a test card: its K could be read from one challenge.
inline bool may_be_used(const KeySet& key_set) { return key_set.algorithm != AkaAlgorithm::kXor || key_set.test; }

/// The vector of one SQN and RAND with the key set's AMF (TS 33.102 6.3.2). Throws, as open_auts, StoreFault when K,
/// OPc or a parameter cannot be of the key set's algorithm, std::invalid_argument when the key set may not be used.
AkaVector make_vector(const KeySet& key_set, Sqn sqn, const Octets<16>& rand);

/// SQN_MS of an AUTS (14 octets: (SQN_MS xor AK*) || MAC-S) for the RAND of the challenge; nullopt when MAC-S, computed
/// with AMF* = 0000, is wrong. The comparison takes the same time either way (TS 33.102 6.3.5, 6.3.3).
std::optional<Sqn> open_auts(const KeySet& key_set, const Octets<16>& rand, const Octets<14>& auts);

}  // namespace hss
