// Rows and values of hss.toml in words: names, what is allowed, complaints, and values as TOML writes them.
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "hss/ascii.h"
#include "hss/settings_table.h"
#include "hss/utf8.h"

namespace hss::settings {

std::string full_name(const Row& row) { return std::string(row.section) + '.' + std::string(row.key); }

std::string allowed_values(const Row& row) {
  const Value sample = row.get(Settings{});
  if (std::holds_alternative<std::int64_t>(sample)) {
    return "a whole number from " + std::to_string(row.least) + " to " + std::to_string(row.most);
  }
  if (std::holds_alternative<bool>(sample)) return "true or false";
  const std::string allowed(row.allowed);
  if (std::holds_alternative<std::string>(sample)) return "a text in quotes: " + allowed;
  return std::string("a list of texts, ") + (row.least > 0 ? "at least one, " : "") + "each " + allowed;
}

std::optional<std::string> complaint(const Row& row, const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (*whole >= row.least && *whole <= row.most) return std::nullopt;
    return "is " + std::to_string(*whole) + "; it must be " + allowed_values(row);
  }
  if (const auto* one = std::get_if<std::string>(&value)) {
    if (row.text_allowed(*one) && is_utf8(*one)) return std::nullopt;
    return "must be " + allowed_values(row);
  }
  const auto* members = std::get_if<std::vector<std::string>>(&value);
  if (members == nullptr) return std::nullopt;  // both truth values are allowed
  if (static_cast<std::int64_t>(members->size()) < row.least) return "is empty; it must be " + allowed_values(row);
  for (const std::string& member : *members) {
    if (!row.text_allowed(member) || !is_utf8(member)) {
      return "has '" + printable(member) + "', which is not " + std::string(row.allowed);
    }
  }
  return std::nullopt;
}

std::string to_toml(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* one = std::get_if<std::string>(&value)) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out = "\"";
    for (const char c : *one) {
      if (ascii::is_control(c)) {
        const auto code = static_cast<unsigned char>(c);
        out += "\\u00";
        out += kDigits[code / 16U];
        out += kDigits[code % 16U];
      } else {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
    }
    return out + '"';
  }
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  std::string out = "[";
  for (const std::string& member : std::get<std::vector<std::string>>(value)) {
    if (out.size() > 1) out += ", ";
    out += to_toml(member);
  }
  return out + ']';
}

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string out(text.substr(0, kLongest));
  std::ranges::replace_if(
      out, [](char c) { return !ascii::is_visible(c) && c != ' '; }, '?');
  return text.size() > kLongest ? out + "..." : out;
}

}  // namespace hss::settings
