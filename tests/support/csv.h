// A reader for the vector files of tests/data: one header line, comma separated, no quoting.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hss/bytes.h"

namespace hss::test {

/// One line of a file, by the names of its header. Every accessor throws std::runtime_error with file, line and column
/// when there is nothing, or nothing fitting, to return: a vector that cannot be read must not pass for one that holds.
class CsvRow {
 public:
  CsvRow(std::string where, std::map<std::string, std::string, std::less<>> fields)
      : where_(std::move(where)), fields_(std::move(fields)) {}

  [[nodiscard]] const std::string& text(std::string_view column) const;
  /// The column as exactly N octets in hexadecimal.
  template <std::size_t N>
  [[nodiscard]] Octets<N> octets(std::string_view column) const {
    Octets<N> out{};
    read_octets(column, out);
    return out;
  }

 private:
  friend void PrintTo(const CsvRow& row, std::ostream* out);
  void read_octets(std::string_view column, std::span<std::uint8_t> out) const;

  std::string where_;  // file:line
  std::map<std::string, std::string, std::less<>> fields_;
};

/// Names a row by file and line in the output of a failed test.
void PrintTo(const CsvRow& row, std::ostream* out);

/// All rows of a file, in order. Throws std::runtime_error when the file cannot be read, or a line has not as many
/// fields as the header.
std::vector<CsvRow> read_csv(const std::filesystem::path& file);

}  // namespace hss::test
