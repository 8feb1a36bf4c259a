// The XOR algorithm of TS 34.108 8.1.2, which test cards use: anybody who hears one response knows K.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/aka_response.h"
#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss::xor_aka {

/// MAC-A of an AMF, and MAC-S of AMF* = 0000: XDOUT[0..7] xor (SQN || AMF).
Octets<8> f1(const Secret<16>& k, const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf);
/// All of f2, f3, f4 and f5 are XDOUT = K xor RAND, cut or rotated: RES its first octets, 4 to 16 (another length
/// throws std::invalid_argument), CK and IK rotated left by one octet and two, AK XDOUT[3..8].
AkaResponse f2345(const Secret<16>& k, const Octets<16>& rand, std::size_t res_octets);
/// AK*, which is AK: 48 bits.
Secret<6> f5_star(const Secret<16>& k, const Octets<16>& rand);

}  // namespace hss::xor_aka
