// SPDX-License-Identifier: MIT
#include "hss/aka.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "hss/aka_functions.h"

namespace hss {
namespace {

Octets<6> exclusive_or(const Octets<6>& sqn, const Secret<6>& anonymity_key) {
  Octets<6> result = sqn;
  for (std::size_t i = 0; i < result.size(); ++i) result[i] ^= anonymity_key.reveal()[i];
  return result;
}

}  // namespace

Octets<6> encode_sqn(Sqn sqn) {
  Octets<6> octets{};
  for (std::size_t i = octets.size(); i-- > 0; sqn >>= 8U) octets[i] = static_cast<std::uint8_t>(sqn & 0xFFU);
  return octets;
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
  const AkaResponse response = functions.f2345(rand);
  const Octets<8> mac_a = functions.f1(rand, sqn_octets);

  AkaVector vector{.rand = rand, .autn = {}, .xres = response.res, .ck = response.ck, .ik = response.ik};
  auto out = vector.autn.begin();
  out = std::ranges::copy(exclusive_or(sqn_octets, response.ak), out).out;
  out = std::ranges::copy(key_set.amf, out).out;
  std::ranges::copy(mac_a, out);
  return vector;
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
