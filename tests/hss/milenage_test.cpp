// Every row of TS 35.208's sets (and set 2 of TS 35.207) through every function; and rows with an operator's own
// constants.
// SPDX-License-Identifier: MIT
#include "hss/milenage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "hss/aka.h"
#include "tests/support/csv.h"

namespace hss::milenage {
namespace {

std::vector<test::CsvRow> rows() { return test::read_csv(MINIHSS_TEST_DATA "/milenage-35208.csv"); }

template <std::size_t N>
Secret<N> secret(const test::CsvRow& row, std::string_view column) {
  return Secret<N>(row.octets<N>(column));
}

/// Text, so that a failure shows what came out; these keys are published.
template <std::size_t N>
std::string published(const Secret<N>& value) {
  return to_hex(value.reveal());
}
std::string published(const SecretOctets<32>& value) { return to_hex(value.reveal()); }

TEST(MilenageDataTest, HasAllSets) { EXPECT_EQ(rows().size(), 21U); }

class MilenageTest : public testing::TestWithParam<test::CsvRow> {
 protected:
  /// At once, in either way.
  void expect_f1_to_f5(const MilenageConstants& constants) const {
    for (const auto function : {f1_to_f5, f1_to_f5_in_steps}) {
      const AkaOutputs outputs =
          function(k_, opc_, rand_, decode_sqn(row_.octets<6>("SQN")), row_.octets<2>("AMF"), constants);
      EXPECT_EQ(to_hex(outputs.mac_a), row_.text("f1_MACA"));
      EXPECT_EQ(published(outputs.response.res), row_.text("f2_RES"));
      EXPECT_EQ(published(outputs.response.ck), row_.text("f3_CK"));
      EXPECT_EQ(published(outputs.response.ik), row_.text("f4_IK"));
      EXPECT_EQ(published(outputs.response.ak), row_.text("f5_AK"));
    }
  }

  const test::CsvRow& row_ = GetParam();
  const Secret<16> k_ = secret<16>(row_, "K");
  const Secret<16> opc_ = secret<16>(row_, "OPc");
  const Octets<16> rand_ = row_.octets<16>("RAND");
};

TEST_P(MilenageTest, DerivesOpc) { EXPECT_EQ(published(derive_opc(k_, secret<16>(row_, "OP"))), row_.text("OPc")); }

TEST_P(MilenageTest, F1AndF1Star) {
  const Macs macs = f1(k_, opc_, rand_, row_.octets<6>("SQN"), row_.octets<2>("AMF"));
  EXPECT_EQ(to_hex(macs.mac_a), row_.text("f1_MACA"));
  EXPECT_EQ(to_hex(macs.mac_s), row_.text("f1star_MACS"));
}

TEST_P(MilenageTest, F2ToF5) {
  const AkaResponse response = f2345(k_, opc_, rand_);
  EXPECT_EQ(published(response.res), row_.text("f2_RES"));
  EXPECT_EQ(published(response.ck), row_.text("f3_CK"));
  EXPECT_EQ(published(response.ik), row_.text("f4_IK"));
  EXPECT_EQ(published(response.ak), row_.text("f5_AK"));
}

TEST_P(MilenageTest, F1ToF5AtOnce) { expect_f1_to_f5(kStandardConstants); }

TEST_P(MilenageTest, F5Star) { EXPECT_EQ(published(f5_star(k_, opc_, rand_)), row_.text("f5star_AKS")); }

INSTANTIATE_TEST_SUITE_P(Ts35208, MilenageTest, testing::ValuesIn(rows()));

// ---- An operator's own constants (TS 35.206 5.3) --------------------------------------------------------------------

/// Computed with whole numbers and another AES, by a program that gives the sets of TS 35.208 too.
std::vector<test::CsvRow> own_rows() { return test::read_csv(MINIHSS_TEST_DATA "/milenage-own-constants.csv"); }

TEST(MilenageDataTest, HasRowsWithOwnConstants) { EXPECT_EQ(own_rows().size(), 8U); }

MilenageConstants constants_of(const test::CsvRow& row) {
  MilenageConstants constants;
  for (std::size_t i = 0; i < 5; ++i) {
    const std::string number = std::to_string(i + 1);
    constants.r.at(i) = static_cast<std::uint8_t>(std::stoul(row.text("r" + number)));
    constants.c.at(i) = row.octets<16>("c" + number);
  }
  return constants;
}

class MilenageOwnConstantsTest : public MilenageTest {
 protected:
  const MilenageConstants constants_ = constants_of(row_);
};

TEST_P(MilenageOwnConstantsTest, F1AndF1Star) {
  const Macs macs = f1(k_, opc_, rand_, row_.octets<6>("SQN"), row_.octets<2>("AMF"), constants_);
  EXPECT_EQ(to_hex(macs.mac_a), row_.text("f1_MACA"));
  EXPECT_EQ(to_hex(macs.mac_s), row_.text("f1star_MACS"));
}

TEST_P(MilenageOwnConstantsTest, F2ToF5) {
  const AkaResponse response = f2345(k_, opc_, rand_, constants_);
  EXPECT_EQ(published(response.res), row_.text("f2_RES"));
  EXPECT_EQ(published(response.ck), row_.text("f3_CK"));
  EXPECT_EQ(published(response.ik), row_.text("f4_IK"));
  EXPECT_EQ(published(response.ak), row_.text("f5_AK"));
}

TEST_P(MilenageOwnConstantsTest, F1ToF5AtOnce) { expect_f1_to_f5(constants_); }

TEST_P(MilenageOwnConstantsTest, F5Star) {
  EXPECT_EQ(published(f5_star(k_, opc_, rand_, constants_)), row_.text("f5star_AKS"));
}

INSTANTIATE_TEST_SUITE_P(Computed, MilenageOwnConstantsTest, testing::ValuesIn(own_rows()));

/// f1_to_f5 has a way of its own for rotations by whole octets where the processor has instructions for AES.
TEST(MilenageAnyConstantsTest, F1ToF5IsTheFunctionsOneByOne) {
  std::mt19937 random(35206);
  const auto fill = [&random](auto& octets) {
    std::ranges::generate(octets, [&random] { return static_cast<std::uint8_t>(random()); });
    return octets;
  };
  int by_octets = 0;
  for (int round = 0; round < 400; ++round) {
    Octets<16> octets{};
    const Secret<16> k(fill(octets));
    const Secret<16> opc(fill(octets));
    const Octets<16> rand = fill(octets);
    Octets<6> sqn{};
    Octets<2> amf{};
    fill(sqn);
    fill(amf);
    MilenageConstants constants;
    for (auto& c : constants.c) fill(c);
    const unsigned step = round % 2 == 0 ? 8 : 1;
    for (auto& r : constants.r) r = static_cast<std::uint8_t>(random() % (128 / step) * step);
    if (std::ranges::all_of(constants.r, [](unsigned r) { return r % 8 == 0; })) ++by_octets;

    const Macs macs = f1(k, opc, rand, sqn, amf, constants);
    const AkaResponse response = f2345(k, opc, rand, constants);
    for (const auto function : {f1_to_f5, f1_to_f5_in_steps}) {
      const AkaOutputs outputs = function(k, opc, rand, decode_sqn(sqn), amf, constants);
      EXPECT_EQ(outputs.mac_a, macs.mac_a);
      EXPECT_TRUE(outputs.response.res.equals(response.res));
      EXPECT_TRUE(outputs.response.ck.equals(response.ck));
      EXPECT_TRUE(outputs.response.ik.equals(response.ik));
      EXPECT_TRUE(outputs.response.ak.equals(response.ak));
    }
  }
  EXPECT_GE(by_octets, 200);
}

TEST(MilenageRefusalTest, ARotationOfMoreThan127Bits) {
  const Secret<16> zero;
  for (std::size_t i = 0; i < 5; ++i) {
    MilenageConstants constants;
    constants.r.at(i) = 128;
    const auto all = [&] {
      f1(zero, zero, {}, {}, {}, constants);
      f2345(zero, zero, {}, constants);
      f5_star(zero, zero, {}, constants);
    };
    EXPECT_THROW(all(), std::invalid_argument) << "r" << i + 1;
    if (i == 4) continue;  // f5* alone has r5
    EXPECT_THROW(f1_to_f5(zero, zero, {}, {}, {}, constants), std::invalid_argument) << "r" << i + 1;
  }
}

/// Every key is taken whole, whatever a thread had before, and threads do not disturb each other.
TEST(MilenageThreadsTest, SetsMixedOnSeveralThreads) {
  const std::vector<test::CsvRow> sets = rows();
  std::atomic<int> right = 0;
  constexpr int kRounds = 50;
  const auto work = [&sets, &right] {
    for (int round = 0; round < kRounds; ++round) {
      for (const test::CsvRow& row : sets) {
        const AkaResponse response = f2345(secret<16>(row, "K"), secret<16>(row, "OPc"), row.octets<16>("RAND"));
        if (published(response.res) == row.text("f2_RES") && published(response.ak) == row.text("f5_AK")) ++right;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 4 * kRounds * static_cast<int>(sets.size()));
  EXPECT_GT(right, 0);
}

}  // namespace
}  // namespace hss::milenage
