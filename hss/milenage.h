// The Milenage algorithm set of TS 35.206: f1, f1*, f2 to f5 and f5* over AES-128.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/aka_response.h"
#include "hss/bytes.h"
#include "hss/secret.h"
#include "hss/subscriber.h"

namespace hss::milenage {

/// MAC-A (f1) and MAC-S (f1*), 64 bits each.
struct Macs {
  Octets<8> mac_a;
  Octets<8> mac_s;
};

/// r1 to r5 and c1 to c5 as TS 35.206 4.1 gives them.
inline constexpr MilenageConstants kStandardConstants{};

/// OPc = OP xor E_K(OP), 128 bits each (TS 35.206 4.1). Throws std::runtime_error when OpenSSL fails, as all functions
/// here.
Secret<16> derive_opc(const Secret<16>& k, const Secret<16>& op);

/// K, OPc and RAND are 128 bits, SQN is 48 bits (octets, or a number), AMF 16 bits (TS 35.206 2.3). An operator's own
/// constants (TS 35.206 5.3) are given last; a rotation of more than 127 bits throws std::invalid_argument.
Macs f1(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf,
        const MilenageConstants& constants = kStandardConstants);
/// RES of 64 bits.
AkaResponse f2345(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand,
                  const MilenageConstants& constants = kStandardConstants);
/// f1 and f2345 at once: five blocks of AES under one key schedule, four of which run side by side (TS 35.206 4.1).
AkaOutputs f1_to_f5(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand, std::uint64_t sqn,
                    const Octets<2>& amf, const MilenageConstants& constants = kStandardConstants);
/// The same on a processor without instructions for it, and for rotations that are not by whole octets.
AkaOutputs f1_to_f5_in_steps(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand, std::uint64_t sqn,
                             const Octets<2>& amf, const MilenageConstants& constants = kStandardConstants);
/// AK* (f5*), 48 bits.
Secret<6> f5_star(SecretView<16> k, SecretView<16> opc, const Octets<16>& rand,
                  const MilenageConstants& constants = kStandardConstants);

}  // namespace hss::milenage
