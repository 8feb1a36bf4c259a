// XML 1.0 from a stranger: checked for what pugixml lets pass.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace hss {

/// Parses `text` (UTF-8, with or without byte order mark and declaration) into `document`. What is wrong with it, in
/// one line, or nullopt. Refused beside everything that is not well-formed: document types, and with them entities
/// other than the five of XML; encodings other than UTF-8. White space that is an element's only content is kept.
std::optional<std::string> parse_xml(std::string_view text, pugi::xml_document& document);

}  // namespace hss
