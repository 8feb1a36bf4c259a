// The authentication centre and a card of every algorithm: vectors taken, one resynchronisation, other keys refused.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/hss/auc_bench.h"

namespace hss {
namespace {

using Action = ResynchronisationRecord::Action;
using test::AucBench;
using test::UsimModel;

constexpr std::uint64_t kDelta = std::uint64_t{1} << 28U;

struct KindOfCard {
  const char* what;
  AucBench::Keys keys;
  std::size_t res_octets;
};

void PrintTo(const KindOfCard& row, std::ostream* out) { *out << row.what; }

class EveryKindOfCardTest : public testing::TestWithParam<KindOfCard> {};

TEST_P(EveryKindOfCardTest, TakesVectorsAndComesBackInStep) {
  AucBench bench(8, 5, kDelta, 100, GetParam().keys);
  for (const AkaVector& vector : bench.issue(5)) {
    EXPECT_TRUE(bench.accepts(vector));
    EXPECT_EQ(vector.xres.size(), GetParam().res_octets);
  }
  bench.usim().accept(123456, 0);

  const AkaVector refused = bench.issue(1).at(0);
  const auto answer = bench.present(refused);
  const auto* failure = std::get_if<UsimModel::SynchronisationFailure>(&answer);
  ASSERT_NE(failure, nullptr);
  const auto outcome = bench.resynchronise(refused.rand, failure->auts);
  const auto* record = std::get_if<ResynchronisationRecord>(&outcome);
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->action, Action::kRaised);
  EXPECT_EQ(record->seq_ms, 123456U);
  for (const AkaVector& vector : bench.issue(5)) EXPECT_TRUE(bench.accepts(vector));
}

TEST_P(EveryKindOfCardTest, OfAnotherKeyFindsAWrongMac) {
  AucBench bench(9, 5, kDelta, 100, GetParam().keys);
  AucBench stranger(10, 5, kDelta, 100, GetParam().keys);
  const AkaVector vector = bench.issue(1).at(0);
  EXPECT_TRUE(std::holds_alternative<UsimModel::MacFailure>(stranger.present(vector)));

  const auto outcome = bench.resynchronise(vector.rand, stranger.usim().make_auts(vector.rand));
  ASSERT_TRUE(std::holds_alternative<ResynchronisationRefusal>(outcome));
  EXPECT_EQ(std::get<ResynchronisationRefusal>(outcome), ResynchronisationRefusal::kWrongMac);
}

AkaParameters own_constants() {
  AkaParameters parameters;
  parameters.milenage.r = {3, 77, 21, 120, 96};
  parameters.milenage.c[0][5] = 0x5A;
  return parameters;
}

INSTANTIATE_TEST_SUITE_P(
    Algorithms, EveryKindOfCardTest,
    testing::Values(KindOfCard{"Milenage", {}, 8},
                    KindOfCard{"Milenage with own constants", {AkaAlgorithm::kMilenage, 16, 16, own_constants()}, 8},
                    KindOfCard{"TUAK", {AkaAlgorithm::kTuak, 16, 32, {}}, 8},
                    KindOfCard{"TUAK, K of 256 bits, RES of 128", {AkaAlgorithm::kTuak, 32, 32, {{}, 1, 16}}, 16},
                    KindOfCard{"TUAK, RES of 32 bits, 3 iterations", {AkaAlgorithm::kTuak, 32, 32, {{}, 3, 4}}, 4},
                    KindOfCard{"XOR", {AkaAlgorithm::kXor, 16, 0, {{}, 1, 16}}, 16},
                    KindOfCard{"XOR, RES of 32 bits", {AkaAlgorithm::kXor, 16, 0, {{}, 1, 4}}, 4}));

}  // namespace
}  // namespace hss
