// SPDX-License-Identifier: MIT
#include "hss/sqn.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/support/memory_repository.h"

namespace hss {
namespace {

TEST(SqnTest, JoinsAndSplits) {
  struct Row {
    std::uint64_t seq;
    unsigned ind;
    unsigned ind_bits;
    Sqn sqn;
  };
  for (const Row& row :
       {Row{1, 0, 5, 32}, Row{1, 31, 5, 63}, Row{2, 3, 5, 67}, Row{7, 0, 0, 7}, Row{1, 0xFFFF, 16, 0x1FFFF},
        Row{max_seq(5), 31, 5, kMaxSqn}, Row{max_seq(0), 0, 0, kMaxSqn}}) {
    EXPECT_EQ(join_sqn(row.seq, row.ind, row.ind_bits), row.sqn);
    EXPECT_EQ(seq_of(row.sqn, row.ind_bits), row.seq);
  }
}

TEST(SqnTest, IndIsCutToItsBitsAndNeverReachesSeq) {
  EXPECT_EQ(join_sqn(1, 5, 0), 1U);  // no IND at all
  EXPECT_EQ(join_sqn(1, 21, 4), 21U);
  EXPECT_EQ(seq_of(join_sqn(9, 0xFFFFFFFF, 5), 5), 9U);
}

TEST(SqnTest, SeqEndsBeforeItsHighestValue) {
  EXPECT_EQ(max_seq(0), (std::uint64_t{1} << 48U) - 1);
  EXPECT_EQ(max_seq(5), (std::uint64_t{1} << 43U) - 1);
  EXPECT_EQ(max_seq(16), (std::uint64_t{1} << 32U) - 1);
  for (unsigned ind_bits = 0; ind_bits <= 16; ++ind_bits) {
    const std::uint64_t end = max_seq(ind_bits);
    EXPECT_EQ(next_seq(0, ind_bits), 1U);
    EXPECT_EQ(next_seq(end - 3, ind_bits), end - 2);
    EXPECT_EQ(next_seq(end - 2, ind_bits), end - 1);
    EXPECT_EQ(next_seq(end - 1, ind_bits), std::nullopt);
    EXPECT_EQ(next_seq(end, ind_bits), std::nullopt);
    EXPECT_EQ(next_seq(end + 1, ind_bits), std::nullopt);
    EXPECT_EQ(next_seq(~std::uint64_t{0}, ind_bits), std::nullopt);
  }
}

struct RangeRow {
  std::uint64_t seq_he;
  std::uint64_t seq_ms;
  std::uint64_t delta;
  bool accepts;
};

constexpr std::uint64_t kDelta = std::uint64_t{1} << 28U;
constexpr std::uint64_t kEnd = (std::uint64_t{1} << 43U) - 1;

class RangeRuleTest : public testing::TestWithParam<RangeRow> {};

TEST_P(RangeRuleTest, AsTheClauseSays) {
  const RangeRow& row = GetParam();
  EXPECT_EQ(usim_would_accept_next(row.seq_he, row.seq_ms, row.delta), row.accepts)
      << row.seq_he << " " << row.seq_ms << " " << row.delta;
}

INSTANTIATE_TEST_SUITE_P(Ts33102, RangeRuleTest,
                         testing::Values(RangeRow{0, 0, kDelta, true},                    // both new
                                         RangeRow{0, 1, kDelta, false},                   // the card is one ahead
                                         RangeRow{100, 99, kDelta, true},                 // SEQ_MS = SEQ_HE - 1
                                         RangeRow{100, 100, kDelta, true},                // equal: next is one above
                                         RangeRow{100, 101, kDelta, false},               // next would be equal
                                         RangeRow{100, 102, kDelta, false},               //
                                         RangeRow{100 + kDelta - 2, 100, kDelta, true},   // next: delta - 1 above
                                         RangeRow{100 + kDelta - 1, 100, kDelta, true},   // next: delta above
                                         RangeRow{100 + kDelta, 100, kDelta, false},      // next: delta + 1 above
                                         RangeRow{100 + kDelta + 1, 100, kDelta, false},  //
                                         RangeRow{100, 100, 1, true},                     // the least delta
                                         RangeRow{101, 100, 1, false},                    //
                                         RangeRow{0, kEnd, kDelta, false},                // the ends
                                         RangeRow{kEnd, 0, kDelta, false},                //
                                         RangeRow{kEnd, kEnd, kDelta, true},              //
                                         RangeRow{kEnd - 1, kEnd, kDelta, false},         //
                                         RangeRow{kEnd, kEnd - kDelta, kDelta, false},    //
                                         RangeRow{kEnd, kEnd - kDelta + 1, kDelta, true}));

class IndForTest : public testing::Test {
 protected:
  unsigned ind(std::string_view host, IndRange range, Application application = Application::kCx) {
    return ind_for(repository_, application, host, range);
  }
  test::MemoryRepository repository_;
};

TEST_F(IndForTest, GivesTheLowestFreeOneInTheOrderOfArrival) {
  EXPECT_EQ(ind("a.example.com", {4, 7}), 4U);
  EXPECT_EQ(ind("b.example.com", {4, 7}), 5U);
  EXPECT_EQ(ind("c.example.com", {4, 7}), 6U);
}

TEST_F(IndForTest, AHostKeepsItsOwn) {
  const unsigned a = ind("a.example.com", {0, 15});
  const unsigned b = ind("b.example.com", {0, 15});
  const std::size_t writes = repository_.writes();
  EXPECT_EQ(ind("b.example.com", {0, 15}), b);
  EXPECT_EQ(ind("a.example.com", {0, 15}), a);
  EXPECT_EQ(repository_.writes(), writes) << "a known host writes nothing";
}

TEST_F(IndForTest, HostsAreComparedWithoutCase) {
  const unsigned a = ind("A.Example.com", {0, 15});
  ind("b.example.com", {0, 15});
  EXPECT_EQ(ind("a.example.COM", {0, 15}), a);
  repository_.save_ind_slot(Application::kCx, "Old.Example.com", 9);
  EXPECT_EQ(ind("old.example.com", {0, 15}), 9U);
}

TEST_F(IndForTest, ApplicationsDoNotShare) {
  EXPECT_EQ(ind("a.example.com", {0, 15}), 0U);
  EXPECT_EQ(ind("a.example.com", {16, 23}, Application::kSwx), 16U);
  EXPECT_EQ(ind("a.example.com", {0, 15}), 0U);
}

TEST_F(IndForTest, AGapIsFilled) {
  repository_.save_ind_slot(Application::kCx, "a.example.com", 0);
  repository_.save_ind_slot(Application::kCx, "c.example.com", 2);
  EXPECT_EQ(ind("b.example.com", {0, 15}), 1U);
  EXPECT_EQ(ind("d.example.com", {0, 15}), 3U);
}

TEST_F(IndForTest, AFullRangeIsSharedByHash) {
  const IndRange range{8, 11};
  for (int i = 0; i < 4; ++i) ind("host" + std::to_string(i), range);
  std::set<unsigned> used;
  for (int i = 0; i < 100; ++i) {
    const unsigned shared = ind("late" + std::to_string(i), range);
    EXPECT_GE(shared, range.first);
    EXPECT_LE(shared, range.last);
    used.insert(shared);
    EXPECT_EQ(ind("late" + std::to_string(i), range), shared);
  }
  EXPECT_EQ(used.size(), 4U) << "late hosts are spread over the range";
}

/// 64-bit FNV-1a of "", "a" and "foobar" is published as cbf29ce484222325, af63dc4c8601ec8c and 85944171f73967e8. A
/// range of 2^16 that is full shows their remainders; a hash of the build's own would move every late host.
TEST_F(IndForTest, TheHashIsTheSameInEveryBuild) {
  const IndRange range{100, 100 + 0xFFFF};
  for (unsigned i = range.first; i <= range.last; ++i) {
    repository_.save_ind_slot(Application::kCx, "host" + std::to_string(i), i);
  }
  EXPECT_EQ(ind("a", range), 100U + 0xEC8CU);
  EXPECT_EQ(ind("foobar", range), 100U + 0x67E8U);
  EXPECT_EQ(ind("FooBar", range), 100U + 0x67E8U);
}

TEST_F(IndForTest, ARangeOfOneServesAll) {
  EXPECT_EQ(ind("a.example.com", {3, 3}), 3U);
  EXPECT_EQ(ind("b.example.com", {3, 3}), 3U);
}

TEST_F(IndForTest, AChangedRangeMovesOnlyThoseOutsideIt) {
  EXPECT_EQ(ind("a.example.com", {0, 15}), 0U);
  EXPECT_EQ(ind("b.example.com", {0, 15}), 1U);
  EXPECT_EQ(ind("b.example.com", {1, 4}), 1U) << "still inside";
  EXPECT_EQ(ind("a.example.com", {1, 4}), 2U) << "outside now: the lowest free one";
  EXPECT_EQ(ind("a.example.com", {1, 4}), 2U);
  EXPECT_EQ(ind("a.example.com", {0, 15}), 2U) << "the new choice was kept";
}

}  // namespace
}  // namespace hss
