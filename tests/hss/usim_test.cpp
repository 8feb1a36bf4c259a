// SPDX-License-Identifier: MIT
#include "hss/usim.h"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

#include "hss/sqn.h"
#include "tests/support/csv.h"
#include "tests/support/usim_model.h"

namespace hss {
namespace {

using Why = UsimSynchronisationFailure::Why;

constexpr Octets<16> kRand{0x23, 0x55, 0x3c, 0xbe, 0x96, 0x37, 0xa8, 0x9d,
                           0x21, 0x8a, 0xe6, 0x4d, 0xae, 0x47, 0xbf, 0x35};

KeySet usual_keys() {
  KeySet keys;
  keys.k = SecretOctets<32>(Octets<16>{0x46, 0x5b, 0x5c, 0xe8});
  keys.opc = SecretOctets<32>(Octets<16>{0xcd, 0x63, 0xcb, 0x71});
  return keys;
}

UsimAnswer challenge(Usim& usim, const KeySet& keys, std::uint64_t seq, unsigned ind) {
  return usim.authenticate(kRand, make_vector(keys, join_sqn(seq, ind, keys.ind_bits), kRand).autn);
}

// ---- The window of TS 33.102 C.2 ------------------------------------------------------------------------------------

struct WindowRow {
  const char* name;
  unsigned ind_bits;
  std::uint64_t delta;
  std::optional<std::uint64_t> age_limit;
  std::vector<std::pair<unsigned, std::uint64_t>> accepted;  // IND, SEQ
  unsigned ind;
  std::uint64_t seq;
  std::optional<Why> refused;
};

class UsimWindowTest : public testing::TestWithParam<WindowRow> {};

TEST_P(UsimWindowTest, TakesOrRefuses) {
  const WindowRow& row = GetParam();
  KeySet keys = usual_keys();
  keys.ind_bits = row.ind_bits;
  keys.delta = row.delta;
  std::vector<std::uint64_t> seqs(std::size_t{1} << row.ind_bits);
  for (const auto& [ind, seq] : row.accepted) seqs.at(ind) = seq;
  Usim usim(keys, row.age_limit, seqs);
  const Sqn before = usim.sqn_ms();

  const UsimAnswer answer = challenge(usim, keys, row.seq, row.ind);
  if (!row.refused) {
    const auto* response = std::get_if<UsimResponse>(&answer);
    ASSERT_NE(response, nullptr);
    EXPECT_EQ(response->sqn, join_sqn(row.seq, row.ind, row.ind_bits));
    EXPECT_EQ(usim.seqs().at(row.ind), row.seq);
    return;
  }
  const auto* failure = std::get_if<UsimSynchronisationFailure>(&answer);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->why, *row.refused);
  EXPECT_EQ(failure->sqn, join_sqn(row.seq, row.ind, row.ind_bits));
  EXPECT_EQ(failure->sqn_ms, before);
  EXPECT_EQ(usim.seqs(), seqs) << "a refusal moves nothing";
  const auto opened = open_auts(keys, kRand, failure->auts);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(*opened, before);
}

constexpr std::uint64_t kDelta = std::uint64_t{1} << 28U;

INSTANTIATE_TEST_SUITE_P(C2, UsimWindowTest,
                         testing::Values(WindowRow{"NewCardTakesTheFirst", 5, kDelta, {}, {}, 0, 1, {}},
                                         WindowRow{"ZeroIsNotFresh", 5, kDelta, {}, {}, 0, 0, Why::kNotFresh},
                                         WindowRow{"TheSameAgain", 5, kDelta, {}, {{3, 7}}, 3, 7, Why::kNotFresh},
                                         WindowRow{"TheNext", 5, kDelta, {}, {{3, 7}}, 3, 8, {}},
                                         WindowRow{"OlderInAnotherSlot", 5, kDelta, {}, {{3, 7}}, 4, 2, {}},
                                         WindowRow{
                                             "OlderInItsSlot", 5, kDelta, {}, {{3, 7}, {4, 5}}, 4, 5, Why::kNotFresh},
                                         WindowRow{"DeltaExactly", 5, 100, {}, {{3, 7}}, 4, 107, {}},
                                         WindowRow{"OneBeyondDelta", 5, 100, {}, {{3, 7}}, 4, 108, Why::kTooFar},
                                         WindowRow{"AgeLimitExactly", 5, kDelta, 10, {{3, 20}}, 4, 10, Why::kTooOld},
                                         WindowRow{"OneWithinTheAgeLimit", 5, kDelta, 10, {{3, 20}}, 4, 11, {}},
                                         WindowRow{"NoAgeLimit", 5, kDelta, {}, {{3, 1000000}}, 4, 1, {}},
                                         WindowRow{"WindowOfOneNext", 0, kDelta, {}, {{0, 7}}, 0, 8, {}},
                                         WindowRow{"WindowOfOneOlder", 0, kDelta, {}, {{0, 7}}, 0, 6, Why::kNotFresh},
                                         WindowRow{"WindowOf256LastSlot", 8, kDelta, {}, {{0, 7}}, 255, 1, {}}),
                         [](const auto& each) { return each.param.name; });

// ---- What it answers ------------------------------------------------------------------------------------------------

class UsimVectorTest : public testing::TestWithParam<test::CsvRow> {};

TEST_P(UsimVectorTest, TakesTheChallengeOfItsAuc) {
  const test::CsvRow& row = GetParam();
  KeySet keys;
  keys.k = Secret<16>(row.octets<16>("K"));
  keys.opc = Secret<16>(row.octets<16>("OPc"));
  keys.amf = row.octets<2>("AMF");
  keys.delta = kMaxSqn;
  const auto rand = row.octets<16>("RAND");
  Usim usim(keys);
  const auto answer = usim.authenticate(rand, make_vector(keys, decode_sqn(row.octets<6>("SQN")), rand).autn);
  const auto* response = std::get_if<UsimResponse>(&answer);
  ASSERT_NE(response, nullptr);
  EXPECT_EQ(encode_sqn(response->sqn), row.octets<6>("SQN"));
  EXPECT_EQ(response->separation_bit, (keys.amf[0] & 0x80) != 0);
  EXPECT_TRUE(response->res.equals(Secret<8>(row.octets<8>("f2_RES"))));
  EXPECT_TRUE(response->ck.equals(Secret<16>(row.octets<16>("f3_CK"))));
  EXPECT_TRUE(response->ik.equals(Secret<16>(row.octets<16>("f4_IK"))));
}

INSTANTIATE_TEST_SUITE_P(Ts35208, UsimVectorTest,
                         testing::ValuesIn(test::read_csv(MINIHSS_TEST_DATA "/milenage-35208.csv")));

TEST(UsimTest, AWrongMacIsNoSynchronisationFailure) {
  const KeySet keys = usual_keys();
  Usim usim(keys);
  const AkaVector vector = make_vector(keys, 32, kRand);
  for (std::size_t octet = 0; octet < vector.autn.size(); ++octet) {
    Octets<16> autn = vector.autn;
    autn[octet] ^= 1;
    EXPECT_TRUE(std::holds_alternative<UsimMacFailure>(usim.authenticate(kRand, autn))) << octet;
  }
  EXPECT_EQ(usim.sqn_ms(), 0U);
}

TEST(UsimTest, TheAmfOfTheKeySetDoesNotCount) {
  KeySet keys = usual_keys();
  Usim usim(keys);
  keys.amf = {0x12, 0x34};
  EXPECT_TRUE(std::holds_alternative<UsimResponse>(challenge(usim, keys, 1, 0)));
}

TEST(UsimTest, AnotherAmfInAutsIsWhatAnAucRefuses) {
  const KeySet keys = usual_keys();
  const Usim usim(keys, {}, std::vector<std::uint64_t>(32, 9));
  EXPECT_EQ(open_auts(keys, kRand, usim.make_auts(kRand)), join_sqn(9, 0, 5));
  EXPECT_EQ(open_auts(keys, kRand, usim.make_auts(kRand, {0x80, 0x00})), std::nullopt);
}

TEST(UsimTest, AWrongArrayIsRefused) {
  EXPECT_THROW(Usim(usual_keys(), {}, std::vector<std::uint64_t>(31)), std::invalid_argument);
  EXPECT_THROW(Usim(usual_keys(), {}, std::vector<std::uint64_t>(32, max_seq(5) + 1)), std::invalid_argument);
}

/// Two implementations of the card, one sequence of challenges.
TEST(UsimTest, AgreesWithTheOtherModel) {
  for (const auto algorithm : {AkaAlgorithm::kMilenage, AkaAlgorithm::kXor, AkaAlgorithm::kTuak}) {
    KeySet keys = usual_keys();
    keys.algorithm = algorithm;
    keys.test = true;
    keys.ind_bits = 3;
    keys.delta = 40;
    if (algorithm == AkaAlgorithm::kTuak) keys.opc = SecretOctets<32>(Octets<32>{1, 2, 3});
    Usim usim(keys);
    test::UsimModel model(keys);
    std::mt19937 random(20261121);
    for (int i = 0; i < 200; ++i) {
      const std::uint64_t seq = (usim.sqn_ms() >> 3U) + 60 - std::min<std::uint64_t>(random() % 100, 60);
      const Octets<16> autn = make_vector(keys, join_sqn(seq, random() % 8, 3), kRand).autn;
      const auto answer = usim.authenticate(kRand, autn);
      const auto other = model.authenticate(kRand, autn);
      ASSERT_EQ(answer.index() == 0, std::holds_alternative<test::UsimModel::Accepted>(other)) << i;
      if (const auto* failure = std::get_if<UsimSynchronisationFailure>(&answer)) {
        ASSERT_EQ(failure->auts, std::get<test::UsimModel::SynchronisationFailure>(other).auts) << i;
      }
    }
  }
}

}  // namespace
}  // namespace hss
