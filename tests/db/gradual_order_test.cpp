// SPDX-License-Identifier: MIT
#include "db/gradual_order.h"

#include <gmock/gmock.h>

#include <random>

namespace hss::db::test {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

TEST(GradualOrderTest, NothingIsInOrder) {
  GradualOrder<int> order;
  EXPECT_EQ(order.size(), 0U);
  EXPECT_THAT(order.next(0, 3), IsEmpty());
}

TEST(GradualOrderTest, WhatIsWantedComesInOrderAndComesAgain) {
  GradualOrder<int> order;
  order.give({5, 3, 4, 1});
  EXPECT_THAT(order.next(0, 2), ElementsAre(1, 3));
  EXPECT_THAT(order.next(2, 9), ElementsAre(4, 5));
  EXPECT_THAT(order.next(1, 2), ElementsAre(3, 4));
  EXPECT_THAT(order.next(4, 2), IsEmpty());
  order.give({2, 1});
  EXPECT_EQ(order.size(), 2U);
  EXPECT_THAT(order.next(0, 9), ElementsAre(1, 2));
  order.clear();
  EXPECT_THAT(order.next(0, 9), IsEmpty());
}

TEST(GradualOrderTest, AnyNumberInAnySteps) {
  std::mt19937 random(20261123);
  for (const std::size_t size : {1U, 255U, 256U, 257U, 511U, 1000U, 20000U}) {
    for (const unsigned different : {1U, 7U, ~0U}) {
      std::vector<unsigned> all(size);
      for (auto& one : all) one = static_cast<unsigned>(random()) % different;
      GradualOrder<unsigned> order;
      order.give(all);
      std::ranges::sort(all);
      std::vector<unsigned> found;
      while (found.size() < size) {
        const auto part = order.next(found.size(), 1 + random() % 700);
        ASSERT_THAT(part, testing::Not(IsEmpty()));
        found.insert(found.end(), part.begin(), part.end());
      }
      EXPECT_THAT(found, ElementsAreArray(all)) << size << " of " << different;
    }
  }
}

}  // namespace
}  // namespace hss::db::test
