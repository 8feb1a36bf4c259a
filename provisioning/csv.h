// CSV of RFC 4180, one record at a time.
// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hss::provisioning {

/// The text is no CSV from here on: one line, with the number of the line where it starts.
class CsvError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads records: fields separated by commas, quoted ones with "" for a quote, lines ended by LF or CRLF, a byte order
/// mark at the start dropped, blank lines skipped. Holds one record in memory, and wipes what it held.
class CsvReader {
 public:
  explicit CsvReader(std::istream& in);
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  /// The next record; false at the end. Throws CsvError for a quoted field without end, a stray quote, a NUL or a
  /// record above 64 KiB.
  bool next(std::vector<std::string>& fields);
  /// Number of the line where the latest record began, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }

 private:
  bool read_line();
  [[noreturn]] void fail(const std::string& reason) const;

  std::istream& in_;
  std::string buffer_;
  std::size_t line_ = 0;
  std::size_t lines_read_ = 0;
};

/// A field as it is written: quoted when it needs to be.
std::string csv_field(std::string_view text);

}  // namespace hss::provisioning
