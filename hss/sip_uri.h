// SIP and SIPS URIs: their parts (RFC 3261 19.1.1) and when two are the same (19.1.4).
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hss {

/// A host name (or IPv4 address) in lower case, without a final dot; nullopt for what is none.
/// DEVIATION: RFC 3261 25.1: a label may hold '_' and the last one may begin with a digit, as host names of
/// laboratories do.
std::optional<std::string> canonical_host_name(std::string_view text);

/// The parts of a SIP URI in the form in which they are compared.
struct SipUri {
  bool secure = false;   // sips:
  std::string user;      // escapes normalised; empty: none
  std::string password;  // escapes normalised; empty: none
  std::string host;      // lower case, no final dot; an IPv6 address in brackets in its shortest form
  std::optional<unsigned> port;
  std::string_view parameters;  // without the first ';'; a view of the text that was parsed
  std::string_view headers;     // without the '?'; likewise
};

/// The parts of `text`; nullopt when it is no SIP or SIPS URI. Takes time in proportion to the length.
std::optional<SipUri> parse_sip_uri(std::string_view text);

/// True when the two are the same by RFC 3261 19.1.4. A transport parameter in one of the two makes them differ, as in
/// that clause's examples.
bool same_sip_uri(const SipUri& a, const SipUri& b);

}  // namespace hss
