// The authentication centre against a card: vectors that a USIM takes in order, one resynchronisation that always
// brings both in step, and no SQN issued twice whatever happens in between.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>
#include <string>

#include "hss/sqn.h"
#include "tests/hss/auc_bench.h"

namespace hss {
namespace {

using Action = ResynchronisationRecord::Action;
using test::AucBench;
using test::UsimModel;

constexpr std::uint64_t kDelta = std::uint64_t{1} << 28U;

TEST(AucUsimTest, ACardTakesAllVectorsInOrder) {
  for (const unsigned ind_bits : {0U, 3U, 5U, 16U}) {
    AucBench bench(1, ind_bits, kDelta, 0);
    const std::array<VectorRequester, 4> requesters{{{Application::kCx, "scscf1"},
                                                     {Application::kSwx, "aaa"},
                                                     {Application::kCx, "scscf2"},
                                                     {Application::kCx, "scscf1"}}};
    for (int round = 0; round < 50; ++round) {
      for (std::size_t i = 0; i < requesters.size(); ++i) {
        for (const AkaVector& vector : bench.issue(static_cast<unsigned>(i) + 1, requesters[i])) {
          EXPECT_TRUE(bench.accepts(vector)) << "ind_bits " << ind_bits << " round " << round;
        }
      }
    }
    EXPECT_EQ(bench.seq_he(), 500U);
    EXPECT_EQ(bench.usim().seq_ms(), 500U);
  }
}

TEST(AucUsimTest, ACardTakesNoVectorTwice) {
  AucBench bench(2, 5, kDelta, 0);
  const auto vectors = bench.issue(1);
  EXPECT_TRUE(bench.accepts(vectors[0]));
  EXPECT_TRUE(std::holds_alternative<UsimModel::SynchronisationFailure>(bench.present(vectors[0])));
}

TEST(AucUsimTest, AnUnusedVectorOutlivesThoseOfOtherRequesters) {
  AucBench bench(3, 5, kDelta, 0);
  const auto kept = bench.issue(1, {Application::kCx, "scscf"});
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(bench.accepts(bench.issue(1, {Application::kSwx, "aaa"})[0]));
    EXPECT_TRUE(bench.accepts(bench.issue(1, {Application::kCx, "other"})[0]));
  }
  EXPECT_TRUE(bench.accepts(kept[0]));
}

TEST(AucUsimTest, AWrongKeyIsAMacFailure) {
  AucBench bench(4, 5, kDelta, 0);
  AucBench stranger(5, 5, kDelta, 0);
  EXPECT_TRUE(std::holds_alternative<UsimModel::MacFailure>(bench.present(stranger.issue(1)[0])));
}

struct OutOfStep {
  const char* what;
  std::uint64_t seq_he;
  std::uint64_t seq_ms;
  Action action;
};

void PrintTo(const OutOfStep& row, std::ostream* out) { *out << row.what; }

class OneResynchronisationTest : public testing::TestWithParam<OutOfStep> {};

TEST_P(OneResynchronisationTest, BringsThemInStep) {
  const OutOfStep& row = GetParam();
  for (const unsigned ind_bits : {0U, 5U}) {
    AucBench bench(6, ind_bits, kDelta, row.seq_he);
    bench.usim().accept(row.seq_ms, 0);  // the slot of the first requester: IND 0

    const auto refused = bench.issue(1);
    ASSERT_EQ(refused.size(), 1U);
    const auto answer = bench.present(refused[0]);
    const auto* failure = std::get_if<UsimModel::SynchronisationFailure>(&answer);
    ASSERT_NE(failure, nullptr) << "this row needs no resynchronisation";

    const auto outcome = bench.resynchronise(refused[0].rand, failure->auts);
    const auto* record = std::get_if<ResynchronisationRecord>(&outcome);
    ASSERT_NE(record, nullptr);
    EXPECT_EQ(record->action, row.action);
    EXPECT_EQ(record->seq_he, row.seq_he + 1);
    EXPECT_EQ(record->seq_ms, row.seq_ms);
    for (const AkaVector& vector : bench.issue(5)) EXPECT_TRUE(bench.accepts(vector));
    EXPECT_TRUE(bench.accepts(bench.issue(1, {Application::kSwx, "aaa"})[0]));
    EXPECT_EQ(bench.usim().seq_ms(), bench.seq_he());
  }
}

INSTANTIATE_TEST_SUITE_P(Ts33102, OneResynchronisationTest,
                         testing::Values(OutOfStep{"the very next one was used already", 100, 101, Action::kKept},
                                         OutOfStep{"ahead by 1 of what is issued", 100, 102, Action::kRaised},
                                         OutOfStep{"ahead by 2^20", 100, 101 + (1U << 20U), Action::kRaised},
                                         OutOfStep{"ahead by more than delta", 100, 101 + 3 * kDelta, Action::kRaised},
                                         OutOfStep{"the HSS new, the card old", 0, 123456789, Action::kRaised},
                                         OutOfStep{"the HSS delta + 1 ahead", 500 + kDelta, 500, Action::kLowered},
                                         OutOfStep{"the HSS 2^40 ahead", std::uint64_t{1} << 40U, 500,
                                                   Action::kLowered}));

TEST(AucUsimTest, AtTheEdgeOfDeltaNoResynchronisationIsNeeded) {
  AucBench bench(7, 5, kDelta, 500 + kDelta - 1);
  bench.usim().accept(500, 0);
  EXPECT_TRUE(bench.accepts(bench.issue(1)[0]));
}

/// What a random walk did to one AucBench: vectors taken, dropped, replayed and late; cards that ran ahead elsewhere;
/// AUTS fresh, replayed and forged.
class Walk {
 public:
  Walk(std::uint64_t seed, std::uint64_t delta, std::uint64_t longest_leap)
      : bench_(seed, 5, delta, 0), engine_(seed), longest_leap_(longest_leap) {}

  void step() {
    switch (pick(8)) {
      case 0:
      case 1:
      case 2:
        issue();
        break;
      case 3:
      case 4:
        present();
        break;
      case 5:
        bench_.usim().accept(bench_.usim().seq_ms() + 1 + pick(longest_leap_), static_cast<unsigned>(24 + pick(8)));
        break;
      case 6:
        if (!auts_.empty()) take(auts_[pick(auts_.size())]);  // old or new
        break;
      default:
        if (!vectors_.empty()) forged();
    }
  }

  [[nodiscard]] int issued() const { return issued_; }
  [[nodiscard]] int raised() const { return raised_; }
  [[nodiscard]] int lowered() const { return lowered_; }
  [[nodiscard]] int kept() const { return kept_; }
  [[nodiscard]] int refused() const { return refused_; }

 private:
  struct Auts {
    Octets<16> rand;
    Octets<14> auts;
  };

  std::uint64_t pick(std::uint64_t below) { return engine_() % below; }

  void issue() {
    const auto count = static_cast<unsigned>(1 + pick(5));
    const VectorRequester requester{pick(3) == 0 ? Application::kSwx : Application::kCx, kHosts[pick(kHosts.size())]};
    const auto fresh = bench_.issue(count, requester);
    ASSERT_EQ(fresh.size(), count);
    std::set<unsigned> inds;
    std::uint64_t before = seq_;
    for (const AkaVector& vector : fresh) {
      const Sqn sqn = bench_.sqn_of(vector);
      EXPECT_TRUE(sqns_.insert(sqn).second) << "SQN " << sqn << " issued twice";
      EXPECT_TRUE(rands_.insert(vector.rand).second) << "a RAND issued twice";
      EXPECT_GT(seq_of(sqn, 5), before) << "SEQ did not rise";
      before = seq_of(sqn, 5);
      inds.insert(static_cast<unsigned>(sqn % 32));
      ++issued_;
      vectors_.push_back(vector);
    }
    seq_ = before;
    EXPECT_EQ(inds.size(), 1U) << "one request, one IND";
  }

  void present() {
    if (vectors_.empty()) return;
    const AkaVector& vector = vectors_[vectors_.size() - 1 - pick(std::min<std::size_t>(vectors_.size(), 8))];
    const auto answer = bench_.present(vector);
    ASSERT_FALSE(std::holds_alternative<UsimModel::MacFailure>(answer));
    if (const auto* failure = std::get_if<UsimModel::SynchronisationFailure>(&answer)) {
      auts_.push_back({vector.rand, failure->auts});
      if (pick(2) == 0) take(auts_.back());
    }
  }

  void take(const Auts& auts) {
    const std::uint64_t before = bench_.seq_he();
    const auto outcome = bench_.resynchronise(auts.rand, auts.auts);
    const auto* record = std::get_if<ResynchronisationRecord>(&outcome);
    if (record == nullptr) {
      EXPECT_EQ(std::get<ResynchronisationRefusal>(outcome), ResynchronisationRefusal::kUnknownChallenge);
      EXPECT_EQ(bench_.seq_he(), before);
      ++refused_;
      return;
    }
    switch (record->action) {
      case Action::kKept:
        EXPECT_EQ(bench_.seq_he(), before);
        ++kept_;
        break;
      case Action::kRaised:
        EXPECT_GT(bench_.seq_he(), before);
        ++raised_;
        break;
      case Action::kLowered:
        // The one legal decrease: what was issued above SEQ_MS may come again, with another RAND.
        EXPECT_LT(bench_.seq_he(), before);
        EXPECT_TRUE(lowered_by_.insert(auts.rand).second) << "a challenge lowered SEQ twice";
        std::erase_if(sqns_, [record](Sqn sqn) { return seq_of(sqn, 5) > record->seq_ms; });
        ++lowered_;
        break;
    }
    seq_ = bench_.seq_he();
  }

  void forged() {
    const std::uint64_t before = bench_.seq_he();
    Octets<14> auts{};
    for (std::uint8_t& octet : auts) octet = static_cast<std::uint8_t>(engine_());
    const auto outcome = bench_.resynchronise(vectors_.back().rand, auts);
    ASSERT_TRUE(std::holds_alternative<ResynchronisationRefusal>(outcome));
    EXPECT_EQ(std::get<ResynchronisationRefusal>(outcome), ResynchronisationRefusal::kWrongMac);
    EXPECT_EQ(bench_.seq_he(), before);
  }

  static constexpr std::array<std::string_view, 3> kHosts{"one", "two", "three"};

  AucBench bench_;
  std::mt19937_64 engine_;
  std::uint64_t longest_leap_;
  std::uint64_t seq_ = 0;
  std::set<Sqn> sqns_;
  std::set<Octets<16>> rands_;
  std::set<Octets<16>> lowered_by_;
  std::vector<AkaVector> vectors_;
  std::vector<Auts> auts_;
  int issued_ = 0;
  int raised_ = 0;
  int lowered_ = 0;
  int kept_ = 0;
  int refused_ = 0;
};

constexpr int kWalks = 100;
constexpr int kSteps = 400;

TEST(AucPropertyTest, NoSqnIsIssuedTwiceAndEveryRequestRises) {
  int issued = 0;
  int raised = 0;
  int kept = 0;
  for (int seed = 1; seed <= kWalks && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Walk walk(static_cast<std::uint64_t>(seed), kDelta, seed % 2 == 0 ? 3 : 1U << 20U);
    for (int i = 0; i < kSteps; ++i) walk.step();
    EXPECT_EQ(walk.lowered(), 0) << "nothing here is delta ahead";
    EXPECT_EQ(walk.refused(), 0);
    issued += walk.issued();
    raised += walk.raised();
    kept += walk.kept();
  }
  // The walks went where they should.
  EXPECT_GT(issued, 10000);
  EXPECT_GT(raised, 500);
  EXPECT_GT(kept, 500);
}

TEST(AucPropertyTest, WithASmallDeltaOnlyARecentChallengeLowersAndOnce) {
  int lowered = 0;
  int refused = 0;
  for (int seed = 1; seed <= kWalks && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Walk walk(static_cast<std::uint64_t>(seed), 10, 3);
    for (int i = 0; i < kSteps; ++i) walk.step();
    lowered += walk.lowered();
    refused += walk.refused();
  }
  EXPECT_GT(lowered, 100);
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace hss
