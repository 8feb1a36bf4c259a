// Every row of TS 35.233's sets through every function, at the lengths that the row has; what cannot be is refused.
// SPDX-License-Identifier: MIT
#include "hss/tuak.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "tests/support/csv.h"

namespace hss::tuak {
namespace {

std::vector<test::CsvRow> rows() { return test::read_csv(MINIHSS_TEST_DATA "/tuak-35233.csv"); }

/// Octets of a column, whatever its length.
std::size_t octets_of(const test::CsvRow& row, std::string_view column) { return row.text(column).size() / 2; }

SecretOctets<32> secret(const test::CsvRow& row, std::string_view column) {
  return SecretOctets<32>(from_hex(row.text(column)).value());
}

/// Text, so that a failure shows what came out; these keys are published.
template <typename AnySecret>
std::string published(const AnySecret& value) {
  return to_hex(value.reveal());
}

TEST(TuakDataTest, HasAllSetsAndAllLengths) {
  ASSERT_EQ(rows().size(), 6U);
  std::set<std::size_t> k;
  std::set<std::size_t> mac;
  std::set<std::size_t> res;
  for (const test::CsvRow& row : rows()) {
    k.insert(octets_of(row, "K"));
    mac.insert(octets_of(row, "f1_MACA"));
    res.insert(octets_of(row, "f2_RES"));
  }
  EXPECT_EQ(k, (std::set<std::size_t>{16, 32}));
  EXPECT_EQ(mac, (std::set<std::size_t>{8, 16, 32}));
  EXPECT_EQ(res, (std::set<std::size_t>{4, 8, 16, 32}));
}

class TuakTest : public testing::TestWithParam<test::CsvRow> {
 protected:
  const test::CsvRow& row_ = GetParam();
  const SecretOctets<32> k_ = secret(row_, "K");
  const Secret<32> topc_ = secret(row_, "TOPc").fixed<32>();
  const Octets<16> rand_ = row_.octets<16>("RAND");
  const Octets<6> sqn_ = row_.octets<6>("SQN");
  const Octets<2> amf_ = row_.octets<2>("AMF");
  const unsigned iterations_ = static_cast<unsigned>(std::stoul(row_.text("keccak_iterations")));
};

TEST_P(TuakTest, DerivesTopc) {
  EXPECT_EQ(published(derive_topc(k_, secret(row_, "TOP").fixed<32>(), iterations_)), row_.text("TOPc"));
}

TEST_P(TuakTest, F1AndF1StarAtTheLengthOfTheRow) {
  const std::size_t octets = octets_of(row_, "f1_MACA");
  EXPECT_EQ(to_hex(any_length::f1(k_, topc_, rand_, sqn_, amf_, octets, iterations_)), row_.text("f1_MACA"));
  EXPECT_EQ(to_hex(any_length::f1_star(k_, topc_, rand_, sqn_, amf_, octets, iterations_)), row_.text("f1star_MACS"));
}

TEST_P(TuakTest, F1AndF1StarOf64Bits) {
  const auto mac_a = to_hex(f1(k_, topc_, rand_, sqn_, amf_, iterations_));
  const auto mac_s = to_hex(f1_star(k_, topc_, rand_, sqn_, amf_, iterations_));
  EXPECT_EQ(mac_a, to_hex(any_length::f1(k_, topc_, rand_, sqn_, amf_, 8, iterations_)));
  EXPECT_EQ(mac_s, to_hex(any_length::f1_star(k_, topc_, rand_, sqn_, amf_, 8, iterations_)));
  EXPECT_EQ(mac_a == row_.text("f1_MACA"), octets_of(row_, "f1_MACA") == 8);
  EXPECT_EQ(mac_s == row_.text("f1star_MACS"), octets_of(row_, "f1star_MACS") == 8);
}

TEST_P(TuakTest, F2ToF5AtTheLengthsOfTheRow) {
  const any_length::Lengths lengths{
      .res = octets_of(row_, "f2_RES"), .ck = octets_of(row_, "f3_CK"), .ik = octets_of(row_, "f4_IK")};
  const any_length::Response response = any_length::f2345(k_, topc_, rand_, lengths, iterations_);
  EXPECT_EQ(published(response.res), row_.text("f2_RES"));
  EXPECT_EQ(published(response.ck), row_.text("f3_CK"));
  EXPECT_EQ(published(response.ik), row_.text("f4_IK"));
  EXPECT_EQ(published(response.ak), row_.text("f5_AK"));
}

TEST_P(TuakTest, F2ToF5WithCkAndIkOf128Bits) {
  const std::size_t res_octets = octets_of(row_, "f2_RES");
  const AkaResponse response = f2345(k_, topc_, rand_, res_octets, iterations_);
  const any_length::Response same = any_length::f2345(k_, topc_, rand_, {.res = res_octets}, iterations_);
  EXPECT_EQ(published(response.res), published(same.res));
  EXPECT_EQ(published(response.ck), published(same.ck));
  EXPECT_EQ(published(response.ik), published(same.ik));
  EXPECT_EQ(published(response.ak), published(same.ak));
  if (octets_of(row_, "f3_CK") != 16 || octets_of(row_, "f4_IK") != 16) return;
  EXPECT_EQ(published(response.ck), row_.text("f3_CK"));
  EXPECT_EQ(published(response.ik), row_.text("f4_IK"));
}

TEST_P(TuakTest, F5Star) { EXPECT_EQ(published(f5_star(k_, topc_, rand_, iterations_)), row_.text("f5star_AKS")); }

TEST_P(TuakTest, AnIterationMoreIsAnotherAlgorithm) {
  EXPECT_NE(published(f5_star(k_, topc_, rand_, iterations_ + 1)), row_.text("f5star_AKS"));
}

INSTANTIATE_TEST_SUITE_P(Ts35233, TuakTest, testing::ValuesIn(rows()));

class TuakRefusalTest : public testing::Test {
 protected:
  const SecretOctets<32> k_ = SecretOctets<32>(Bytes(32, 1));
  const Secret<32> topc_;
};

TEST_F(TuakRefusalTest, KOfAnotherLength) {
  for (const std::size_t octets : {0U, 1U, 15U, 17U, 24U, 31U}) {
    const SecretOctets<32> k{Bytes(octets, 1)};
    EXPECT_THROW(derive_topc(k, topc_, 1), std::invalid_argument) << octets;
    EXPECT_THROW(f1(k, topc_, {}, {}, {}, 1), std::invalid_argument) << octets;
    EXPECT_THROW(f1_star(k, topc_, {}, {}, {}, 1), std::invalid_argument) << octets;
    EXPECT_THROW(f2345(k, topc_, {}, 8, 1), std::invalid_argument) << octets;
    EXPECT_THROW(f5_star(k, topc_, {}, 1), std::invalid_argument) << octets;
  }
}

TEST_F(TuakRefusalTest, NoIteration) { EXPECT_THROW(f5_star(k_, topc_, {}, 0), std::invalid_argument); }

TEST_F(TuakRefusalTest, OutputsOfAnotherLength) {
  for (const std::size_t octets : {0U, 1U, 3U, 5U, 12U, 24U, 33U, 64U}) {
    EXPECT_THROW(f2345(k_, topc_, {}, octets, 1), std::invalid_argument) << octets;
    EXPECT_THROW(any_length::f1(k_, topc_, {}, {}, {}, octets, 1), std::invalid_argument) << octets;
    EXPECT_THROW(any_length::f2345(k_, topc_, {}, {.ck = octets}, 1), std::invalid_argument) << octets;
    EXPECT_THROW(any_length::f2345(k_, topc_, {}, {.ik = octets}, 1), std::invalid_argument) << octets;
  }
  EXPECT_THROW(any_length::f1(k_, topc_, {}, {}, {}, 4, 1), std::invalid_argument) << "only RES may have 32 bits";
  EXPECT_THROW(any_length::f2345(k_, topc_, {}, {.ck = 8}, 1), std::invalid_argument);
}

}  // namespace
}  // namespace hss::tuak
