// How long things took, at a fixed price for each: counts in buckets whose width grows with the value (an HDR
// histogram), so that a percentile is right to 3 significant digits from 1 us to 100 s.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <vector>

namespace hss::lab {

class Histogram {
 public:
  using Duration = std::chrono::microseconds;
  static constexpr Duration kLongest = std::chrono::seconds{100};

  Histogram();

  /// What is longer than kLongest counts as that, what is negative as 0.
  void record(Duration value, std::uint64_t times = 1);
  void add(const Histogram& other);

  [[nodiscard]] std::uint64_t total() const { return total_; }
  /// 0 when nothing was recorded, as the others.
  [[nodiscard]] Duration max() const { return Duration{max_}; }
  /// Microseconds.
  [[nodiscard]] double mean() const;
  [[nodiscard]] double standard_deviation() const;
  /// The least value that `percent` (0 to 100) of all do not exceed; not above max().
  [[nodiscard]] Duration percentile(double percent) const;

  /// The percentile distribution in milliseconds, as HdrHistogram writes it and its plotter reads it.
  void write_percentiles(std::ostream& out) const;

 private:
  [[nodiscard]] std::int64_t highest_equivalent(std::size_t index) const;

  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace hss::lab
