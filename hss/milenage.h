// The Milenage algorithm set of TS 35.206: f1, f1*, f2 to f5 and f5* over AES-128.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/bytes.h"
#include "hss/secret.h"
#include "hss/subscriber.h"

namespace hss::milenage {

/// f2, f3, f4 and f5 of one RAND.
struct Response {
  Secret<8> res;  // f2, 64 bits
  Secret<16> ck;  // f3, 128 bits
  Secret<16> ik;  // f4, 128 bits
  Secret<6> ak;   // f5, 48 bits
};

/// MAC-A (f1) and MAC-S (f1*), 64 bits each.
struct Macs {
  Octets<8> mac_a;
  Octets<8> mac_s;
};

/// What a challenge needs of all functions.
struct Outputs {
  Macs macs;
  Response response;
};

/// r1 to r5 and c1 to c5 as TS 35.206 4.1 gives them.
inline constexpr MilenageConstants kStandardConstants{};

/// OPc = OP xor E_K(OP), 128 bits each (TS 35.206 4.1). Throws std::runtime_error when OpenSSL fails, as all functions
/// here.
Secret<16> derive_opc(const Secret<16>& k, const Secret<16>& op);

/// K, OPc and RAND are 128 bits, SQN is 48 bits, AMF 16 bits (TS 35.206 2.3). An operator's own constants
/// (TS 35.206 5.3) are given last; a rotation of more than 127 bits throws std::invalid_argument.
Macs f1(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf,
        const MilenageConstants& constants = kStandardConstants);
Response f2345(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand,
               const MilenageConstants& constants = kStandardConstants);
/// f1 and f2345 at once: five blocks of AES under one key schedule, four of which run side by side (TS 35.206 4.1).
Outputs f1_to_f5(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand, const Octets<6>& sqn,
                 const Octets<2>& amf, const MilenageConstants& constants = kStandardConstants);
/// AK* (f5*), 48 bits.
Secret<6> f5_star(const Secret<16>& k, const Secret<16>& opc, const Octets<16>& rand,
                  const MilenageConstants& constants = kStandardConstants);

}  // namespace hss::milenage
