// What was packed of a card is unpacked as it was, member by member, and little is taken for what most have.
// SPDX-License-Identifier: MIT
#include "db/packed_key_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace hss::db {
namespace {

constexpr KeySetId kId = 4711;

SecretOctets<32> secret(std::size_t octets, std::uint8_t first) {
  SecretOctets<32> made;
  std::ranges::generate(made.overwrite(octets), [next = first]() mutable { return next++; });
  return made;
}

KeySet usual() {
  KeySet made;
  made.id = kId;
  made.k = secret(16, 1);
  made.opc = secret(16, 101);
  return made;
}

/// What an unpacked one may have been before.
KeySet other() {
  KeySet made;
  made.id = 1;
  made.algorithm = AkaAlgorithm::kTuak;
  made.k = secret(32, 7);
  made.opc = secret(32, 77);
  made.parameters.tuak_iterations = 3;
  made.parameters.milenage.c[4][15] = 9;
  made.test = true;
  made.amf = {0x12, 0x34};
  made.ind_bits = 16;
  made.delta = 0x0102030405060708;
  return made;
}

void expect_same(const KeySet& found, const KeySet& expected) {
  const auto& [id, algorithm, k, opc, parameters, test, amf, ind_bits, delta] = expected;
  EXPECT_EQ(found.id, id);
  EXPECT_EQ(found.algorithm, algorithm);
  EXPECT_TRUE(found.k.equals(k)) << "K";
  EXPECT_TRUE(found.opc.equals(opc)) << "OPc";
  EXPECT_EQ(found.parameters, parameters);
  EXPECT_EQ(found.test, test);
  EXPECT_EQ(found.amf, amf);
  EXPECT_EQ(found.ind_bits, ind_bits);
  EXPECT_EQ(found.delta, delta);
}

struct Case {
  std::string name;
  KeySet key_set;
};

Case changed(const std::string& name, void (*change)(KeySet&)) {
  Case made{name, usual()};
  change(made.key_set);
  return made;
}

class PackedKeySetTest : public testing::TestWithParam<Case> {};

TEST_P(PackedKeySetTest, IsUnpackedAsItWas) {
  const PackedKeySet packed(GetParam().key_set);
  KeySet found = other();
  packed.unpack(kId, found);
  expect_same(found, GetParam().key_set);
}

INSTANTIATE_TEST_SUITE_P(All, PackedKeySetTest,
                         testing::Values(changed("Usual", [](KeySet&) {}),
                                         changed("TestCard", [](KeySet& keys) { keys.test = true; }),
                                         changed("Amf",
                                                 [](KeySet& keys) {
                                                   keys.amf = {0x80, 0x01};
                                                 }),
                                         changed("NoInd", [](KeySet& keys) { keys.ind_bits = 0; }),
                                         changed("Delta", [](KeySet& keys) { keys.delta = ~std::uint64_t{0}; }),
                                         changed("Xor",
                                                 [](KeySet& keys) {
                                                   keys.algorithm = AkaAlgorithm::kXor;
                                                   keys.opc = SecretOctets<32>();
                                                   keys.parameters.res_octets = 16;
                                                 }),
                                         changed("Tuak",
                                                 [](KeySet& keys) {
                                                   keys.algorithm = AkaAlgorithm::kTuak;
                                                   keys.opc = secret(32, 200);
                                                 }),
                                         changed("Constants", [](KeySet& keys) { keys.parameters.milenage.r[1] = 8; }),
                                         changed("Everything",
                                                 [](KeySet& keys) {
                                                   keys = other();
                                                   keys.id = kId;
                                                 })),
                         [](const auto& one) { return one.param.name; });

TEST(PackedKeySetTest, TakesLittleForWhatMostHave) {
  EXPECT_EQ(PackedKeySet(usual()).octets(), 48U);
  EXPECT_EQ(PackedKeySet().octets(), 0U);
}

TEST(PackedKeySetTest, AnotherTakesItsPlace) {
  PackedKeySet packed(other());
  packed = PackedKeySet(usual());
  KeySet found;
  packed.unpack(kId, found);
  expect_same(found, usual());
  PackedKeySet moved(std::move(packed));
  packed = {};
  EXPECT_FALSE(packed);
  moved.unpack(kId, found);
  expect_same(found, usual());
}

TEST(PackedOctetsTest, AreFilledInPlace) {
  PackedOctets octets{BytesView(std::array<std::uint8_t, 200>{})};
  std::ranges::fill(octets.overwrite(), std::uint8_t{7});
  EXPECT_EQ(octets.view().size(), 200U);
  EXPECT_TRUE(std::ranges::all_of(octets.view(), [](std::uint8_t octet) { return octet == 7; }));
  EXPECT_TRUE(PackedOctets().overwrite().empty());
}

}  // namespace
}  // namespace hss::db
