// Looks at the octets first, and leaves the rest to pugixml.
// SPDX-License-Identifier: MIT
#include "hss/xml_reader.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "hss/ascii.h"
#include "hss/utf8.h"

namespace hss {
namespace {

std::string at_line(std::string_view text, std::size_t offset, const std::string& what) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return "line " + std::to_string(1 + std::count(text.begin(), end, '\n')) + ": " + what;
}

/// XML 1.0 4.1; `reference` is what stands between '&' and ';'.
bool is_reference(std::string_view reference) {
  constexpr std::array<std::string_view, 5> kEntities{"amp", "lt", "gt", "quot", "apos"};
  if (!reference.starts_with('#')) return std::ranges::find(kEntities, reference) != kEntities.end();
  reference.remove_prefix(1);
  int base = 10;
  if (reference.starts_with('x')) {
    base = 16;
    reference.remove_prefix(1);
  }
  std::uint32_t code = 0;
  const auto* end = reference.data() + reference.size();
  const auto [stop, error] = std::from_chars(reference.data(), end, code, base);
  return error == std::errc{} && stop == end && is_xml_character(code);
}

/// Finds document types and references that pugixml would drop or take as text.
std::optional<std::string> check_markup(std::string_view text) {
  constexpr std::size_t kLongestReference = 12;
  std::size_t at = 0;
  while ((at = text.find_first_of("<&", at)) != std::string_view::npos) {
    const std::string_view rest = text.substr(at);
    std::size_t length = 1;
    if (rest.front() == '&') {
      length = rest.substr(0, kLongestReference).find(';');
      if (length == std::string_view::npos || !is_reference(rest.substr(1, length - 1))) {
        return at_line(text, at, "'&' without one of amp; lt; gt; quot; apos; or a character's number; write &amp;");
      }
    } else if (rest.starts_with("<!DOCTYPE")) {
      return at_line(text, at, "a document type is not allowed; leave it out");
    } else {
      for (const auto& [open, close] :
           {std::pair<std::string_view, std::string_view>{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}}) {
        if (!rest.starts_with(open)) continue;
        const auto end = rest.find(close, open.size());
        if (end == std::string_view::npos) return at_line(text, at, std::string(open) + " is not closed");
        length = end + close.size();
      }
    }
    at += length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> parse_xml(std::string_view text, pugi::xml_document& document) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t offset = text.size() - rest.size();
    const auto c = take_utf8(rest);
    if (!c) return at_line(text, offset, "not UTF-8; save the text as UTF-8");
    if (!is_xml_character(*c)) return at_line(text, offset, "a character that XML does not allow");
  }
  if (auto wrong = check_markup(text)) return wrong;

  // As a fragment, text around the root element is found rather than skipped.
  constexpr unsigned kOptions = pugi::parse_default | pugi::parse_declaration | pugi::parse_doctype |
                                pugi::parse_fragment | pugi::parse_ws_pcdata_single;
  const auto parsed = document.load_buffer(text.data(), text.size(), kOptions, pugi::encoding_utf8);
  if (!parsed)
    return at_line(text, static_cast<std::size_t>(parsed.offset), std::string("no XML: ") + parsed.description());

  pugi::xml_node root;
  for (const pugi::xml_node node : document.children()) {
    switch (node.type()) {
      case pugi::node_element:
        if (root) return "a second element '" + std::string(node.name()).substr(0, 40) + "' beside the first";
        root = node;
        break;
      case pugi::node_declaration: {
        const std::string encoding = ascii::lower(node.attribute("encoding").as_string("utf-8"));
        if (node.previous_sibling() || !text.starts_with("<?xml")) return "the XML declaration is not at the beginning";
        if (encoding != "utf-8") return "the XML declaration names an encoding other than UTF-8; save it as UTF-8";
        break;
      }
      case pugi::node_pcdata:
        if (!std::ranges::all_of(std::string_view(node.value()), ascii::is_space))
          return "text beside the root element";
        break;
      default:
        return "something other than one element at the top";
    }
  }
  if (!root) return "no element";
  return std::nullopt;
}

}  // namespace hss
