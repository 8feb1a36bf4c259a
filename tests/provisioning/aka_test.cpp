// hssctl aka: vectors, and whose key is wrong; offline, and without showing one.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "directory.h"
#include "hss/usim.h"
#include "provisioning/json.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// TS 35.208 4.3.1
const std::string kRand = "23553cbe9637a89d218ae64dae47bf35";
const std::string kSubscriber = "001010000000001";

Usim card(std::uint64_t seq) {
  KeySet keys;
  Octets<16> octets{};
  EXPECT_TRUE(parse_hex(kK, octets));
  keys.k = SecretOctets<32>(octets);
  EXPECT_TRUE(parse_hex(kOpc, octets));
  keys.opc = SecretOctets<32>(octets);
  return Usim(keys, {}, std::vector<std::uint64_t>(32, seq));
}

std::string auts_of(std::uint64_t seq, const std::string& rand = kRand) {
  return to_hex(card(seq).make_auts(from_hex_exact<16>(rand).value()));
}

class AkaVerbTest : public Directory {
 protected:
  std::string challenge_of(const std::vector<std::string>& keys) {
    std::vector<std::string> arguments{"--json", "aka", "vector"};
    arguments.insert(arguments.end(), keys.begin(), keys.end());
    return Json::parse(bare(arguments).out).at("nonce");
  }
};

TEST_F(AkaVerbTest, VectorOfThePublishedSet) {
  const auto shown = bare({"--json", "aka", "vector", "--k", kK, "--op", kOp, "--amf", "b9b9", "--sqn", "ff9bb4d0b607",
                           "--rand", kRand, "--show-secrets"});
  ASSERT_EQ(shown.code, 0) << shown.err;
  const Json json = Json::parse(shown.out);
  EXPECT_EQ(json.at("autn"), "55f328b43577b9b94a9ffac354dfafb3");
  EXPECT_EQ(json.at("nonce"), "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=");
  EXPECT_EQ(json.at("res"), "a54211d5e3ba50bf");
  EXPECT_EQ(json.at("ck"), "b40ba9a3c58b2a05bbf0d987b21bf8cb");
}

TEST_F(AkaVerbTest, VectorKeepsSecretsUnlessAsked) {
  const auto shown = bare({"aka", "vector", "--k", kK, "--opc", kOpc, "--rand", kRand});
  ASSERT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("RAND   " + kRand), HasSubstr("SQN    000000000020 (SEQ 1, IND 0), AMF 8000"),
                               Not(HasSubstr("RES")), Not(HasSubstr("a54211d5e3ba50bf"))));
}

TEST_F(AkaVerbTest, AutsWithTheRightKeys) {
  const auto found = bare({"aka", "auts", "--k", kK, "--opc", kOpc, "--rand", kRand, "--auts", auts_of(77)});
  ASSERT_EQ(found.code, 0) << found.err;
  EXPECT_THAT(found.out, AllOf(HasSubstr("MAC-S is right\n"), HasSubstr("(SEQ 77, IND 0), AMF 0000")));
}

struct MistakeRow {
  const char* name;
  std::vector<std::string> keys;
  const char* words;
};
void PrintTo(const MistakeRow& row, std::ostream* out) { *out << row.name; }

class AkaMistakeTest : public Directory, public testing::WithParamInterface<MistakeRow> {};

TEST_P(AkaMistakeTest, IsNamedWithoutAKey) {
  const MistakeRow& row = GetParam();
  const std::string good = Json::parse(bare({"--json", "aka", "vector", "--k", kK, "--opc", kOpc}).out).at("nonce");
  for (const std::vector<std::string>& evidence : std::vector<std::vector<std::string>>{
           {"auts", "--rand", kRand, "--auts", auts_of(5)}, {"challenge", "--nonce", good}}) {
    std::vector<std::string> arguments{"aka"};
    arguments.insert(arguments.end(), evidence.begin(), evidence.end());
    arguments.insert(arguments.end(), row.keys.begin(), row.keys.end());
    const auto found = bare(arguments);
    EXPECT_EQ(found.code, 1) << evidence[0];
    EXPECT_THAT(found.err, HasSubstr(row.words)) << evidence[0];
    for (const std::string& key : {kK, kOp, kOpc}) EXPECT_THAT(found.out + found.err, Not(HasSubstr(key)));
  }
}

INSTANTIATE_TEST_SUITE_P(Usual, AkaMistakeTest,
                         testing::Values(MistakeRow{"OpcIsOp", {"--k", kK, "--opc", kOp}, "OPc is OP"},
                                         MistakeRow{"OpIsOpc", {"--k", kK, "--op", kOpc}, "OP is OPc"},
                                         MistakeRow{"Swapped", {"--k", kOpc, "--opc", kK}, "in each other's place"},
                                         MistakeRow{"Xor",
                                                    {"--k", "00112233445566778899aabbccddeeff", "--opc", kOpc},
                                                    "none of the usual mistakes"}),
                         [](const auto& each) { return each.param.name; });

TEST_F(AkaVerbTest, OfAStoredSubscriber) {
  init();
  add(kSubscriber, "15550100001", {"--sqn", "000000000140"});
  const std::string before = done({"export", "--format", "json", "--with-keys"}).out;
  const auto found = hssctl({"--json", "aka", "auts", kSubscriber, "--rand", kRand, "--auts", auts_of(77)});
  ASSERT_EQ(found.code, 0) << found.err;
  const Json json = Json::parse(found.out);
  EXPECT_EQ(json.at("mac"), true);
  EXPECT_EQ(json.at("seq"), 77);
  EXPECT_EQ(json.at("hss"), "SEQ 10 here, 77 on the card: to be raised to the card's");
  EXPECT_THAT(done({"aka", "auts", kSubscriber, "--rand", kRand, "--auts", auts_of(3)}).out,
              HasSubstr("SEQ 10 here, 3 on the card: kept, the card accepts the next"));
  EXPECT_EQ(done({"export", "--format", "json", "--with-keys"}).out, before) << "nothing is changed";
  EXPECT_EQ(hssctl({"aka", "challenge", kSubscriber, "--nonce", challenge_of({"--k", kK, "--opc", kOpc})}).code, 0);
  EXPECT_THAT(hssctl({"aka", "auts", kSubscriber, "--auts", auts_of(3)}).err,
              HasSubstr("was sent no challenge of late: give --rand or --nonce"));
}

TEST_F(AkaVerbTest, TokensOfASipTrace) {
  // base64 of RAND || AUTN and of AUTS, as SIP writes them.
  const std::string nonce = challenge_of({"--k", kK, "--opc", kOpc, "--rand", kRand});
  const auto found = bare({"aka", "auts", "--k", kK, "--opc", kOpc, "--nonce", nonce, "--auts", auts_of(9)});
  EXPECT_EQ(found.code, 0) << found.err;
  EXPECT_EQ(bare({"aka", "challenge", "--k", kK, "--opc", kOpc, "--nonce", nonce}).code, 0);
}

TEST_F(AkaVerbTest, TheAmfOfTheChallengeInAuts) {
  const std::string auts = to_hex(card(7).make_auts(from_hex_exact<16>(kRand).value(), {0x80, 0x00}));
  EXPECT_THAT(bare({"aka", "auts", "--k", kK, "--opc", kOpc, "--rand", kRand, "--auts", auts}).err,
              HasSubstr("an AMF other than 0000"));
}

TEST_F(AkaVerbTest, BadInputIsOneLine) {
  const std::vector<std::vector<std::string>> all{
      {"aka", "auts", "--auts", auts_of(1), "--rand", kRand},
      {"aka", "auts", "--k", kK, "--opc", kOpc, "--auts", "00", "--rand", kRand},
      {"aka", "auts", "--k", kK, "--opc", kOpc, "--auts", auts_of(1)},
      {"aka", "challenge", "--k", kK, "--opc", kOpc},
      {"aka", "challenge", "--k", kK, "--opc", kOpc, "--nonce", "AAAA"},
      {"aka", "vector", "--k", kK},
      {"aka", "vector", "--k", kK, "--opc", kOpc, "--rand", "12"},
  };
  for (const auto& arguments : all) {
    const auto refused = bare(arguments);
    EXPECT_EQ(refused.code, 2) << arguments[1];
    EXPECT_THAT(refused.out, IsEmpty());
    EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << refused.err;
  }
}

}  // namespace
}  // namespace hss::provisioning
