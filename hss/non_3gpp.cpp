// SPDX-License-Identifier: MIT
#include "hss/non_3gpp.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "hss/ascii.h"

namespace hss {
namespace {

struct RatType {
  std::uint32_t value;
  std::string_view name;
};

// TS 29.212 5.3.31
constexpr RatType kRatTypes[] = {
    {0, "WLAN"},   {1, "VIRTUAL"},           {2, "TRUSTED-N3GA"}, {1000, "UTRAN"},       {1001, "GERAN"},
    {1002, "GAN"}, {1003, "HSPA_EVOLUTION"}, {1004, "EUTRAN"},    {2000, "CDMA2000_1X"}, {2001, "HRPD"},
    {2002, "UMB"}, {2003, "EHRPD"},
};

/// Octets of a network identifier as text: 63 with its leading length octet (TS 23.003 9.1.1).
constexpr std::size_t kLongestApn = 62;

/// The text without ".mncNNN.mccNNN.gprs" at its end; `text` is in lower case.
std::string_view without_operator_identifier(std::string_view text) {
  constexpr std::string_view kShape = ".mnc000.mcc000.gprs";
  if (text.size() <= kShape.size()) return text;
  const std::string_view end = text.substr(text.size() - kShape.size());
  const bool same = std::ranges::equal(
      end, kShape, [](char c, char shape) { return shape == '0' ? ascii::is_digit(c) : c == shape; });
  return same ? text.substr(0, text.size() - kShape.size()) : text;
}

bool is_label(std::string_view label) {
  const auto alphanumeric = [](char c) { return ascii::is_alpha(c) || ascii::is_digit(c); };
  return !label.empty() && alphanumeric(label.front()) && alphanumeric(label.back()) &&
         std::ranges::all_of(label, [&](char c) { return alphanumeric(c) || c == '-'; });
}

}  // namespace

std::optional<std::uint32_t> parse_rat_type(std::string_view text) {
  const auto named =
      std::ranges::find_if(kRatTypes, [&](const RatType& each) { return ascii::same_without_case(each.name, text); });
  if (named != std::end(kRatTypes)) return named->value;
  if (text.empty() || !ascii::all_digits(text)) return std::nullopt;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  // RAT-Type is Enumerated, and an Enumerated is signed (RFC 6733 4.3.1).
  return value <= 0x7FFFFFFFU ? std::optional(value) : std::nullopt;
}

std::string rat_type_text(std::uint32_t rat_type) {
  const auto named = std::ranges::find(kRatTypes, rat_type, &RatType::value);
  return named == std::end(kRatTypes) ? std::to_string(rat_type) : std::string(named->name);
}

std::optional<std::string> canonical_apn(std::string_view text) {
  if (text == "*") return "*";
  const std::string all = ascii::lower(text);
  const std::string_view apn = without_operator_identifier(all);
  // The end of an operator identifier alone is one that was mistyped, never a name (TS 23.003 9.1.1).
  if (apn.size() > kLongestApn || apn.ends_with(".gprs")) return std::nullopt;
  for (std::size_t begin = 0;;) {
    const std::size_t dot = apn.find('.', begin);
    if (!is_label(apn.substr(begin, dot == std::string_view::npos ? dot : dot - begin))) return std::nullopt;
    if (dot == std::string_view::npos) return std::string(apn);
    begin = dot + 1;
  }
}

}  // namespace hss
