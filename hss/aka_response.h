// What the functions f1 to f5 of TS 33.102 6.3.2 give, whatever the algorithm.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss {

struct AkaResponse {
  SecretOctets<32> res;  // f2: 4 to 16 octets, Milenage 8; TUAK knows 32
  Secret<16> ck;         // f3
  Secret<16> ik;         // f4
  Secret<6> ak;          // f5
};

/// What a vector needs of all functions.
struct AkaOutputs {
  Octets<8> mac_a{};  // f1
  AkaResponse response;
};

}  // namespace hss
