// Small work on texts that people typed.
// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/crypto.h>

#include <string>
#include <string_view>
#include <vector>

namespace hss::provisioning {

/// A key as it was typed, in hexadecimal. Wiped when it goes; no way to print it but by its one member.
struct KeyText {
  std::string text;

  KeyText() = default;
  explicit KeyText(std::string typed) : text(std::move(typed)) {}
  KeyText(const KeyText&) = default;
  KeyText& operator=(const KeyText&) = default;
  ~KeyText() { OPENSSL_cleanse(text.data(), text.size()); }
  [[nodiscard]] bool empty() const { return text.empty(); }
};

/// Without white space (space, tab, CR, LF) at both ends.
std::string_view trim(std::string_view text);
/// The parts between any of `separators`, empty ones left out.
std::vector<std::string> split(std::string_view text, std::string_view separators);
/// `parts` with `separator` between them.
std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// Control characters shown as '?', so that a terminal is not told what to do.
std::string printable(std::string_view text);
/// As printable(), with line ends as blanks and without white space at both ends.
std::string one_line(std::string_view text);
/// For errors, which quote what was typed: what could be a key, more than 20 hexadecimal digits in a row or as octets
/// with a sign between, is told by its length, "(32 hexadecimal digits)".
std::string without_keys(std::string_view text);
/// "1 subscriber", "2 subscribers".
std::string count_of(std::size_t count, std::string_view noun);

}  // namespace hss::provisioning
