// Every row of the XOR vectors through every function.
// SPDX-License-Identifier: MIT
#include "hss/xor_aka.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/csv.h"

namespace hss::xor_aka {
namespace {

std::vector<test::CsvRow> rows() { return test::read_csv(MINIHSS_TEST_DATA "/xor-34108.csv"); }

TEST(XorDataTest, HasAllRows) { EXPECT_EQ(rows().size(), 3U); }

class XorTest : public testing::TestWithParam<test::CsvRow> {
 protected:
  const test::CsvRow& row_ = GetParam();
  const Secret<16> k_ = Secret<16>(row_.octets<16>("K"));
  const Octets<16> rand_ = row_.octets<16>("RAND");
};

TEST_P(XorTest, F1) {
  EXPECT_EQ(to_hex(f1(k_, rand_, row_.octets<6>("SQN"), row_.octets<2>("AMF"))), row_.text("MACA"));
}

TEST_P(XorTest, F2ToF5) {
  const AkaResponse response = f2345(k_, rand_, 16);
  EXPECT_EQ(to_hex(response.res.reveal()), row_.text("RES"));
  EXPECT_EQ(to_hex(response.ck.reveal()), row_.text("CK"));
  EXPECT_EQ(to_hex(response.ik.reveal()), row_.text("IK"));
  EXPECT_EQ(to_hex(response.ak.reveal()), row_.text("AK"));
}

TEST_P(XorTest, AShorterResIsItsBeginning) {
  for (std::size_t octets = 4; octets <= 16; ++octets) {
    EXPECT_EQ(to_hex(f2345(k_, rand_, octets).res.reveal()), row_.text("RES").substr(0, 2 * octets));
  }
}

TEST_P(XorTest, F5StarIsF5) { EXPECT_EQ(to_hex(f5_star(k_, rand_).reveal()), row_.text("AK")); }

INSTANTIATE_TEST_SUITE_P(Ts34108, XorTest, testing::ValuesIn(rows()));

TEST(XorRefusalTest, ResOfAnotherLength) {
  for (const std::size_t octets : {0U, 3U, 17U, 32U}) {
    EXPECT_THROW(f2345({}, {}, octets), std::invalid_argument) << octets;
  }
}

}  // namespace
}  // namespace hss::xor_aka
