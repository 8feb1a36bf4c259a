// The addresses of GIBA as people write them, and as octets.
// SPDX-License-Identifier: MIT
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "hss/ascii.h"
#include "hss/subscriber.h"

namespace hss {
namespace {

constexpr unsigned kIpv6Bits = 128;

/// The octets of an address in the notation of a family; nullopt for anything else.
template <std::size_t kSize>
std::optional<Octets<kSize>> address_octets(std::string_view text) {
  // Longer than any address, or with a NUL, it would be cut by the C function.
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
  Octets<kSize> octets{};
  const int family = kSize == 4 ? AF_INET : AF_INET6;
  if (inet_pton(family, std::string(text).c_str(), octets.data()) != 1) return std::nullopt;
  return octets;
}

template <std::size_t kSize>
std::string address_text(const Octets<kSize>& octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = kSize == 4 ? AF_INET : AF_INET6;
  // Never null: the buffer holds the longest.
  return inet_ntop(family, octets.data(), text.data(), static_cast<socklen_t>(text.size()));
}

/// 1 to 128 without sign or leading zero.
std::optional<std::uint8_t> prefix_length(std::string_view text) {
  if (text.empty() || text.front() == '0' || !ascii::all_digits(text)) return std::nullopt;
  unsigned length = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, length);
  if (error != std::errc{} || stop != end || length > kIpv6Bits) return std::nullopt;
  return static_cast<std::uint8_t>(length);
}

/// True when no bit behind the prefix is set: such an address is no prefix but a host in it.
bool ends_with_prefix(const Octets<16>& address, unsigned length) {
  for (unsigned bit = length; bit < kIpv6Bits; ++bit) {
    if ((address[bit / 8U] & (0x80U >> (bit % 8U))) != 0) return false;
  }
  return true;
}

}  // namespace

std::optional<FramedAddress> parse_framed_address(std::string_view text) {
  FramedAddress address;
  if ((address.ipv4 = address_octets<4>(text))) return address;

  const auto slash = text.find('/');
  address.ipv6_prefix = address_octets<16>(text.substr(0, slash));
  if (!address.ipv6_prefix) return std::nullopt;
  const std::optional<std::uint8_t> length =
      slash == std::string_view::npos ? std::uint8_t{kIpv6Bits} : prefix_length(text.substr(slash + 1));
  if (!length || !ends_with_prefix(*address.ipv6_prefix, *length)) return std::nullopt;
  address.ipv6_prefix_length = *length;
  return address;
}

std::string to_text(const FramedAddress& address) {
  if (address.ipv4) return address_text(*address.ipv4);
  if (!address.ipv6_prefix) return {};
  return address_text(*address.ipv6_prefix) + '/' + std::to_string(address.ipv6_prefix_length);
}

}  // namespace hss
