// SPDX-License-Identifier: MIT
#include "tests/lab/eap.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace hss::lab {
namespace {

constexpr std::string_view kPrimeLabel = "EAP-AKA'";

/// Sixteen words that a SHA-1 round looks back upon, and the five of its state; they come of a key.
struct Sha1Words {
  std::array<std::uint32_t, 80> w{};
  std::array<std::uint32_t, 5> h{};
  ~Sha1Words() {
    OPENSSL_cleanse(w.data(), sizeof(w));
    OPENSSL_cleanse(h.data(), sizeof(h));
  }
};

/// G(t, c) of FIPS 186-2 3.3: the compression function of SHA-1 over c and zeros, without the padding and the length
/// that make SHA-1 a hash.
Secret<20> g(const Secret<20>& c) {
  constexpr std::array<std::uint32_t, 5> kT{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  Sha1Words words;
  auto& [w, h] = words;
  for (std::size_t i = 0; i < c.size(); ++i) w[i / 4] = w[i / 4] << 8U | c.reveal()[i];
  for (std::size_t t = 16; t < w.size(); ++t) w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);

  h = kT;
  auto& [a, b, x, d, e] = h;
  for (std::size_t t = 0; t < w.size(); ++t) {
    std::uint32_t f = b ^ x ^ d;
    const std::uint32_t k = t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
    if (t < 20) f = (b & x) | (~b & d);
    if (t >= 40 && t < 60) f = (b & x) | (b & d) | (x & d);
    const std::uint32_t next = std::rotl(a, 5) + f + e + k + w[t];
    e = d;
    d = x;
    x = std::rotl(b, 30);
    b = a;
    a = next;
  }

  Secret<20> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out.overwrite()[i] = static_cast<std::uint8_t>((h[i / 4] + kT[i / 4]) >> (24 - i % 4 * 8));
  }
  return out;
}

/// PRF' of RFC 9048 3.4.1.
void prf_prime(const Secret<32>& key, BytesView seed, std::span<std::uint8_t> out) {
  std::uint8_t counter = 0;
  Secret<32> block;
  for (std::size_t done = 0; done < out.size(); done += block.size()) {
    Bytes input;
    input.reserve(block.size() + seed.size() + 1);  // or a block would stay behind where the octets first were
    if (counter > 0) input.assign(block.reveal().begin(), block.reveal().end());
    input.insert(input.end(), seed.begin(), seed.end());
    input.push_back(++counter);
    unsigned length = 0;
    const bool fine = HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.size()), input.data(), input.size(),
                           block.overwrite().data(), &length) != nullptr;
    OPENSSL_cleanse(input.data(), input.size());
    if (!fine || length != block.size()) {
      throw std::runtime_error("HMAC-SHA-256 failed; check that OpenSSL's configuration offers it");
    }
    const BytesView whole = block.reveal();
    std::ranges::copy(whole.first(std::min(whole.size(), out.size() - done)),
                      out.begin() + static_cast<std::ptrdiff_t>(done));
  }
}

/// MK of RFC 4187 7: SHA1(Identity | IK | CK).
Secret<20> master_key(std::string_view identity, const Secret<16>& ck, const Secret<16>& ik) {
  Bytes input(identity.begin(), identity.end());
  input.insert(input.end(), ik.reveal().begin(), ik.reveal().end());
  input.insert(input.end(), ck.reveal().begin(), ck.reveal().end());
  Secret<20> mk;
  unsigned length = 0;
  const bool fine = EVP_Digest(input.data(), input.size(), mk.overwrite().data(), &length, EVP_sha1(), nullptr) == 1;
  OPENSSL_cleanse(input.data(), input.size());
  if (!fine || length != mk.size()) {
    throw std::runtime_error("SHA-1 failed; check that OpenSSL's configuration offers it");
  }
  return mk;
}

}  // namespace

void fips_186_2_prf(const Secret<20>& xkey, std::span<std::uint8_t> out) {
  // Change notice 1 takes w_0 | w_1 for each x_j and XSEED = 0: so every w is G(XKEY), and moves XKEY by w + 1.
  Secret<20> key = xkey;
  for (std::size_t done = 0; done < out.size(); done += key.size()) {
    const Secret<20> w = g(key);
    const BytesView whole = w.reveal();
    std::ranges::copy(whole.first(std::min(whole.size(), out.size() - done)),
                      out.begin() + static_cast<std::ptrdiff_t>(done));
    unsigned carry = 1;
    for (std::size_t i = key.size(); i-- > 0;) {  // XKEY = (1 + XKEY + w) mod 2^160
      carry += unsigned{key.reveal()[i]} + whole[i];
      key.overwrite()[i] = static_cast<std::uint8_t>(carry);
      carry >>= 8U;
    }
  }
}

EapKeys eap_aka_keys(std::string_view identity, const Secret<16>& ck, const Secret<16>& ik) {
  Secret<160> material;
  fips_186_2_prf(master_key(identity, ck, ik), material.overwrite());
  const auto octets = material.reveal();
  return {.k_encr = Secret<16>(octets.subspan<0, 16>()),
          .k_aut = SecretOctets<32>(octets.subspan<16, 16>()),
          .msk = Secret<64>(octets.subspan<32, 64>()),
          .emsk = Secret<64>(octets.subspan<96, 64>())};
}

EapKeys eap_aka_prime_keys(std::string_view identity, const Secret<16>& ck_prime, const Secret<16>& ik_prime) {
  Secret<32> key;  // IK' | CK'
  std::ranges::copy(ck_prime.reveal(), std::ranges::copy(ik_prime.reveal(), key.overwrite().begin()).out);
  Bytes seed(kPrimeLabel.size() + identity.size());
  std::ranges::copy(identity, std::ranges::copy(kPrimeLabel, seed.begin()).out);
  Secret<208> material;
  prf_prime(key, seed, material.overwrite());
  const auto octets = material.reveal();
  return {.k_encr = Secret<16>(octets.subspan<0, 16>()),
          .k_aut = SecretOctets<32>(octets.subspan<16, 32>()),
          .k_re = SecretOctets<32>(octets.subspan<48, 32>()),
          .msk = Secret<64>(octets.subspan<80, 64>()),
          .emsk = Secret<64>(octets.subspan<144, 64>())};
}

}  // namespace hss::lab
