// SPDX-License-Identifier: MIT
#include "hss/resynchronisation_limit.h"

#include <gtest/gtest.h>

namespace hss::test {
namespace {

constexpr UnixTime kNow = 1'700'000'000;

TEST(ResynchronisationLimit, SoManyInAMinuteForEachKeySet) {
  ResynchronisationLimit limit;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.admit(1, kNow + i, 3));
  EXPECT_FALSE(limit.admit(1, kNow + 3, 3));
  EXPECT_FALSE(limit.admit(1, kNow + 59, 3));
  EXPECT_TRUE(limit.admit(2, kNow + 59, 3)) << "another key set";
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.admit(1, kNow + 60, 3)) << "the next minute";
  EXPECT_FALSE(limit.admit(1, kNow + 60, 3));
}

TEST(ResynchronisationLimit, NoneIsNoLimit) {
  ResynchronisationLimit limit;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limit.admit(1, kNow, 0));
  EXPECT_EQ(limit.size(), 0U);
}

TEST(ResynchronisationLimit, AClockThatGoesBackLocksNobodyOut) {
  ResynchronisationLimit limit;
  EXPECT_TRUE(limit.admit(1, kNow, 1));
  EXPECT_TRUE(limit.admit(1, kNow - 86'400, 1));
  EXPECT_FALSE(limit.admit(1, kNow - 86'400, 1));
  EXPECT_TRUE(limit.admit(1, kNow - 86'340, 1));
}

TEST(ResynchronisationLimit, RemembersABoundedNumber) {
  ResynchronisationLimit limit(100);
  for (KeySetId id = 0; id < 100; ++id) EXPECT_TRUE(limit.admit(id, kNow, 1));
  EXPECT_EQ(limit.size(), 100U);
  EXPECT_TRUE(limit.admit(9999, kNow + 60, 1));
  EXPECT_EQ(limit.size(), 1U) << "the minute of all others is over";
  for (KeySetId id = 0; id < 5000; ++id) {
    EXPECT_TRUE(limit.admit(id, kNow + 60 + id / 100, 1));
    EXPECT_LE(limit.size(), 100U);
  }
  EXPECT_FALSE(limit.admit(4999, kNow + 110, 1)) << "the latest are remembered";
}

}  // namespace
}  // namespace hss::test
