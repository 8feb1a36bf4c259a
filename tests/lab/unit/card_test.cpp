// The card: what each fault makes an HSS with the right keys see.
// SPDX-License-Identifier: MIT
#include "tests/lab/card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "hss/sqn.h"
#include "tests/lab/unit/card_fixture.h"

namespace hss::lab {
namespace {

using testing::HasSubstr;

// ---- Faults ---------------------------------------------------------------------------------------------------------

enum class Seen { kNothing, kMacFailure, kAutsRefused, kRefusedWithoutSeparationBit };

struct FaultRow {
  CardFault fault;
  const char* word;
  Seen seen;
  std::optional<std::vector<KeyMistake>> diagnosis{};  // of the second AUTS
};
void PrintTo(const FaultRow& row, std::ostream* out) { *out << row.word; }

const std::vector<FaultRow> kRows{
    {CardFault::kNone, "none", Seen::kNothing, std::vector<KeyMistake>{}},
    {CardFault::kOpForOpc, "op-for-opc", Seen::kMacFailure},
    {CardFault::kOtherK, "other-k", Seen::kMacFailure},
    {CardFault::kKAndOpcSwapped, "k-and-opc-swapped", Seen::kMacFailure},
    {CardFault::kAmfInAuts, "amf-in-auts", Seen::kAutsRefused, std::vector{KeyMistake::kAmfInAuts}},
    {CardFault::kForgedMacS, "forged-mac-s", Seen::kAutsRefused},
    {CardFault::kReplayedAuts, "replayed-auts", Seen::kAutsRefused, std::vector{KeyMistake::kOlderChallenge}},
    {CardFault::kSeparationBitWanted, "separation-bit-wanted", Seen::kRefusedWithoutSeparationBit,
     std::vector<KeyMistake>{}},
    {CardFault::kXorAlgorithm, "xor-algorithm", Seen::kMacFailure},
};

class CardFaultTest : public testing::TestWithParam<FaultRow> {
 protected:
  const FaultRow& row_ = GetParam();
  CardSpec spec_ = spec_with(row_.fault);
  Card card_{spec_};
  Auc auc_{spec_.keys};
};

TEST_P(CardFaultTest, Word) {
  EXPECT_EQ(name_of(row_.fault), row_.word);
  EXPECT_EQ(parse_card_fault(row_.word), row_.fault);
}

TEST_P(CardFaultTest, AGoodChallenge) {
  const UsimAnswer answer = auc_.ask(card_, 1);
  if (row_.seen == Seen::kMacFailure) {
    EXPECT_TRUE(is_mac_failure(answer));
    EXPECT_EQ(card_.sqn_ms(), 0U);
    return;
  }
  const auto* const response = std::get_if<UsimResponse>(&answer);
  ASSERT_NE(response, nullptr);
  EXPECT_TRUE(response->res.equals(auc_.latest().xres));
  EXPECT_TRUE(response->ck.equals(auc_.latest().ck));
  EXPECT_TRUE(response->ik.equals(auc_.latest().ik));
  EXPECT_EQ(card_.sqn_ms(), 1U << 5U);
}

/// Behind the card, twice: a replay shows at the second at the latest.
TEST_P(CardFaultTest, AChallengeThatIsNotFresh) {
  card_.advance_to(1000);
  for (int round = 0; round < 2; ++round) {
    const UsimAnswer answer = auc_.ask(card_, 7);
    if (row_.seen == Seen::kMacFailure) {
      EXPECT_TRUE(is_mac_failure(answer));
      continue;
    }
    const auto auts = auts_of(answer);
    ASSERT_TRUE(auts.has_value());
    EXPECT_EQ(std::get<UsimSynchronisationFailure>(answer).sqn_ms, 1000U << 5U) << "the card knows where it is";
    if (row_.seen == Seen::kAutsRefused) {
      EXPECT_EQ(auc_.open(*auts), std::nullopt);
    } else {
      EXPECT_EQ(auc_.open(*auts), 1000U << 5U);
    }
  }
}

/// After a challenge that was taken: the AUTS of a replay is of that one.
TEST_P(CardFaultTest, TheDiagnosisOfItsAuts) {
  if (row_.seen == Seen::kMacFailure) {
    EXPECT_TRUE(is_mac_failure(auc_.ask(card_, 1)));
    EXPECT_EQ(auts_of(auc_.ask(card_, 1)), std::nullopt);
    return;
  }
  ASSERT_TRUE(is_accepted(auc_.ask(card_, 1)));
  const auto auts = auts_of(auc_.ask(card_, 1));
  ASSERT_TRUE(auts.has_value());
  EXPECT_EQ(auc_.diagnose(*auts), row_.diagnosis);
}

TEST_P(CardFaultTest, AmfWithoutTheSeparationBit) {
  Auc auc(spec_with(row_.fault, {0x00, 0x00}).keys);
  const UsimAnswer answer = auc.ask(card_, 1);
  const bool refused = row_.seen == Seen::kMacFailure || row_.seen == Seen::kRefusedWithoutSeparationBit;
  EXPECT_EQ(is_mac_failure(answer), refused);
  EXPECT_EQ(card_.sqn_ms(), refused ? 0U : 1U << 5U);
}

TEST_P(CardFaultTest, WordsForPeople) {
  for (const std::string_view text : {seen_on_the_phone(row_.fault), meaning_of(row_.fault)}) {
    EXPECT_GE(text.size(), 20U);
    EXPECT_EQ(text.back(), '.');
    EXPECT_EQ(text.find(". "), text.rfind(". ")) << "two sentences at the most";
  }
}

TEST_P(CardFaultTest, WhatItIsStaysKnown) {
  EXPECT_EQ(card_.spec().fault, row_.fault);
  EXPECT_TRUE(card_.spec().keys.k.equals(SecretOctets<32>(kK))) << "as provisioned, whatever the card computes with";
}

INSTANTIATE_TEST_SUITE_P(Faults, CardFaultTest, testing::ValuesIn(kRows));

TEST(CardFaultsTest, RowsAreAll) {
  std::vector<CardFault> faults;
  std::set<std::string_view> words;
  std::set<std::string_view> meanings;
  for (const FaultRow& row : kRows) {
    faults.push_back(row.fault);
    words.insert(name_of(row.fault));
    meanings.insert(meaning_of(row.fault));
  }
  EXPECT_EQ(faults, all_card_faults());
  EXPECT_EQ(words.size(), kRows.size());
  EXPECT_EQ(meanings.size(), kRows.size());
}

TEST(CardFaultsTest, AnotherWordIsNone) {
  EXPECT_EQ(parse_card_fault(""), std::nullopt);
  EXPECT_EQ(parse_card_fault("Other-K"), std::nullopt);
  EXPECT_EQ(parse_card_fault("other-k "), std::nullopt);
}

/// With AMF 0000 there is nothing to mistake.
TEST(CardFaultsTest, AmfInAutsDoesNotShowWhereAmfIsZero) {
  const CardSpec spec = spec_with(CardFault::kAmfInAuts, {0x00, 0x00});
  Card card(spec);
  Auc auc(spec.keys);
  card.advance_to(9);
  const auto auts = auts_of(auc.ask(card, 1));
  ASSERT_TRUE(auts.has_value());
  EXPECT_EQ(auc.open(*auts), 9U << 5U);
}

/// The keys of another algorithm: what cannot be is said, not guessed.
std::string refusal_of(const CardSpec& spec) {
  try {
    const Card card(spec);
    return "none";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

TEST(CardFaultsTest, ThatACardCannotHave) {
  CardSpec spec = spec_with(CardFault::kOpForOpc);
  spec.op.reset();
  EXPECT_THAT(refusal_of(spec), HasSubstr("op-for-opc: OP is not known: give --op"));

  CardSpec tuak = spec_with(CardFault::kKAndOpcSwapped);
  tuak.keys.algorithm = AkaAlgorithm::kTuak;
  tuak.keys.opc = SecretOctets<32>(Octets<32>{1});
  EXPECT_THAT(refusal_of(tuak), HasSubstr("k-and-opc-swapped: K and OPc are not of the same length"));
  tuak.fault = CardFault::kXorAlgorithm;
  EXPECT_EQ(refusal_of(tuak), "none");
  tuak.keys.k = SecretOctets<32>(Octets<32>{2});
  EXPECT_THAT(refusal_of(tuak), HasSubstr("xor-algorithm: XOR has a K of 32 digits only"));

  CardSpec test_card = spec_with(CardFault::kXorAlgorithm);
  test_card.keys.algorithm = AkaAlgorithm::kXor;
  test_card.keys.opc = {};
  EXPECT_THAT(refusal_of(test_card), HasSubstr("XOR is what the keys are for already"));
}

TEST(CardFaultsTest, OfTuakAndOfXor) {
  CardSpec tuak = spec_with(CardFault::kOpForOpc);
  tuak.keys.algorithm = AkaAlgorithm::kTuak;
  tuak.keys.opc = SecretOctets<32>(Octets<32>{1});
  tuak.op = SecretOctets<32>(Octets<32>{2});
  CardSpec test_card = spec_with(CardFault::kOtherK);
  test_card.keys.algorithm = AkaAlgorithm::kXor;
  test_card.keys.test = true;
  test_card.keys.opc = {};
  for (const CardSpec& spec : {tuak, test_card}) {
    CardSpec right = spec;
    right.fault = CardFault::kNone;
    Card wrong_card(spec);
    Card right_card(right);
    Auc auc(spec.keys);
    EXPECT_TRUE(is_mac_failure(auc.ask(wrong_card, 1)));
    EXPECT_TRUE(is_accepted(auc.ask(right_card, 1)));
  }
}

// ---- Moving it ------------------------------------------------------------------------------------------------------

TEST(CardTest, AdvanceMovesAllSlotsOrOne) {
  const CardSpec spec = spec_with(CardFault::kNone);
  Card card(spec);
  Auc auc(spec.keys);
  card.advance_slot(3, 50);
  EXPECT_EQ(card.sqn_ms(), join_sqn(50, 3, 5));
  EXPECT_FALSE(is_accepted(auc.ask(card, 50, 3)));
  EXPECT_TRUE(is_accepted(auc.ask(card, 2, 4))) << "another slot is where it was";
  card.advance_to(60);
  EXPECT_FALSE(is_accepted(auc.ask(card, 60, 4)));
  EXPECT_TRUE(is_accepted(auc.ask(card, 61, 4)));
  card.advance_to(5);
  EXPECT_EQ(seq_of(card.sqn_ms(), 5), 5U) << "or back: as a card that was never there";
}

TEST(CardTest, AdvanceRefusesWhatACardCannotHold) {
  Card card(spec_with(CardFault::kNone));
  EXPECT_THROW(card.advance_to(max_seq(5) + 1), std::invalid_argument);
  EXPECT_THROW(card.advance_slot(0, max_seq(5) + 1), std::invalid_argument);
  EXPECT_THROW(card.advance_slot(32, 1), std::invalid_argument);
  EXPECT_EQ(card.sqn_ms(), 0U);
}

TEST(CardTest, AgeLimit) {
  CardSpec spec = spec_with(CardFault::kNone);
  spec.age_limit = 10;
  Card card(spec);
  Auc auc(spec.keys);
  card.advance_slot(0, 100);
  EXPECT_FALSE(is_accepted(auc.ask(card, 90, 1)));
  EXPECT_TRUE(is_accepted(auc.ask(card, 91, 1)));
}

}  // namespace
}  // namespace hss::lab
