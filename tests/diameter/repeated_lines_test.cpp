// What is written of many lines that somebody makes us repeat, by a clock of the test's own.
// SPDX-License-Identifier: MIT
#include "diameter/repeated_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hss::diameter {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RepeatedLinesTest : public ::testing::Test {
 protected:
  std::vector<std::string> take() { return std::exchange(written_, {}); }
  RepeatedLines::Clock::time_point at(int ms) const { return start_ + milliseconds(ms); }

 private:
  const RepeatedLines::Clock::time_point start_{std::chrono::hours(1)};
  std::vector<std::string> written_;

 protected:
  RepeatedLines lines_{[this](std::string_view line) { written_.emplace_back(line); }};
};

TEST_F(RepeatedLinesTest, OneASecondForEachKey) {
  lines_.tell("a", "first", at(0));
  lines_.tell("b", "other", at(1));
  lines_.tell("a", "second", at(2));
  lines_.tell("a", "third", at(999));
  EXPECT_THAT(take(), ElementsAre("first", "other"));
  lines_.tell("a", "fourth", at(1000));
  EXPECT_THAT(take(), ElementsAre("fourth (2 more since the line before)"));
  lines_.tell("a", "fifth", at(2500));
  EXPECT_THAT(take(), ElementsAre("fifth"));
}

TEST_F(RepeatedLinesTest, WhatWasLeftOutIsTold) {
  for (int i = 0; i < 5; ++i) lines_.tell("a", "line " + std::to_string(i), at(i));
  lines_.tell("b", "one", at(0));
  lines_.tell("b", "two", at(1));
  EXPECT_THAT(take(), ElementsAre("line 0", "one"));
  lines_.settle(at(999));
  EXPECT_THAT(take(), IsEmpty());
  lines_.settle(at(1000));
  EXPECT_THAT(take(), ElementsAre("line 4 (and 3 more like it before)", "two"));
  lines_.settle(at(5000));
  EXPECT_THAT(take(), IsEmpty());
  lines_.tell("a", "again", at(5000));
  EXPECT_THAT(take(), ElementsAre("again"));
}

TEST_F(RepeatedLinesTest, ManyKeysDoNotFillTheMemory) {
  lines_.tell("0", "first", at(0));
  lines_.tell("0", "left out", at(1));
  for (int i = 1; i < 1024; ++i) lines_.tell(std::to_string(i), "line", at(2));
  EXPECT_EQ(take().size(), 1024U);
  lines_.tell("1024", "one more", at(3));
  EXPECT_THAT(take(), ElementsAre("left out", "one more"));
  lines_.tell("0", "known no more", at(4));
  EXPECT_THAT(take(), ElementsAre("known no more"));
}

}  // namespace
}  // namespace hss::diameter
