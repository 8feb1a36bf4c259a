// SPDX-License-Identifier: MIT
#include "hss/aka_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "hss/milenage.h"
#include "hss/tuak.h"
#include "hss/usim.h"

namespace hss {
namespace {

using enum KeyMistake;

constexpr Octets<16> kK{0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f, 0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
constexpr Octets<16> kOp{0xcd, 0xc2, 0x02, 0xd5, 0x12, 0x3e, 0x20, 0xf6,
                         0x2b, 0x6d, 0x67, 0x6a, 0xc7, 0x2c, 0xb3, 0x18};
constexpr Octets<16> kRand{0x23, 0x55, 0x3c, 0xbe};
constexpr Octets<16> kOlderRand{0x9f, 0x01};

using Key = SecretOctets<32>;

Key opc_of(const Key& k, const Key& op) { return milenage::derive_opc(k.fixed<16>(), op.fixed<16>()); }

Key nibbles_swapped(const Octets<16>& key) {
  Octets<16> out{};
  for (std::size_t i = 0; i < key.size(); ++i) out[i] = static_cast<std::uint8_t>(key[i] % 16 * 16 + key[i] / 16);
  return Key(out);
}
Key octets_reversed(const Octets<16>& key) { return Key(std::vector<std::uint8_t>(key.rbegin(), key.rend())); }

/// The card as it is: K and OP as above.
KeySet card() {
  KeySet keys;
  keys.k = Key(kK);
  keys.opc = opc_of(Key(kK), Key(kOp));
  return keys;
}

SuspectKeys suspect(Key k, Key opc, std::optional<Key> op = {}) {
  SuspectKeys out{card(), std::move(op)};
  out.keys.k = std::move(k);
  out.keys.opc = std::move(opc);
  return out;
}

struct MistakeRow {
  const char* name;
  KeySet card;
  SuspectKeys suspect;
  std::vector<KeyMistake> mistakes;
};

/// By name: a row holds keys.
void PrintTo(const MistakeRow& row, std::ostream* out) { *out << row.name; }

KeySet card_with(AkaAlgorithm algorithm) {
  KeySet keys = card();
  keys.algorithm = algorithm;
  keys.test = algorithm == AkaAlgorithm::kXor;
  return keys;
}

std::vector<MistakeRow> rows() {
  const Key k(kK);
  const Key op(kOp);
  const Key opc = card().opc;
  Octets<16> opc_octets{};
  std::ranges::copy(opc.reveal(), opc_octets.begin());

  SuspectKeys own_constants{card(), {}};
  own_constants.keys.parameters.milenage.r = {56, 8, 32, 64, 104};

  KeySet tuak_card = card();
  tuak_card.algorithm = AkaAlgorithm::kTuak;
  const Octets<32> top{0x55, 0x66};
  tuak_card.opc = tuak::derive_topc(k, Secret<32>(top), 1);
  SuspectKeys top_as_topc{tuak_card, {}};
  top_as_topc.keys.opc = Key(top);

  SuspectKeys xor_turned{card_with(AkaAlgorithm::kXor), {}};
  xor_turned.keys.k = octets_reversed(kK);

  return {
      {"Right", card(), {card(), {}}, {}},
      {"RightByOp", card(), {card(), op}, {}},
      {"OpcIsOp", card(), suspect(k, op), {kOpcIsOp}},
      {"OpIsOpc", card(), suspect(k, opc_of(k, opc), opc), {kOpIsOpc}},
      {"Swapped", card(), suspect(opc, k), {kSwapped}},
      {"SwappedWithOp", card(), suspect(op, opc_of(op, k), k), {kSwapped}},
      {"KNibbles", card(), suspect(nibbles_swapped(kK), opc), {kKNibblesSwapped}},
      {"KOctets", card(), suspect(octets_reversed(kK), opc), {kKOctetsReversed}},
      {"OpcNibbles", card(), suspect(k, nibbles_swapped(opc_octets)), {kOpcNibblesSwapped}},
      {"OpcOctets", card(), suspect(k, octets_reversed(opc_octets)), {kOpcOctetsReversed}},
      {"OpNibblesAndGivenAsOpc", card(), suspect(k, nibbles_swapped(kOp)), {kOpcNibblesSwapped, kOpcIsOp}},
      {"BothNibbles",
       card(),
       suspect(nibbles_swapped(kK), nibbles_swapped(opc_octets)),
       {kKNibblesSwapped, kOpcNibblesSwapped}},
      {"StandardConstants", card(), own_constants, {kStandardConstants}},
      {"XorCard", card_with(AkaAlgorithm::kXor), {card(), {}}, {kAlgorithmIsXor}},
      {"XorCardTurned", card_with(AkaAlgorithm::kXor), xor_turned, {kKOctetsReversed}},
      {"TopIsTopc", tuak_card, top_as_topc, {kOpcIsOp}},
  };
}

class KeyMistakeTest : public testing::TestWithParam<MistakeRow> {};

TEST_P(KeyMistakeTest, IsFoundInAnAuts) {
  const MistakeRow& row = GetParam();
  const Usim usim(row.card, {}, std::vector<std::uint64_t>(32, 77));
  const auto found = diagnose_auts(row.suspect, {kRand}, usim.make_auts(kRand));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->mistakes, row.mistakes);
  EXPECT_EQ(found->sqn, usim.sqn_ms());
  EXPECT_EQ(found->amf, Octets<2>{});
}

TEST_P(KeyMistakeTest, IsFoundInAChallenge) {
  const MistakeRow& row = GetParam();
  KeySet auc = row.card;
  auc.amf = {0x80, 0x01};
  const auto found = diagnose_challenge(row.suspect, kRand, make_vector(auc, 0x4242, kRand).autn);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->mistakes, row.mistakes);
  EXPECT_EQ(found->sqn, 0x4242U);
  EXPECT_EQ(found->amf, auc.amf);
}

INSTANTIATE_TEST_SUITE_P(Usual, KeyMistakeTest, testing::ValuesIn(rows()),
                         [](const auto& each) { return each.param.name; });

TEST(KeyDiagnosisTest, AnAutsWithTheAmfOfTheChallenge) {
  SuspectKeys keys{card(), {}};
  keys.keys.amf = {0x90, 0x01};
  const Usim usim(card());
  for (const Octets<2>& amf : {Octets<2>{0x90, 0x01}, Octets<2>{0x80, 0x00}}) {
    const auto found = diagnose_auts(keys, {kRand}, usim.make_auts(kRand, amf));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->mistakes, std::vector{kAmfInAuts});
    EXPECT_EQ(found->amf, amf);
  }
}

TEST(KeyDiagnosisTest, AnAutsOfAnOlderChallenge) {
  const Usim usim(card());
  const auto found = diagnose_auts({card(), {}}, {kRand, kOlderRand}, usim.make_auts(kOlderRand));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->mistakes, std::vector{kOlderChallenge});
}

TEST(KeyDiagnosisTest, AForgedTokenIsNobodys) {
  const Usim usim(card());
  Octets<14> auts = usim.make_auts(kRand);
  auts[13] ^= 1;
  EXPECT_EQ(diagnose_auts({card(), {}}, {kRand, kOlderRand}, auts), std::nullopt);
  Octets<16> autn = make_vector(card(), 32, kRand).autn;
  autn[15] ^= 1;
  EXPECT_EQ(diagnose_challenge({card(), {}}, kRand, autn), std::nullopt);
  EXPECT_EQ(
      diagnose_challenge(suspect(Key(Octets<16>{1}), Key(Octets<16>{2})), kRand, make_vector(card(), 32, kRand).autn),
      std::nullopt);
}

TEST(KeyDiagnosisTest, EveryMistakeHasItsOwnWords) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(kOlderChallenge); ++i) {
    const auto text = describe(static_cast<KeyMistake>(i));
    EXPECT_FALSE(text.empty());
    EXPECT_THAT(std::string(text), testing::Not(testing::HasSubstr("unknown")));
    words.insert(text);
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(kOlderChallenge) + 1);
}

}  // namespace
}  // namespace hss
