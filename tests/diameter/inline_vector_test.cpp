// A list that outgrows its place.
// SPDX-License-Identifier: MIT
#include "diameter/inline_vector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace hss::diameter {
namespace {

using ::testing::ElementsAre;

std::vector<int> list(const InlineVector<int, 2>& values) { return {values.begin(), values.end()}; }

TEST(InlineVectorTest, KeepsItsOrderWhereItOutgrowsItsPlace) {
  InlineVector<int, 2> values;
  EXPECT_THAT(list(values), ElementsAre());
  values.push_back(1);
  values.push_back(2);
  EXPECT_THAT(list(values), ElementsAre(1, 2));
  values.push_back(3);
  values.push_back(4);
  EXPECT_THAT(list(values), ElementsAre(1, 2, 3, 4));
}

TEST(InlineVectorTest, ACopyIsItsOwn) {
  for (const int size : {1, 2, 3}) {
    InlineVector<int, 2> values;
    for (int i = 0; i < size; ++i) values.push_back(i);
    InlineVector<int, 2> copy = values;
    copy[0] = 7;
    EXPECT_EQ(values[0], 0);
    EXPECT_EQ(copy.end() - copy.begin(), size);
  }
}

TEST(InlineVectorTest, BeginsWithZeros) {
  InlineVector<int, 2> few(2);
  EXPECT_THAT(list(few), ElementsAre(0, 0));
  few.push_back(1);
  EXPECT_THAT(list(few), ElementsAre(0, 0, 1));
  EXPECT_THAT(list(InlineVector<int, 2>(3)), ElementsAre(0, 0, 0));
}

}  // namespace
}  // namespace hss::diameter
