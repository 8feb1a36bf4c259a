// The constants of Milenage as text: an operator's own r1 to r5 and c1 to c5 (TS 35.206 5.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hss/subscriber.h"

namespace hss::provisioning {

/// Reads r1=64 to r5 (bits, 0 to 127) and c1=HEX to c5 (32 digits), in any order, with white space or ';' between; what
/// is left out has its usual value, '#' begins a comment that ends with its line. nullopt, with one line of reason in
/// `why`, for anything else, and when two pairs (r, c) are the same (TS 35.206 5.3).
std::optional<MilenageConstants> parse_milenage_constants(std::string_view text, std::string& why);

/// What parse_milenage_constants reads: all ten, on one line.
std::string to_text(const MilenageConstants& constants);

}  // namespace hss::provisioning
