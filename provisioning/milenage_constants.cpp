// SPDX-License-Identifier: MIT
#include "provisioning/milenage_constants.h"

#include <charconv>
#include <set>

#include "hss/ascii.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

constexpr unsigned kBits = 128;  // of a block

std::string without_comments(std::string_view text) {
  std::string out;
  bool comment = false;
  for (const char c : text) {
    if (c == '#') comment = true;
    if (c == '\n') comment = false;
    if (!comment) out += c;
  }
  return out;
}

/// The index of "r3" or "c3", from 0; nullopt for any other name.
std::optional<std::size_t> index_of(std::string_view name, char letter) {
  if (name.size() != 2 || name[0] != letter || name[1] < '1' || name[1] > '5') return std::nullopt;
  return static_cast<std::size_t>(name[1] - '1');
}

/// Reads one "name=value"; an empty text when it was good.
std::string read_one(std::string_view word, MilenageConstants& out) {
  const auto equals = word.find('=');
  const std::string name = ascii::lower(word.substr(0, equals));
  const std::string_view value = equals == std::string_view::npos ? "" : word.substr(equals + 1);
  if (const auto r = index_of(name, 'r')) {
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bits);
    if (error != std::errc{} || end != value.data() + value.size() || bits >= kBits) {
      return name + " must be a number of bits from 0 to 127";
    }
    out.r.at(*r) = static_cast<std::uint8_t>(bits);
    return {};
  }
  if (const auto c = index_of(name, 'c')) {
    return parse_hex(value, out.c.at(*c)) ? std::string() : name + " must have 32 hexadecimal digits";
  }
  return "write r1=64 to r5=96 and c1=HEX to c5=HEX";
}

}  // namespace

std::optional<MilenageConstants> parse_milenage_constants(std::string_view text, std::string& why) {
  MilenageConstants constants;
  std::set<std::string> seen;
  for (const std::string& word : split(without_comments(text), " \t\r\n;")) {
    why = read_one(word, constants);
    if (!why.empty()) return std::nullopt;
    const std::string name = ascii::lower(word.substr(0, 2));
    if (!seen.insert(name).second) {
      why = name + " is given twice";
      return std::nullopt;
    }
  }
  if (seen.empty()) {
    why = "empty: write r1=64 to r5=96 and c1=HEX to c5=HEX";
    return std::nullopt;
  }
  for (std::size_t i = 0; i < constants.r.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (constants.r[i] != constants.r[j] || constants.c[i] != constants.c[j]) continue;
      why = "r" + std::to_string(j + 1) + " and c" + std::to_string(j + 1) + " are the same as r" +
            std::to_string(i + 1) + " and c" + std::to_string(i + 1) + ": two functions would give one result";
      return std::nullopt;
    }
  }
  return constants;
}

std::string to_text(const MilenageConstants& constants) {
  std::string text;
  for (std::size_t i = 0; i < constants.r.size(); ++i) {
    text += (i == 0 ? "r" : " r") + std::to_string(i + 1) + '=' + std::to_string(constants.r[i]);
  }
  for (std::size_t i = 0; i < constants.c.size(); ++i) {
    text += " c" + std::to_string(i + 1) + '=' + to_hex(constants.c[i]);
  }
  return text;
}

}  // namespace hss::provisioning
