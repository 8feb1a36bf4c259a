// The order of a load's users: each once in every round, and no order that a cache could like.
// SPDX-License-Identifier: MIT
#include "tests/lab/load/shuffle.h"

#include <gtest/gtest.h>

#include <vector>

namespace hss::lab {
namespace {

TEST(Shuffle, EachComesOnceInEveryRound) {
  for (const std::uint32_t count : {1U, 2U, 3U, 5U, 64U, 100U, 1025U, 4097U}) {
    for (const std::uint64_t seed : {0U, 1U, 77U}) {
      const Shuffle shuffle(count, seed);
      std::vector<unsigned> seen(count);
      for (std::uint64_t turn = 0; turn < 3 * std::uint64_t{count}; ++turn) {
        const std::uint32_t number = shuffle.at(turn);
        ASSERT_LT(number, count);
        ++seen[number];
      }
      EXPECT_EQ(seen, std::vector<unsigned>(count, 3)) << count << ' ' << seed;
    }
  }
}

TEST(Shuffle, AnotherSeedIsAnotherOrder) {
  const Shuffle one(1000, 1);
  const Shuffle other(1000, 2);
  unsigned same = 0;
  for (std::uint64_t turn = 0; turn < 1000; ++turn) same += one.at(turn) == other.at(turn);
  EXPECT_LT(same, 100U);
}

TEST(Shuffle, NeighboursAreFarApart) {
  const Shuffle shuffle(1'000'000, 3);
  unsigned near = 0;
  for (std::uint64_t turn = 0; turn < 1000; ++turn) {
    const std::int64_t distance = std::int64_t{shuffle.at(turn + 1)} - shuffle.at(turn);
    near += distance > -1000 && distance < 1000;
  }
  EXPECT_LT(near, 50U);
}

}  // namespace
}  // namespace hss::lab
