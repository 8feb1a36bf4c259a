// SPDX-License-Identifier: MIT
#include "hss/aka.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "hss/milenage.h"

namespace hss {
namespace {

constexpr Octets<2> kResynchronisationAmf{};  // AMF* (TS 33.102 6.3.3)

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

// Both functions below are written for Milenage, the one AkaAlgorithm there is.

AkaVector make_vector(const KeySet& key_set, Sqn sqn, const Octets<16>& rand) {
  const Octets<6> sqn_octets = encode_sqn(sqn);
  const milenage::Response response = milenage::f2345(key_set.k, key_set.opc, rand);
  const milenage::Macs macs = milenage::f1(key_set.k, key_set.opc, rand, sqn_octets, key_set.amf);

  AkaVector vector{
      .rand = rand, .autn = {}, .xres = SecretOctets<32>(response.res.reveal()), .ck = response.ck, .ik = response.ik};
  auto out = vector.autn.begin();
  out = std::ranges::copy(exclusive_or(sqn_octets, response.ak), out).out;
  out = std::ranges::copy(key_set.amf, out).out;
  std::ranges::copy(macs.mac_a, out);
  return vector;
}

std::optional<Sqn> open_auts(const KeySet& key_set, const Octets<16>& rand, const Octets<14>& auts) {
  Octets<6> concealed{};
  Octets<8> mac_s{};
  std::copy_n(auts.begin(), concealed.size(), concealed.begin());
  std::copy_n(auts.begin() + concealed.size(), mac_s.size(), mac_s.begin());

  const Octets<6> sqn_ms = exclusive_or(concealed, milenage::f5_star(key_set.k, key_set.opc, rand));
  const Octets<8> expected = milenage::f1(key_set.k, key_set.opc, rand, sqn_ms, kResynchronisationAmf).mac_s;
  if (CRYPTO_memcmp(expected.data(), mac_s.data(), expected.size()) != 0) return std::nullopt;
  return decode_sqn(sqn_ms);
}

}  // namespace hss
