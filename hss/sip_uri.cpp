// Parses and compares SIP URIs.
// SPDX-License-Identifier: MIT
#include "hss/sip_uri.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "hss/ascii.h"

namespace hss {
namespace {

// What parameters and headers may hold beside unreserved characters and escapes, RFC 3261 25.1; '=' ';' '&' divide
// them.
constexpr std::string_view kParameterMarks = "[]/:&+$=;?";

bool is_unreserved(char c) {
  return ascii::is_alpha(c) || ascii::is_digit(c) || std::string_view("-_.!~*'()").find(c) != std::string_view::npos;
}

unsigned hex_value(char c) {
  if (ascii::is_digit(c)) return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>(ascii::lower(c) - 'a') + 10U;
}

/// `text` with the escapes of unreserved characters decoded and the digits of all others in upper case. Nullopt at a
/// character that is neither unreserved nor in `also`, and at a broken escape.
std::optional<std::string> normalise_escapes(std::string_view text, std::string_view also) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '%') {
      if (!is_unreserved(c) && also.find(c) == std::string_view::npos) return std::nullopt;
      out += c;
      continue;
    }
    if (i + 2 >= text.size() || !ascii::is_hex(text[i + 1]) || !ascii::is_hex(text[i + 2])) return std::nullopt;
    const unsigned value = hex_value(text[i + 1]) * 16U + hex_value(text[i + 2]);
    const char decoded = static_cast<char>(value);
    if (is_unreserved(decoded)) {
      out += decoded;
    } else {
      out += '%';
      out += kDigits[value / 16U];
      out += kDigits[value % 16U];
    }
    i += 2;
  }
  return out;
}

std::optional<std::string> canonical_ipv6(std::string_view text) {
  in6_addr address{};
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
  if (inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> shortest{};
  if (inet_ntop(AF_INET6, &address, shortest.data(), static_cast<socklen_t>(shortest.size())) == nullptr) {
    return std::nullopt;
  }
  return '[' + std::string(shortest.data()) + ']';
}

bool is_ipv4(std::string_view text) {
  in_addr address{};
  return text.size() < INET_ADDRSTRLEN && inet_pton(AF_INET, std::string(text).c_str(), &address) == 1;
}

}  // namespace

std::optional<std::string> canonical_host_name(std::string_view text) {
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  if (text.empty() || text.back() == '.') return std::nullopt;
  bool numeric = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool first = i == 0 || text[i - 1] == '.';
    const bool last = i + 1 == text.size() || text[i + 1] == '.';
    if (c == '.' ? first : c == '-' ? (first || last) : !(ascii::is_alpha(c) || ascii::is_digit(c) || c == '_')) {
      return std::nullopt;
    }
    numeric = numeric && (c == '.' || ascii::is_digit(c));
  }
  if (numeric && !is_ipv4(text)) return std::nullopt;
  return ascii::lower(text);
}

namespace {

/// Reads host [ ":" port ] from the front of `text` and leaves what follows it.
bool read_host_and_port(std::string_view& text, SipUri& uri) {
  std::optional<std::string> host;
  if (!text.empty() && text.front() == '[') {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    host = canonical_ipv6(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  } else {
    const auto end = std::min(text.find_first_of(":;?"), text.size());
    host = canonical_host_name(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (!host) return false;
  uri.host = std::move(*host);
  if (text.empty() || text.front() != ':') return true;
  text.remove_prefix(1);
  const auto end = std::min(text.find_first_of(";?"), text.size());
  const std::string_view digits = text.substr(0, end);
  if (digits.empty() || digits.size() > 5 || !ascii::all_digits(digits)) return false;
  unsigned port = 0;
  for (const char c : digits) port = port * 10U + static_cast<unsigned>(c - '0');
  if (port > 65535) return false;
  uri.port = port;
  text.remove_prefix(end);
  return true;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The name=value pairs between separators, in order of name and value, names and (on demand) values in lower case.
Pairs sorted_pairs(std::string_view text, char separator, bool values_without_case) {
  Pairs pairs;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    // Never nullopt: parse_sip_uri looked at every character.
    const std::string item = normalise_escapes(text.substr(0, end), kParameterMarks).value_or("");
    const auto equals = std::min(item.find('='), item.size());
    const std::string value = item.substr(equals);
    if (!item.empty()) {
      pairs.emplace_back(ascii::lower(item.substr(0, equals)), values_without_case ? ascii::lower(value) : value);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::ranges::sort(pairs);
  return pairs;
}

/// RFC 3261 19.1.4: these count even when only one of the two URIs has them; all others then do not.
bool counts_alone(std::string_view parameter) {
  return parameter == "user" || parameter == "ttl" || parameter == "method" || parameter == "maddr" ||
         parameter == "transport";
}

bool same_parameters(const Pairs& a, const Pairs& b) {
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    if (right == b.end() || (left != a.end() && left->first < right->first)) {
      if (counts_alone((left++)->first)) return false;
    } else if (left == a.end() || right->first < left->first) {
      if (counts_alone((right++)->first)) return false;
    } else if (left++->second != right++->second) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<SipUri> parse_sip_uri(std::string_view text) {
  SipUri uri;
  const auto colon = text.find(':');
  if (colon > 4) return std::nullopt;  // nor when there is none
  const std::string scheme = ascii::lower(text.substr(0, colon));
  if (scheme != "sip" && scheme != "sips") return std::nullopt;
  uri.secure = scheme == "sips";
  text.remove_prefix(colon + 1);

  // '@' has no other place in a SIP URI than after the user part (RFC 3261 25.1), which may itself hold ';' and '?'.
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    std::string_view user = text.substr(0, at);
    if (const auto secret = user.find(':'); secret != std::string_view::npos) {
      auto password = normalise_escapes(user.substr(secret + 1), "&=+$,");
      if (!password) return std::nullopt;
      uri.password = std::move(*password);
      user = user.substr(0, secret);
    }
    auto normal = normalise_escapes(user, "&=+$,;?/");
    if (!normal || normal->empty()) return std::nullopt;
    uri.user = std::move(*normal);
    text.remove_prefix(at + 1);
  }
  if (!read_host_and_port(text, uri)) return std::nullopt;

  if (!text.empty() && text.front() == ';') {
    const auto end = std::min(text.find('?'), text.size());
    uri.parameters = text.substr(1, end - 1);
    if (!normalise_escapes(uri.parameters, kParameterMarks)) return std::nullopt;
    text.remove_prefix(end);
  }
  if (!text.empty() && text.front() == '?') {
    uri.headers = text.substr(1);
    if (!normalise_escapes(uri.headers, kParameterMarks)) return std::nullopt;
    text = {};
  }
  if (!text.empty()) return std::nullopt;
  return uri;
}

bool same_sip_uri(const SipUri& a, const SipUri& b) {
  return a.secure == b.secure && a.user == b.user && a.password == b.password && a.host == b.host && a.port == b.port &&
         same_parameters(sorted_pairs(a.parameters, ';', true), sorted_pairs(b.parameters, ';', true)) &&
         sorted_pairs(a.headers, '&', false) == sorted_pairs(b.headers, '&', false);
}

}  // namespace hss
