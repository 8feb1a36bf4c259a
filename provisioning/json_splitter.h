// Cuts a text of JSON objects, one after the other or in one array, into the objects, without holding more than one.
// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <stdexcept>
#include <string>

namespace hss::provisioning {

/// The text is no array and no sequence of objects: one line with the number of the line.
class JsonTextError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class JsonSplitter {
 public:
  explicit JsonSplitter(std::istream& in) : in_(in) {}

  /// The text of the next object; false at the end. Throws JsonTextError for anything between objects that does not
  /// belong there, for an object or array without end, and for an object above 1 MiB.
  bool next(std::string& object);
  /// Number of the line where the latest object began, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }

 private:
  int get();
  int get_visible();
  [[noreturn]] void fail(std::size_t line, const std::string& reason) const;

  enum class Form { kUnknown, kArray, kSequence };
  std::istream& in_;
  Form form_ = Form::kUnknown;
  bool first_ = true;
  bool closed_ = false;
  std::size_t line_ = 0;
  std::size_t lines_ = 1;
};

}  // namespace hss::provisioning
