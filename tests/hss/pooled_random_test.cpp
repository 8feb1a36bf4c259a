// What the pool hands out is the source's, each octet once, whoever asks and however.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

#include "hss/random.h"

namespace hss {
namespace {

using Block = std::array<std::uint8_t, 16>;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

constexpr std::size_t kBlocksOfAPool = PooledRandom::kPool / sizeof(Block);

/// Counts through numbers of 16 octets, keeps how much it was asked for, and fails when told to.
class CountingSource final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    asked.push_back(out.size());
    if (broken) throw RandomFailure("broken");
    for (std::size_t i = 0; i < out.size(); ++i, ++next_) {
      out[i] = static_cast<std::uint8_t>(i % 16 < 4 ? (next_ / 16) >> (7 * (i % 4)) & 0x7FU : 0xA5U);
    }
  }
  std::vector<std::size_t> asked;
  bool broken = false;

 private:
  std::size_t next_ = 0;
};

class PooledRandomTest : public testing::Test {
 protected:
  Block take() {
    Block block{};
    random_.fill(block);
    return block;
  }
  CountingSource source_;
  PooledRandom random_{source_};
};

TEST_F(PooledRandomTest, AsksTheSourceOncePerPoolAndHandsNothingOutTwice) {
  std::set<Block> seen;
  for (std::size_t i = 0; i < 3 * kBlocksOfAPool; ++i) seen.insert(take());
  EXPECT_THAT(seen, SizeIs(3 * kBlocksOfAPool));
  EXPECT_THAT(source_.asked, testing::AllOf(SizeIs(3), Each(PooledRandom::kPool)));
}

TEST_F(PooledRandomTest, OtherSizesNeverSeeWipedOctets) {
  std::size_t drawn = 0;
  for (int round = 0; round < 200; ++round) {
    for (const std::size_t size : {std::size_t{7}, std::size_t{1}, std::size_t{64}}) {
      std::vector<std::uint8_t> out(size, 0);
      random_.fill(out);
      drawn += size;
      // Of 16 octets of the source, 12 are A5 and no other can be there.
      if (size == 64) {
        EXPECT_EQ(std::ranges::count(out, 0xA5), 48);
      }
    }
  }
  EXPECT_GE(source_.asked.size() * PooledRandom::kPool, drawn);
}

TEST_F(PooledRandomTest, MuchIsTakenFromTheSourceItself) {
  std::vector<std::uint8_t> out(PooledRandom::kLargest + 1);
  random_.fill(out);
  EXPECT_THAT(source_.asked, ElementsAre(out.size()));
}

TEST_F(PooledRandomTest, NothingToFillTakesNothing) {
  take();
  random_.fill({});
  EXPECT_THAT(source_.asked, SizeIs(1));
}

TEST_F(PooledRandomTest, AFailureIsToldAndLeavesNothingToHandOut) {
  for (std::size_t i = 0; i < kBlocksOfAPool; ++i) take();
  source_.broken = true;
  EXPECT_THROW(take(), RandomFailure);
  EXPECT_THROW(take(), RandomFailure);
  source_.broken = false;
  EXPECT_NE(take(), Block{});
  EXPECT_THAT(source_.asked, SizeIs(4));
}

TEST_F(PooledRandomTest, AnotherThreadIsServedBeyondThePool) {
  std::set<Block> seen{take()};
  std::thread([&] { seen.insert(take()); }).join();
  EXPECT_THAT(source_.asked, ElementsAre(PooledRandom::kPool, sizeof(Block)));
  seen.insert(take());
  EXPECT_THAT(seen, SizeIs(3));
}

TEST(PooledRandomThreadsTest, HandsOutNothingTwice) {
  constexpr std::size_t kEach = 1000;
  SystemRandom source;
  PooledRandom random(source);
  std::array<std::vector<Block>, 4> drawn;
  std::vector<std::thread> threads;
  for (std::vector<Block>& mine : drawn) {
    threads.emplace_back([&random, &mine] {
      mine.resize(kEach);
      for (Block& block : mine) random.fill(block);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<Block> seen;
  for (const std::vector<Block>& mine : drawn) seen.insert(mine.begin(), mine.end());
  EXPECT_THAT(seen, SizeIs(drawn.size() * kEach));
}

/// Both would else hand out what was drawn before the fork.
TEST(PooledRandomForkTest, AChildDrawsItsOwn) {
  SystemRandom source;
  PooledRandom random(source);
  Block before{};
  random.fill(before);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    Block block{};
    random.fill(block);
    const bool written = ::write(ends[1], block.data(), block.size()) == static_cast<ssize_t>(block.size());
    ::_exit(written ? 0 : 1);
  }
  Block parents{};
  random.fill(parents);
  Block childs{};
  EXPECT_EQ(::read(ends[0], childs.data(), childs.size()), static_cast<ssize_t>(childs.size()));
  int status = 1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_NE(childs, parents);
  EXPECT_NE(childs, before);
  EXPECT_NE(childs, Block{});
}

}  // namespace
}  // namespace hss
