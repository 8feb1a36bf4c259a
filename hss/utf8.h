// UTF-8 as RFC 3629 writes it: no overlong forms, no surrogates, nothing above U+10FFFF.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace hss {

/// Takes one character from the front of `text`; nullopt, and nothing taken, when `text` does not begin with one.
std::optional<char32_t> take_utf8(std::string_view& text);

bool is_utf8(std::string_view text);

/// XML 1.0 2.2: true for a character that a document may hold, as it is or escaped: no control characters but tab, line
/// feed and carriage return, no U+FFFE and U+FFFF.
bool is_xml_character(char32_t c);

/// True when `text` is UTF-8 made of such characters.
bool is_xml_text(std::string_view text);

}  // namespace hss
