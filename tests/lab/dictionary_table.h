// The tables behind dictionary.h: AVPs, values of enumerated ones, results. By the specifications, not by the server.
// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "tests/lab/dictionary.h"

namespace hss::lab {

struct ValueInfo {
  AvpId id;
  std::uint32_t value = 0;
  std::string_view name;
};

struct ResultInfo {
  ResultOf result;
  std::string_view name;
};

std::span<const AvpInfo> avp_table();
std::span<const ValueInfo> value_table();
std::span<const ResultInfo> result_table();

}  // namespace hss::lab
