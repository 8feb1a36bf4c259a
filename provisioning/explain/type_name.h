// Enumerated values that a person types by number or by name.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hss::provisioning::explain {

/// The index in `names` of a number, or of a name in any case, with '-' or '_' between its words. UsageError, which
/// begins with `option`, for anything else.
std::size_t type_of(std::string_view option, std::string_view typed, std::span<const std::string_view> names);

}  // namespace hss::provisioning::explain
