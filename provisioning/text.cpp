// SPDX-License-Identifier: MIT
#include "provisioning/text.h"

#include <algorithm>

#include "hss/ascii.h"

namespace hss::provisioning {
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
  constexpr std::ptrdiff_t kLongestHarmless = 20;  // an ICCID; an IMSI has 15
  std::string out;
  while (!text.empty()) {
    const std::size_t length = std::max({digits_in_a_row(text), octets_apart(text), std::size_t{1}});
    const std::string_view part = text.substr(0, length);
    const auto digits = std::ranges::count_if(part, ascii::is_hex);
    if (digits > kLongestHarmless) {
      out += '(' + std::to_string(digits) + " hexadecimal digits)";
    } else {
      out += part;
    }
    text.remove_prefix(length);
  }
  return out;
}

std::string count_of(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace hss::provisioning
