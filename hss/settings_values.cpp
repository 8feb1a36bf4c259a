// SPDX-License-Identifier: MIT
#include "hss/settings_values.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "hss/ascii.h"
#include "hss/identity.h"
#include "hss/peer_entry.h"
#include "hss/sip_uri.h"

namespace hss::settings {
namespace {

constexpr unsigned kLargestInd = 65535;  // 16 bits, the most that ind_bits can be
constexpr std::array<std::string_view, 6> kLogLevels{"trace", "debug", "info", "warn", "error", "off"};

std::optional<unsigned> parse_ind(std::string_view digits) {
  unsigned value = 0;
  if (digits.empty() || digits.size() > 5 || !ascii::all_digits(digits)) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (value > kLargestInd) return std::nullopt;
  return value;
}

}  // namespace

std::optional<IndRange> parse_ind_range(std::string_view range) {
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_ind(range.substr(0, dash));
  const auto last = parse_ind(range.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return IndRange{*first, *last};
}

std::string range_text(const IndRange& range) { return std::to_string(range.first) + '-' + std::to_string(range.last); }

bool is_host_name(std::string_view name) { return canonical_host_name(name).has_value(); }

bool is_address(std::string_view address) {
  return address.find('/') == std::string_view::npos && parse_address_range(address).has_value();
}

bool is_peer_name(std::string_view name) { return parse_peer_name(name).has_value(); }

bool is_peer_entry(std::string_view entry) { return parse_peer_entry(entry).has_value(); }

bool is_path(std::string_view path) { return !path.empty() && path.find('\0') == std::string_view::npos; }

bool is_pool_entry(std::string_view entry) { return parse_pool_entry(entry).has_value(); }

bool is_charging_function(std::string_view uri) { return uri.empty() || is_diameter_uri(uri); }

bool is_ind_range(std::string_view range) { return parse_ind_range(range).has_value(); }

bool is_amf(std::string_view amf) { return amf.size() == 4 && std::ranges::all_of(amf, ascii::is_hex); }

bool is_apn_template(std::string_view name) {
  return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, [](char c) {
    return ascii::is_alpha(c) || ascii::is_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

bool is_log_level(std::string_view level) { return std::ranges::find(kLogLevels, level) != kLogLevels.end(); }

}  // namespace hss::settings
