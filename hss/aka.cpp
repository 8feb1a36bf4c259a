// SPDX-License-Identifier: MIT
#include "hss/aka.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "hss/aka_functions.h"

namespace hss {
namespace {

Octets<6> exclusive_or(const Octets<6>& sqn, const Secret<6>& anonymity_key) {
  Octets<6> result = sqn;
  for (std::size_t i = 0; i < result.size(); ++i) result[i] ^= anonymity_key.reveal()[i];
  return result;
}

/// (SQN xor AK) || AMF || MAC-A.
Octets<16> autn_of(const Octets<6>& sqn, const Secret<6>& anonymity_key, const Octets<2>& amf, const Octets<8>& mac_a) {
  Octets<16> autn{};
  for (std::size_t i = 0; i < sqn.size(); ++i) autn[i] = sqn[i] ^ anonymity_key.reveal()[i];
  std::memcpy(autn.data() + sqn.size(), amf.data(), amf.size());
  std::memcpy(autn.data() + sqn.size() + amf.size(), mac_a.data(), mac_a.size());
  return autn;
}

}  // namespace

Octets<6> encode_sqn(Sqn sqn) {
  const auto octet = [sqn](unsigned shift) { return static_cast<std::uint8_t>(sqn >> shift & 0xFFU); };
  return {octet(40), octet(32), octet(24), octet(16), octet(8), octet(0)};
}

Sqn decode_sqn(const Octets<6>& octets) {
  Sqn sqn = 0;
  for (const std::uint8_t octet : octets) sqn = sqn << 8U | octet;
  return sqn;
}

bool may_be_used(const KeySet& key_set) { return key_set.algorithm != AkaAlgorithm::kXor || key_set.test; }

AkaVector make_vector(const KeySet& key_set, Sqn sqn, const Octets<16>& rand) {
  const AkaFunctions functions(key_set);
  const Octets<6> sqn_octets = encode_sqn(sqn);
  const auto [mac_a, response] = functions.f1_to_f5(rand, sqn_octets);

  return {.rand = rand,
          .autn = autn_of(sqn_octets, response.ak, key_set.amf, mac_a),
          .xres = response.res,
          .ck = response.ck,
          .ik = response.ik};
}

std::optional<Sqn> open_auts(const KeySet& key_set, const Octets<16>& rand, const Octets<14>& auts) {
  const AkaFunctions functions(key_set);
  Octets<6> concealed{};
  Octets<8> mac_s{};
  std::copy_n(auts.begin(), concealed.size(), concealed.begin());
  std::copy_n(auts.begin() + concealed.size(), mac_s.size(), mac_s.begin());

  const Octets<6> sqn_ms = exclusive_or(concealed, functions.f5_star(rand));
  const Octets<8> expected = functions.f1_star(rand, sqn_ms);
  if (CRYPTO_memcmp(expected.data(), mac_s.data(), expected.size()) != 0) return std::nullopt;
  return decode_sqn(sqn_ms);
}

}  // namespace hss
