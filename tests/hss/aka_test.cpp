// SPDX-License-Identifier: MIT
#include "hss/aka.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "hss/repository.h"
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

SecretOctets<32> with_flipped_bit(const SecretOctets<32>& secret, std::size_t bit) {
  Bytes octets(secret.reveal().begin(), secret.reveal().end());
  octets.at(bit / 8) ^= static_cast<std::uint8_t>(0x80U >> (bit % 8));
  return SecretOctets<32>(octets);
}

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
  other.k = with_flipped_bit(key_set_.k, 0);
  EXPECT_EQ(open_auts(other, rand_, auts_), std::nullopt);
  other = key_set_;
  other.opc = with_flipped_bit(key_set_.opc, 127);
  EXPECT_EQ(open_auts(other, rand_, auts_), std::nullopt);
}

TEST_F(FlippedAutsTest, TheAmfOfTheKeySetPlaysNoPart) {
  key_set_.amf = {0xB9, 0xB9};
  EXPECT_TRUE(open_auts(key_set_, rand_, auts_));
}

// ---- The other algorithms -------------------------------------------------------------------------------------------

TEST(MakeVectorOfTuakTest, HasTheOutputsOfTheSetsWithCkAndIkOf128Bits) {
  int compared = 0;
  for (const test::CsvRow& row : test::read_csv(MINIHSS_TEST_DATA "/tuak-35233.csv")) {
    const std::size_t res_octets = row.text("f2_RES").size() / 2;
    if (row.text("f3_CK").size() != 32 || row.text("f4_IK").size() != 32 || res_octets > 16) continue;
    KeySet key_set;
    key_set.algorithm = AkaAlgorithm::kTuak;
    key_set.k = SecretOctets<32>(from_hex(row.text("K")).value());
    key_set.opc = SecretOctets<32>(from_hex(row.text("TOPc")).value());
    key_set.amf = row.octets<2>("AMF");
    key_set.parameters.tuak_iterations = static_cast<unsigned>(std::stoul(row.text("keccak_iterations")));
    key_set.parameters.res_octets = static_cast<unsigned>(res_octets);
    const AkaVector vector = make_vector(key_set, decode_sqn(row.octets<6>("SQN")), row.octets<16>("RAND"));
    EXPECT_EQ(to_hex(vector.xres.reveal()), row.text("f2_RES"));
    EXPECT_EQ(to_hex(vector.ck.reveal()), row.text("f3_CK"));
    EXPECT_EQ(to_hex(vector.ik.reveal()), row.text("f4_IK"));
    EXPECT_EQ(to_hex(vector.autn).substr(12, 4), row.text("AMF"));
    if (row.text("f1_MACA").size() == 16) {
      EXPECT_EQ(to_hex(vector.autn).substr(16), row.text("f1_MACA"));
    }
    ++compared;
  }
  EXPECT_EQ(compared, 3) << "sets 1, 2 and 4";
}

class XorVectorTest : public testing::TestWithParam<test::CsvRow> {
 protected:
  [[nodiscard]] static KeySet key_set() {
    KeySet key_set;
    key_set.algorithm = AkaAlgorithm::kXor;
    key_set.k = Secret<16>(GetParam().octets<16>("K"));
    key_set.amf = GetParam().octets<2>("AMF");
    key_set.parameters.res_octets = 16;
    key_set.test = true;
    return key_set;
  }
};

TEST_P(XorVectorTest, IsTheRow) {
  const test::CsvRow& row = GetParam();
  const AkaVector vector = make_vector(key_set(), decode_sqn(row.octets<6>("SQN")), row.octets<16>("RAND"));
  EXPECT_EQ(to_hex(vector.autn), row.text("AUTN"));
  EXPECT_EQ(to_hex(vector.xres.reveal()), row.text("RES"));
  EXPECT_EQ(to_hex(vector.ck.reveal()), row.text("CK"));
  EXPECT_EQ(to_hex(vector.ik.reveal()), row.text("IK"));
}

TEST_P(XorVectorTest, OpensTheAutsThatTheStandardDescribes) {
  const test::CsvRow& row = GetParam();
  const Octets<6> sqn_ms{0, 0, 0, 1, 2, 3};
  const auto res = row.octets<16>("RES");  // XDOUT
  const auto ak = row.octets<6>("AK");
  Octets<14> auts{};
  for (std::size_t i = 0; i < 6; ++i) auts[i] = static_cast<std::uint8_t>(sqn_ms[i] ^ ak[i]);
  for (std::size_t i = 0; i < 6; ++i) auts[6 + i] = static_cast<std::uint8_t>(res[i] ^ sqn_ms[i]);
  auts[12] = res[6];  // AMF* = 0000
  auts[13] = res[7];
  EXPECT_EQ(open_auts(key_set(), row.octets<16>("RAND"), auts), decode_sqn(sqn_ms));
  auts[13] ^= 1U;
  EXPECT_EQ(open_auts(key_set(), row.octets<16>("RAND"), auts), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Ts34108, XorVectorTest, testing::ValuesIn(test::read_csv(MINIHSS_TEST_DATA "/xor-34108.csv")));

TEST(MakeVectorTest, OfMilenageTakesTheKeySetsConstants) {
  const test::CsvRow row = test::read_csv(MINIHSS_TEST_DATA "/milenage-own-constants.csv").at(3);
  KeySet key_set = key_set_of(row);
  key_set.amf = row.octets<2>("AMF");
  for (std::size_t i = 0; i < 5; ++i) {
    key_set.parameters.milenage.r.at(i) = static_cast<std::uint8_t>(std::stoul(row.text("r" + std::to_string(i + 1))));
    key_set.parameters.milenage.c.at(i) = row.octets<16>("c" + std::to_string(i + 1));
  }
  const AkaVector vector = make_vector(key_set, decode_sqn(row.octets<6>("SQN")), row.octets<16>("RAND"));
  EXPECT_EQ(to_hex(vector.xres.reveal()), row.text("f2_RES"));
  EXPECT_EQ(to_hex(vector.ck.reveal()), row.text("f3_CK"));
  EXPECT_EQ(to_hex(vector.ik.reveal()), row.text("f4_IK"));
  EXPECT_EQ(to_hex(vector.autn).substr(12), row.text("AMF") + row.text("f1_MACA"));
}

TEST(MayBeUsedTest, XorIsForTestCardsOnly) {
  KeySet key_set;
  key_set.k = Secret<16>();
  for (const auto algorithm : {AkaAlgorithm::kMilenage, AkaAlgorithm::kTuak}) {
    key_set.algorithm = algorithm;
    EXPECT_TRUE(may_be_used(key_set));
  }
  key_set.algorithm = AkaAlgorithm::kXor;
  EXPECT_FALSE(may_be_used(key_set));
  EXPECT_THROW(make_vector(key_set, 32, {}), std::invalid_argument);
  EXPECT_THROW(open_auts(key_set, {}, {}), std::invalid_argument);
  key_set.test = true;
  EXPECT_TRUE(may_be_used(key_set));
  EXPECT_NO_THROW(make_vector(key_set, 32, {}));
}

/// A key set as a damaged store could give it.
struct Damaged {
  const char* what;
  AkaAlgorithm algorithm;
  std::size_t k;    // octets
  std::size_t opc;  // octets
  void (*change)(AkaParameters&);
  bool possible;
};

void PrintTo(const Damaged& row, std::ostream* out) { *out << row.what; }

class DamagedKeySetTest : public testing::TestWithParam<Damaged> {};

TEST_P(DamagedKeySetTest, IsAFaultOfTheStore) {
  const Damaged& row = GetParam();
  KeySet key_set;
  key_set.algorithm = row.algorithm;
  key_set.k = SecretOctets<32>(Bytes(row.k, 1));
  key_set.opc = SecretOctets<32>(Bytes(row.opc, 2));
  key_set.test = true;
  row.change(key_set.parameters);
  if (row.possible) {
    EXPECT_NO_THROW(make_vector(key_set, 32, {}));
    EXPECT_EQ(open_auts(key_set, {}, {}), std::nullopt);
  } else {
    EXPECT_THROW(make_vector(key_set, 32, {}), StoreFault);
    EXPECT_THROW(open_auts(key_set, {}, {}), StoreFault);
  }
}

constexpr auto kMilenage = AkaAlgorithm::kMilenage;
constexpr auto kTuak = AkaAlgorithm::kTuak;
constexpr auto kXor = AkaAlgorithm::kXor;

void as_it_is(AkaParameters&) {}

INSTANTIATE_TEST_SUITE_P(
    Lengths, DamagedKeySetTest,
    testing::Values(
        Damaged{"Milenage", kMilenage, 16, 16, as_it_is, true}, Damaged{"no K", kMilenage, 0, 16, as_it_is, false},
        Damaged{"K of 32 octets", kMilenage, 32, 16, as_it_is, false},
        Damaged{"no OPc", kMilenage, 16, 0, as_it_is, false},
        Damaged{"OPc of 32 octets", kMilenage, 16, 32, as_it_is, false},
        Damaged{"r of 127 bits", kMilenage, 16, 16, [](AkaParameters& p) { p.milenage.r[2] = 127; }, true},
        Damaged{"r of 128 bits", kMilenage, 16, 16, [](AkaParameters& p) { p.milenage.r[2] = 128; }, false},
        Damaged{"TUAK", kTuak, 16, 32, as_it_is, true}, Damaged{"TUAK, K of 256 bits", kTuak, 32, 32, as_it_is, true},
        Damaged{"TUAK, K of 24 octets", kTuak, 24, 32, as_it_is, false},
        Damaged{"TUAK, no K", kTuak, 0, 32, as_it_is, false},
        Damaged{"TUAK, TOPc of 16 octets", kTuak, 16, 16, as_it_is, false},
        Damaged{"TUAK, no iteration", kTuak, 16, 32, [](AkaParameters& p) { p.tuak_iterations = 0; }, false},
        Damaged{"TUAK, 256 iterations", kTuak, 16, 32, [](AkaParameters& p) { p.tuak_iterations = 256; }, false},
        Damaged{"TUAK, 255 iterations", kTuak, 16, 32, [](AkaParameters& p) { p.tuak_iterations = 255; }, true},
        Damaged{"TUAK, RES of 4 octets", kTuak, 16, 32, [](AkaParameters& p) { p.res_octets = 4; }, true},
        Damaged{"TUAK, RES of 16 octets", kTuak, 16, 32, [](AkaParameters& p) { p.res_octets = 16; }, true},
        Damaged{"TUAK, RES of 32 octets", kTuak, 16, 32, [](AkaParameters& p) { p.res_octets = 32; }, false},
        Damaged{"TUAK, RES of 5 octets", kTuak, 16, 32, [](AkaParameters& p) { p.res_octets = 5; }, false},
        Damaged{"XOR", kXor, 16, 0, as_it_is, true}, Damaged{"XOR, K of 32 octets", kXor, 32, 0, as_it_is, false},
        Damaged{"XOR, no K", kXor, 0, 0, as_it_is, false},
        Damaged{"XOR, RES of 3 octets", kXor, 16, 0, [](AkaParameters& p) { p.res_octets = 3; }, false},
        Damaged{"XOR, RES of 17 octets", kXor, 16, 0, [](AkaParameters& p) { p.res_octets = 17; }, false},
        Damaged{"no such algorithm", static_cast<AkaAlgorithm>(9), 16, 16, as_it_is, false}));

}  // namespace
}  // namespace hss
