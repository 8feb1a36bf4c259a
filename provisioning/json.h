// The JSON type of hssctl: members stay in the order in which they were written.
// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace hss::provisioning {

using Json = nlohmann::ordered_json;

/// One line; octets that are no UTF-8 are replaced rather than thrown about.
inline std::string compact(const Json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}
/// Several lines, for people.
inline std::string pretty(const Json& value) {
  return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace hss::provisioning
