// The keys of EAP-AKA': CK' and IK', bound to the access network (TS 33.402 Annex A.2, RFC 9048 3.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss::eap_aka_prime {

/// The longest access network identity that its length field of two octets can count.
inline constexpr std::size_t kLongestAccessNetwork = 65535;

struct Keys {
  Secret<16> ck_prime;
  Secret<16> ik_prime;
};

/// `access_network` is the octets of ANID ("WLAN", TS 24.302 8.1.1), without terminator; `autn` that of the vector,
/// whose first six octets are SQN xor AK. The AMF of the vector must have its separation bit set (TS 33.402 6.2): that
/// is the caller's to see to. Throws std::length_error for an access network of more than kLongestAccessNetwork octets
/// and std::runtime_error when OpenSSL fails.
Keys derive_keys(const Secret<16>& ck, const Secret<16>& ik, std::string_view access_network, const Octets<16>& autn);

}  // namespace hss::eap_aka_prime
