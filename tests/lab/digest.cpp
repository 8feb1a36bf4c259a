// SPDX-License-Identifier: MIT
#include "tests/lab/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <stdexcept>
#include <utility>

namespace hss::lab {
namespace {

BytesView octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};  // NOLINT(*-reinterpret-cast)
}

class Md5 {
 public:
  Md5() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    if (!context_ || EVP_DigestInit_ex2(context_.get(), EVP_md5(), nullptr) != 1) fail();
  }
  Md5& add(BytesView octets) {
    if (EVP_DigestUpdate(context_.get(), octets.data(), octets.size()) != 1) fail();
    return *this;
  }
  Md5& add(std::string_view text) { return add(octets_of(text)); }
  /// Lower-case digits.
  Secret<32> hex() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    Secret<16> digest;
    unsigned length = 0;
    if (EVP_DigestFinal_ex(context_.get(), digest.overwrite().data(), &length) != 1 || length != digest.size()) fail();
    Secret<32> out;
    for (std::size_t i = 0; i < digest.size(); ++i) {
      out.overwrite()[2 * i] = static_cast<std::uint8_t>(kDigits[digest.reveal()[i] / 16U]);
      out.overwrite()[2 * i + 1] = static_cast<std::uint8_t>(kDigits[digest.reveal()[i] % 16U]);
    }
    return out;
  }
  std::string text() {
    const Secret<32> digits = hex();
    return {digits.reveal().begin(), digits.reveal().end()};
  }

 private:
  [[noreturn]] static void fail() {
    throw std::runtime_error("MD5 failed; check that OpenSSL's configuration offers it");
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

/// A quoted-string of RFC 2616 2.2.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

/// The parity that DES wants: an odd number of ones in each octet, the lowest bit making it so.
std::uint8_t with_odd_parity(std::uint8_t octet) {
  const auto high = static_cast<std::uint8_t>(octet & 0xfeU);
  return static_cast<std::uint8_t>(high | (std::popcount(high) % 2 == 0 ? 1U : 0U));
}

}  // namespace

std::string md5_hex(BytesView octets) { return Md5().add(octets).text(); }

AkaChallenge make_challenge(std::string realm, const Octets<16>& rand, const Octets<16>& autn) {
  Octets<32> nonce{};
  std::ranges::copy(autn, std::ranges::copy(rand, nonce.begin()).out);
  return {.realm = std::move(realm), .nonce = to_base64(nonce)};
}

std::string www_authenticate(const AkaChallenge& challenge) {
  return "Digest realm=" + in_quotes(challenge.realm) + ", nonce=" + in_quotes(challenge.nonce) +
         ", algorithm=AKAv1-MD5, qop=\"auth,auth-int\"";
}

std::string www_authenticate(const AkaChallenge& challenge, const Secret<16>& ck, const Secret<16>& ik) {
  return www_authenticate(challenge) + ", ck=" + in_quotes(to_hex(ck.reveal())) +
         ", ik=" + in_quotes(to_hex(ik.reveal()));
}

std::string digest_response(const DigestInput& input, BytesView password) {
  // RFC 2617 3.2.2; the password is octets, which may hold zero or ':' (RFC 3310 3.3)
  const Secret<32> ha1 = Md5().add(input.username).add(":").add(input.realm).add(":").add(password).hex();
  const bool with_qop = !input.cnonce.empty();
  Md5 a2;
  a2.add(input.method).add(":").add(input.uri);
  if (with_qop && input.qop == "auth-int") a2.add(":").add(md5_hex(octets_of(input.body)));
  Md5 all;
  all.add(ha1.reveal()).add(":").add(input.nonce).add(":");
  if (with_qop) all.add(input.nc).add(":").add(input.cnonce).add(":").add(input.qop).add(":");
  return all.add(a2.text()).text();
}

std::string authorization(const DigestInput& input, const std::string& response, const std::string& auts_base64) {
  std::string out = "Digest username=" + in_quotes(input.username) + ", realm=" + in_quotes(input.realm) +
                    ", nonce=" + in_quotes(input.nonce) + ", uri=" + in_quotes(input.uri) +
                    ", response=" + in_quotes(response) + ", algorithm=AKAv1-MD5";
  if (!input.cnonce.empty()) out += ", qop=" + input.qop + ", nc=" + input.nc + ", cnonce=" + in_quotes(input.cnonce);
  if (!auts_base64.empty()) out += ", auts=" + in_quotes(auts_base64);
  return out;
}

std::vector<IpsecKey> ipsec_keys(const Secret<16>& ck, const Secret<16>& ik) {
  Secret<20> sha1;  // IK and 32 zero bits
  std::ranges::copy(ik.reveal(), sha1.overwrite().begin());
  Secret<24> des;  // the first half of CK, the second, the first
  for (std::size_t i = 0; i < des.size(); ++i) des.overwrite()[i] = with_odd_parity(ck.reveal()[i % ck.size()]);
  return {{"hmac-sha-1-96", sha1}, {"hmac-md5-96", ik}, {"aes-cbc", ck}, {"des-ede3-cbc", des}};
}

}  // namespace hss::lab
