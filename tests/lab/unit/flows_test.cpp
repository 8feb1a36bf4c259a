// hsslab register, resync and push against an HSS that does it right or wrong.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "tests/lab/digest.h"
#include "tests/lab/lab.h"
#include "tests/lab/unit/card_fixture.h"
#include "tests/lab/unit/ims_hss.h"
#include "tests/lab/verbs/jump.h"
#include "tests/lab/verbs/registration.h"

namespace hss::lab {
namespace {

using load_test::text_of;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Moved = Resynchronisation::Moved;

// Server-Assignment-Type, TS 29.229 6.3.15
constexpr std::uint32_t kAssigned = 1;
constexpr std::uint32_t kLeft = 5;
constexpr std::uint32_t kFailed = 9;

// ---- register -------------------------------------------------------------------------------------------------------

TEST(RegisterTest, IsAWholeRegistration) {
  const FlowOutcome outcome = play_flow({}, {"register", "--deregister"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const std::string uri = "sip:ims.mnc001.mcc001.3gppnetwork.org";
  EXPECT_THAT(
      outcome.steps(),
      ElementsAre(
          "UE -> P-CSCF: REGISTER " + uri, "P-CSCF -> I-CSCF: REGISTER " + uri, "I-CSCF -> HSS: UAR",
          "HSS -> I-CSCF: UAA", "I-CSCF: the user is registered nowhere yet", "I-CSCF -> S-CSCF: REGISTER " + uri,
          "S-CSCF -> HSS: MAR", "HSS -> S-CSCF: MAA", "S-CSCF -> P-CSCF: 401 Unauthorized",
          "P-CSCF: takes ck and ik out: the keys of its IPsec security associations are made of them",
          "P-CSCF -> UE: 401 Unauthorized", "UE: the card accepts: MAC-A is right, SQN is fresh in its slot",
          "UE -> S-CSCF: REGISTER " + uri, "S-CSCF: the response is the one that XRES gives: the user is authenticated",
          "S-CSCF -> HSS: SAR", "HSS -> S-CSCF: SAA", "S-CSCF -> UE: 200 OK",
          "I-CSCF: a call for sip:alice@example.org arrives", "I-CSCF -> HSS: LIR", "HSS -> I-CSCF: LIA",
          "I-CSCF: calls for the user go to its S-CSCF", "UE -> I-CSCF: REGISTER " + uri, "I-CSCF -> HSS: UAR",
          "HSS -> I-CSCF: UAA", "I-CSCF -> S-CSCF: REGISTER " + uri, "S-CSCF -> HSS: SAR", "HSS -> S-CSCF: SAA",
          "S-CSCF -> UE: 200 OK"));
  EXPECT_THAT(outcome.assignments(), ElementsAre(kAssigned, kLeft));
  ASSERT_EQ(outcome.requests.size(), 6U);
  const Message& mar = outcome.requests[1];
  EXPECT_EQ(text_of(mar, avp::kUserName), "001010000000001@ims.mnc001.mcc001.3gppnetwork.org");
  EXPECT_EQ(text_of(mar, avp::kPublicIdentity), "sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org");
  EXPECT_EQ(text_of(mar, avp::kServerName), "sip:scscf.example.org:6060");
  EXPECT_EQ(text_of(mar, avp::kOriginHost), "scscf.ims.mnc001.mcc001.3gppnetwork.org");
  EXPECT_EQ(text_of(outcome.requests[0], avp::kOriginHost), "icscf.ims.mnc001.mcc001.3gppnetwork.org");
  // The first that is not barred is called.
  EXPECT_EQ(text_of(outcome.requests[3], avp::kPublicIdentity), "sip:alice@example.org");
}

/// The vector that the HSS answers first.
AkaVector first_vector() {
  return make_vector(spec_with(CardFault::kNone).keys, join_sqn(101, 3, 5),
                     {0x52, 0, 0, 0, 0, 0, 0, 0,  //
                      0, 0, 0, 0, 0, 0, 0, 1});
}

TEST(RegisterTest, SecretsAreShownOnlyWhenTheyAreAskedFor) {
  const AkaVector vector = first_vector();
  const std::string ck = to_hex(vector.ck.reveal());
  const std::string ik = to_hex(vector.ik.reveal());
  const std::string res = to_hex(vector.xres.reveal());
  const std::string hidden = play_flow({}, {"register"}).out;
  EXPECT_THAT(hidden, AllOf(Not(HasSubstr(ck)), Not(HasSubstr(ik)), Not(HasSubstr(res))));
  EXPECT_THAT(hidden, HasSubstr(R"(ck=\"(hidden)\", ik=\"(hidden)\")"));
  const std::string shown = play_flow({}, {"register", "--show-secrets"}).out;
  EXPECT_THAT(shown, AllOf(HasSubstr("ck=\\\"" + ck), HasSubstr("ik=\\\"" + ik), HasSubstr(res),
                           HasSubstr("\"hmac-sha-1-96\":\"" + ik + "00000000\"")));
  // K and OP are in none of them.
  EXPECT_THAT(shown, AllOf(Not(HasSubstr(to_hex(kK))), Not(HasSubstr(to_hex(kOp)))));
}

TEST(RegisterTest, WithASeedTheChoicesOfTheLabAreTheSame) {
  const auto cnonce_of = [](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"register"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::string out = play_flow({}, arguments).out;
    const auto at = out.find("cnonce=");
    return at == std::string::npos ? std::string() : out.substr(at, 28);
  };
  const std::string first = cnonce_of({"--seed", "7"});
  EXPECT_THAT(first, StartsWith("cnonce=\\\""));
  EXPECT_EQ(first, cnonce_of({"--seed", "7"}));
  EXPECT_NE(first, cnonce_of({"--seed", "8"}));
  EXPECT_NE(cnonce_of({}), cnonce_of({}));
}

TEST(RegisterTest, ServerNameOfTheHssOrOfTheCommandLine) {
  const auto name = [](const ImsHssOptions& options, const std::vector<std::string>& arguments) {
    return text_of(play_flow(options, arguments).requests.at(1), avp::kServerName);
  };
  EXPECT_EQ(name({.uar = {kVendor3gpp, 2002}, .assigned = "sip:there.example.org"}, {"register"}),
            "sip:there.example.org");
  EXPECT_EQ(name({.assigned = "sip:there.example.org"}, {"register", "--scscf-name", "sip:mine.example.org"}),
            "sip:mine.example.org");
}

// ---- A registration that ends earlier ------------------------------------------------------------------------------

struct EndRow {
  const char* name;
  ImsHssOptions hss;
  std::vector<std::string> more;
  std::vector<std::uint32_t> assignments;
  const char* problem;  // a step
  const char* error;    // in the line on standard error
};

class RegistrationEnds : public testing::TestWithParam<EndRow> {};

TEST_P(RegistrationEnds, WithALineThatSaysWhy) {
  const EndRow& row = GetParam();
  std::vector<std::string> arguments{"register"};
  arguments.insert(arguments.end(), row.more.begin(), row.more.end());
  const FlowOutcome outcome = play_flow(row.hss, arguments);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, AllOf(StartsWith("hsslab: register: "), HasSubstr(row.error)));
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1);
  EXPECT_THAT(outcome.steps(), Contains(HasSubstr(row.problem)));
  EXPECT_EQ(outcome.assignments(), row.assignments);
}

const EndRow kEnds[] = {
    {"UnknownUser", {.uar = {kVendor3gpp, 5001}}, {}, {}, "I-CSCF! the user may not register", "5001"},
    {"NoVectors", {.items = 0}, {}, {}, "S-CSCF! MAA says", "no SIP-Auth-Data-Item"},
    {"SchemeRefused", {.mar = {kVendor3gpp, 5006}}, {}, {}, "S-CSCF! there is nothing to challenge", "5006"},
    {"WrongXres", {.wrong_xres = true}, {}, {kFailed}, "S-CSCF! the response is not the one", "XRES"},
    {"RegistrationRefused", {.sar = {0, 5012}}, {}, {kAssigned}, "S-CSCF! the HSS does not take", "SAA: "},
    {"NoIdentity",
     {.profile = "<IMSSubscription><PrivateID>p</PrivateID></IMSSubscription>"},
     {},
     {kAssigned},
     "S-CSCF! the profile holds no public identity",
     "User-Data"},
    {"ProfileIsNoXml", {.profile = "<IMS"}, {}, {kAssigned}, "S-CSCF! the profile holds no", "User-Data"},
    {"Nowhere", {.lir = {kVendor3gpp, 5003}}, {}, {kAssigned}, "I-CSCF! the user cannot be found", "LIA: "},
    {"Elsewhere", {.located = "sip:other.example.org"}, {}, {kAssigned}, "I-CSCF! the HSS names another", "LIA: "},
    {"HangsUp", {.hangs_up = true}, {}, {}, "S-CSCF! ", "127.0.0.1"},
    {"HssKeepsSeq",
     {.seq = 0, .keeps_seq = true},
     {"--sqn", "000000010000"},
     {kFailed},
     "HSS: not moved",
     "IND of 5 bits"},
    {"OtherK", {}, {"--fault", "other-k"}, {kFailed}, "UE! MAC failure", "K of the card is not the K"},
    {"OpForOpc", {}, {"--fault", "op-for-opc"}, {kFailed}, "UE! MAC failure", "OP where OPc belongs"},
    {"Swapped", {}, {"--fault", "k-and-opc-swapped"}, {kFailed}, "UE! MAC failure", "in each other's place"},
    {"Xor", {}, {"--fault", "xor-algorithm"}, {kFailed}, "UE! MAC failure", "XOR"},
    {"SeparationBit",
     {.amf = {0, 0}},
     {"--fault", "separation-bit-wanted"},
     {kFailed},
     "UE! MAC failure",
     "first bit of AMF"},
    {"AmfInAuts", {}, {"--fault", "amf-in-auts"}, {kFailed}, "S-CSCF! the HSS refuses the res", "AMF of the challenge"},
    {"ForgedMacS", {}, {"--fault", "forged-mac-s"}, {kFailed}, "S-CSCF! the HSS refuses the res", "MAC-S"},
    {"ReplayedAuts", {}, {"--fault", "replayed-auts"}, {kFailed}, "S-CSCF! the HSS refuses the res", "earlier"},
};
INSTANTIATE_TEST_SUITE_P(Each, RegistrationEnds, testing::ValuesIn(kEnds),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(RegisterTest, MacFailureIsAnEmptyResponseWithoutAuts) {
  const FlowOutcome outcome = play_flow({}, {"register", "--fault", "other-k"});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr(R"(response=\"\", algorithm=AKAv1-MD5")"), Not(HasSubstr("auts="))));
  EXPECT_THAT(outcome.steps(), Contains("S-CSCF -> UE: 403 Forbidden"));
}

TEST(RegisterTest, AFaultThatDoesNotShowIsTold) {
  const FlowOutcome outcome = play_flow({}, {"register", "--fault", "separation-bit-wanted"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.steps(), Contains("UE: what is wrong with the card has not shown this time"));
}

TEST(RegisterTest, CardIsKeptInItsFile) {
  std::string name = (std::filesystem::temp_directory_path() / "card-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::string file = name + "/card";
  EXPECT_EQ(play_flow({.seq = 500}, {"register", "--card", file}).resynchronised, std::vector<Sqn>{});
  // The same card before an HSS that is far behind.
  const FlowOutcome outcome = play_flow({.seq = 9}, {"register", "--card", file});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.resynchronised, std::vector<Sqn>{join_sqn(501, 3, 5)});
  std::filesystem::remove_all(name);
}

// ---- resync ---------------------------------------------------------------------------------------------------------

struct ResyncRow {
  const char* name;
  ImsHssOptions hss;
  std::vector<std::string> more;
  std::vector<Sqn> resynchronised;  // SQN_MS
  std::size_t challenges;           // MARs
  const char* moved;                // who had to
};

class ResyncTest : public testing::TestWithParam<ResyncRow> {};

TEST_P(ResyncTest, BothAreInStepAtTheEnd) {
  const ResyncRow& row = GetParam();
  std::vector<std::string> arguments{"resync"};
  arguments.insert(arguments.end(), row.more.begin(), row.more.end());
  const FlowOutcome outcome = play_flow(row.hss, arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.resynchronised, row.resynchronised);
  EXPECT_EQ(outcome.count(command::kMultimediaAuth), row.challenges);
  EXPECT_THAT(outcome.assignments(), ElementsAre(kAssigned));
  EXPECT_EQ(outcome.steps().back(), "UE: card and HSS are in step");
  EXPECT_THAT(outcome.out, HasSubstr(row.moved));
}

constexpr std::uint64_t kDelta = std::uint64_t{1} << 28U;

// The first vector has SEQ 101 and IND 3. Where all slots are alike, SQN_MS has IND 0.
const ResyncRow kResyncs[] = {
    {"ByOne", {}, {}, {join_sqn(102, 0, 5)}, 2, "HSS raised"},
    {"ByN", {}, {"--ahead", "5000"}, {join_sqn(5101, 0, 5)}, 2, "HSS raised"},
    {"ByPower", {}, {"--ahead", "2^20"}, {join_sqn(101 + (1U << 20U), 0, 5)}, 2, "HSS raised"},
    {"BeyondDelta", {}, {"--ahead", "beyond-delta"}, {join_sqn(102 + kDelta, 0, 5)}, 2, "HSS raised"},
    {"HssTooFar", {.seq = kDelta + 5}, {"--ahead", "0"}, {0}, 2, "HSS lowered"},
    {"OneSlot", {.ind = 0}, {"--window", "1"}, {join_sqn(101 << 5U, 0, 0) + 1}, 2, "HSS raised"},
    {"OtherSlotIsNoMatter", {}, {"--other-slot", "--ahead", "9"}, {}, 1, "card moved"},
    {"OtherSlotWithinTheAgeLimit", {}, {"--ahead", "9", "--age-limit", "10"}, {}, 1, "card moved"},
    {"OtherSlotAtTheAgeLimit", {}, {"--ahead", "10", "--age-limit", "10"}, {join_sqn(111, 4, 5)}, 2, "HSS raised"},
    {"OutOfOrderInOneSlot", {}, {"--out-of-order", "--items", "3"}, {join_sqn(103, 3, 5)}, 2, "HSS kept"},
    {"OutOfOrderByMarsOfOne", {.items = 1}, {"--out-of-order"}, {join_sqn(102, 3, 5)}, 3, "HSS kept"},
    {"OutOfOrderInSlotsOfTheirOwn", {.cyclic_ind = true}, {"--out-of-order", "--items", "3"}, {}, 1, "card moved"},
};
INSTANTIATE_TEST_SUITE_P(Each, ResyncTest, testing::ValuesIn(kResyncs),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ResyncVerbTest, NoRoomAbove) {
  const FlowOutcome outcome = play_flow({}, {"resync", "--ahead", "2^43"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("do not fit into SQN"));
}

TEST(ResyncVerbTest, AutsIsSentAsRfc3310Says) {
  const FlowOutcome outcome = play_flow({}, {"resync"});
  const auto item = outcome.requests.at(2).find(avp::kSipAuthDataItem)->members().value();
  const Avp* const token = find(item, avp::kSipAuthorization);
  ASSERT_NE(token, nullptr);
  ASSERT_EQ(token->data.size(), 30U);
  EXPECT_THAT(outcome.out, HasSubstr(R"(auts=\")" + to_base64(BytesView(token->data).subspan(16))));
}

TEST(WhoMovedTest, ByTheVectorsBeforeAndAfter) {
  EXPECT_EQ(who_moved(10, 11, 12), Moved::kHssRaised);
  EXPECT_EQ(who_moved(10, 9, 11), Moved::kHssKept);
  EXPECT_EQ(who_moved(10, 10, 11), Moved::kHssKept);
  EXPECT_EQ(who_moved(1000, 5, 6), Moved::kHssLowered);
  EXPECT_EQ(who_moved(10, 20, 11), Moved::kNobody);
  EXPECT_EQ(who_moved(10, 20, 20), Moved::kNobody);
}

TEST(JumpTest, Words) {
  EXPECT_EQ(jump_of("one", kDelta), 1U);
  EXPECT_EQ(jump_of("0", kDelta), 0U);
  EXPECT_EQ(jump_of("32", kDelta), 32U);
  EXPECT_EQ(jump_of("2^20", kDelta), 1U << 20U);
  EXPECT_EQ(jump_of("beyond-delta", kDelta), kDelta + 1);
  for (const char* wrong : {"", "two", "-1", "2^", "2^48", "2^x", "281474976710656", "1 ", "^3"}) {
    EXPECT_FALSE(is_jump(wrong)) << wrong;
  }
  EXPECT_TRUE(is_jump("281474976710655"));
}

// ---- push -----------------------------------------------------------------------------------------------------------

struct PushRow {
  const char* word;
  ResultOf result;
};

class PushAnswers : public testing::TestWithParam<PushRow> {};

TEST_P(PushAnswers, AsTold) {
  const FlowOutcome outcome = play_flow({.pushes = {command::kPushProfile, command::kRegistrationTermination}},
                                        {"push", "--count", "2", "--answer", GetParam().word});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_EQ(outcome.answers.size(), 2U);
  for (const Message& answer : outcome.answers) EXPECT_EQ(result_of(answer), GetParam().result);
  EXPECT_EQ(outcome.answers[0].hop_by_hop, 7000 + command::kPushProfile);
  EXPECT_THAT(outcome.steps(), AllOf(Contains("S-CSCF: the HSS brings what has changed of the user"),
                                     Contains("S-CSCF: the HSS ends the registration")));
  EXPECT_THAT(outcome.out, HasSubstr("moved house"));
}

INSTANTIATE_TEST_SUITE_P(Each, PushAnswers,
                         testing::Values(PushRow{"success", {0, 2001}}, PushRow{"user-unknown", {kVendor3gpp, 5001}},
                                         PushRow{"unable-to-comply", {0, 5012}}),
                         [](const auto& row) {
                           std::string name = row.param.word;
                           std::erase(name, '-');
                           return name;
                         });

TEST(PushTest, NoAnswerWhenToldSo) {
  const FlowOutcome outcome = play_flow({.pushes = {command::kRegistrationTermination}},
                                        {"push", "--count", "1", "--answer", "none", "--deregister"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.answers, IsEmpty());
  // Nobody agreed to end it.
  EXPECT_THAT(outcome.assignments(), ElementsAre(kAssigned, kLeft));
}

TEST(PushTest, NothingIsLeftToDeregisterAfterAnRtr) {
  const FlowOutcome outcome =
      play_flow({.pushes = {command::kRegistrationTermination}}, {"push", "--count", "1", "--deregister"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.assignments(), ElementsAre(kAssigned));
}

TEST(PushTest, AStrangersRequestIsUnsupported) {
  const FlowOutcome outcome = play_flow({.pushes = {command::kLocationInfo}}, {"push", "--count", "1"});
  ASSERT_EQ(outcome.answers.size(), 1U);
  EXPECT_EQ(result_of(outcome.answers[0]), (ResultOf{0, 3001}));
}

TEST(PushTest, FewerThanWaitedForIsAFailure) {
  const FlowOutcome outcome = play_flow({}, {"push", "--count", "2", "--seconds", "1"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("waited for 2 requests, 0 came"));
}

}  // namespace
}  // namespace hss::lab
