// SPDX-License-Identifier: MIT
#include "hss/aka.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "hss/aka_functions.h"

namespace hss {
namespace {

Octets<6> exclusive_or(const Octets<6>& sqn, const Secret<6>& anonymity_key) {
  Octets<6> result;
#pragma GCC unroll 6
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = sqn[i] ^ anonymity_key.reveal()[i];
  return result;
}

}  // namespace

AkaVector make_vector(const KeySet& key_set, Sqn sqn, const Octets<16>& rand) {
  const AkaFunctions functions(key_set);
  const auto [mac_a, response] = functions.f1_to_f5(rand, sqn);
  const Octets<6> concealed = exclusive_or(encode_sqn(sqn), response.ak);

  AkaVector vector{.rand = rand, .xres = response.res, .ck = response.ck, .ik = response.ik};
  std::memcpy(vector.autn.data(), concealed.data(), 6);
  std::memcpy(vector.autn.data() + 6, key_set.amf.data(), 2);
  std::memcpy(vector.autn.data() + 8, mac_a.data(), 8);
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
