// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/lab/output/reading.h"
#include "tests/lab/output/text.h"
#include "tests/lab/outputs.h"
#include "tests/lab/unit/sample_trace.h"

namespace hss::lab {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

std::string ladder(const std::vector<Event>& events, const OutputOptions& options = {}) {
  std::ostringstream out;
  const auto trace = make_ladder(out, options);
  for (const Event& event : events) trace->add(event);
  return out.str();
}

TEST(Ladder, TellsARegistration) {
  EXPECT_EQ(ladder(sample::registration()), R"ladder(I-CSCF -> HSS       UAR
    User-Name                   001010000000001@ims.mnc001.mcc001.3gppnetwork.org
    Public-Identity             sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org
    Visited-Network-Identifier  example.org
    User-Authorization-Type     REGISTRATION (0)
HSS -> I-CSCF       UAA DIAMETER_FIRST_REGISTRATION (3GPP 2001)
S-CSCF -> HSS       MAR
    User-Name                  001010000000001@ims.mnc001.mcc001.3gppnetwork.org
    Public-Identity            sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org
    SIP-Number-Auth-Items      1
    SIP-Authentication-Scheme  Digest-AKAv1-MD5
    Server-Name                sip:scscf.example.org:6060
HSS -> S-CSCF       MAA DIAMETER_SUCCESS (2001)
    User-Name                  001010000000001@ims.mnc001.mcc001.3gppnetwork.org
    SIP-Item-Number            1
    SIP-Authentication-Scheme  Digest-AKAv1-MD5
    RAND                       23553cbe9637a89d218ae64dae47bf35
    AUTN                       55f328b43577b9b94a9ffac354dfafb3
    XRES                       (8 octets, hidden)
    Confidentiality-Key        (16 octets, hidden)
    Integrity-Key              (16 octets, hidden)
S-CSCF -> P-CSCF    401 Unauthorized
    WWW-Authenticate  Digest realm="example.org", nonce="I1U8vpY3qJ0=", algorithm=AKAv1-MD5, ck="(hidden)",
                      ik="(hidden)"
UE                  MAC-A is right, SQN is new
    SQN  000000000020
    RES  (8 octets, hidden)
UE                ! the digest is wrong
S-CSCF -> HSS       SAR
    Public-Identity         sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org
    Server-Assignment-Type  REGISTRATION (1)
HSS -> S-CSCF       SAA DIAMETER_SUCCESS (2001)
    public identity  sip:+1555@example.org
    public identity  sip:00101@example.org (barred)
    iFCs             2 in 1 profile, and 1 shared set
)ladder");
}

TEST(Ladder, ShowsSecretsOnlyWhenTheyAreAskedFor) {
  const std::string hidden = ladder(sample::registration());
  const std::string shown = ladder(sample::registration(), {.show_secrets = true});
  for (const std::string_view secret : {sample::kXres, sample::kCk, sample::kIk}) {
    EXPECT_THAT(hidden, Not(HasSubstr(std::string(secret))));
    EXPECT_THAT(shown, HasSubstr(std::string(secret)));
  }
}

TEST(Ladder, TakesAChallengeAndAutsApart) {
  const std::string text = ladder({sample::sent(0, Party::kScscf, Party::kHss, sample::resync_mar())});
  EXPECT_THAT(text, HasSubstr("RAND                       " + std::string(sample::kRand) + "\n"));
  EXPECT_THAT(text, HasSubstr("AUTS                       " + std::string(sample::kAuts) + "\n"));
}

TEST(Ladder, ColoursAProblemRedAndARefusalYellow) {
  const std::vector<Event> events{
      sample::plain(0, Event::Kind::kProblem, Party::kUe, Party::kUe, "MAC-A is wrong"),
      sample::sent(1, Party::kHss, Party::kScscf, sample::answer(command::kMultimediaAuth, {kVendor3gpp, 5001}, {}))};
  const std::string coloured = ladder(events, {.colours = true});
  EXPECT_THAT(coloured, HasSubstr("\033[1;31mMAC-A is wrong\033[0m"));
  EXPECT_THAT(coloured, HasSubstr("\033[33mDIAMETER_ERROR_USER_UNKNOWN (3GPP 5001)\033[0m"));
  EXPECT_THAT(ladder(events), Not(HasSubstr("\033")));
}

TEST(Ladder, MakesHostileTextHarmless) {
  const Message answer = sample::answer(command::kMultimediaAuth, {0, 5012},
                                        {text_avp(avp::kErrorMessage, "\x1b]0;title\x07\xff\xe2\x80\xae gone")});
  const std::string text =
      ladder({sample::sent(0, Party::kHss, Party::kScscf, answer),
              sample::plain(1, Event::Kind::kNote, Party::kUe, Party::kUe, "a\x1b[2Jb\nc", {{"n\x9b", "v\rw"}})});
  EXPECT_THAT(text, HasSubstr("Error-Message  \\x1b]0;title\\x07\\xff\\u{202e} gone\n"));
  EXPECT_THAT(text, HasSubstr("UE                  a\\x1b[2Jb\\x0ac\n    n\\x9b  v\\x0dw\n"));
}

TEST(Ladder, SaysWhatIsWrongWithOctetsThatAreNoMessage) {
  Event event = sample::sent(0, Party::kHss, Party::kScscf, sample::maa());
  event.octets.resize(30);
  const std::string text = ladder({event});
  EXPECT_THAT(text, HasSubstr("HSS -> S-CSCF     ! "));
  EXPECT_THAT(text, HasSubstr("no Diameter message  "));
}

TEST(Ladder, StaysWithinItsWidth) {
  std::string long_text;
  for (int i = 0; i < 60; ++i) long_text += "word" + std::to_string(i) + ' ';
  std::istringstream lines(ladder({sample::plain(0, Event::Kind::kNote, Party::kUe, Party::kUe, long_text,
                                                 {{"spaces", long_text}, {"none", std::string(400, 'n')}})}));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(columns(line), 110U) << line;
  EXPECT_GT(count, 10U);
}

TEST(WhatMatters, ShortensOctetsAndLongLists) {
  std::vector<Avp> avps{octets_avp({4711, kVendor3gpp}, Bytes(40, 7))};
  for (int i = 0; i < 100; ++i) avps.push_back(text_avp(avp::kPublicIdentity, "sip:" + std::to_string(i)));
  const Details details =
      what_matters(sample::message(command::kRegistrationTermination, true, std::move(avps)), false);
  ASSERT_EQ(details.size(), 13U);
  EXPECT_THAT(details.front(), Pair("AVP 4711 of vendor 10415", "0707070707070707... (40 octets)"));
  EXPECT_THAT(details[11], Pair("Public-Identity", "sip:10"));
  EXPECT_THAT(details.back(), Pair("Public-Identity", "and 89 more"));
}

TEST(WhatMatters, NeverShowsTheOctetsOfABrokenItem) {
  Avp item = octets_avp(avp::kSipAuthDataItem, sample::hex("0000027140000bad" + std::string(sample::kCk)));
  for (const AvpId id : {avp::kSipAuthDataItem, avp::kFailedAvp}) {
    item.id = id;
    EXPECT_THAT(what_matters(sample::message(command::kMultimediaAuth, false, {item}), false),
                ElementsAre(Pair(testing::_, "(24 octets that are not whole AVPs)")));
  }
}

TEST(WhatMatters, PutsAGroupOnOneLine) {
  const Avp failed = group_avp(avp::kFailedAvp, {text_avp(avp::kUserName, "me"), group_avp(avp::kFailedAvp, {})});
  EXPECT_THAT(what_matters(sample::message(command::kMultimediaAuth, false, {failed}), false),
              ElementsAre(Pair("Failed-AVP", "User-Name me, Failed-AVP (empty)")));
}

TEST(WhatMatters, EndsInABottomlessGroup) {
  Avp nested = group_avp(avp::kFailedAvp, {});
  for (int i = 0; i < 2000; ++i) nested = group_avp(avp::kFailedAvp, {nested});
  const Details details = what_matters(sample::message(command::kMultimediaAuth, false, {nested}), false);
  EXPECT_THAT(details, ElementsAre(Pair("Failed-AVP", HasSubstr("..."))));
}

TEST(WhatMatters, NamesApnsAndTheDefaultOne) {
  constexpr AvpId kContext{1423, kVendor3gpp};
  constexpr AvpId kConfiguration{1430, kVendor3gpp};
  const Avp agent = group_avp(
      avp::kMip6AgentInfo, {group_avp(avp::kMipHomeAgentHost, {text_avp(avp::kDestinationRealm, "example.org"),
                                                               text_avp(avp::kDestinationHost, "pgw.example.org")})});
  const Avp data =
      group_avp(avp::kNon3gppUserData,
                {number_avp({1501, kVendor3gpp}, 0), number_avp({1502, kVendor3gpp}, 0), number_avp(kContext, 2),
                 group_avp(kConfiguration, {number_avp(kContext, 1), text_avp(avp::kServiceSelection, "ims"), agent}),
                 group_avp(kConfiguration, {number_avp(kContext, 2), text_avp(avp::kServiceSelection, "internet")})});
  EXPECT_THAT(what_matters(sample::answer(command::kServerAssignment, {0, 2001}, {data}, kSwx), false),
              ElementsAre(Pair("Non-3GPP-IP-Access", "NON_3GPP_SUBSCRIPTION_ALLOWED (0)"),
                          Pair("Non-3GPP-IP-Access-APN", "NON_3GPP_APNS_ENABLE (0)"),
                          Pair("APN", "ims, PDN gateway pgw.example.org"), Pair("APN", "internet (default)")));
  EXPECT_THAT(non_3gpp_summary(group_avp(avp::kNon3gppUserData, {})), ElementsAre(Pair("Non-3GPP-User-Data", "empty")));
}

TEST(UserDataSummary, SaysWhatIsNoProfile) {
  EXPECT_THAT(user_data_summary("<IMSSubscription><"), Contains(Pair("User-Data", HasSubstr("no well-formed XML"))));
  EXPECT_THAT(user_data_summary("<Sh-Data/>"),
              ElementsAre(Pair("User-Data", "(10 octets) is a Sh-Data where an IMSSubscription belongs")));
}

struct DetailCase {
  const char* name;
  const char* value;
  const char* shown;
};
class DetailText : public testing::TestWithParam<DetailCase> {};
TEST_P(DetailText, MasksWhatIsSecret) {
  const auto& [name, value, shown] = GetParam();
  EXPECT_EQ(detail_text(name, value, false), shown);
  EXPECT_EQ(detail_text(name, value, true), value);
}
INSTANTIATE_TEST_SUITE_P(
    Details, DetailText,
    testing::Values(DetailCase{"CK", "00112233445566778899aabbccddeeff", "(16 octets, hidden)"},
                    DetailCase{"res", "00112233", "(4 octets, hidden)"},
                    DetailCase{"hmac-sha-1-96 key", "0011 2233 4455 6677", "(8 octets, hidden)"},
                    DetailCase{"MSK", "00:11:22:33:44", "(5 octets, hidden)"},
                    DetailCase{"RES", "equals XRES", "equals XRES"}, DetailCase{"key set", "0", "0"},
                    DetailCase{"AUTS", "0102030405060708090a0b0c0d0e", "0102030405060708090a0b0c0d0e"},
                    DetailCase{"WWW-Authenticate", "Digest ik=\"0011\",ck=\"22\", tick=\"33\", ck=\"4",
                               "Digest ik=\"(hidden)\",ck=\"(hidden)\", tick=\"33\", ck=\"(hidden)"}));

TEST(Wrapped, BreaksAtSpacesAndLineFeeds) {
  EXPECT_THAT(wrapped("one two three", 9), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
  EXPECT_THAT(wrapped("a\n\nb", 4), ElementsAre("a", "", "b"));
  EXPECT_THAT(wrapped("", 4), ElementsAre(""));
  EXPECT_THAT(wrapped("\xc3\xa4\xc3\xb6\xc3\xbc", 2), ElementsAre("\xc3\xa4\xc3\xb6", "\xc3\xbc"));
}

}  // namespace
}  // namespace hss::lab
