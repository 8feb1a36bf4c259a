// What may stand in a log line: text from the wire made harmless, and freeDiameter's dumps made empty.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hss::diameter::log {

/// A value from the wire as one field: quotes, backslashes, control characters (those of Unicode too) and what is no
/// UTF-8 become \xNN, one for each octet; a value with a space, or an empty one, is put in quotes. Longer than `limit`
/// octets of input: cut, with "..." after it.
std::string field(std::string_view value, std::size_t limit = 256);
/// The same, at the end of `line`.
void append_field(std::string& line, std::string_view value, std::size_t limit = 256);

/// Free text as one line: runs of line ends, tabs and spaces become one space, other control characters and what is no
/// UTF-8 become \xNN. Cut like field().
std::string one_line(std::string_view text, std::size_t limit = 1024);

/// Takes message contents out of a line of freeDiameter's: everything from the first value of a dumped AVP on, and
/// every run of 16 or more hexadecimal digits (a key has 32), also when its octets stand apart.
std::string without_contents(std::string_view line);

/// "cx, swx".
std::string joined(const std::vector<std::string>& words);

}  // namespace hss::diameter::log
