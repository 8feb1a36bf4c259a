// EAP-AKA and EAP-AKA' up to the MSK (RFC 4187 7, RFC 9048 3.3, 3.4): the AAA server's and the phone's half, over the
// vector of the HSS.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss::lab {

struct EapKeys {
  Secret<16> k_encr;
  SecretOctets<32> k_aut;   // EAP-AKA: 16 octets, EAP-AKA': 32
  SecretOctets<32> k_re{};  // EAP-AKA' only
  Secret<64> msk;
  Secret<64> emsk;
};
/// `identity`: as the phone sent it, e.g. "0001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org".
EapKeys eap_aka_keys(std::string_view identity, const Secret<16>& ck, const Secret<16>& ik);
/// CK' and IK' (hss/eap_aka_prime.h).
EapKeys eap_aka_prime_keys(std::string_view identity, const Secret<16>& ck_prime, const Secret<16>& ik_prime);

/// The generator of EAP-AKA (RFC 4187 7 and Appendix A: FIPS 186-2 with change notice 1, algorithm 1, without user
/// input and mod q): fills `out` from XKEY.
void fips_186_2_prf(const Secret<20>& xkey, std::span<std::uint8_t> out);

}  // namespace hss::lab
