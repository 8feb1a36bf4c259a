// hsslab swx against an HSS that does it right.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>

#include "hss/eap_aka_prime.h"
#include "tests/lab/eap.h"
#include "tests/lab/unit/golden.h"
#include "tests/lab/unit/swx_run.h"

namespace hss::lab {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string scheme_of(const Message& mar) {
  const auto item = mar.find(avp::kSipAuthDataItem)->members().value();
  return find(item, avp::kSipAuthenticationScheme)->text();
}

/// The vector that a WifiHss answers first.
AkaVector first_vector(const WifiHssOptions& options) {
  return make_vector(options.keys, join_sqn(options.seq + 1, 16, 5), Octets<16>{0x52, 1});
}

// ---- As it should be ------------------------------------------------------------------------------------------------

TEST(SwxTest, EapAkaPrime) {
  const Outcome outcome = swx(right());
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(
      outcome.steps(),
      ElementsAre("UE -> AAA: EAP-Response/Identity", "AAA -> HSS: SWx-MAR", HasSubstr("HSS -> AAA: SWx-MAA"),
                  "AAA: derives its keys from CK' and IK' of the vector", "AAA -> UE: EAP-Request/AKA'-Challenge",
                  "UE: the card accepts: MAC-A is right, SQN is fresh in its slot",
                  "UE: binds CK and IK to the access network, WLAN", "UE: derives its keys from those of the card",
                  "UE: AT_MAC is right: K_aut is the same on both sides", "UE -> AAA: EAP-Response/AKA'-Challenge",
                  "AAA: RES is XRES, and the MSK is the same on both sides: the user is authenticated",
                  "AAA -> HSS: SWx-SAR", HasSubstr("HSS -> AAA: SWx-SAA"),
                  "AAA: the user may come in over Wi-Fi, to the APN ims (default)", "AAA -> UE: EAP-Success"));
  EXPECT_THAT(outcome.out, HasSubstr("6001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org"));
  ASSERT_EQ(outcome.requests.size(), 2U);
  const Message& mar = outcome.requests[0];
  EXPECT_EQ(mar.application, kSwx);
  EXPECT_EQ(mar.find(avp::kUserName)->text(), "001010000000001");
  EXPECT_EQ(mar.find(avp::kAnid)->text(), "WLAN");
  EXPECT_EQ(mar.find(avp::kSipNumberAuthItems)->number(), 1U);
  EXPECT_EQ(scheme_of(mar), "EAP-AKA'");
  EXPECT_THAT(outcome.assignments(), ElementsAre(kRegistration));
}

TEST(SwxTest, EapAka) {
  const Outcome outcome = swx(right({0x00, 0x00}), {"--scheme", "eap-aka", "--anid", ""});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.steps(),
              AllOf(Contains("AAA -> UE: EAP-Request/AKA-Challenge"), Contains("UE -> AAA: EAP-Response/AKA-Challenge"),
                    Not(Contains(HasSubstr("binds CK and IK")))));
  EXPECT_THAT(outcome.out, HasSubstr("\"0001010000000001@nai.epc"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("K_re")));
  EXPECT_EQ(scheme_of(outcome.requests.at(0)), "EAP-AKA");
  EXPECT_EQ(outcome.requests.at(0).find(avp::kAnid), nullptr);
}

TEST(SwxTest, SecretsAreShownWhenTheyAreAskedFor) {
  const WifiHssOptions options = right();
  const AkaVector vector = first_vector(options);
  const auto bound = eap_aka_prime::derive_keys(vector.ck, vector.ik, "WLAN", vector.autn);
  const EapKeys keys =
      eap_aka_prime_keys("6001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org", bound.ck_prime, bound.ik_prime);
  const Outcome hidden = swx(options);
  const Outcome shown = swx(options, {"--show-secrets"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  for (const BytesView secret :
       {vector.xres.reveal(), BytesView(vector.ck.reveal()), BytesView(vector.ik.reveal()),
        BytesView(bound.ck_prime.reveal()), BytesView(bound.ik_prime.reveal()), BytesView(keys.k_encr.reveal()),
        keys.k_aut.reveal(), keys.k_re.reveal(), BytesView(keys.msk.reveal()), BytesView(keys.emsk.reveal())}) {
    EXPECT_EQ(hidden.out.find(to_hex(secret)), std::string::npos);
    EXPECT_NE(shown.out.find(to_hex(secret)), std::string::npos);
  }
  const CardSpec card = spec_with(CardFault::kNone);
  for (const auto& never : {card.keys.k, card.keys.opc, *card.op}) {
    EXPECT_EQ(shown.out.find(to_hex(never.reveal())), std::string::npos);
  }
}

TEST(SwxTest, EachVectorIsUsed) {
  const Outcome outcome = swx(right(), {"--items", "3"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.requests.at(0).find(avp::kSipNumberAuthItems)->number(), 3U);
  EXPECT_EQ(std::ranges::count(outcome.steps(), "AAA -> UE: EAP-Request/AKA'-Challenge"), 3);
  EXPECT_EQ(outcome.challenges_asked(), 1U);
}

TEST(SwxTest, FewerVectorsThanAskedFor) {
  WifiHssOptions options = right();
  options.items = 1;
  const Outcome outcome = swx(options, {"--items", "3"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.steps(), Contains(HasSubstr("has vectors for 1 authentications; asked for 3")));
}

TEST(SwxTest, Deregistration) {
  const Outcome outcome = swx(right(), {"--deregister"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.assignments(), ElementsAre(kRegistration, kDeregistration));
  EXPECT_EQ(outcome.steps().back(), "AAA: the user is de-registered");
}

TEST(SwxTest, AnotherAccessNetwork) {
  const Outcome outcome = swx(right(), {"--anid", "HRPD"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.steps(), Contains("UE: binds CK and IK to the access network, HRPD"));
}

// ---- Out of step ----------------------------------------------------------------------------------------------------

struct AheadRow {
  const char* name;
  const char* ahead;
  std::uint64_t jump;
};
void PrintTo(const AheadRow& row, std::ostream* out) { *out << row.name; }

class SwxAheadTest : public testing::TestWithParam<AheadRow> {};

TEST_P(SwxAheadTest, AutsAndASecondMar) {
  for (const char* scheme : {"eap-aka", "eap-aka-prime"}) {
    const Outcome outcome = swx(right(), {"--scheme", scheme, "--ahead", GetParam().ahead, "--items", "2"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.resynchronised, ElementsAre(join_sqn(101 + GetParam().jump, 0, 5)));
    EXPECT_EQ(outcome.challenges_asked(), 2U);
    // With two vectors the HSS stands one above the challenge: a card that is ahead by one does not move it.
    EXPECT_THAT(outcome.steps(), Contains(HasSubstr(GetParam().jump == 1 ? "HSS: kept: " : "HSS: raised: ")));
    EXPECT_EQ(std::ranges::count_if(
                  outcome.steps(),
                  [](const std::string& step) { return step.find("the user is authenticated") != std::string::npos; }),
              1)
        << "the vectors from before the AUTS are not used";
  }
}

INSTANTIATE_TEST_SUITE_P(Jumps, SwxAheadTest,
                         testing::Values(AheadRow{"one", "one", 1}, AheadRow{"far", "2^20", 1U << 20U},
                                         AheadRow{"delta", "beyond-delta", (1U << 28U) + 1}));

TEST(SwxTest, ACardIsCarriedOn) {
  std::string directory = (std::filesystem::temp_directory_path() / "swx.XXXXXX").string();
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  const std::string file = directory + "/card.json";
  EXPECT_EQ(swx(right(), {"--card", file, "--ahead", "50"}).code, 0);
  WifiHssOptions behind = right();
  behind.seq = 120;
  const Outcome outcome = swx(behind, {"--card", file});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.resynchronised, ElementsAre(join_sqn(152, 16, 5)));
  std::filesystem::remove_all(directory);
}

TEST(SwxTest, AnHssThatDoesNotMove) {
  WifiHssOptions options = right();
  options.keeps_seq = true;
  const Outcome outcome = swx(options, {"--ahead", "1000"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("the card refuses the challenge after two resynchronisations"));
  EXPECT_EQ(outcome.challenges_asked(), 3U);
  EXPECT_THAT(outcome.steps(), Contains(HasSubstr("HSS: not moved: ")));
  EXPECT_THAT(outcome.assignments(), ElementsAre(kAuthenticationFailure));
}

// ---- Transcripts ----------------------------------------------------------------------------------------------------

struct TranscriptRow {
  const char* file;
  std::vector<std::string> arguments;
  int code;
};
void PrintTo(const TranscriptRow& row, std::ostream* out) { *out << row.file; }

class SwxTranscriptTest : public testing::TestWithParam<TranscriptRow> {};

TEST_P(SwxTranscriptTest, IsAsItWas) {
  std::vector<std::string> arguments = GetParam().arguments;
  arguments.insert(arguments.end(), {"--seed", "1"});
  const Outcome outcome = swx_words(right(), arguments);
  EXPECT_EQ(outcome.code, GetParam().code);
  expect_golden(GetParam().file, outcome.out + outcome.err);
}

INSTANTIATE_TEST_SUITE_P(
    Files, SwxTranscriptTest,
    testing::Values(TranscriptRow{"swx-eap-aka-prime.txt", {"--show-secrets", "--deregister"}, 0},
                    TranscriptRow{"swx-eap-aka-resynchronisation.txt", {"--scheme", "eap-aka", "--ahead", "one"}, 0},
                    TranscriptRow{"swx-forged-mac-s.txt", {"--fault", "forged-mac-s"}, 1}));

// ---- The command line -----------------------------------------------------------------------------------------------

TEST(SwxTest, CommandLinesThatCannotBe) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{"--scheme", "eap-sim"}, "--scheme: must be eap-aka or eap-aka-prime"},
      {{"--ahead", "some"}, "--ahead: must be one, N, 2^N or beyond-delta"},
      {{"--items", "0"}, "--items"},
      {{"--fault", "no-battery"}, "--fault: no such word"},
      {{"--anid", std::string(65536, 'x')}, "--anid: is too long"}};
  for (const auto& [arguments, error] : rows) {
    const Outcome outcome = swx(right(), arguments);
    EXPECT_EQ(outcome.code, 2) << error;
    EXPECT_THAT(outcome.err, HasSubstr(error));
    EXPECT_EQ(outcome.requests.size(), 0U);
  }
}

}  // namespace
}  // namespace hss::lab
