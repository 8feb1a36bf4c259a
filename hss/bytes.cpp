// SPDX-License-Identifier: MIT
#include "hss/bytes.h"

#include <algorithm>

#include "hss/ascii.h"

namespace hss {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// The value of a hexadecimal digit.
int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c - 'A' + 10;
}

}  // namespace

std::string to_hex(BytesView octets) {
  std::string text;
  text.reserve(octets.size() * 2);
  for (const std::uint8_t octet : octets) {
    text += kDigits[octet >> 4U];
    text += kDigits[octet & 0x0FU];
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  Bytes octets(text.size() / 2);
  if (!parse_hex(text, octets)) return std::nullopt;
  return octets;
}

bool parse_hex(std::string_view text, std::span<std::uint8_t> out) {
  if (text.size() % 2 != 0 || text.size() / 2 != out.size() || !std::ranges::all_of(text, ascii::is_hex)) {
    return false;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(digit_value(text[2 * i]) << 4 | digit_value(text[2 * i + 1]));
  }
  return true;
}

}  // namespace hss
