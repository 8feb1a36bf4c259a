// How a private identity authenticates beside AKA, as a person writes it: SIP Digest (TS 33.203 Annex N), GIBA (Annex
// T), NASS-Bundled (Annex R). A password becomes its hashes at once, and is kept nowhere.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/administration.h"
#include "provisioning/checks.h"
#include "provisioning/text.h"

namespace hss::provisioning {

/// Texts as they were typed; empty means left out.
struct CredentialFields {
  std::string scheme;            // as name_of(AuthScheme), in any case; left out: the first that has credentials
  std::string sip_digest_realm;  // left out: the realm of the IMPI
  KeyText sip_password;
  KeyText ha1;                                // MD5(IMPI ":" realm ":" password), 32 digits; instead of the password
  KeyText ha1_sha256;                         // SHA-256 of the same, 64 digits; with ha1
  std::string framed_address;                 // as parse_framed_address reads
  std::vector<std::string> line_identifiers;  // texts, or 0xHEX
};

/// Changes of `identity` what the fields name; what is wrong is added to `check`'s problems. `identity` has its IMPI
/// and key set already.
void read_credentials(const CredentialFields& fields, FieldNames names, Checker& check,
                      db::PrivateIdentityDraft& identity);

/// HA1 of a password, both hashes (RFC 7616 3.4.2).
SipDigest digest_of(std::string_view impi, std::string_view realm, const KeyText& password);

/// The scheme of a name, without regard to case.
std::optional<AuthScheme> scheme_of(std::string_view name);
/// True when the credentials of a scheme are there.
bool supports(const db::PrivateIdentityDraft& identity, AuthScheme scheme);

/// A Line-Identifier as text: as it is when it is printable ASCII, else 0xHEX.
std::string line_identifier_text(const Bytes& identifier);
/// The octets of such a text; 1 to 255, else nullopt.
std::optional<Bytes> parse_line_identifier(std::string_view text);

}  // namespace hss::provisioning
