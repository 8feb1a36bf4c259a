// Reads one element strictly.
// SPDX-License-Identifier: MIT
#include "hss/user_profile_element.h"

#include <algorithm>
#include <charconv>

#include "hss/ascii.h"
#include "hss/user_profile.h"

namespace hss {
namespace {

bool is_text(pugi::xml_node node) { return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata; }

std::string names(std::span<const ProfileChild> children) {
  std::string all;
  for (const ProfileChild& child : children) all += (all.empty() ? "" : ", ") + std::string(child.name);
  return all;
}

}  // namespace

std::string shown(std::string_view name) {
  constexpr std::size_t kLongest = 40;
  std::string out(name.substr(0, kLongest));
  std::ranges::replace_if(
      out, [](char c) { return !ascii::is_visible(c); }, '?');
  return out;
}

bool is_blank(std::string_view text) { return std::ranges::all_of(text, ascii::is_space); }

void ProfileElement::fail(const std::string& why) const { throw ProfileError(path_ + ": " + why); }

void ProfileElement::expect(std::span<const ProfileChild> table) const {
  if (node_.first_attribute()) fail("attribute '" + shown(node_.first_attribute().name()) + "' is not allowed");
  const ProfileChild* last = nullptr;
  std::size_t count = 0;
  for (const pugi::xml_node child : node_.children()) {
    if (is_text(child)) {
      if (!is_blank(child.value())) fail("text between its elements; it holds elements only");
      continue;
    }
    const std::string name = shown(child.name());
    const auto found = std::ranges::find(table, child.name(), &ProfileChild::name);
    if (table.empty()) fail("holds element " + name + "; it must be empty");
    if (found == table.end()) fail("unknown element " + name + "; known are: " + names(table));
    if (last != nullptr && found->rank < last->rank) {
      fail(name + " is out of order; the order is: " + names(table));
    }
    const bool same = last != nullptr && last->name == found->name;
    if (!same && last != nullptr && found->rank == last->rank) {
      fail(name + " stands beside " + std::string(last->name) + "; one of the two only");
    }
    count = same ? count + 1 : 1;
    if (count > found->most) fail(name + " is repeated; at the most " + std::to_string(found->most));
    last = &*found;
  }
  for (const ProfileChild& child : table) {
    if (child.least > 0 && !node_.child(child.name.data())) fail(std::string(child.name) + " is missing");
  }
}

std::vector<ProfileElement> ProfileElement::children(const char* name) const {
  std::vector<ProfileElement> found;
  for (const pugi::xml_node node : node_.children(name)) {
    found.emplace_back(node, path_ + '/' + name + '[' + std::to_string(found.size() + 1) + ']');
  }
  return found;
}

std::string ProfileElement::text() const {
  if (node_.first_attribute()) fail("attribute '" + shown(node_.first_attribute().name()) + "' is not allowed");
  std::string value;
  for (const pugi::xml_node child : node_.children()) {
    if (!is_text(child)) fail("holds element " + shown(child.name()) + "; it holds a text only");
    value += child.value();
  }
  if (is_blank(value)) fail("is empty; give it a value or leave it out");
  if (value.find('\r') != std::string::npos) fail("holds a carriage return, which does not survive in XML");
  return value;
}

std::string ProfileElement::collapsed() const {
  const std::string value = text();
  constexpr std::string_view kBlanks = " \t\n";
  const auto first = value.find_first_not_of(kBlanks);
  return value.substr(first, value.find_last_not_of(kBlanks) - first + 1);
}

std::uint32_t ProfileElement::number(std::uint32_t most) const {
  const std::string value = collapsed();
  std::uint32_t parsed = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (error != std::errc{} || end != value.data() + value.size() || parsed > most) {
    fail("is '" + shown(value) + "', not a number from 0 to " + std::to_string(most));
  }
  return parsed;
}

bool ProfileElement::boolean() const {
  const std::string value = collapsed();
  if (value == "1" || value == "true") return true;
  if (value == "0" || value == "false") return false;
  fail("is '" + shown(value) + "', not 0, 1, false or true");
}

}  // namespace hss
