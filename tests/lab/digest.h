// HTTP Digest with AKA (RFC 3310, RFC 2617) and the keys of the P-CSCF (TS 33.203 Annex I): what stands in SIP between
// the HSS's vector and the phone.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hss/base64.h"
#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss::lab {

/// Lower-case hexadecimal of MD5.
std::string md5_hex(BytesView octets);

struct AkaChallenge {
  std::string realm;
  std::string nonce;  // base64(RAND || AUTN)
};
AkaChallenge make_challenge(std::string realm, const Octets<16>& rand, const Octets<16>& autn);

/// WWW-Authenticate as the S-CSCF sends it to the P-CSCF, with ck and ik when they are given (32 digits each), and as
/// it leaves the P-CSCF, without.
std::string www_authenticate(const AkaChallenge& challenge);
std::string www_authenticate(const AkaChallenge& challenge, const Secret<16>& ck, const Secret<16>& ik);

struct DigestInput {
  std::string username;  // IMPI
  std::string realm;
  std::string nonce;
  std::string uri;  // of the REGISTER
  std::string method = "REGISTER";
  std::string cnonce{};  // empty: without qop
  std::string nc = "00000001";
  std::string qop = "auth";
  std::string body{};  // of the REGISTER; counts with qop "auth-int" only
};
/// `password`: RES, raw octets; empty with AUTS (RFC 3310 3.4).
std::string digest_response(const DigestInput& input, BytesView password);
/// The value of Authorization.
std::string authorization(const DigestInput& input, const std::string& response, const std::string& auts_base64 = {});

/// Keys of the security associations, TS 33.203 Annex I, in the order below.
struct IpsecKey {
  const char* algorithm;  // "hmac-sha-1-96", "hmac-md5-96", "aes-cbc", "des-ede3-cbc"
  SecretOctets<32> key;
};
std::vector<IpsecKey> ipsec_keys(const Secret<16>& ck, const Secret<16>& ik);

}  // namespace hss::lab
