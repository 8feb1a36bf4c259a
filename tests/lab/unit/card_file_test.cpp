// The file that carries a card from one run to the next.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <stdexcept>

#include "tests/lab/unit/card_fixture.h"

namespace hss::lab {
namespace {

using testing::HasSubstr;
using testing::Not;

class CardFileTest : public testing::Test {
 protected:
  CardFileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "card.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    root_ = name;
    file_ = root_ / "card.json";
  }
  ~CardFileTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  [[nodiscard]] std::string text() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& text) const { std::ofstream(file_, std::ios::binary | std::ios::trunc) << text; }

  /// The line that opening the file ends with.
  [[nodiscard]] std::string refusal(const CardSpec& spec = spec_with(CardFault::kNone)) const {
    try {
      const Card card(spec, file_);
      return "none";
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
      EXPECT_THAT(error.what(), HasSubstr(file_.string()));
      return error.what();
    }
  }

  std::filesystem::path root_;
  std::filesystem::path file_;
};

TEST_F(CardFileTest, CarriesTheCardToTheNextRun) {
  const CardSpec spec = spec_with(CardFault::kNone);
  Auc auc(spec.keys);
  {
    Card card(spec, file_);
    EXPECT_TRUE(is_accepted(auc.ask(card, 7, 2)));
    EXPECT_TRUE(is_accepted(auc.ask(card, 9, 31)));
  }
  {
    Card card(spec, file_);
    EXPECT_EQ(card.sqn_ms(), join_sqn(9, 31, 5));
    EXPECT_FALSE(is_accepted(auc.ask(card, 7, 2)));
    card.advance_slot(0, max_seq(5));
  }
  EXPECT_EQ(Card(spec, file_).sqn_ms(), join_sqn(max_seq(5), 0, 5));
}

TEST_F(CardFileTest, IsWrittenBeforeTheAnswerIsGiven) {
  const CardSpec spec = spec_with(CardFault::kNone);
  Auc auc(spec.keys);
  Card card(spec, file_);
  EXPECT_TRUE(is_accepted(auc.ask(card, 7, 2)));
  EXPECT_EQ(Card(spec, file_).sqn_ms(), card.sqn_ms());
}

TEST_F(CardFileTest, HoldsNoKeyAndIsForItsOwnerOnly) {
  const CardSpec spec = spec_with(CardFault::kNone);
  Card card(spec, file_);
  card.advance_slot(4, 99);
  EXPECT_THAT(text(), HasSubstr("[[4,99]]"));
  EXPECT_LT(text().size(), 100U) << "no place for a key";
  EXPECT_THAT(text(), Not(HasSubstr(to_hex(spec.keys.k.reveal().first(4)))));
  EXPECT_THAT(text(), Not(HasSubstr(to_hex(spec.keys.opc.reveal().first(4)))));
  EXPECT_EQ(std::filesystem::status(file_).permissions() & std::filesystem::perms::all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root_), {}), 1) << "nothing is left beside it";
}

TEST_F(CardFileTest, OfAFaultyCardIsThatOfTheRightKeys) {
  Card(spec_with(CardFault::kOtherK), file_).advance_to(12);
  EXPECT_EQ(seq_of(Card(spec_with(CardFault::kNone), file_).sqn_ms(), 5), 12U);
}

TEST_F(CardFileTest, RefusesOtherKeys) {
  { const Card card(spec_with(CardFault::kNone), file_); }
  CardSpec other_k = spec_with(CardFault::kNone);
  other_k.keys.k = SecretOctets<32>(Octets<16>{1});
  EXPECT_THAT(refusal(other_k), HasSubstr("is a card with other keys: give the keys that it was made with"));
  CardSpec other_opc = spec_with(CardFault::kNone);
  other_opc.keys.opc = SecretOctets<32>(Octets<16>{1});
  EXPECT_THAT(refusal(other_opc), HasSubstr("is a card with other keys"));
  EXPECT_EQ(refusal(), "none");
}

TEST_F(CardFileTest, RefusesAnotherNumberOfSlots) {
  { const Card card(spec_with(CardFault::kNone), file_); }
  CardSpec spec = spec_with(CardFault::kNone);
  spec.keys.ind_bits = 8;
  EXPECT_THAT(refusal(spec), HasSubstr("is a card of 5 IND bits, and 8 are asked for"));
}

TEST_F(CardFileTest, TheLargestCard) {
  CardSpec spec = spec_with(CardFault::kNone);
  spec.keys.ind_bits = 16;
  Card(spec, file_).advance_slot(65535, max_seq(16));
  EXPECT_EQ(Card(spec, file_).sqn_ms(), join_sqn(max_seq(16), 65535, 16));
  EXPECT_LT(text().size(), 120U) << "slots that were never used take no place";
}

TEST_F(CardFileTest, RefusesWhatIsNoCard) {
  { const Card card(spec_with(CardFault::kNone), file_); }
  const std::string good = text();
  for (const std::string& bad : {std::string(), std::string("{"), std::string("[]"), std::string("{\"version\":1}"),
                                 good.substr(0, good.size() / 2), std::string("k=00\n")}) {
    write(bad);
    EXPECT_THAT(refusal(), HasSubstr("is no card of hsslab")) << bad;
    EXPECT_EQ(text(), bad) << "it is left as it is";
  }
}

TEST_F(CardFileTest, RefusesAnotherVersion) {
  { const Card card(spec_with(CardFault::kNone), file_); }
  std::string other = text();
  other.replace(other.find("\"version\":1"), 11, "\"version\":2");
  write(other);
  EXPECT_THAT(refusal(), HasSubstr("another version of hsslab"));
}

TEST_F(CardFileTest, RefusesSequenceNumbersThatDoNotFit) {
  { const Card card(spec_with(CardFault::kNone), file_); }
  const std::string good = text();
  for (const char* seqs : {"7", "[7]", "[[1]]", "[[1,2,3]]", "[[32,1]]", "[[0,-1]]", "[[0,1.5]]", "[[-1,1]]",
                           "[[0,\"1\"]]", "[[0,8796093022208]]"}) {
    std::string bad = good;
    bad.replace(bad.find("\"seqs\":[]"), 9, std::string("\"seqs\":") + seqs);
    write(bad);
    EXPECT_THAT(refusal(), HasSubstr("sequence numbers are no [IND, SEQ] pairs")) << seqs;
  }
}

TEST_F(CardFileTest, RefusesAPlaceThatCannotBeWritten) {
  file_ = root_ / "nowhere" / "card.json";
  EXPECT_THAT(refusal(), HasSubstr("cannot be written (No such file or directory)"));
  file_ = root_;
  EXPECT_THAT(refusal(), HasSubstr("cannot be read"));
}

TEST_F(CardFileTest, TellsWhenTheStateIsLost) {
  const CardSpec spec = spec_with(CardFault::kNone);
  Auc auc(spec.keys);
  Card card(spec, file_);
  std::filesystem::remove_all(root_);
  EXPECT_THROW(auc.ask(card, 1), std::runtime_error);
}

}  // namespace
}  // namespace hss::lab
