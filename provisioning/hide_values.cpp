// SPDX-License-Identifier: MIT
#include "provisioning/hide_values.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace hss::provisioning {
namespace {

constexpr std::array<std::string_view, 7> kNames{"--k", "--opc", "--op", "--topc", "--top", "--ha1", "--sip-password"};

void overwrite(char* text) { std::memset(text, '*', std::strlen(text)); }

}  // namespace

void hide_values(std::span<char*> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const auto equals = std::min(argument.find('='), argument.size());
    if (std::ranges::find(kNames, argument.substr(0, equals)) == kNames.end()) continue;
    if (equals < argument.size()) {
      overwrite(arguments[i] + equals + 1);
    } else if (i + 1 < arguments.size()) {
      overwrite(arguments[++i]);
    }
  }
}

}  // namespace hss::provisioning
