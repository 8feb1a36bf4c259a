// SPDX-License-Identifier: MIT
#include "hss/hex_runs.h"

#include <algorithm>

#include "hss/ascii.h"

namespace hss {
namespace {

/// The length of the hexadecimal digits that `text` begins with.
std::size_t digits_in_a_row(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, ascii::is_hex) - text.begin());
}

/// The length of the octets that `text` begins with, two digits each and one sign between.
std::size_t octets_apart(std::string_view text) {
  constexpr std::string_view kSigns = " :-";
  if (digits_in_a_row(text) != 2) return 0;
  std::size_t end = 2;
  while (end < text.size() && kSigns.find(text[end]) != std::string_view::npos &&
         digits_in_a_row(text.substr(end + 1)) == 2) {
    end += 3;
  }
  return end;
}

}  // namespace

std::string without_long_hex(std::string_view text, std::size_t longest_harmless) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = std::max({digits_in_a_row(text), octets_apart(text), std::size_t{1}});
    const std::string_view part = text.substr(0, length);
    const auto digits = static_cast<std::size_t>(std::ranges::count_if(part, ascii::is_hex));
    if (digits > longest_harmless) {
      out += '(' + std::to_string(digits) + " hexadecimal digits)";
    } else {
      out += part;
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace hss
