// Canonical forms of identities, and what follows from an IMSI.
// SPDX-License-Identifier: MIT
#include "hss/identity.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "hss/ascii.h"
#include "hss/sip_uri.h"
#include "hss/utf8.h"

namespace hss {
namespace {

bool is_visual_separator(char c) { return c == '-' || c == '.' || c == '(' || c == ')'; }

/// The digits of a telephone number without visual separators; nullopt at a character for which `is_digit` is false, or
/// when nothing is left.
template <typename IsDigit>
std::optional<std::string> phone_digits(std::string_view text, IsDigit is_digit) {
  std::string digits;
  for (const char c : text) {
    if (is_visual_separator(c)) continue;
    if (!is_digit(c)) return std::nullopt;
    digits += ascii::lower(c);
  }
  if (digits.empty()) return std::nullopt;
  return digits;
}

/// A global number with its '+', RFC 3966 3.
std::optional<std::string> global_number(std::string_view text) {
  if (text.empty() || text.front() != '+') return std::nullopt;
  const auto digits = phone_digits(text.substr(1), ascii::is_digit);
  if (!digits) return std::nullopt;
  return '+' + *digits;
}

/// The value of phone-context: a global number or a domain name, RFC 3966 5.1.5.
std::optional<std::string> phone_context(std::string_view text) {
  if (!text.empty() && text.front() == '+') return global_number(text);
  const auto domain = parse_sip_uri("sip:" + std::string(text));
  if (!domain || !domain->user.empty() || domain->port || text.find_first_of(";?[") != std::string_view::npos) {
    return std::nullopt;
  }
  return domain->host;
}

std::optional<std::string> canonical_tel(std::string_view text) {
  if (!std::ranges::all_of(text, ascii::is_visible) || text.find_first_of("<>\"@") != std::string_view::npos) {
    return std::nullopt;
  }
  const auto end = std::min(text.find(';'), text.size());
  const std::string_view number = text.substr(0, end);
  std::optional<std::string> context;
  for (std::string_view rest = text.substr(end); !rest.empty();) {
    rest.remove_prefix(1);
    const auto stop = std::min(rest.find(';'), rest.size());
    const std::string_view parameter = rest.substr(0, stop);
    const auto equals = std::min(parameter.find('='), parameter.size());
    if (ascii::lower(parameter.substr(0, equals)) == "phone-context") {
      if (context) return std::nullopt;
      context = phone_context(parameter.substr(std::min(equals + 1, parameter.size())));
      if (!context) return std::nullopt;
    }
    rest.remove_prefix(stop);
  }
  if (const auto global = global_number(number)) return "tel:" + *global;
  // A local number is a number of somewhere (RFC 3966 5.1.5): without its context it names nobody.
  const auto local = phone_digits(number, [](char c) { return ascii::is_hex(c) || c == '*' || c == '#'; });
  if (!local || !context) return std::nullopt;
  return "tel:" + *local + ";phone-context=" + *context;
}

/// Mobile country codes whose networks all have three-digit network codes (ITU-T E.212, list of assigned codes).
constexpr std::array<std::string_view, 27> kThreeDigitCountries{
    "302", "310", "311", "312", "313", "314", "315", "316", "330", "334", "338", "342", "344", "346",
    "348", "352", "354", "356", "358", "360", "365", "366", "376", "708", "722", "732", "750"};

}  // namespace

std::optional<std::string> canonical_public_identity(std::string_view text) {
  if (text.size() > 4 && ascii::lower(text.substr(0, 4)) == "tel:") return canonical_tel(text.substr(4));
  const auto uri = parse_sip_uri(text);
  // A password is no part of an identity, and an identity that carries one is a mistake to point at.
  if (!uri || !uri->password.empty()) return std::nullopt;
  std::string canonical = uri->secure ? "sips:" : "sip:";
  if (!uri->user.empty()) canonical += uri->user + '@';
  return canonical + uri->host;
}

std::optional<std::string> canonical_private_identity(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return std::nullopt;
  if (text.find('@', at + 1) != std::string_view::npos) return std::nullopt;  // RFC 7542 2.2
  if (std::ranges::any_of(text, [](char c) { return ascii::is_space(c) || ascii::is_control(c); })) return std::nullopt;
  if (!is_utf8(text)) return std::nullopt;  // User-Name is a UTF8String, RFC 6733 8.14
  return std::string(text.substr(0, at)) + ascii::lower(text.substr(at));
}

bool same_server(std::string_view a, std::string_view b) {
  // What no server is called is not taken apart: sorting its parameters would be work for a stranger.
  constexpr std::size_t kLongestName = 2048;
  if (a == b || a.size() > kLongestName || b.size() > kLongestName) return a == b;
  const auto left = parse_sip_uri(a);
  const auto right = parse_sip_uri(b);
  return left && right && same_sip_uri(*left, *right);
}

bool is_diameter_uri(std::string_view text) {
  const std::string_view scheme = text.starts_with("aaas://") ? "aaas://" : "aaa://";
  if (!text.starts_with(scheme)) return false;
  text.remove_prefix(scheme.size());
  std::string_view parameters = text.substr(std::min(text.find(';'), text.size()));
  const std::string_view authority = text.substr(0, text.size() - parameters.size());
  // What follows the scheme is written as in a SIP URI without a user.
  const auto host = parse_sip_uri("sip:" + std::string(authority));
  if (!host || host->port == 0U || authority.find_first_of("@?[") != std::string_view::npos) return false;
  for (const std::string_view transport : {";transport=tcp", ";transport=sctp", ";transport=udp"}) {
    if (parameters.starts_with(transport)) {
      parameters.remove_prefix(transport.size());
      break;
    }
  }
  return parameters.empty() || parameters == ";protocol=diameter";
}

bool is_sip_uri(std::string_view text) { return parse_sip_uri(text).has_value(); }

std::string canonical_network(std::string_view text) {
  const auto is_wrapping = [](char c) { return c == '"' || ascii::is_space(c); };
  while (!text.empty() && is_wrapping(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_wrapping(text.back())) text.remove_suffix(1);
  return ascii::lower(text);
}

bool is_imsi(std::string_view text) { return text.size() >= 6 && text.size() <= 15 && ascii::all_digits(text); }

bool is_msisdn(std::string_view text) { return text.size() >= 5 && text.size() <= 15 && ascii::all_digits(text); }

int mnc_digits(std::string_view imsi, std::string_view home_domain) {
  const std::string_view country = imsi.substr(0, 3);
  const int usual = std::ranges::find(kThreeDigitCountries, country) != kThreeDigitCountries.end() ? 3 : 2;
  if (!is_imsi(imsi)) return usual;
  const std::string domain = ascii::lower(home_domain);
  const bool two = domain == home_domain_of(imsi, 2);
  const bool three = domain == home_domain_of(imsi, 3);
  // Both hold for network code 000 only, where the domain does not tell.
  if (two == three) return usual;
  return two ? 2 : 3;
}

std::string home_domain_of(std::string_view imsi, int mnc_digits) {
  std::string network(imsi.substr(std::min<std::size_t>(3, imsi.size()), mnc_digits == 3 ? 3 : 2));
  if (mnc_digits != 3) network.insert(0, 1, '0');
  return "ims.mnc" + network + ".mcc" + std::string(imsi.substr(0, 3)) + ".3gppnetwork.org";
}

}  // namespace hss
