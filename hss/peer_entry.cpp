// SPDX-License-Identifier: MIT
#include "hss/peer_entry.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "hss/ascii.h"
#include "hss/sip_uri.h"

namespace hss {
namespace {

constexpr unsigned kOctetBits = 8;
constexpr unsigned kMappedBits = 96;  // ::ffff:0:0/96

bool bit(const std::array<std::uint8_t, 16>& octets, unsigned number) {
  return (octets.at(number / kOctetBits) >> (kOctetBits - 1 - number % kOctetBits) & 1U) != 0;
}

std::optional<unsigned> parse_prefix(std::string_view digits, unsigned most) {
  unsigned bits = 0;
  if (digits.empty() || digits.size() > 3 || !ascii::all_digits(digits)) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (bits > most) return std::nullopt;
  return bits;
}

}  // namespace

bool AddressRange::contains(const AddressRange& other) const {
  if (other.bits < bits) return false;
  for (unsigned at = 0; at < bits; ++at) {
    if (bit(octets, at) != bit(other.octets, at)) return false;
  }
  return true;
}

std::optional<AddressRange> parse_address_range(std::string_view text) {
  const auto slash = text.find('/');
  const std::string_view before = text.substr(0, slash);
  if (before.size() >= INET6_ADDRSTRLEN || before.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string address(before);
  AddressRange out;
  bool is_v4 = false;
  if (inet_pton(AF_INET6, address.c_str(), out.octets.data()) != 1) {
    constexpr std::size_t kMarks = 10;
    out.octets.at(kMarks) = out.octets.at(kMarks + 1) = 0xFF;
    is_v4 = inet_pton(AF_INET, address.c_str(), &out.octets.at(kMappedBits / kOctetBits)) == 1;
    if (!is_v4) return std::nullopt;
  }
  if (slash == std::string_view::npos) return out;
  const unsigned width = is_v4 ? 128 - kMappedBits : 128;
  const auto bits = parse_prefix(text.substr(slash + 1), width);
  if (!bits) return std::nullopt;
  out.bits = 128 - width + *bits;
  for (unsigned at = out.bits; at < 128; ++at) {
    if (bit(out.octets, at)) return std::nullopt;
  }
  return out;
}

bool PeerName::matches(std::string_view identity) const {
  if (!host.starts_with('.')) return ascii::same_without_case(identity, host);
  return identity.size() > host.size() &&
         ascii::same_without_case(identity.substr(identity.size() - host.size()), host);
}

std::optional<PeerName> parse_peer_name(std::string_view text) {
  const bool is_realm = text.starts_with("*.");
  auto host = canonical_host_name(is_realm ? text.substr(2) : text);
  if (!host) return std::nullopt;
  return PeerName{(is_realm ? "." : "") + *host};
}

std::optional<PeerEntry> parse_peer_entry(std::string_view text) {
  auto space = text.find(' ');
  auto name = parse_peer_name(text.substr(0, space));
  if (!name) return std::nullopt;
  PeerEntry out{std::move(*name), {}};
  while (space != std::string_view::npos) {
    text.remove_prefix(space + 1);
    space = text.find(' ');
    const auto range = parse_address_range(text.substr(0, space));
    if (!range) return std::nullopt;
    out.addresses.push_back(*range);
  }
  return out;
}

}  // namespace hss
