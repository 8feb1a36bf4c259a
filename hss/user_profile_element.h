// One element of a user profile that is being read, held against the table of its parent's children and its own type.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <pugixml.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hss {

/// A child that an element may have (TS 29.228 Annex E). Children come in the order of their ranks; those of one rank
/// exclude each other.
struct ProfileChild {
  std::string_view name;
  int rank;
  std::size_t least;
  std::size_t most;
};
inline constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

/// A name or a value of a stranger's document, cut and without anything unprintable.
std::string shown(std::string_view text);

bool is_blank(std::string_view text);

/// An element and the way to it, for messages. Whatever is wrong with it is a ProfileError that begins with that way.
class ProfileElement {
 public:
  ProfileElement(pugi::xml_node node, std::string path) : node_(node), path_(std::move(path)) {}

  [[noreturn]] void fail(const std::string& why) const;

  /// Holds the children against their table.
  void expect(std::span<const ProfileChild> table) const;

  [[nodiscard]] bool has(const char* name) const { return !node_.child(name).empty(); }
  [[nodiscard]] ProfileElement child(const char* name) const { return {node_.child(name), path_ + '/' + name}; }
  /// All of a name, numbered from 1.
  [[nodiscard]] std::vector<ProfileElement> children(const char* name) const;

  /// The text of an element without children; never empty.
  [[nodiscard]] std::string text() const;
  /// As text(), without the white space that the schema's types other than string do not count.
  [[nodiscard]] std::string collapsed() const;
  [[nodiscard]] std::uint32_t number(std::uint32_t most = std::numeric_limits<std::int32_t>::max()) const;
  /// A code of an enumeration that has `most` + 1 of them.
  template <typename Code>
  [[nodiscard]] Code code(Code most) const {
    return static_cast<Code>(number(static_cast<std::uint32_t>(most)));
  }
  [[nodiscard]] bool boolean() const;

 private:
  pugi::xml_node node_;
  std::string path_;
};

}  // namespace hss
