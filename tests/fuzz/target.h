// A fuzz target: what must hold of whatever octets come, and the inputs that mutations start from. fuzz_test.cpp tries
// each at a small size in every build; libfuzzer.cpp makes a program of one for clang's fuzzer.
// SPDX-License-Identifier: MIT
#pragma once

#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hss::fuzz {

/// A property that does not hold.
class Broken : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void require(bool holds, const char* property) {
  if (!holds) throw Broken(property);
}

struct Target {
  const char* name;
  /// Inputs that are taken, each of its own kind.
  std::vector<std::string> (*seeds)();
  /// True when the input was taken for what it should be, false when it was refused. Throws Broken.
  bool (*run)(std::string_view input);
};

inline void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

/// Every target that is linked; in no order.
std::vector<Target>& targets();

/// One of them, at namespace scope of its own file.
struct Registration {
  explicit Registration(const Target& target) { targets().push_back(target); }
};

/// What is before the first line end of `text`, which moves behind it; all of it when there is none.
inline std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() == text.size() ? text.size() : line.size() + 1);
  return line;
}

}  // namespace hss::fuzz
