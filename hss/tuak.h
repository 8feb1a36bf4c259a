// The TUAK algorithm set of TS 35.231: f1, f1*, f2 to f5 and f5* over Keccak-f[1600].
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/aka_response.h"
#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss::tuak {

/// K has 16 or 32 octets everywhere, TOPc 32; MAC 64 bits, CK and IK 128 bits. `iterations` of Keccak-f, at least 1.
/// A K of another length, or no iteration, throws std::invalid_argument.

/// TOPc of K and TOP (TS 35.231 6.1).
Secret<32> derive_topc(const SecretOctets<32>& k, const Secret<32>& top, unsigned iterations);
/// MAC-A (f1) and MAC-S (f1*).
Octets<8> f1(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, const Octets<6>& sqn,
             const Octets<2>& amf, unsigned iterations);
Octets<8> f1_star(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, const Octets<6>& sqn,
                  const Octets<2>& amf, unsigned iterations);
/// RES of 4, 8, 16 or 32 octets.
AkaResponse f2345(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, std::size_t res_octets,
                  unsigned iterations);
Secret<6> f5_star(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, unsigned iterations);

/// The functions with every length that TS 35.231 has, of which TS 33.102 uses those above. The published test sets
/// need them.
namespace any_length {

/// Octets of each output; another number throws std::invalid_argument.
struct Lengths {
  std::size_t res = 8;  // 4, 8, 16 or 32
  std::size_t ck = 16;  // 16 or 32
  std::size_t ik = 16;  // 16 or 32
};
struct Response {
  SecretOctets<32> res;
  SecretOctets<32> ck;
  SecretOctets<32> ik;
  Secret<6> ak;
};

/// MAC of 8, 16 or 32 octets.
Bytes f1(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, const Octets<6>& sqn,
         const Octets<2>& amf, std::size_t mac_octets, unsigned iterations);
Bytes f1_star(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, const Octets<6>& sqn,
              const Octets<2>& amf, std::size_t mac_octets, unsigned iterations);
Response f2345(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, Lengths lengths,
               unsigned iterations);

}  // namespace any_length

}  // namespace hss::tuak
