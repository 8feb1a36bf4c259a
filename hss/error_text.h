// The system's words for an error.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <system_error>

namespace hss {

/// Of a value of errno: "No space left on device".
inline std::string error_text(int error) { return std::generic_category().message(error); }

}  // namespace hss
