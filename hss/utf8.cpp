// Decodes UTF-8.
// SPDX-License-Identifier: MIT
#include "hss/utf8.h"

#include <algorithm>
#include <cstddef>

namespace hss {

std::optional<char32_t> take_utf8(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    text.remove_prefix(1);
    return first;
  }
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return std::nullopt;
  char32_t value = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) return std::nullopt;
    value = (value << 6U) | (next & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

bool is_utf8(std::string_view text) {
  while (true) {
    const auto plain = std::find_if(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) < 0; });
    text.remove_prefix(static_cast<std::size_t>(plain - text.begin()));
    if (text.empty()) return true;
    if (!take_utf8(text)) return false;
  }
}

bool is_xml_character(char32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF) && c != 0xFFFE && c != 0xFFFF;
}

bool is_xml_text(std::string_view text) {
  while (!text.empty()) {
    const auto c = take_utf8(text);
    if (!c || !is_xml_character(*c)) return false;
  }
  return true;
}

}  // namespace hss
