// The XOR algorithm of TS 34.108 8.1.2, which test cards use: anybody who hears one response knows K.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss::xor_aka {

/// All of f2, f3, f4 and f5 are XDOUT = K xor RAND, cut or rotated.
struct Response {
  SecretOctets<32> res;  // XDOUT, its first octets
  Secret<16> ck;         // XDOUT rotated left by one octet
  Secret<16> ik;         // XDOUT rotated left by two octets
  Secret<6> ak;          // XDOUT[3..8]; AK* is the same
};

/// MAC-A of an AMF, and MAC-S of AMF* = 0000: XDOUT[0..7] xor (SQN || AMF).
Octets<8> f1(const Secret<16>& k, const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf);
/// RES of 4 to 16 octets; another length throws std::invalid_argument.
Response f2345(const Secret<16>& k, const Octets<16>& rand, std::size_t res_octets);
/// AK*, 48 bits.
Secret<6> f5_star(const Secret<16>& k, const Octets<16>& rand);

}  // namespace hss::xor_aka
