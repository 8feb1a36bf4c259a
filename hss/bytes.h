// Octet strings and their hexadecimal text form.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hss {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// An octet string of exactly N octets, first octet first (most significant first where it is a number).
template <std::size_t N>
using Octets = std::array<std::uint8_t, N>;

/// Two lower-case hexadecimal digits per octet.
std::string to_hex(BytesView octets);

/// The octets that `text` writes in hexadecimal, upper or lower case; nullopt when its length is odd or a character is
/// not a hexadecimal digit. An empty text is an empty octet string.
std::optional<Bytes> from_hex(std::string_view text);

/// Writes the octets of `text` to `out`; false (and `out` untouched) when `text` is not exactly out.size() octets in
/// hexadecimal. This form keeps nothing on the heap, so it is the one for keys.
bool parse_hex(std::string_view text, std::span<std::uint8_t> out);

/// As parse_hex, for an octet string that is no secret.
template <std::size_t N>
std::optional<Octets<N>> from_hex_exact(std::string_view text) {
  Octets<N> out{};
  if (!parse_hex(text, out)) return std::nullopt;
  return out;
}

}  // namespace hss
