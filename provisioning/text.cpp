// SPDX-License-Identifier: MIT
#include "provisioning/text.h"

#include <algorithm>

#include "hss/ascii.h"
#include "hss/hex_runs.h"

namespace hss::provisioning {

std::string_view trim(std::string_view text) {
  while (!text.empty() && ascii::is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && ascii::is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (ascii::is_control(c)) c = '?';
  }
  return out;
}

std::string one_line(std::string_view text) {
  std::string out(trim(text));
  for (char& c : out) {
    if (ascii::is_space(c)) c = ' ';
  }
  return printable(out);
}

std::string without_keys(std::string_view text) {
  constexpr std::size_t kLongestHarmless = 20;  // an ICCID
  return without_long_hex(text, kLongestHarmless);
}

std::string count_of(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace hss::provisioning
