// Multimedia-Auth: whom TS 29.228 6.3.1 serves by which scheme, and what becomes of the registration state. What is in
// the items is in multimedia_auth_items_test.
// SPDX-License-Identifier: MIT
#include "tests/hss/cx/multimedia_auth_world.h"

namespace hss::cx::test {
namespace {

struct Row {
  const char* clause;
  State given;
  const char* impi;
  const char* impu;
  const char* server;
  const char* scheme;
  Result expected;
  std::optional<State> after;  // absent: as it was; after a refusal nothing was written at all
  AuthScheme answered = AuthScheme::kDigestAkaV1Md5;
  UnknownScheme unknown = UnknownScheme::kOwn;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class MultimediaAuth : public testing::TestWithParam<Row> {};

TEST_P(MultimediaAuth, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  AuthWorld world;
  world.settings.cx.unknown_scheme = row.unknown;
  world.given(row.given);
  auto request = request_of(row.impi, row.impu, row.server);
  request.scheme = row.scheme;

  const auto answer = multimedia_auth(request, world.repository, world.context());

  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.items.size(), row.expected == result::kSuccess ? 1U : 0U);
  for (const AuthItem& item : answer.items) {
    EXPECT_EQ(name_of(item.scheme), name_of(row.answered));
    EXPECT_EQ(item.data.index(), static_cast<std::size_t>(row.answered)) << "the data are the scheme's";
    EXPECT_EQ(item.number, 1U);
  }
  if (row.after) {
    world.expect_state(*row.after);
  } else if (row.expected == result::kSuccess) {
    world.expect_state(row.given);
  } else {
    EXPECT_FALSE(world.wrote()) << "a refusal changes nothing";
  }
}

constexpr char kAka[] = "Digest-AKAv1-MD5";

constexpr char kDigest[] = "SIP Digest";
constexpr char kGiba[] = "Early-IMS-Security";
constexpr char kLine[] = "NASS-Bundled";
constexpr char kAny[] = "Unknown";
constexpr auto kAsDigest = AuthScheme::kSipDigest;
constexpr auto kAsGiba = AuthScheme::kEarlyImsSecurity;
constexpr auto kAsLine = AuthScheme::kNassBundled;
constexpr auto kAsAka = AuthScheme::kDigestAkaV1Md5;
constexpr auto kStrict = UnknownScheme::kStrict;

State pending_of(PrivateIdentityId identity) { return pending_at(kServer, kSet1, identity); }
State registered_as(PrivateIdentityId identity) { return {kServer, {pair(kSet1, identity, kReg)}}; }

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause6_3_1, MultimediaAuth,
    testing::Values(
        Row{"1: IMPI unknown", nothing(), "nobody@ims.example.org", kImpu, kScscf, kAka, result::kUserUnknown, {}},
        Row{"1: IMPU unknown", nothing(), kImpi, "sip:nobody@x", kScscf, kAka, result::kUserUnknown, {}},
        Row{"2: another subscription's IMPU", nothing(), kImpi, kOtherImpu, kScscf, kAka, result::kIdentitiesDontMatch,
            {}},
        Row{"2: not associated", nothing(), kImpi2, kWork, kScscf, kAka, result::kIdentitiesDontMatch, {}},
        Row{"1: a public service identity", nothing(), kImpi, kService, kScscf, kAka, result::kUserUnknown, {}},
        Row{"1: a PSI that is not active", nothing(), kImpi, kInactiveService, kScscf, kAka, result::kUserUnknown, {}},
        Row{"1: a wildcarded PSI", nothing(), kImpi, kChat, kScscf, kAka, result::kUserUnknown, {}},
        Row{"1: a wildcard by its expression", nothing(), kImpi, kWildUser, kScscf, kAka, result::kUserUnknown, {}},
        Row{"1: known by a wildcard only", nothing(), kImpi, kExtension, kScscf, kAka, result::kUserUnknown, {}},
        Row{"1: known as it stands, though a wildcard matches", nothing(), kImpi, kReception, kScscf, kAka,
            result::kSuccess, pending_at(kServer, kSet10)},
        Row{"3: unknown string", nothing(), kImpi, kImpu, kScscf, "Digest-AKAv3-MD5", result::kAuthSchemeNotSupported,
            {}},
        Row{"3: unknown string, whatever is there", nothing(), kManyImpi, kImpu, kScscf, "Basic",
            result::kAuthSchemeNotSupported, {}},
        Row{"3: longer than a name", nothing(), kImpi, kImpu, kScscf, "Digest-AKAv1-MD5 ",
            result::kAuthSchemeNotSupported, {}},
        Row{"3: Digest-MD5 is SIP Digest, not this identity's", nothing(), kImpi, kImpu, kScscf, "Digest-MD5",
            result::kAuthSchemeNotSupported, {}},
        Row{"3: empty string", nothing(), kImpi, kImpu, kScscf, "", result::kAuthSchemeNotSupported, {}},
        Row{"3: SIP Digest is not this identity's", nothing(), kImpi, kImpu, kScscf, "SIP Digest",
            result::kAuthSchemeNotSupported, {}},
        Row{"3: NASS-Bundled is not", nothing(), kImpi, kImpu, kScscf, "NASS-Bundled", result::kAuthSchemeNotSupported,
            {}},
        Row{"3: Early-IMS-Security is not", nothing(), kImpi, kImpu, kScscf, "Early-IMS-Security",
            result::kAuthSchemeNotSupported, {}},
        Row{"3: AKA without a key set", nothing(), kImpiWithoutKeys, kImpu, kScscf, kAka,
            result::kAuthSchemeNotSupported, {}},
        Row{"3: Unknown without a key set", nothing(), kImpiWithoutKeys, kImpu, kScscf, "Unknown",
            result::kAuthSchemeNotSupported, {}},
        Row{"3: exact", nothing(), kImpi, kImpu, kScscf, kAka, result::kSuccess, pending_at(kServer)},
        Row{"3: without case", nothing(), kImpi, kImpu, kScscf, "digest-akaV1-md5", result::kSuccess,
            pending_at(kServer)},
        Row{"3: unknown as Kamailio writes it", nothing(), kImpi, kImpu, kScscf, "unknown", result::kSuccess,
            pending_at(kServer)},
        Row{"5: NOT_REGISTERED, nothing stored", nothing(), kImpi, kImpu, kScscf, kAka, result::kSuccess,
            pending_at(kServer)},
        Row{"5: NOT_REGISTERED, by a barred member of the set", nothing(), kImpi, kBarred, kScscf, kAka,
            result::kSuccess, pending_at(kServer)},
        Row{"5: auth-pending, same S-CSCF: the time starts anew", pending(), kImpi, kImpu, kScscf, kAka,
            result::kSuccess, pending_at(kServer)},
        Row{"5: auth-pending, other S-CSCF: overwritten", pending(), kImpi, kImpu, kOtherScscf, kAka, result::kSuccess,
            pending_at(kOtherServer)},
        Row{"5: flag lapsed", lapsed(), kImpi, kImpu, kOtherScscf, kAka, result::kSuccess, pending_at(kOtherServer)},
        Row{"5: REGISTERED, same S-CSCF: no change", registered(), kImpi, kImpu, kScscf, kAka, result::kSuccess,
            registered()},
        Row{"5: REGISTERED, same S-CSCF written otherwise", registered(), kImpi, kImpu, "SIP:scscf.EXAMPLE.org:6060",
            kAka, result::kSuccess, registered()},
        Row{"5: REGISTERED, other S-CSCF", registered(), kImpi, kImpu, kOtherScscf, kAka, result::kSuccess,
            State{kOtherServer, {pair(kSet1, kId1, kReg, kUntil)}, kServer}},
        Row{"5: REGISTERED by another IMPI, same S-CSCF", both_registered(), kImpi2, kImpu, kScscf, kAka,
            result::kSuccess, both_registered()},
        Row{"5: UNREGISTERED, same S-CSCF", unregistered(), kImpi, kImpu, kScscf, kAka, result::kSuccess, State{kServer,
            {pair(kSet1, kId1, kUnreg, kUntil)}}},
        Row{"5: UNREGISTERED, other S-CSCF", unregistered(), kImpi, kImpu, kOtherScscf, kAka, result::kSuccess,
            State{kOtherServer, {pair(kSet1, kId1, kUnreg, kUntil)}, kServer}},
        Row{"5: another IMPU registered", other_set_registered(), kImpi, kImpu, kScscf, kAka, result::kSuccess,
            State{kServer, {pair(kSet2, kId1, kReg), pair(kSet1, kId1, kNot, kUntil)}}},
        Row{"5: another IMPU registered, other S-CSCF", other_set_registered(), kImpi, kImpu, kOtherScscf, kAka,
            result::kSuccess,
            State{kOtherServer, {pair(kSet2, kId1, kReg), pair(kSet1, kId1, kNot, kUntil)}, kServer}},
        Row{"5: another IMPU UNREGISTERED, same S-CSCF", other_set_unregistered(), kImpi, kImpu, kScscf, kAka,
            result::kSuccess, State{kServer, {pair(kSet2, kId1, kUnreg), pair(kSet1, kId1, kNot, kUntil)}}},
        Row{"5: challenged elsewhere, its own S-CSCF has it back", challenged_elsewhere(), kImpi, kImpu, kScscf, kAka,
            result::kSuccess, State{kServer, {pair(kSet1, kId1, kReg, kUntil), pair(kSet2, kId1, kReg)}}},
        Row{"5: challenged elsewhere, again there: the time starts anew", challenged_elsewhere(), kImpi, kImpu, kOtherScscf, kAka,
            result::kSuccess,
            State{kOtherServer, {pair(kSet1, kId1, kReg, kUntil), pair(kSet2, kId1, kReg)}, kServer}},
        Row{"5: reassignment pending, other S-CSCF: it has happened", to_be_reassigned(), kImpi, kImpu, kOtherScscf,
            kAka, result::kSuccess,
            State{kOtherServer, {pair(kSet1, kId1, kReg, kUntil), pair(kSet2, kId1, kReg)}, kServer}},
        Row{"5: reassignment pending, the same S-CSCF: no change", to_be_reassigned(), kImpi, kImpu, kScscf, kAka,
            result::kSuccess, to_be_reassigned()}));

constexpr auto kNo = result::kAuthSchemeNotSupported;
constexpr auto kYes = result::kSuccess;
const State kNone = nothing();

INSTANTIATE_TEST_SUITE_P(
    Clause6_3_1_Step3, MultimediaAuth,
    testing::Values(
        Row{"AKAv2-MD5: the same vector", nothing(), kImpi, kImpu, kScscf, "Digest-AKAv2-MD5", kYes, pending_of(kId1)},
        Row{"AKAv2-SHA-256: the same vector", nothing(), kImpi, kImpu, kScscf, "Digest-AKAv2-SHA-256", kYes,
            pending_of(kId1)},
        Row{"AKAv2 without case", nothing(), kImpi, kImpu, kScscf, "DIGEST-akav2-md5", kYes, pending_of(kId1)},
        Row{"AKAv2 is not for SIP Digest", nothing(), kDigestImpi, kImpu, kScscf, "Digest-AKAv2-MD5", kNo, {}},
        Row{"SIP Digest", nothing(), kDigestImpi, kImpu, kScscf, kDigest, kYes, pending_of(kDigestId), kAsDigest},
        Row{"SIP Digest without case", nothing(), kDigestImpi, kImpu, kScscf, "sip digest", kYes,
            pending_of(kDigestId), kAsDigest},
        Row{"SIP Digest as Digest-MD5", nothing(), kDigestImpi, kImpu, kScscf, "Digest-MD5", kYes,
            pending_of(kDigestId), kAsDigest},
        Row{"SIP Digest as Digest", nothing(), kDigestImpi, kImpu, kScscf, "Digest", kYes, pending_of(kDigestId),
            kAsDigest},
        Row{"SIP Digest as HTTP_DIGEST_MD5", nothing(), kDigestImpi, kImpu, kScscf, "HTTP_DIGEST_MD5", kYes,
            pending_of(kDigestId), kAsDigest},
        Row{"SIP Digest, unknown asked", nothing(), kDigestImpi, kImpu, kScscf, kAny, kYes, pending_of(kDigestId),
            kAsDigest},
        Row{"SIP Digest, unknown asked, strict", nothing(), kDigestImpi, kImpu, kScscf, kAny, kYes,
            pending_of(kDigestId), kAsDigest, kStrict},
        Row{"SIP Digest identity asked for AKA", nothing(), kDigestImpi, kImpu, kScscf, kAka, kNo, {}},
        Row{"SIP Digest identity asked for GIBA", nothing(), kDigestImpi, kImpu, kScscf, kGiba, kNo, {}},
        Row{"SIP Digest identity asked for NASS-Bundled", nothing(), kDigestImpi, kImpu, kScscf, kLine, kNo, {}},
        Row{"GIBA", nothing(), kGibaImpi, kImpu, kScscf, kGiba, kYes, kNone, kAsGiba},
        Row{"GIBA, unknown asked", nothing(), kGibaImpi, kImpu, kScscf, kAny, kYes, kNone, kAsGiba},
        Row{"GIBA, unknown asked, strict", nothing(), kGibaImpi, kImpu, kScscf, "unknown", kYes, kNone, kAsGiba,
            kStrict},
        Row{"GIBA identity asked for AKA", nothing(), kGibaImpi, kImpu, kScscf, kAka, kNo, {}},
        Row{"GIBA identity asked for SIP Digest", nothing(), kGibaImpi, kImpu, kScscf, kDigest, kNo, {}},
        Row{"GIBA without an address", nothing(), kBareImpi, kImpu, kScscf, kGiba, kNo, {}},
        Row{"GIBA without an address, unknown asked", nothing(), kBareImpi, kImpu, kScscf, kAny, kNo, {}},
        Row{"GIBA without an address, unknown asked, strict", nothing(), kBareImpi, kImpu, kScscf, kAny, kNo, {},
            kAsAka, kStrict},
        Row{"NASS-Bundled", nothing(), kLineImpi, kImpu, kScscf, kLine, kYes, kNone, kAsLine},
        Row{"NASS-Bundled, unknown asked", nothing(), kLineImpi, kImpu, kScscf, kAny, kYes, kNone, kAsLine},
        Row{"NASS-Bundled, unknown asked, strict", nothing(), kLineImpi, kImpu, kScscf, kAny, kYes, kNone, kAsLine,
            kStrict},
        Row{"NASS-Bundled identity asked for AKA", nothing(), kLineImpi, kImpu, kScscf, kAka, kNo, {}},
        Row{"AKA, unknown asked, strict", nothing(), kImpi, kImpu, kScscf, kAny, kNo, {}, kAsAka, kStrict},
        Row{"AKA by its name, strict", nothing(), kImpi, kImpu, kScscf, kAka, kYes, pending_of(kId1), kAsAka, kStrict},
        Row{"all schemes: AKA", nothing(), kManyImpi, kImpu, kScscf, kAka, kYes, pending_of(kManyId)},
        Row{"all schemes: SIP Digest", nothing(), kManyImpi, kImpu, kScscf, kDigest, kYes, pending_of(kManyId),
            kAsDigest},
        Row{"all schemes: GIBA", nothing(), kManyImpi, kImpu, kScscf, kGiba, kYes, kNone, kAsGiba},
        Row{"all schemes: NASS-Bundled", nothing(), kManyImpi, kImpu, kScscf, kLine, kYes, kNone, kAsLine},
        Row{"all schemes: unknown is its own", nothing(), kManyImpi, kImpu, kScscf, kAny, kYes, pending_of(kManyId)},
        Row{"all schemes: unknown, strict", nothing(), kManyImpi, kImpu, kScscf, kAny, kNo, {}, kAsAka, kStrict},
        Row{"AKA beside its own SIP Digest: unknown", nothing(), kDigestOwnImpi, kImpu, kScscf, kAny, kYes,
            pending_of(kDigestOwnId), kAsDigest},
        Row{"AKA beside its own SIP Digest: AKA", nothing(), kDigestOwnImpi, kImpu, kScscf, kAka, kYes,
            pending_of(kDigestOwnId)},
        Row{"TUAK", nothing(), kTuakImpi, kImpu, kScscf, kAka, kYes, pending_of(kTuakId)},
        Row{"XOR on a test card", nothing(), kXorTestImpi, kImpu, kScscf, kAka, kYes, pending_of(kXorTestId)},
        Row{"XOR on another card", nothing(), kXorImpi, kImpu, kScscf, kAka, result::kUnableToComply, {}},
        Row{"XOR on another card, unknown asked", nothing(), kXorImpi, kImpu, kScscf, kAny, result::kUnableToComply,
            {}}));

INSTANTIATE_TEST_SUITE_P(
    Clause6_3_1_Step5_OtherSchemes, MultimediaAuth,
    testing::Values(
        Row{"SIP Digest: REGISTERED, same S-CSCF", registered_as(kDigestId), kDigestImpi, kImpu, kScscf, kDigest, kYes,
            registered_as(kDigestId), kAsDigest},
        Row{"SIP Digest: REGISTERED, other S-CSCF", registered_as(kDigestId), kDigestImpi, kImpu, kOtherScscf, kDigest,
            kYes, State{kOtherServer, {pair(kSet1, kDigestId, kReg, kUntil)}, kServer}, kAsDigest},
        Row{"SIP Digest: UNREGISTERED, same S-CSCF", unregistered(), kDigestImpi, kImpu, kScscf, kDigest, kYes,
            State{kServer, {pair(kSet1, kId1, kUnreg), pair(kSet1, kDigestId, kNot, kUntil)}}, kAsDigest},
        Row{"SIP Digest: auth-pending, other S-CSCF", pending_of(kDigestId), kDigestImpi, kImpu, kOtherScscf, kDigest,
            kYes, pending_at(kOtherServer, kSet1, kDigestId), kAsDigest},
        Row{"GIBA: REGISTERED, same S-CSCF", registered_as(kGibaId), kGibaImpi, kImpu, kScscf, kGiba, kYes,
            registered_as(kGibaId), kAsGiba},
        Row{"GIBA: REGISTERED, other S-CSCF: stored, not pending", registered_as(kGibaId), kGibaImpi, kImpu,
            kOtherScscf, kGiba, kYes, State{kOtherServer, {pair(kSet1, kGibaId, kReg)}, kServer}, kAsGiba},
        Row{"GIBA: UNREGISTERED, other S-CSCF: stored, not pending", unregistered(), kGibaImpi, kImpu, kOtherScscf,
            kGiba, kYes, State{kOtherServer, {pair(kSet1, kId1, kUnreg)}, kServer}, kAsGiba},
        Row{"GIBA: another IMPU registered, other S-CSCF: stored, not pending", other_set_registered(), kGibaImpi,
            kImpu, kOtherScscf, kGiba, kYes, State{kOtherServer, {pair(kSet2, kId1, kReg)}, kServer}, kAsGiba},
        Row{"NASS-Bundled: REGISTERED, same S-CSCF", registered_as(kLineId), kLineImpi, kImpu, kScscf, kLine, kYes,
            registered_as(kLineId), kAsLine},
        Row{"NASS-Bundled: REGISTERED, other S-CSCF: stored, not pending", registered_as(kLineId), kLineImpi, kImpu,
            kOtherScscf, kLine, kYes, State{kOtherServer, {pair(kSet1, kLineId, kReg)}, kServer}, kAsLine},
        Row{"NASS-Bundled: auth-pending of another, other S-CSCF", pending(), kLineImpi, kImpu, kOtherScscf, kLine,
            kYes, State{kOtherServer, {pair(kSet1, kId1, kNot, kNow + 10)}}, kAsLine}));
// clang-format on

}  // namespace
}  // namespace hss::cx::test
