// Text that somebody else wrote, without the keys that may stand in it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hss {

/// Each run of more than `longest_harmless` hexadecimal digits becomes "(N hexadecimal digits)", also when its octets
/// stand apart with a space, a colon or a hyphen between them. A key has 32 digits or 64, an ICCID 20, an IMSI 15.
std::string without_long_hex(std::string_view text, std::size_t longest_harmless);

}  // namespace hss
