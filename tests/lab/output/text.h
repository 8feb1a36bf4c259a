// Text for people, from whatever came over the wire: nothing in it can move a cursor, close a tag or show a key.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lab/outputs.h"
#include "tests/lab/trace.h"

namespace hss::lab {

/// UTF-8 in which control characters (line feeds too, unless they are kept), characters that turn the direction of
/// writing and octets that are no UTF-8 stand as \xNN or \u{NNNN}.
std::string printable(std::string_view text, bool keep_line_feeds = false);

/// For a person's eye: hexadecimal of more than 16 octets as its first 8 octets and its length; all else unchanged.
std::string shortened(std::string_view value);

/// The value of a detail with its secrets masked: hexadecimal under the name of a key or of RES, and what
/// WWW-Authenticate carries as ck and ik. Everything as it is with show_secrets.
std::string detail_text(std::string_view name, std::string_view value, bool show_secrets);

/// Characters as a terminal counts them: code points.
std::size_t columns(std::string_view text);

/// Lines of `width` columns at the most, broken at spaces where there is one, and at line feeds; at least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// "2026-11-21T09:15:00.123456Z".
std::string utc(std::chrono::system_clock::time_point at);
/// Seconds with six decimals.
std::string seconds(std::chrono::system_clock::duration duration);

}  // namespace hss::lab
