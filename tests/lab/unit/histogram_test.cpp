// The histogram of load: right to three digits, and in the text that HdrHistogram's plotter reads.
// SPDX-License-Identifier: MIT
#include "tests/lab/load/histogram.h"

#include <gtest/gtest.h>

#include <sstream>

namespace hss::lab {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

TEST(Histogram, EmptyHasNothing) {
  const Histogram empty;
  EXPECT_EQ(empty.total(), 0U);
  EXPECT_EQ(empty.max(), microseconds(0));
  EXPECT_EQ(empty.percentile(50), microseconds(0));
  EXPECT_EQ(empty.mean(), 0);
  EXPECT_EQ(empty.standard_deviation(), 0);
}

TEST(Histogram, PercentilesOfAThousandValues) {
  Histogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.record(microseconds(i));
  EXPECT_EQ(histogram.percentile(0), microseconds(1));
  EXPECT_EQ(histogram.percentile(0.1), microseconds(1));
  EXPECT_EQ(histogram.percentile(50), microseconds(500));
  EXPECT_EQ(histogram.percentile(99), microseconds(990));
  EXPECT_EQ(histogram.percentile(99.9), microseconds(999));
  EXPECT_EQ(histogram.percentile(99.95), microseconds(1000));
  EXPECT_EQ(histogram.percentile(100), microseconds(1000));
  EXPECT_DOUBLE_EQ(histogram.mean(), 500.5);
  EXPECT_NEAR(histogram.standard_deviation(), 288.675, 0.001);
}

TEST(Histogram, ThreeDigitsFromAMicrosecondTo100Seconds) {
  for (std::int64_t value = 1; value <= Histogram::kLongest.count(); value = value * 17 / 16 + 1) {
    Histogram histogram;
    histogram.record(microseconds(value));
    histogram.record(Histogram::kLongest);  // so that max() does not help
    const auto read = histogram.percentile(50).count();
    ASSERT_GE(read, value);
    ASSERT_LE(static_cast<double>(read - value), static_cast<double>(value) / 1000) << value;
  }
}

TEST(Histogram, WhatLiesOutsideCountsAtTheEnds) {
  Histogram histogram;
  histogram.record(microseconds(-5));
  histogram.record(seconds(1000), 3);
  EXPECT_EQ(histogram.total(), 4U);
  EXPECT_EQ(histogram.percentile(25), microseconds(0));
  EXPECT_EQ(histogram.percentile(26), Histogram::kLongest);
  EXPECT_EQ(histogram.max(), Histogram::kLongest);
}

TEST(Histogram, AddIsRecordingBoth) {
  Histogram one;
  Histogram other;
  one.record(microseconds(10), 3);
  other.record(microseconds(5000));
  one.add(other);
  EXPECT_EQ(one.total(), 4U);
  EXPECT_EQ(one.percentile(75), microseconds(10));
  EXPECT_EQ(one.max(), microseconds(5000));
}

TEST(Histogram, NoPercentileIsAboveTheMaximum) {
  Histogram histogram;
  histogram.record(microseconds(1'000'001));  // in a count that reaches to 1 000 447
  EXPECT_EQ(histogram.percentile(100), microseconds(1'000'001));
}

// Line by line as HdrHistogram's outputPercentileDistribution(out, 5, 1000.0) prints these four values.
TEST(Histogram, PercentileDistribution) {
  Histogram histogram;
  for (const int value : {1000, 1500, 2000, 2047}) histogram.record(microseconds(value));
  std::ostringstream out;
  histogram.write_percentiles(out);
  EXPECT_EQ(out.str(),
            "       Value     Percentile TotalCount 1/(1-Percentile)\n"
            "\n"
            "       1.000 0.000000000000          1           1.00\n"
            "       1.000 0.100000000000          1           1.11\n"
            "       1.000 0.200000000000          1           1.25\n"
            "       1.500 0.300000000000          2           1.43\n"
            "       1.500 0.400000000000          2           1.67\n"
            "       1.500 0.500000000000          2           2.00\n"
            "       2.000 0.550000000000          3           2.22\n"
            "       2.000 0.600000000000          3           2.50\n"
            "       2.000 0.650000000000          3           2.86\n"
            "       2.000 0.700000000000          3           3.33\n"
            "       2.000 0.750000000000          3           4.00\n"
            "       2.047 0.775000000000          4           4.44\n"
            "       2.047 1.000000000000          4\n"
            "#[Mean    =        1.637, StdDeviation   =        0.426]\n"
            "#[Max     =        2.047, Total count    =            4]\n"
            "#[Buckets =           17, SubBuckets     =         2048]\n");
}

TEST(Histogram, EmptyDistributionHasNoLine) {
  std::ostringstream out;
  Histogram().write_percentiles(out);
  EXPECT_EQ(out.str(),
            "       Value     Percentile TotalCount 1/(1-Percentile)\n"
            "\n"
            "#[Mean    =        0.000, StdDeviation   =        0.000]\n"
            "#[Max     =        0.000, Total count    =            0]\n"
            "#[Buckets =           17, SubBuckets     =         2048]\n");
}

}  // namespace
}  // namespace hss::lab
