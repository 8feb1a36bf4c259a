// What a verb is given beside its own options: streams, the directory, how to print; and the two ways in which it
// fails.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <iosfwd>
#include <stdexcept>
#include <string>

namespace hss::cli {
class App;
}

namespace hss::provisioning {

/// Exit codes of hssctl.
inline constexpr int kExitSuccess = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;

/// The verb could not do its work: one line, what: where: what to do. Exit code 1. Never holds a key.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The command line asks for what cannot be: one line. Exit code 2. Never holds a key.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The surroundings of one run of hssctl.
struct Command {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;      // a progress bar may be drawn
  std::filesystem::path executable;  // of this program; the extension is looked for beside it
  std::string directory;             // -C
  bool json = false;                 // --json
};

}  // namespace hss::provisioning
