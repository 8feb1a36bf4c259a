// SPDX-License-Identifier: MIT
#include "tests/lab/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace hss::lab {
namespace {

// Values below 2^kLinearBits have a count of their own (2048 > 2 * 10^3: that makes the 3 digits). Above, each power of
// two is cut into kHalf equal parts.
constexpr unsigned kLinearBits = 11;
constexpr std::size_t kSubBuckets = std::size_t{1} << kLinearBits;
constexpr unsigned kHalfBits = kLinearBits - 1;
constexpr std::size_t kHalf = std::size_t{1} << kHalfBits;

/// The number of doublings that `value` is above the linear part.
constexpr unsigned doublings(std::uint64_t value) {
  return static_cast<unsigned>(std::bit_width(value | (kSubBuckets - 1))) - kLinearBits;
}

constexpr std::size_t index_of(std::uint64_t value) {
  const unsigned shift = doublings(value);
  return (std::size_t{shift} << kHalfBits) + static_cast<std::size_t>(value >> shift);
}

constexpr std::uint64_t kMost = static_cast<std::uint64_t>(Histogram::kLongest.count());
constexpr std::size_t kBuckets = doublings(kMost) + 1;
constexpr std::size_t kCounts = (kBuckets + 1) * kHalf;

/// Lowest value and width of a count.
struct Range {
  std::uint64_t lowest;
  std::uint64_t width;
  /// Stands for all of them, as in HdrHistogram.
  [[nodiscard]] std::uint64_t middle() const { return lowest + width / 2; }
};
constexpr Range range_of(std::size_t index) {
  if (index < kSubBuckets) return {index, 1};
  const std::size_t shift = (index >> kHalfBits) - 1;
  return {((index & (kHalf - 1)) + kHalf) << shift, std::uint64_t{1} << shift};
}

static_assert(index_of(2047) == 2047 && index_of(2048) == 2048 && index_of(2049) == 2048 && index_of(4096) == 3072);
static_assert(range_of(3072).lowest == 4096 && range_of(3072).width == 4 && index_of(kMost) < kCounts);

constexpr double kTicksPerHalfDistance = 5;  // as HdrHistogram's own output

template <typename... Values>
void print(std::ostream& out, const char* format, Values... values) {
  char line[160];
  const int length = std::snprintf(line, sizeof line, format, values...);
  out.write(line, length);
}

}  // namespace

Histogram::Histogram() : counts_(kCounts) {}

void Histogram::record(Duration value, std::uint64_t times) {
  const auto count = std::clamp<std::int64_t>(value.count(), 0, kLongest.count());
  counts_[index_of(static_cast<std::uint64_t>(count))] += times;
  total_ += times;
  if (times > 0) max_ = std::max(max_, count);
}

void Histogram::add(const Histogram& other) {
  std::ranges::transform(counts_, other.counts_, counts_.begin(), std::plus<>{});
  total_ += other.total_;
  max_ = std::max(max_, other.max_);
}

std::int64_t Histogram::highest_equivalent(std::size_t index) const {
  const Range range = range_of(index);
  return std::min(max_, static_cast<std::int64_t>(range.lowest + range.width - 1));
}

double Histogram::mean() const {
  if (total_ == 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const Range range = range_of(i);
    sum += static_cast<double>(counts_[i]) * static_cast<double>(range.middle());
  }
  return sum / static_cast<double>(total_);
}

double Histogram::standard_deviation() const {
  if (total_ == 0) return 0;
  const double middle = mean();
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const Range range = range_of(i);
    const double distance = static_cast<double>(range.middle()) - middle;
    sum += static_cast<double>(counts_[i]) * distance * distance;
  }
  return std::sqrt(sum / static_cast<double>(total_));
}

Histogram::Duration Histogram::percentile(double percent) const {
  // The product is a little below or above what it should be: without the nudge 99.9 % of 1000 would be 1000.
  const double wanted = std::ceil(percent / 100 * static_cast<double>(total_) * (1 - 1e-12));
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::max(0.0, wanted)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= rank) return Duration{highest_equivalent(i)};
  }
  return max();
}

void Histogram::write_percentiles(std::ostream& out) const {
  print(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
  double level = 0;  // percent; the next line is the first count at which it is reached
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size() && seen < total_; ++i) {
    if (counts_[i] == 0) continue;
    seen += counts_[i];
    const double milliseconds = static_cast<double>(highest_equivalent(i)) / 1000;
    const double reached = 100 * static_cast<double>(seen) / static_cast<double>(total_);
    while (level <= reached && level < 100) {
      print(out, "%12.3f %2.12f %10llu %14.2f\n", milliseconds, level / 100, static_cast<unsigned long long>(seen),
            1 / (1 - level / 100));
      // Finer and finer towards 100 %: so many steps for each halving of what is left.
      const double halvings = std::floor(std::log2(100 / (100 - level))) + 1;
      level += 100 / (kTicksPerHalfDistance * std::exp2(halvings));
      if (seen == total_) break;
    }
  }
  if (total_ > 0) {
    print(out, "%12.3f %2.12f %10llu\n", static_cast<double>(max_) / 1000, 1.0,
          static_cast<unsigned long long>(total_));
  }
  print(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean() / 1000, standard_deviation() / 1000);
  print(out, "#[Max     = %12.3f, Total count    = %12llu]\n", static_cast<double>(max_) / 1000,
        static_cast<unsigned long long>(total_));
  print(out, "#[Buckets = %12zu, SubBuckets     = %12zu]\n", kBuckets, kSubBuckets);
}

}  // namespace hss::lab
