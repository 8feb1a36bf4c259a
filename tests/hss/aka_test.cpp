// SPDX-License-Identifier: MIT
#include "hss/aka.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/csv.h"

namespace hss {
namespace {

KeySet key_set_of(const test::CsvRow& row) {
  KeySet key_set;
  key_set.k = Secret<16>(row.octets<16>("K"));
  key_set.opc = Secret<16>(row.octets<16>("OPc"));
  return key_set;
}

TEST(SqnOctetsTest, MostSignificantFirst) {
  EXPECT_EQ(to_hex(encode_sqn(0x0123456789ABU)), "0123456789ab");
  EXPECT_EQ(decode_sqn({0x01, 0x23, 0x45, 0x67, 0x89, 0xAB}), 0x0123456789ABU);
  EXPECT_EQ(to_hex(encode_sqn(0)), "000000000000");
  EXPECT_EQ(to_hex(encode_sqn(kMaxSqn)), "ffffffffffff");
  EXPECT_EQ(decode_sqn(encode_sqn(kMaxSqn)), kMaxSqn);
}

std::vector<test::CsvRow> milenage_rows() { return test::read_csv(MINIHSS_TEST_DATA "/milenage-35208.csv"); }
std::vector<test::CsvRow> auts_rows() { return test::read_csv(MINIHSS_TEST_DATA "/auts-resync.csv"); }

TEST(AkaDataTest, HasAllRows) {
  EXPECT_EQ(milenage_rows().size(), 21U);
  EXPECT_EQ(auts_rows().size(), 6U);
}

class MakeVectorTest : public testing::TestWithParam<test::CsvRow> {};

TEST_P(MakeVectorTest, ComposesAutnFromTheFunctions) {
  const test::CsvRow& row = GetParam();
  KeySet key_set = key_set_of(row);
  key_set.amf = row.octets<2>("AMF");
  const auto rand = row.octets<16>("RAND");
  const AkaVector vector = make_vector(key_set, decode_sqn(row.octets<6>("SQN")), rand);

  EXPECT_EQ(vector.rand, rand);
  EXPECT_EQ(to_hex(vector.xres.reveal()), row.text("f2_RES"));
  EXPECT_EQ(to_hex(vector.ck.reveal()), row.text("f3_CK"));
  EXPECT_EQ(to_hex(vector.ik.reveal()), row.text("f4_IK"));
  const std::string autn = to_hex(vector.autn);
  const auto sqn = row.octets<6>("SQN");
  const auto ak = row.octets<6>("f5_AK");
  Octets<6> concealed{};
  for (std::size_t i = 0; i < concealed.size(); ++i) concealed[i] = static_cast<std::uint8_t>(sqn[i] ^ ak[i]);
  EXPECT_EQ(autn, to_hex(concealed) + row.text("AMF") + row.text("f1_MACA"));
}

INSTANTIATE_TEST_SUITE_P(Ts35208, MakeVectorTest, testing::ValuesIn(milenage_rows()));

class OpenAutsTest : public testing::TestWithParam<test::CsvRow> {};

TEST_P(OpenAutsTest, TakesTheValidAndOnlyThem) {
  const test::CsvRow& row = GetParam();
  const KeySet key_set = key_set_of(row);
  const std::optional<Sqn> sqn = open_auts(key_set, row.octets<16>("RAND"), row.octets<14>("AUTS"));
  if (row.text("expected") == "valid") {
    ASSERT_TRUE(sqn.has_value());
    EXPECT_EQ(to_hex(encode_sqn(*sqn)), row.text("SQN_MS"));
  } else {
    ASSERT_TRUE(row.text("expected").starts_with("invalid")) << row.text("expected");
    EXPECT_EQ(sqn, std::nullopt);
  }
}

INSTANTIATE_TEST_SUITE_P(AutsResync, OpenAutsTest, testing::ValuesIn(auts_rows()));

/// Any bit that differs in AUTS, RAND or the key makes MAC-S wrong: a 64-bit MAC has no chance hit in so few tries.
class FlippedAutsTest : public testing::Test {
 protected:
  const test::CsvRow row_ = auts_rows().front();
  KeySet key_set_ = key_set_of(row_);
  Octets<16> rand_ = row_.octets<16>("RAND");
  Octets<14> auts_ = row_.octets<14>("AUTS");
};

TEST_F(FlippedAutsTest, EveryBitOfAutsCounts) {
  ASSERT_TRUE(open_auts(key_set_, rand_, auts_));
  for (std::size_t bit = 0; bit < auts_.size() * 8; ++bit) {
    Octets<14> other = auts_;
    other[bit / 8] ^= static_cast<std::uint8_t>(0x80U >> (bit % 8));
    EXPECT_EQ(open_auts(key_set_, rand_, other), std::nullopt) << "bit " << bit;
  }
}

TEST_F(FlippedAutsTest, EveryBitOfRandCounts) {
  for (std::size_t bit = 0; bit < rand_.size() * 8; ++bit) {
    Octets<16> other = rand_;
    other[bit / 8] ^= static_cast<std::uint8_t>(0x80U >> (bit % 8));
    EXPECT_EQ(open_auts(key_set_, other, auts_), std::nullopt) << "bit " << bit;
  }
}

TEST_F(FlippedAutsTest, AnotherKeyRefuses) {
  KeySet other = key_set_;
  other.k.overwrite()[0] ^= 1;
  EXPECT_EQ(open_auts(other, rand_, auts_), std::nullopt);
  other = key_set_;
  other.opc.overwrite()[15] ^= 1;
  EXPECT_EQ(open_auts(other, rand_, auts_), std::nullopt);
}

TEST_F(FlippedAutsTest, TheAmfOfTheKeySetPlaysNoPart) {
  key_set_.amf = {0xB9, 0xB9};
  EXPECT_TRUE(open_auts(key_set_, rand_, auts_));
}

}  // namespace
}  // namespace hss
