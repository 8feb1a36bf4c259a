// How far a card is ahead, as a person writes it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace hss::lab {

/// "one", a decimal number below 2^48, "2^N" with N below 48, or "beyond-delta".
bool is_jump(std::string_view text);
/// The number; of "beyond-delta", one more than `delta`. 0 for what is no jump.
std::uint64_t jump_of(std::string_view text, std::uint64_t delta);

}  // namespace hss::lab
