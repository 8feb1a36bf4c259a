// Multimedia-Auth: every step of TS 29.228 6.3.1, resynchronisation included.
// SPDX-License-Identifier: MIT
#include "hss/cx/multimedia_auth.h"

#include "hss/milenage.h"
#include "hss/sqn.h"
#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

MultimediaAuthRequest request_of(const char* impi = kImpi, const char* impu = kImpu, const char* server = kScscf) {
  MultimediaAuthRequest request;
  request.origin = {"scscf.example.org", "example.org"};
  request.user_name = impi;
  request.public_identity = impu;
  request.server_name = server;
  request.scheme = "Digest-AKAv1-MD5";
  return request;
}

/// SQN of a vector, read as the USIM reads it.
Sqn sqn_in(const AkaVector& vector, KeySetId keys = kKeys1) {
  const KeySet key_set = test_key_set(keys);
  const auto response = milenage::f2345(key_set.k, key_set.opc, vector.rand);
  Octets<6> sqn{};
  for (std::size_t i = 0; i < sqn.size(); ++i) {
    sqn[i] = static_cast<std::uint8_t>(vector.autn[i] ^ response.ak.reveal()[i]);
  }
  return decode_sqn(sqn);
}

/// RAND || AUTS of a USIM that stands at `sqn_ms`.
Bytes resynchronisation(const Octets<16>& rand, Sqn sqn_ms, KeySetId keys = kKeys1) {
  const KeySet key_set = test_key_set(keys);
  const auto ak = milenage::f5_star(key_set.k, key_set.opc, rand);
  const auto sqn = encode_sqn(sqn_ms);
  const auto macs = milenage::f1(key_set.k, key_set.opc, rand, sqn, {0, 0});
  Bytes token(rand.begin(), rand.end());
  for (std::size_t i = 0; i < sqn.size(); ++i) {
    token.push_back(static_cast<std::uint8_t>(sqn[i] ^ ak.reveal()[i]));
  }
  token.insert(token.end(), macs.mac_s.begin(), macs.mac_s.end());
  return token;
}

struct Row {
  const char* clause;
  State given;
  const char* impi;
  const char* impu;
  const char* server;
  const char* scheme;
  Result expected;
  std::optional<State> after;  // absent: as it was, and nothing written at all
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class MultimediaAuth : public testing::TestWithParam<Row> {};

TEST_P(MultimediaAuth, AnswersAsTheClauseSays) {
  const Row& row = GetParam();
  World world;
  world.given(row.given);
  auto request = request_of(row.impi, row.impu, row.server);
  request.scheme = row.scheme;
  request.origin = std::string(row.server) == kOtherScscf ? DiameterNode{"other.example.org", "example.org"}
                                                          : DiameterNode{"scscf.example.org", "example.org"};

  const auto answer = multimedia_auth(request, world.repository, world.context());

  EXPECT_EQ(answer.verdict.result, row.expected) << name_of(answer.verdict.result);
  EXPECT_EQ(answer.items.size(), row.expected == result::kSuccess ? 1U : 0U);
  if (row.after) {
    world.expect_state(*row.after);
  } else if (row.expected == result::kSuccess) {
    world.expect_state(row.given);
  } else {
    EXPECT_FALSE(world.wrote()) << "a refusal changes nothing";
  }
}

constexpr UnixTime kUntil = kNow + 300;
constexpr char kAka[] = "Digest-AKAv1-MD5";

State pending_at(const AssignedServer& server, ImplicitSetId set = kSet1) {
  return {server, {pair(set, kId1, kNot, kUntil)}};
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause6_3_1, MultimediaAuth,
    testing::Values(
        Row{"1: IMPI unknown", nothing(), "nobody@ims.example.org", kImpu, kScscf, kAka, result::kUserUnknown, {}},
        Row{"1: IMPU unknown", nothing(), kImpi, "sip:nobody@x", kScscf, kAka, result::kUserUnknown, {}},
        Row{"2: another subscription's IMPU", nothing(), kImpi, kOtherImpu, kScscf, kAka, result::kIdentitiesDontMatch,
            {}},
        Row{"2: not associated", nothing(), kImpi2, kWork, kScscf, kAka, result::kIdentitiesDontMatch, {}},
        Row{"3: unknown string", nothing(), kImpi, kImpu, kScscf, "Digest-MD5", result::kAuthSchemeNotSupported, {}},
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
            State{kOtherServer, {pair(kSet1, kId1, kReg, kUntil)}}},
        Row{"5: REGISTERED by another IMPI, same S-CSCF", both_registered(), kImpi2, kImpu, kScscf, kAka,
            result::kSuccess, both_registered()},
        Row{"5: UNREGISTERED, same S-CSCF", unregistered(), kImpi, kImpu, kScscf, kAka, result::kSuccess, State{kServer,
            {pair(kSet1, kId1, kUnreg, kUntil)}}},
        Row{"5: UNREGISTERED, other S-CSCF", unregistered(), kImpi, kImpu, kOtherScscf, kAka, result::kSuccess,
            State{kOtherServer, {pair(kSet1, kId1, kUnreg, kUntil)}}},
        Row{"5: another IMPU registered", other_set_registered(), kImpi, kImpu, kScscf, kAka, result::kSuccess,
            State{kServer, {pair(kSet2, kId1, kReg), pair(kSet1, kId1, kNot, kUntil)}}}));
// clang-format on

TEST(MultimediaAuthTest, StrictUnknownIsRefusedForAka) {
  World world;
  world.settings.cx.unknown_scheme = UnknownScheme::kStrict;
  auto request = request_of();
  request.scheme = "Unknown";
  EXPECT_EQ(multimedia_auth(request, world.repository, world.context()).verdict.result,
            result::kAuthSchemeNotSupported);
  EXPECT_FALSE(world.wrote());
}

TEST(MultimediaAuthTest, VectorIsTheKeySetsAndAuthenticatesToTheUsim) {
  World world;
  const auto answer = multimedia_auth(request_of(), world.repository, world.context());
  ASSERT_EQ(answer.items.size(), 1U);
  const AkaVector& vector = answer.items.front().vector;
  const KeySet key_set = test_key_set(kKeys1);
  const Sqn sqn = sqn_in(vector);
  EXPECT_EQ(seq_of(sqn, 5), 1U);
  EXPECT_EQ(vector.autn[6], 0x80);
  EXPECT_EQ(vector.autn[7], 0x00);
  const auto macs = milenage::f1(key_set.k, key_set.opc, vector.rand, encode_sqn(sqn), key_set.amf);
  EXPECT_TRUE(std::equal(macs.mac_a.begin(), macs.mac_a.end(), vector.autn.begin() + 8));
  EXPECT_EQ(vector.xres.size(), 8U);
}

struct Count {
  std::uint32_t asked;
  unsigned cap;
  std::size_t expected;
};

class MultimediaAuthCount : public testing::TestWithParam<Count> {};

TEST_P(MultimediaAuthCount, IsWhatWasAskedUpToTheCap) {
  World world;
  world.settings.cx.max_vectors = GetParam().cap;
  auto request = request_of();
  request.number_of_items = GetParam().asked;
  const auto answer = multimedia_auth(request, world.repository, world.context());
  ASSERT_EQ(answer.items.size(), GetParam().expected);
  for (std::size_t i = 0; i < answer.items.size(); ++i) {
    EXPECT_EQ(answer.items[i].number, i + 1);
    EXPECT_EQ(seq_of(sqn_in(answer.items[i].vector), 5), i + 1) << "distinct, rising";
  }
  EXPECT_EQ(world.repository.sequence(kKeys1).seq, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Clause6_3_1_Step6, MultimediaAuthCount,
                         testing::Values(Count{1, 1, 1}, Count{3, 1, 1}, Count{3, 5, 3}, Count{9, 5, 5}, Count{0, 5, 1},
                                         Count{0xFFFFFFFF, 5, 5}));

TEST(MultimediaAuthTest, SeqAtItsEndIsRefusedAndNothingChanges) {
  World world;
  world.repository.save_sequence(kKeys1, {max_seq(5) - 1, {}});
  world.given(nothing());
  const auto answer = multimedia_auth(request_of(), world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kUnableToComply);
  EXPECT_EQ(world.repository.sequence(kKeys1).seq, max_seq(5) - 1);
  world.expect_state(nothing());
}

/// The world after one challenge, and its RAND.
struct Challenged {
  World world;
  Octets<16> rand;
  Challenged() : rand(multimedia_auth(request_of(), world.repository, world.context()).items.at(0).vector.rand) {
    world.given(nothing());
  }
};

TEST(MultimediaAuthResynchronisation, TakesTheUsimsSeqAndAnswersOneFreshVector) {
  Challenged c;
  c.world.settings.cx.max_vectors = 5;
  auto request = request_of();
  request.number_of_items = 5;
  const Sqn sqn_ms = join_sqn(1U << 20U, 7, 5);
  request.sip_authorization = resynchronisation(c.rand, sqn_ms);
  const auto answer = multimedia_auth(request, c.world.repository, c.world.context());
  EXPECT_EQ(answer.verdict.result, result::kSuccess);
  ASSERT_EQ(answer.items.size(), 1U) << "more would be stale at the S-CSCF";
  EXPECT_EQ(seq_of(sqn_in(answer.items[0].vector), 5), (1U << 20U) + 1);
  EXPECT_NE(answer.items[0].vector.rand, c.rand);
  EXPECT_EQ(answer.items[0].vector.autn[6], 0x80) << "the key set's AMF, not AMF*";
  const auto* record = c.world.repository.resynchronisation(kKeys1);
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->action, ResynchronisationRecord::Action::kRaised);
  EXPECT_EQ(record->seq_ms, 1U << 20U);
  EXPECT_EQ(record->origin_host, "scscf.example.org");
  EXPECT_NE(answer.verdict.remark.find("raised"), std::string::npos);
}

TEST(MultimediaAuthResynchronisation, KeepsSeqWhenTheUsimAcceptsTheNext) {
  Challenged c;
  auto request = request_of();
  request.sip_authorization = resynchronisation(c.rand, join_sqn(1, 0, 5));
  const auto answer = multimedia_auth(request, c.world.repository, c.world.context());
  ASSERT_EQ(answer.items.size(), 1U);
  EXPECT_EQ(seq_of(sqn_in(answer.items[0].vector), 5), 2U);
}

TEST(MultimediaAuthResynchronisation, WrongMacChangesNothing) {
  Challenged c;
  auto request = request_of();
  request.sip_authorization = resynchronisation(c.rand, join_sqn(1U << 20U, 7, 5));
  request.sip_authorization->back() ^= 1U;
  const auto answer = multimedia_auth(request, c.world.repository, c.world.context());
  EXPECT_EQ(answer.verdict.result, result::kUnableToComply);
  EXPECT_TRUE(answer.items.empty());
  EXPECT_FALSE(c.world.wrote());
}

TEST(MultimediaAuthResynchronisation, OfACardWithOtherKeysChangesNothing) {
  Challenged c;
  auto request = request_of();
  request.sip_authorization = resynchronisation(c.rand, join_sqn(1U << 20U, 7, 5), kKeys2);
  EXPECT_EQ(multimedia_auth(request, c.world.repository, c.world.context()).verdict.result, result::kUnableToComply);
  EXPECT_FALSE(c.world.wrote());
}

TEST(MultimediaAuthResynchronisation, MayLowerSeqOnlyForAChallengeThatWasSent) {
  Challenged c;
  auto state = c.world.repository.sequence(kKeys1);
  state.seq = std::uint64_t{1} << 30U;
  c.world.repository.save_sequence(kKeys1, state);
  c.world.given(nothing());

  auto request = request_of();
  Octets<16> foreign{};
  foreign.fill(0xEE);
  request.sip_authorization = resynchronisation(foreign, join_sqn(5, 0, 5));
  EXPECT_EQ(multimedia_auth(request, c.world.repository, c.world.context()).verdict.result, result::kUnableToComply);
  EXPECT_FALSE(c.world.wrote());

  request.sip_authorization = resynchronisation(c.rand, join_sqn(5, 0, 5));
  const auto answer = multimedia_auth(request, c.world.repository, c.world.context());
  ASSERT_EQ(answer.items.size(), 1U);
  EXPECT_EQ(seq_of(sqn_in(answer.items[0].vector), 5), 6U);
}

TEST(MultimediaAuthResynchronisation, ByAnotherScscfIsRefusedAndTheNameStays) {
  Challenged c;
  auto request = request_of(kImpi, kImpu, kOtherScscf);
  request.sip_authorization = resynchronisation(c.rand, join_sqn(1U << 20U, 7, 5));
  EXPECT_EQ(multimedia_auth(request, c.world.repository, c.world.context()).verdict.result, result::kUnableToComply);
  EXPECT_FALSE(c.world.wrote());
  c.world.expect_state(pending_at(kServer));
}

TEST(MultimediaAuthResynchronisation, WithoutAStoredNameIsServed) {
  World world;
  auto request = request_of();
  Octets<16> rand{};
  rand.fill(0x42);
  request.sip_authorization = resynchronisation(rand, join_sqn(77, 3, 5));
  const auto answer = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kSuccess);
  world.expect_state(pending_at(kServer));
}

class ResynchronisationLength : public testing::TestWithParam<std::size_t> {};

TEST_P(ResynchronisationLength, OtherThan30OctetsIsInvalid) {
  Challenged c;
  auto request = request_of();
  request.sip_authorization = Bytes(GetParam(), 0x5A);
  const auto answer = multimedia_auth(request, c.world.repository, c.world.context());
  EXPECT_EQ(answer.verdict.result, result::kInvalidAvpValue);
  EXPECT_EQ(answer.verdict.failed, RequestField::kSipAuthorization);
  EXPECT_FALSE(c.world.wrote());
}

INSTANTIATE_TEST_SUITE_P(Clause6_3_1_Step4, ResynchronisationLength,
                         testing::Values(0U, 1U, 14U, 16U, 29U, 31U, 46U, 4096U));

TEST(MultimediaAuthTest, OneUsimOnTwoNodesHasTwoIndices) {
  World world;
  auto request = request_of();
  const auto first = multimedia_auth(request, world.repository, world.context());
  request.origin.host = "other.example.org";
  const auto second = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(sqn_in(first.items[0].vector) & 31U, 0U);
  EXPECT_EQ(sqn_in(second.items[0].vector) & 31U, 1U);
}

}  // namespace
}  // namespace hss::cx::test
