// A log line that somebody makes us repeat is written once a second, with a count of those that were left out.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace hss::diameter {

/// By key: who is to blame, say an address without its port. Any thread may call.
class RepeatedLines {
 public:
  using Clock = std::chrono::steady_clock;
  using Write = std::function<void(std::string_view)>;

  explicit RepeatedLines(Write write) : write_(std::move(write)) {}

  /// Writes the line, or counts it when the key had one less than a second ago.
  void tell(const std::string& key, const std::string& line, Clock::time_point now = Clock::now());
  /// Says for each key that has been quiet for a second how many lines of it were left out, and forgets the key.
  void settle(Clock::time_point now = Clock::now());

 private:
  struct Entry {
    Clock::time_point written;
    std::size_t left_out = 0;
    std::string last;
  };
  void settle_locked(Clock::time_point now, bool all);

  /// With so many at once the oldest does not matter any more: all are settled.
  static constexpr std::size_t kMostKeys = 1024;
  static constexpr std::chrono::seconds kInterval{1};

  Write write_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

/// The ones of this process, written as warnings.
RepeatedLines& repeated_warnings();
/// And those that are written as errors: freeDiameter's.
RepeatedLines& repeated_errors();
/// The key of a line of which only numbers differ: ports, descriptors, counts.
std::string without_digits(std::string_view line);

}  // namespace hss::diameter
