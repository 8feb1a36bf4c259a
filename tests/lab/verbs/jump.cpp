// SPDX-License-Identifier: MIT
#include "tests/lab/verbs/jump.h"

#include <charconv>
#include <optional>

namespace hss::lab {
namespace {

constexpr unsigned kBits = 48;  // of SQN

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> read(std::string_view text, std::uint64_t delta) {
  if (text == "one") return 1;
  if (text == "beyond-delta") return delta + 1;
  const bool power = text.starts_with("2^");
  const auto value = number(power ? text.substr(2) : text);
  if (!value || (power ? *value >= kBits : *value >> kBits != 0)) return std::nullopt;
  return power ? std::uint64_t{1} << *value : *value;
}

}  // namespace

bool is_jump(std::string_view text) { return read(text, 0).has_value(); }

std::uint64_t jump_of(std::string_view text, std::uint64_t delta) { return read(text, delta).value_or(0); }

}  // namespace hss::lab
