// hsslab swx against HSSs and with cards that are wrong: each is a problem in the trace, and a line that says why.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/lab/unit/swx_run.h"

namespace hss::lab {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr ResultOf kUnable{0, 5012};

// ---- An HSS that is wrong -------------------------------------------------------------------------------------------

struct WrongRow {
  const char* name;
  std::function<void(WifiHssOptions&)> change;
  std::vector<std::string> arguments;
  std::string error;
  std::vector<std::uint32_t> assignments{};
};
void PrintTo(const WrongRow& row, std::ostream* out) { *out << row.name; }

class SwxWrongHssTest : public testing::TestWithParam<WrongRow> {};

TEST_P(SwxWrongHssTest, IsAProblemAndAFailure) {
  WifiHssOptions options = right();
  GetParam().change(options);
  const Outcome outcome = swx(options, GetParam().arguments);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("hsslab: swx: "));
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().error));
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1);
  EXPECT_THAT(outcome.steps(), Contains(HasSubstr("! ")));
  EXPECT_EQ(outcome.assignments(), GetParam().assignments);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SwxWrongHssTest,
    testing::Values(WrongRow{"user_unknown",
                             [](auto& hss) {
                               hss.mar = {kVendor3gpp, 5001};
                             },
                             {},
                             "SWx-MAA: DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001): the HSS has no user of this IMSI"},
                    WrongRow{"no_subscription",
                             [](auto& hss) {
                               hss.mar = {kVendor3gpp, 5450};
                             },
                             {},
                             "the user has no subscription for access over Wi-Fi"},
                    WrongRow{"another_aaa_server",
                             [](auto& hss) {
                               hss.mar = {kVendor3gpp, 5005};
                               hss.aaa_server = "aaa2.example";
                             },
                             {},
                             "another AAA server has the user"},
                    WrongRow{"no_vector", [](auto& hss) { hss.items = 0; }, {}, "no SIP-Auth-Data-Item"},
                    WrongRow{"too_many_vectors",
                             [](auto& hss) { hss.items = 2; },
                             {},
                             "holds 2 vectors where 1 were asked for",
                             {kAuthenticationFailure}},
                    WrongRow{"another_scheme",
                             [](auto& hss) { hss.scheme = "Digest-AKAv1-MD5"; },
                             {},
                             "a vector of Digest-AKAv1-MD5 where EAP-AKA' was asked for",
                             {kAuthenticationFailure}},
                    WrongRow{"separation_bit_0",
                             [](auto& hss) {
                               hss.keys.amf = {0, 0};
                             },
                             {},
                             "the separation bit is 0: the HSS must set the first bit of AMF",
                             {kAuthenticationFailure}},
                    WrongRow{"plain_ck_and_ik",
                             [](auto& hss) { hss.plain_keys = true; },
                             {},
                             "the HSS answered CK and IK where EAP-AKA' has CK' and IK'",
                             {kAuthenticationFailure}},
                    WrongRow{"keys_swapped",
                             [](auto& hss) { hss.keys_swapped = true; },
                             {},
                             "CK' and IK' in each other's place",
                             {kAuthenticationFailure}},
                    WrongRow{"another_anid",
                             [](auto& hss) { hss.anid = "WLAN\n"; },
                             {},
                             "the HSS took another ANID than WLAN",
                             {kAuthenticationFailure}},
                    WrongRow{"keys_swapped_eap_aka",
                             [](auto& hss) { hss.keys_swapped = true; },
                             {"--scheme", "eap-aka"},
                             "CK or IK of the HSS is not the card's although MAC-A is right",
                             {kAuthenticationFailure}},
                    WrongRow{"wrong_xres",
                             [](auto& hss) { hss.wrong_xres = true; },
                             {},
                             "RES is not XRES although MAC-A is right",
                             {kAuthenticationFailure}},
                    WrongRow{"resynchronisation_refused",
                             [](auto& hss) { hss.resynchronisation = kUnable; },
                             {"--ahead", "one"},
                             "the AUTS is right by these keys",
                             {kAuthenticationFailure}},
                    WrongRow{"other_keys",
                             [](auto& hss) { hss.keys.k = SecretOctets<32>(Octets<16>{1}); },
                             {},
                             "MAC failure: none of the usual mistakes explains it",
                             {kAuthenticationFailure}},
                    WrongRow{"has_op_as_opc",
                             [](auto& hss) { hss.keys.opc = SecretOctets<32>(kOp); },
                             {},
                             "MAC failure: the challenge is explained when",
                             {kAuthenticationFailure}},
                    WrongRow{"registration_refused",
                             [](auto& hss) { hss.registration = kUnable; },
                             {},
                             "SWx-SAA: DIAMETER_UNABLE_TO_COMPLY (5012)",
                             {kRegistration}},
                    WrongRow{"no_profile",
                             [](auto& hss) { hss.profile = false; },
                             {},
                             "SWx-SAA: there is no Non-3GPP-User-Data",
                             {kRegistration}},
                    WrongRow{"barred",
                             [](auto& hss) { hss.more_of_the_profile = {number_avp(kNon3gppIpAccess, 1)}; },
                             {},
                             "access over non-3GPP networks is barred",
                             {kRegistration}},
                    WrongRow{"wlan_forbidden",
                             [](auto& hss) { hss.more_of_the_profile = {number_avp(avp::kRatType, 0)}; },
                             {},
                             "RAT-Type names WLAN, and it names what is not allowed",
                             {kRegistration}},
                    WrongRow{"deregistration_refused",
                             [](auto& hss) {
                               hss.deregistration = {kVendor3gpp, 5003};
                             },
                             {"--deregister"},
                             "SWx-SAA of the de-registration: DIAMETER_ERROR_IDENTITY_NOT_REGISTERED",
                             {kRegistration, kDeregistration}},
                    WrongRow{"hangs_up", [](auto& hss) { hss.hangs_up = true; }, {}, "127.0.0.1:"}));

TEST(SwxTest, TheOtherAaaServerIsNamed) {
  WifiHssOptions options = right();
  options.mar = {kVendor3gpp, 5005};
  options.aaa_server = "aaa2.example";
  EXPECT_THAT(swx(options).out, HasSubstr("\"AAA server of the user\":\"aaa2.example\""));
}

// ---- A card that is wrong -------------------------------------------------------------------------------------------

class SwxFaultTest : public testing::TestWithParam<CardFault> {};

TEST_P(SwxFaultTest, SaysWhatAPersonSeesAndWhatItMeans) {
  const CardFault fault = GetParam();
  // EAP-AKA asks for no separation bit: a card that does shows there.
  const Octets<2> amf = fault == CardFault::kSeparationBitWanted ? Octets<2>{0, 0} : Octets<2>{0x80, 0};
  const Outcome outcome = swx(right(amf), {"--scheme", "eap-aka", "--fault", std::string(name_of(fault))});
  if (fault == CardFault::kNone) {
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return;
  }
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr(std::string(meaning_of(fault))));
  EXPECT_THAT(outcome.steps(), Contains("UE! what a person sees"));
  const auto last = nlohmann::json::parse(outcome.out.substr(outcome.out.rfind('\n', outcome.out.size() - 2) + 1));
  EXPECT_EQ(last["details"]["on the phone"], seen_on_the_phone(fault));
  EXPECT_EQ(last["details"]["it means"], meaning_of(fault));
  EXPECT_THAT(outcome.resynchronised, testing::IsEmpty());
  EXPECT_THAT(outcome.assignments(), ElementsAre(kAuthenticationFailure));
}

INSTANTIATE_TEST_SUITE_P(All, SwxFaultTest, testing::ValuesIn(all_card_faults()));

}  // namespace
}  // namespace hss::lab
