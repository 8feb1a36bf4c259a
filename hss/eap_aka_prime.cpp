// SPDX-License-Identifier: MIT
#include "hss/eap_aka_prime.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <stdexcept>

namespace hss::eap_aka_prime {
namespace {

constexpr std::uint8_t kFunctionCode = 0x20;  // FC of TS 33.402 A.2
constexpr std::size_t kConcealedSqnOctets = 6;

void append_length(Bytes& out, std::size_t length) {
  out.push_back(static_cast<std::uint8_t>(length >> 8U));
  out.push_back(static_cast<std::uint8_t>(length));
}

}  // namespace

Keys derive_keys(const Secret<16>& ck, const Secret<16>& ik, std::string_view access_network, const Octets<16>& autn) {
  if (access_network.size() > kLongestAccessNetwork) {
    throw std::length_error("the access network identity is longer than its length field can say");
  }
  // S = FC || P0 || L0 || P1 || L1: the access network identity and SQN xor AK, each with its length (TS 33.220 B.2)
  Bytes s;
  s.reserve(1 + access_network.size() + 2 + kConcealedSqnOctets + 2);
  s.push_back(kFunctionCode);
  s.insert(s.end(), access_network.begin(), access_network.end());
  append_length(s, access_network.size());
  s.insert(s.end(), autn.begin(), autn.begin() + kConcealedSqnOctets);
  append_length(s, kConcealedSqnOctets);

  Secret<32> key;
  std::ranges::copy(ik.reveal(), std::ranges::copy(ck.reveal(), key.overwrite().begin()).out);
  Secret<32> both;
  unsigned length = 0;
  if (HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.size()), s.data(), s.size(), both.overwrite().data(),
           &length) == nullptr ||
      length != both.size()) {
    throw std::runtime_error("HMAC-SHA-256 failed; check that OpenSSL's configuration offers it");
  }
  return {Secret<16>(both.reveal().first<16>()), Secret<16>(both.reveal().last<16>())};
}

}  // namespace hss::eap_aka_prime
