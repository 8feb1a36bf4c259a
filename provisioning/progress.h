// A progress bar on a terminal, and the wish of whoever presses Ctrl-C.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <csignal>
#include <iosfwd>
#include <string>

namespace hss::provisioning {

/// Draws on one line of `err`, a few times a second; draws nothing when `shown` is false.
class Progress {
 public:
  Progress(std::ostream& err, bool shown) : err_(err), shown_(shown) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// total 0: not known.
  void show(const std::string& what, std::size_t done, std::size_t total);
  /// Wipes the line.
  void clear();

 private:
  std::ostream& err_;
  bool shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

/// While it lives, SIGINT and SIGTERM are remembered instead of ending the program, so that a piece of work ends
/// between two transactions and can say how far it came.
class Interruptible {
 public:
  Interruptible();
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

  [[nodiscard]] static bool interrupted();

 private:
  struct sigaction previous_interrupt_ {};
  struct sigaction previous_terminate_ {};
};

}  // namespace hss::provisioning
