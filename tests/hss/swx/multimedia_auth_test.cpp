// Multimedia-Auth on SWx: whom TS 29.273 8.1.2.1 serves, and what becomes of the state. What is in the items is in
// multimedia_auth_vectors_test.
// SPDX-License-Identifier: MIT
#include "hss/sqn.h"
#include "tests/hss/swx/multimedia_auth_world.h"

namespace hss::swx::test {
namespace {

struct Row {
  const char* clause;
  User user;
  Non3gppRegistration given;
  void (*change)(MultimediaAuthRequest& request, Settings& settings);  // null: the plain request
  Result expected = result::kSuccess;
  std::optional<Non3gppRegistration> after{};  // absent: as it was; after a refusal nothing was written at all
  std::optional<RequestField> failed{};
  EapScheme answered = EapScheme::kEapAka;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class SwxMultimediaAuth : public testing::TestWithParam<Row> {};

TEST_P(SwxMultimediaAuth, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  World world;
  world.given(row.user, row.given);
  auto request = request_of(row.user);
  if (row.change != nullptr) row.change(request, world.settings);

  const auto answer = multimedia_auth(request, world.repository, world.context());

  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.verdict.failed, row.failed);
  const bool success = row.expected == result::kSuccess;
  ASSERT_EQ(answer.items.size(), success ? 1U : 0U);
  for (const AuthItem& item : answer.items) EXPECT_EQ(name_of(item.scheme), name_of(row.answered));
  const bool elsewhere =
      row.expected == result::kIdentityAlreadyRegistered || row.expected == result::kRedirectIndication;
  EXPECT_EQ(answer.aaa_server, elsewhere ? std::optional(row.given.server->host) : std::nullopt);
  if (!success) {
    EXPECT_FALSE(world.wrote()) << "a refusal changes nothing";
    EXPECT_FALSE(answer.verdict.remark.empty()) << "the log says why";
  }
  EXPECT_EQ(world.after(row.user), row.after.value_or(row.given));
  world.expect_cx_untouched();
}

using Request = MultimediaAuthRequest;
constexpr auto kUnknown = result::kUserUnknown;
constexpr auto kNone = result::kUserNoNon3gppSubscription;
constexpr auto kNoRat = result::kRatTypeNotAllowed;
constexpr auto kNoRoaming = result::kRoamingNotAllowed;
constexpr auto kElsewhere = result::kIdentityAlreadyRegistered;
constexpr auto kNoScheme = result::kAuthSchemeNotSupported;
constexpr auto kYes = result::kSuccess;
const auto kExpected = pending(kAaa, kUntil);  // what a MAR of kAaa makes of nobody
const AaaServer kUpperCase{"AAA.Example.ORG", "example.org"};

// clang-format off
const Row kUserRows[] = {
    {"1: the IMSI alone", kPlain, nobody(), nullptr, kYes, kExpected},
    {"1: an IMSI that nobody has", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = kUnknownImsi; }, kUnknown},
    {"1: nothing", kPlain, nobody(), [](Request& r, Settings&) { r.user_name.clear(); }, kUnknown},
    {"1: a name", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = "alice"; }, kUnknown},
    {"1: an NAI without digit", kPlain, nobody(),
        [](Request& r, Settings&) { r.user_name += "@nai.epc.mnc001.mcc001.3gppnetwork.org"; }, kYes, kExpected},
    {"1: a private identity of Cx", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = kImpi; }, kYes, kExpected},
    {"1: an NAI of EAP-AKA", kPlain, nobody(),
        [](Request& r, Settings&) { r.user_name = "0" + r.user_name + "@nai.epc.mnc001.mcc001.3gppnetwork.org"; }, kYes, kExpected},
    {"1: an NAI of EAP-AKA'", kPlain, nobody(),
        [](Request& r, Settings&) { r.user_name = "6" + r.user_name + "@nai.epc.mnc001.mcc001.3gppnetwork.org"; }, kYes, kExpected},
    {"1: an NAI of a user who is not there", kPlain, nobody(),
        [](Request& r, Settings&) { r.user_name = std::string("0") + kUnknownImsi + "@realm"; }, kUnknown},
    {"1: an NAI of EAP-SIM", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = "1" + r.user_name + "@realm"; }, kUnknown},
    {"1: a pseudonym of EAP-AKA", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = "2" + r.user_name + "@realm"; }, kUnknown},
    {"1: a re-authentication of EAP-AKA", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = "4" + r.user_name + "@realm"; }, kUnknown},
    {"1: a pseudonym of EAP-AKA'", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = "7" + r.user_name + "@realm"; }, kUnknown},
    {"1: a re-authentication of EAP-AKA'", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = "8" + r.user_name + "@realm"; }, kUnknown},
    {"1: a pseudonym of letters", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = "7f3aXk29@realm"; }, kUnknown},
    {"1: 16 digits without '@'", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = "0" + r.user_name; }, kUnknown},
    {"1: nothing is taken from the realm", kPlain, nobody(), [](Request& r, Settings&) { r.user_name = "0@" + r.user_name; }, kUnknown},
    {"1: registered, and an IMSI that nobody has", kPlain, registered(),
        [](Request& r, Settings&) { r.user_name = kUnknownImsi; }, kUnknown},
};

const Row kAccessRows[] = {
    {"2: no subscription to non-3GPP access", kNo3gpp, nobody(), nullptr, kNone},
    {"2: access barred", kBarred, nobody(), nullptr, kNone},
    {"2: barred, before the RAT type", kBarred, nobody(), [](Request& r, Settings&) { r.rat_type = kHrpd; }, kNone},
    {"2: barred, before the AAA server", kBarred, registered(kOtherAaa), nullptr, kNone},
    {"2: barred, before the scheme", kBarred, nobody(), [](Request& r, Settings&) { r.scheme = "EAP-SIM"; }, kNone},
    {"2: an emergency without subscription", kNo3gpp, nobody(), [](Request& r, Settings&) { r.emergency = true; }, kYes, kExpected},
    {"2: an emergency, barred", kBarred, nobody(), [](Request& r, Settings&) { r.emergency = true; }, kYes, kExpected},
    {"3: HRPD is not allowed", kRestricted, nobody(), [](Request& r, Settings&) { r.rat_type = kHrpd; }, kNoRat},
    {"3: nor is EHRPD", kRestricted, nobody(), [](Request& r, Settings&) { r.rat_type = kEhrpd; }, kNoRat},
    {"3: WLAN is", kRestricted, nobody(), [](Request& r, Settings&) { r.rat_type = kWlan; }, kYes, kExpected},
    {"3: one without a name is", kRestricted, nobody(), [](Request& r, Settings&) { r.rat_type = 4711; }, kYes, kExpected},
    {"3: no RAT-Type", kRestricted, nobody(), nullptr, kYes, kExpected},
    {"3: a list of another user", kPlain, nobody(), [](Request& r, Settings&) { r.rat_type = kHrpd; }, kYes, kExpected},
    {"3: before roaming", kRestricted, nobody(),
        [](Request& r, Settings&) { r.rat_type = kHrpd; r.visited_network = kForeign; }, kNoRat},
    {"3: before the AAA server", kRestricted, registered(kOtherAaa), [](Request& r, Settings&) { r.rat_type = kHrpd; }, kNoRat},
    {"3: an emergency over HRPD", kRestricted, nobody(),
        [](Request& r, Settings&) { r.rat_type = kHrpd; r.emergency = true; }, kYes, kExpected},
    {"3: over a trusted network", kPlain, nobody(), [](Request& r, Settings&) { r.trusted = true; }, kYes, kExpected},
    {"3: over an untrusted network", kPlain, nobody(), [](Request& r, Settings&) { r.trusted = false; }, kYes, kExpected},
    {"4: a network that is not in the list", kRestricted, nobody(), [](Request& r, Settings&) { r.visited_network = kForeign; }, kNoRoaming},
    {"4: an empty name", kRestricted, nobody(), [](Request& r, Settings&) { r.visited_network = ""; }, kNoRoaming},
    {"4: the first of the list", kRestricted, nobody(), [](Request& r, Settings&) { r.visited_network = kHome; }, kYes, kExpected},
    {"4: the second of the list", kRestricted, nobody(), [](Request& r, Settings&) { r.visited_network = kPartner; }, kYes, kExpected},
    {"4: quoted, in capitals", kRestricted, nobody(),
        [](Request& r, Settings&) { r.visited_network = "\"MNC002.MCC001.3gppnetwork.org\""; }, kYes, kExpected},
    {"4: no list, everywhere", kPlain, nobody(), [](Request& r, Settings&) { r.visited_network = kForeign; }, kYes, kExpected},
    {"4: before the AAA server", kRestricted, registered(kOtherAaa), [](Request& r, Settings&) { r.visited_network = kForeign; }, kNoRoaming},
    {"4: an emergency abroad", kRestricted, nobody(),
        [](Request& r, Settings&) { r.visited_network = kForeign; r.emergency = true; }, kYes, kExpected},
};

const Row kServerRows[] = {
    {"5: nobody", kPlain, nobody(), nullptr, kYes, kExpected},
    {"5: pending here: the time starts anew", kPlain, pending(), nullptr, kYes, kExpected},
    {"5: pending here, another case", kPlain, pending(kUpperCase), nullptr, kYes, kExpected},
    {"5: the setting's time", kPlain, nobody(), [](Request&, Settings& s) { s.swx.auth_pending_seconds = 7; }, kYes, pending(kAaa, kNow + 7)},
    {"5: pending elsewhere", kPlain, pending(kOtherAaa), nullptr, kElsewhere},
    {"5: pending elsewhere, redirected", kPlain, pending(kOtherAaa),
        [](Request&, Settings& s) { s.swx.other_aaa_server = OtherAaaServer::kRedirect; }, result::kRedirectIndication},
    {"5: pending elsewhere, one second before it lapses", kPlain, pending(kOtherAaa, kNow + 1), nullptr, kElsewhere},
    {"5: lapsed elsewhere", kPlain, lapsed(kOtherAaa), nullptr, kYes, kExpected},
    {"5: lapsed long ago", kPlain, pending(kOtherAaa, 1), nullptr, kYes, kExpected},
    {"5: lapsed here", kPlain, lapsed(), nullptr, kYes, kExpected},
    {"5: registered here: nothing changes", kPlain, registered(), nullptr, kYes},
    {"5: connected here: nothing changes", kPlain, connected(), nullptr, kYes},
    {"5: registered here, another case: nothing is lost", kPlain, connected(kUpperCase), nullptr, kYes, connected()},
    {"5: registered elsewhere", kPlain, registered(kOtherAaa), nullptr, kElsewhere},
    {"5: connected elsewhere", kPlain, connected(kOtherAaa), nullptr, kElsewhere},
    {"5: registered elsewhere, redirected", kPlain, registered(kOtherAaa),
        [](Request&, Settings& s) { s.swx.other_aaa_server = OtherAaaServer::kRedirect; }, result::kRedirectIndication},
    {"5: an emergency takes nobody away", kPlain, registered(kOtherAaa), [](Request& r, Settings&) { r.emergency = true; }, kElsewhere},
    {"5: elsewhere, before the scheme", kPlain, registered(kOtherAaa), [](Request& r, Settings&) { r.scheme = "EAP-SIM"; }, kElsewhere},
    {"5: elsewhere, a resynchronisation", kPlain, pending(kOtherAaa),
        [](Request& r, Settings&) { r.sip_authorization = Bytes(30, 0x5A); }, kElsewhere},
    {"5: failure, nobody", kPlain, nobody(), [](Request& r, Settings&) { r.aaa_failure = true; }, kYes, kExpected},
    {"5: failure, pending here", kPlain, pending(), [](Request& r, Settings&) { r.aaa_failure = true; }, kYes, kExpected},
    {"5: failure, connected here", kPlain, connected(), [](Request& r, Settings&) { r.aaa_failure = true; }, kYes},
    {"5: failure, pending elsewhere", kPlain, pending(kOtherAaa), [](Request& r, Settings&) { r.aaa_failure = true; }, kYes, kExpected},
    {"5: failure, registered elsewhere", kPlain, registered(kOtherAaa), [](Request& r, Settings&) { r.aaa_failure = true; }, kYes, kExpected},
    {"5: failure, connected elsewhere", kPlain, connected(kOtherAaa), [](Request& r, Settings&) { r.aaa_failure = true; }, kYes, kExpected},
    {"5: failure, where others are redirected", kPlain, registered(kOtherAaa),
        [](Request& r, Settings& s) { r.aaa_failure = true; s.swx.other_aaa_server = OtherAaaServer::kRedirect; }, kYes, kExpected},
};

const Row kSchemeRows[] = {
    {"6: EAP-AKA without case", kPlain, nobody(), [](Request& r, Settings&) { r.scheme = "eap-aka"; }, kYes, kExpected},
    {"6: EAP-AKA'", kPlain, nobody(), [](Request& r, Settings&) { r.scheme = "EAP-AKA'"; r.anid = "WLAN"; }, kYes, kExpected, {}, EapScheme::kEapAkaPrime},
    {"6: EAP-AKA' without case", kPlain, nobody(), [](Request& r, Settings&) { r.scheme = "Eap-Aka'"; r.anid = "HRPD"; }, kYes, kExpected, {}, EapScheme::kEapAkaPrime},
    {"6: EAP-AKA' with a typographic apostrophe", kPlain, nobody(),
        [](Request& r, Settings&) { r.scheme = "EAP-AKA\xE2\x80\x99"; r.anid = "WLAN"; }, kNoScheme},
    {"6: EAP-SIM", kPlain, nobody(), [](Request& r, Settings&) { r.scheme = "EAP-SIM"; }, kNoScheme},
    {"6: none", kPlain, nobody(), [](Request& r, Settings&) { r.scheme.clear(); }, kNoScheme},
    {"6: longer than a name", kPlain, nobody(), [](Request& r, Settings&) { r.scheme = "EAP-AKA "; }, kNoScheme},
    {"6: Unknown is of Cx", kPlain, nobody(), [](Request& r, Settings&) { r.scheme = "Unknown"; }, kNoScheme},
    {"6: Digest-AKAv1-MD5 is of Cx", kPlain, nobody(), [](Request& r, Settings&) { r.scheme = "Digest-AKAv1-MD5"; }, kNoScheme},
    {"6: Digest-AKAv1-MD5 by setting", kPlain, nobody(),
        [](Request& r, Settings& s) { r.scheme = "Digest-AKAv1-MD5"; s.swx.accept_digest_scheme = true; }, kYes, kExpected},
    {"6: SIP Digest, whatever the setting", kPlain, nobody(),
        [](Request& r, Settings& s) { r.scheme = "SIP Digest"; s.swx.accept_digest_scheme = true; }, kNoScheme},
    {"6: no key set", kKeyless, nobody(), nullptr, kNoScheme},
    {"6: no key set, before ANID", kKeyless, nobody(), [](Request& r, Settings&) { r.scheme = "EAP-AKA'"; }, kNoScheme},
    {"6: XOR on a card that is no test card", kXor, nobody(), nullptr, result::kUnableToComply},
    {"6: XOR on a test card", kXorTest, nobody(), nullptr, kYes, kExpected},
    {"6: TUAK", kTuak, nobody(), nullptr, kYes, kExpected},
    {"6: EAP-AKA' without ANID", kPlain, nobody(), [](Request& r, Settings&) { r.scheme = "EAP-AKA'"; }, result::kMissingAvp, {}, RequestField::kAnid},
    {"6: EAP-AKA' with an empty ANID", kPlain, nobody(),
        [](Request& r, Settings&) { r.scheme = "EAP-AKA'"; r.anid = ""; }, result::kInvalidAvpValue, {}, RequestField::kAnid},
    {"6: EAP-AKA' with an ANID that cannot be counted", kPlain, nobody(),
        [](Request& r, Settings&) { r.scheme = "EAP-AKA'"; r.anid = std::string(65536, 'W'); }, result::kInvalidAvpValue, {}, RequestField::kAnid},
    {"6: EAP-AKA' with the longest ANID", kPlain, nobody(),
        [](Request& r, Settings&) { r.scheme = "EAP-AKA'"; r.anid = std::string(65535, 'W'); }, kYes, kExpected, {}, EapScheme::kEapAkaPrime},
    {"6: EAP-AKA does not look at ANID", kPlain, nobody(), [](Request& r, Settings&) { r.anid = ""; }, kYes, kExpected},
    {"6: failure and no scheme: the old one keeps the user", kPlain, connected(kOtherAaa),
        [](Request& r, Settings&) { r.aaa_failure = true; r.scheme = "EAP-SIM"; }, kNoScheme},
    {"6: failure and no ANID: the old one keeps the user", kPlain, connected(kOtherAaa),
        [](Request& r, Settings&) { r.aaa_failure = true; r.scheme = "EAP-AKA'"; }, result::kMissingAvp, {}, RequestField::kAnid},
    {"7: a resynchronisation of nothing", kPlain, pending(), [](Request& r, Settings&) { r.sip_authorization = Bytes{}; },
        result::kInvalidAvpValue, {}, RequestField::kSipAuthorization},
    {"7: of 29 octets", kPlain, pending(), [](Request& r, Settings&) { r.sip_authorization = Bytes(29, 0x5A); },
        result::kInvalidAvpValue, {}, RequestField::kSipAuthorization},
    {"7: of 31 octets", kPlain, pending(), [](Request& r, Settings&) { r.sip_authorization = Bytes(31, 0x5A); },
        result::kInvalidAvpValue, {}, RequestField::kSipAuthorization},
    {"7: a wrong MAC-S", kPlain, pending(), [](Request& r, Settings&) { r.sip_authorization = Bytes(30, 0x5A); }, result::kUnableToComply},
    {"7: a wrong MAC-S and failure: the old one keeps the user", kPlain, connected(kOtherAaa),
        [](Request& r, Settings&) { r.aaa_failure = true; r.sip_authorization = Bytes(30, 0x5A); }, result::kUnableToComply},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Clause8_1_2_1_Step1, SwxMultimediaAuth, testing::ValuesIn(kUserRows));
INSTANTIATE_TEST_SUITE_P(Clause8_1_2_1_Steps2To4, SwxMultimediaAuth, testing::ValuesIn(kAccessRows));
INSTANTIATE_TEST_SUITE_P(Clause8_1_2_1_Step5, SwxMultimediaAuth, testing::ValuesIn(kServerRows));
INSTANTIATE_TEST_SUITE_P(Clause8_1_2_1_Steps6And7, SwxMultimediaAuth, testing::ValuesIn(kSchemeRows));

// ---- Step 8, and what a row cannot say ------------------------------------------------------------------------------

TEST(SwxMultimediaAuthTest, WithoutAVectorTheOldServerKeepsTheUser) {
  World world;
  world.given(kPlain, connected(kOtherAaa));
  world.repository.add(key_set_of(kPlain), {.seq = max_seq(5) - 1, .issued = {}});
  world.start();
  auto request = request_of(kPlain);
  request.aaa_failure = true;
  const auto answer = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kUnableToComply);
  EXPECT_TRUE(answer.items.empty());
  EXPECT_FALSE(world.wrote());
}

TEST(SwxMultimediaAuthTest, WithoutAnApnThereIsNoNon3gppAccess) {
  World world;
  auto non_3gpp = plain_non_3gpp();
  non_3gpp.apns.clear();
  world.repository.add(kPlain, non_3gpp);
  world.start();
  const auto answer = multimedia_auth(request_of(kPlain), world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, kNone);
  EXPECT_FALSE(world.wrote());
}

TEST(SwxMultimediaAuthTest, DisabledApnsAreTheAaaServersToLookAt) {
  World world;
  auto non_3gpp = plain_non_3gpp();
  non_3gpp.apns_enabled = false;
  world.repository.add(kPlain, non_3gpp);
  EXPECT_EQ(multimedia_auth(request_of(kPlain), world.repository, world.context()).verdict.result, kYes);
}

TEST(SwxMultimediaAuthTest, AKeySetThatIsGoneIsAFault) {
  World world;
  world.subscription(kPlain).usim = 4711;
  EXPECT_THROW(multimedia_auth(request_of(kPlain), world.repository, world.context()), StoreFault);
}

TEST(SwxMultimediaAuthTest, FailureOfTheServerThatHadTheUserRegisteredIsToldToIt) {
  for (const auto& given : {registered(kOtherAaa), connected(kOtherAaa)}) {
    World world;
    world.given(kPlain, given);
    auto request = request_of(kPlain);
    request.aaa_failure = true;
    const auto answer = multimedia_auth(request, world.repository, world.context());
    EXPECT_EQ(answer.verdict.remark, "AAA-Failure-Indication: aaa2.example.org is replaced");
    const auto pushes = world.repository.pushes();
    ASSERT_EQ(pushes.size(), 1U);
    EXPECT_EQ(pushes[0].application, Application::kSwx);
    EXPECT_EQ(pushes[0].kind, PushKind::kRegistrationTermination);
    EXPECT_EQ(pushes[0].reason, DeregistrationReason::kNewServerAssigned);
    EXPECT_EQ(pushes[0].server, (AssignedServer{"", kOtherAaa.host, kOtherAaa.realm}));
    EXPECT_EQ(pushes[0].private_identity, imsi_of(kPlain)) << "the bare IMSI";
    EXPECT_EQ(pushes[0].subscription, 0) << "its answer moves no state";
  }
}

TEST(SwxMultimediaAuthTest, NobodyElseIsTold) {
  for (const auto& given : {nobody(), pending(), registered(), pending(kOtherAaa), lapsed(kOtherAaa)}) {
    World world;
    world.given(kPlain, given);
    auto request = request_of(kPlain);
    request.aaa_failure = true;
    EXPECT_EQ(multimedia_auth(request, world.repository, world.context()).verdict.result, result::kSuccess);
    EXPECT_TRUE(world.repository.pushes().empty()) << testing::PrintToString(given);
  }
}

TEST(SwxMultimediaAuthTest, TheServerThatAnEmergencyReplacedIsToldToo) {
  World world;
  world.given(kNo3gpp, registered(kOtherAaa));
  auto request = request_of(kNo3gpp);
  request.aaa_failure = request.emergency = true;
  EXPECT_EQ(multimedia_auth(request, world.repository, world.context()).verdict.result, result::kSuccess);
  EXPECT_EQ(world.repository.pushes().size(), 1U);
}

TEST(SwxMultimediaAuthTest, TellsOfItsSteps) {
  World world;
  Steps steps;
  auto request = prime_request_of(kRestricted);
  request.rat_type = kWlan;
  request.trusted = false;
  request.visited_network = kPartner;
  multimedia_auth(request, world.repository, world.context(&steps));
  EXPECT_THAT(steps.lines,
              testing::ElementsAre("step 1: the user is IMSI 001010000000004", "step 2: non-3GPP access is allowed",
                                   "step 3: RAT-Type WLAN is allowed, it is untrusted",
                                   "step 4: it may roam in the visited network",
                                   "step 5: no 3GPP AAA server has the user: the one that asks is stored, "
                                   "authentication is pending",
                                   "step 6: the scheme is EAP-AKA', its keys are bound to ANID",
                                   "step 7: no resynchronisation", "step 8: items in the answer: 1"));
}

TEST(SwxMultimediaAuthTest, TellsOfTheStepThatRefuses) {
  struct Refused {
    User user;
    Non3gppRegistration given;
    void (*change)(MultimediaAuthRequest& request);
    const char* last;
  };
  const Refused rows[] = {
      {kPlain, nobody(), [](Request& r) { r.user_name = kUnknownImsi; },
       "step 1: no subscription has IMSI 001010000000099"},
      {kNo3gpp, nobody(), nullptr, "step 2: it has no subscription to non-3GPP access"},
      {kBarred, nobody(), nullptr, "step 2: non-3GPP access is barred"},
      {kRestricted, nobody(), [](Request& r) { r.rat_type = kHrpd; }, "step 3: RAT-Type HRPD is not allowed"},
      {kRestricted, nobody(), [](Request& r) { r.visited_network = kForeign; },
       "step 4: the visited network is not in the subscription's list"},
      {kPlain, registered(kOtherAaa), nullptr, "step 5: registered with aaa2.example.org"},
      {kPlain, pending(kOtherAaa), nullptr, "step 5: authentication is pending with aaa2.example.org"},
      {kKeyless, nobody(), nullptr, "step 6: the subscription has no AKA key set"},
      {kPlain, nobody(), [](Request& r) { r.sip_authorization = Bytes(30, 0x5A); },
       "step 7: resynchronisation refused: MAC-S is wrong (K, OPc or the RAND differ); SEQ is untouched"},
  };
  for (const Refused& row : rows) {
    World world;
    world.given(row.user, row.given);
    Steps steps;
    auto request = request_of(row.user);
    if (row.change != nullptr) row.change(request);
    const auto answer = multimedia_auth(request, world.repository, world.context(&steps));
    ASSERT_FALSE(steps.lines.empty());
    EXPECT_EQ(steps.lines.back(), row.last);
    EXPECT_EQ(steps.lines.back().substr(8), answer.verdict.remark) << "the log says what explain says";
  }
}

}  // namespace
}  // namespace hss::swx::test
