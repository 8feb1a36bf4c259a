// SPDX-License-Identifier: MIT
#include "provisioning/credential_fields.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "hss/ascii.h"
#include "hss/utf8.h"

namespace hss::provisioning {
namespace {

constexpr std::array<AuthScheme, 4> kSchemes{AuthScheme::kDigestAkaV1Md5, AuthScheme::kSipDigest,
                                             AuthScheme::kEarlyImsSecurity, AuthScheme::kNassBundled};
constexpr std::size_t kLongestLineIdentifier = 255;  // octets
constexpr std::size_t kMostLineIdentifiers = 8;

void hash(const EVP_MD* algorithm, std::initializer_list<std::string_view> parts, std::span<std::uint8_t> out) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  bool good = context && EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1;
  for (const std::string_view part : parts) {
    good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  if (!good || EVP_DigestFinal_ex(context.get(), out.data(), nullptr) != 1) {
    throw std::runtime_error("MD5 or SHA-256: OpenSSL refuses it: see whether its default provider is installed");
  }
}

class CredentialReader {
 public:
  CredentialReader(const CredentialFields& fields, FieldNames names, Checker& check, db::PrivateIdentityDraft& identity)
      : fields_(fields), names_(names), check_(check), identity_(identity) {}

  void read() {
    read_sip_digest();
    if (!fields_.framed_address.empty()) {
      identity_.framed_address = parse_framed_address(trim(fields_.framed_address));
      if (!identity_.framed_address) {
        check_.refuse(name("framed_address"), "is no address: write 192.0.2.1 or 2001:db8:1::/64");
      }
    }
    if (!fields_.line_identifiers.empty()) read_line_identifiers();
    read_scheme();
  }

 private:
  [[nodiscard]] std::string name(std::string_view column) const { return field_name(column, names_); }

  void read_sip_digest() {
    const bool hashed = !fields_.ha1.empty() || !fields_.ha1_sha256.empty();
    if (fields_.sip_password.empty() && !hashed) {
      if (!fields_.sip_digest_realm.empty()) {
        check_.refuse(name("sip_digest_realm"),
                      "is part of HA1: give " + name("sip_password") + " or " + name("ha1") + " with it");
      }
      return;
    }
    std::string realm(trim(fields_.sip_digest_realm));
    if (realm.empty()) realm = identity_.impi.substr(identity_.impi.find('@') + 1);
    const bool good_realm = is_utf8(realm) && realm.find('"') == std::string::npos && !realm.empty() &&
                            std::ranges::none_of(realm, [](char c) { return ascii::is_control(c); });
    if (!good_realm) {
      check_.refuse(name("sip_digest_realm"), "must be text without quotes and control characters");
      return;
    }
    if (!fields_.sip_password.empty()) {
      if (hashed) {
        check_.refuse(name("ha1"), "and " + name("sip_password") + " say the same: give one of the two");
        return;
      }
      identity_.sip_digest = digest_of(identity_.impi, realm, fields_.sip_password);
      return;
    }
    read_hashes(std::move(realm));
  }

  void read_hashes(std::string realm) {
    if (fields_.ha1.empty()) {
      check_.refuse(name("ha1"), "missing: " + name("ha1_sha256") + " comes with it");
      return;
    }
    SecretOctets<32> ha1;
    SecretOctets<32> sha256;
    if (!check_.secret(name("ha1"), fields_.ha1.text, {16}, ha1)) return;
    SipDigest digest{.realm = std::move(realm), .ha1 = ha1.fixed<16>(), .alternate_sha256 = {}};
    if (!fields_.ha1_sha256.empty()) {
      if (!check_.secret(name("ha1_sha256"), fields_.ha1_sha256.text, {32}, sha256)) return;
      digest.alternate_sha256 = sha256.fixed<32>();
    }
    identity_.sip_digest = std::move(digest);
  }

  void read_line_identifiers() {
    identity_.line_identifiers.clear();
    for (const std::string& text : fields_.line_identifiers) {
      if (auto identifier = parse_line_identifier(text)) {
        identity_.line_identifiers.push_back(std::move(*identifier));
      } else {
        check_.refuse(name("line_identifiers"), "must be a text, or 0x and hexadecimal digits, of 1 to 255 octets");
      }
    }
    if (identity_.line_identifiers.size() > kMostLineIdentifiers) {
      check_.refuse(name("line_identifiers"), "there are more than 8");
    }
  }

  void read_scheme() {
    if (fields_.scheme.empty()) {
      if (supports(identity_, identity_.scheme)) return;
      const auto first = std::ranges::find_if(kSchemes, [&](AuthScheme s) { return supports(identity_, s); });
      identity_.scheme = first == kSchemes.end() ? AuthScheme::kDigestAkaV1Md5 : *first;
      return;
    }
    const auto scheme = scheme_of(fields_.scheme);
    if (!scheme) {
      check_.refuse(name("scheme"), "must be Digest-AKAv1-MD5, SIP Digest, Early-IMS-Security or NASS-Bundled");
    } else if (!supports(identity_, *scheme)) {
      check_.refuse(name("scheme"), "has no credentials: give " + needs(*scheme) + " with it");
    } else {
      identity_.scheme = *scheme;
    }
  }

  [[nodiscard]] std::string needs(AuthScheme scheme) const {
    switch (scheme) {
      case AuthScheme::kSipDigest:
        return name("sip_password") + " or " + name("ha1");
      case AuthScheme::kEarlyImsSecurity:
        return name("framed_address");
      case AuthScheme::kNassBundled:
        return name("line_identifiers");
      case AuthScheme::kDigestAkaV1Md5:
        break;
    }
    return name("k");
  }

  const CredentialFields& fields_;
  FieldNames names_;
  Checker& check_;
  db::PrivateIdentityDraft& identity_;
};

}  // namespace

void read_credentials(const CredentialFields& fields, FieldNames names, Checker& check,
                      db::PrivateIdentityDraft& identity) {
  CredentialReader(fields, names, check, identity).read();
}

SipDigest digest_of(std::string_view impi, std::string_view realm, const KeyText& password) {
  SipDigest digest{.realm = std::string(realm), .ha1 = {}, .alternate_sha256 = Secret<32>{}};
  hash(EVP_md5(), {impi, ":", realm, ":", password.text}, digest.ha1.overwrite());
  hash(EVP_sha256(), {impi, ":", realm, ":", password.text}, digest.alternate_sha256->overwrite());
  return digest;
}

std::optional<AuthScheme> scheme_of(std::string_view name) {
  const std::string wanted = ascii::lower(trim(name));
  for (const AuthScheme scheme : kSchemes) {
    if (wanted == ascii::lower(name_of(scheme))) return scheme;
  }
  return std::nullopt;
}

bool supports(const db::PrivateIdentityDraft& identity, AuthScheme scheme) {
  switch (scheme) {
    case AuthScheme::kSipDigest:
      return identity.sip_digest.has_value();
    case AuthScheme::kEarlyImsSecurity:
      return identity.framed_address.has_value();
    case AuthScheme::kNassBundled:
      return !identity.line_identifiers.empty();
    case AuthScheme::kDigestAkaV1Md5:
      break;
  }
  return identity.key_set.has_value();
}

std::string line_identifier_text(const Bytes& identifier) {
  std::string text(identifier.begin(), identifier.end());
  const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F && c != ';'; });
  return plain && !text.starts_with("0x") ? text : "0x" + to_hex(identifier);
}

std::optional<Bytes> parse_line_identifier(std::string_view text) {
  const std::string_view value = trim(text);
  std::optional<Bytes> octets = Bytes(value.begin(), value.end());
  if (value.starts_with("0x")) octets = from_hex(value.substr(2));
  if (!octets || octets->empty() || octets->size() > kLongestLineIdentifier) return std::nullopt;
  return octets;
}

}  // namespace hss::provisioning
