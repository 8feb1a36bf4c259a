// SPDX-License-Identifier: MIT
#include "diameter/log_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "hss/ascii.h"
#include "hss/hex_runs.h"
#include "hss/utf8.h"

namespace hss::diameter::log {
namespace {

constexpr std::string_view kCut = "...";
constexpr std::size_t kLongestHarmlessHex = 15;  // an IMSI has 15 digits, an MSISDN too

/// What a field may hold as it is, without quotes.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = '!'; c < 0x7f; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

/// Takes the next character off `text` as the octets it is made of; `code` is 0 for an octet that is no UTF-8.
std::string_view take_character(std::string_view& text, char32_t& code) {
  const std::string_view before = text;
  const auto character = take_utf8(text);
  code = character.value_or(0);
  if (!character) text.remove_prefix(1);
  return before.substr(0, before.size() - text.size());
}

/// Control characters, and those that end a line or turn the writing direction on some terminal.
bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x200e && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

void append_escaped(std::string& out, std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : octets) {
    const auto value = static_cast<unsigned char>(c);
    out += "\\x";
    out += kDigits[value >> 4U];
    out += kDigits[value & 0xfU];
  }
}

}  // namespace

std::string field(std::string_view value, std::size_t limit) {
  std::string out;
  append_field(out, value, limit);
  return out;
}

void append_field(std::string& line, std::string_view value, std::size_t limit) {
  const bool plain = !value.empty() && value.size() <= limit &&
                     std::ranges::all_of(value, [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
  if (plain) {  // most are
    line += value;
    return;
  }
  const bool cut = value.size() > limit;
  if (cut) value = value.substr(0, limit);
  bool quote = value.empty();
  std::string out;
  while (!value.empty()) {
    char32_t code = 0;
    const std::string_view octets = take_character(value, code);
    if (is_control(code) || code == '"' || code == '\\') {
      append_escaped(out, octets);
    } else {
      quote = quote || code == ' ';
      out += octets;
    }
  }
  if (cut) out += kCut;
  if (quote) line += '"';
  line += out;
  if (quote) line += '"';
}

std::string one_line(std::string_view text, std::size_t limit) {
  const bool cut = text.size() > limit;
  if (cut) text = text.substr(0, limit);
  bool gap = false;
  std::string out;
  while (!text.empty()) {
    char32_t code = 0;
    const std::string_view octets = take_character(text, code);
    if (ascii::is_space(octets.front())) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += ' ';
    gap = false;
    if (is_control(code)) {
      append_escaped(out, octets);
    } else {
      out += octets;
    }
  }
  if (cut) out += kCut;
  return out;
}

std::string without_contents(std::string_view line) {
  // How freeDiameter's dumps write a value: tree (" val="), everything on one line ("]="), summary of a lone AVP ("
  // V=").
  constexpr std::array<std::string_view, 4> kMarks{" val=", "]=", " V=<", " V=\""};
  bool cut = false;
  for (const std::string_view mark : kMarks) {
    const std::size_t at = line.find(mark);
    if (at == std::string_view::npos) continue;
    line = line.substr(0, at + mark.find('=') + 1);
    cut = true;
  }
  return without_long_hex(line, kLongestHarmlessHex).append(cut ? kCut : "");
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace hss::diameter::log
