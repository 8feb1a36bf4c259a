// Multimedia-Auth on SWx with SIP-Authorization: TS 29.273 8.1.2.1 step 7. One key set has one SEQ, whichever interface
// an AUTS comes over.
// SPDX-License-Identifier: MIT
#include "hss/cx/multimedia_auth.h"
#include "hss/sqn.h"
#include "tests/hss/swx/multimedia_auth_world.h"

namespace hss::swx::test {
namespace {

using Action = ResynchronisationRecord::Action;

constexpr std::uint64_t kFarAhead = std::uint64_t{1} << 30U;  // more than delta

std::uint64_t seq_in(const AkaVector& vector) { return accepted(vector, key_set_of(kPlain)).seq; }

/// The world after one challenge on SWx.
struct Challenged {
  World world;
  Octets<16> rand = ask(request_of(kPlain)).items.at(0).vector.rand;
  Challenged() { world.start(); }

  MultimediaAuthAnswer ask(const MultimediaAuthRequest& request, StepObserver* observer = nullptr) {
    return multimedia_auth(request, world.repository, world.context(observer));
  }
  /// A resynchronisation by the card that stands at a SEQ.
  MultimediaAuthAnswer resynchronise(MultimediaAuthRequest request, std::uint64_t seq_ms) {
    request.sip_authorization = resynchronisation(rand, seq_ms, key_set_of(kPlain));
    return ask(request);
  }
};

struct Row {
  const char* clause;
  std::uint64_t seq_he;  // before
  std::uint64_t seq_ms;
  Action action;
  bool prime;
  std::uint32_t asked = 1;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class SwxResynchronisation : public testing::TestWithParam<Row> {};

TEST_P(SwxResynchronisation, AnswersOneFreshVectorThatTheCardTakes) {
  const Row& row = GetParam();
  Challenged c;
  auto state = c.world.repository.sequence(kPlain);
  state.seq = row.seq_he;
  c.world.repository.save_sequence(kPlain, state);
  auto request = row.prime ? prime_request_of(kPlain) : request_of(kPlain);
  request.number_of_items = row.asked;

  const auto answer = c.resynchronise(request, row.seq_ms);

  EXPECT_EQ(answer.verdict.result, result::kSuccess);
  ASSERT_EQ(answer.items.size(), 1U) << "more would be stale at the AAA server";
  const AkaVector& vector = answer.items[0].vector;
  EXPECT_EQ(seq_in(vector), (row.action == Action::kKept ? row.seq_he : row.seq_ms) + 1);
  EXPECT_NE(vector.rand, c.rand);
  EXPECT_EQ(amf_of(vector), (Octets<2>{0x80, 0x00})) << "not the AMF* of the AUTS";
  const auto* record = c.world.repository.resynchronisation(kPlain);
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->action, row.action);
  EXPECT_EQ(record->seq_he, row.seq_he);
  EXPECT_EQ(record->seq_ms, row.seq_ms);
  EXPECT_EQ(record->origin_host, kAaa.host);
  EXPECT_EQ(record->at, kNow);
  EXPECT_EQ(answer.verdict.remark.rfind("resynchronised: SEQ_HE " + std::to_string(row.seq_he), 0), 0U);
  EXPECT_EQ(c.world.after(kPlain), pending(kAaa, kUntil));
  c.world.expect_cx_untouched();
}

INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2_1_Step7, SwxResynchronisation,
    testing::Values(Row{"the card is ahead: raised", 1, 1U << 20U, Action::kRaised, false},
                    Row{"raised, EAP-AKA'", 1, 1U << 20U, Action::kRaised, true},
                    Row{"raised, five asked: one", 1, 1U << 20U, Action::kRaised, false, 5},
                    Row{"raised, five asked, EAP-AKA': one", 1, 1U << 20U, Action::kRaised, true, 5},
                    Row{"the card is behind, and accepts the next: kept", 100, 50, Action::kKept, false},
                    Row{"kept, EAP-AKA'", 100, 50, Action::kKept, true},
                    Row{"the card is just behind: kept", 100, 100, Action::kKept, false},
                    Row{"the card is more than delta behind: lowered", kFarAhead, 5, Action::kLowered, false},
                    Row{"lowered, EAP-AKA'", kFarAhead, 5, Action::kLowered, true}));

TEST(SwxResynchronisationTest, WrongMacChangesNothing) {
  for (const bool prime : {false, true}) {
    Challenged c;
    auto request = prime ? prime_request_of(kPlain) : request_of(kPlain);
    request.sip_authorization = resynchronisation(c.rand, 1U << 20U, key_set_of(kPlain));
    request.sip_authorization->back() ^= 1U;
    const auto answer = c.ask(request);
    EXPECT_EQ(answer.verdict.result, result::kUnableToComply);
    EXPECT_FALSE(answer.verdict.failed);
    EXPECT_TRUE(answer.items.empty());
    EXPECT_FALSE(c.world.wrote());
  }
}

TEST(SwxResynchronisationTest, OfAnotherCardChangesNothing) {
  Challenged c;
  auto request = request_of(kPlain);
  request.sip_authorization = resynchronisation(c.rand, 1U << 20U, key_set_of(kRestricted));
  EXPECT_EQ(c.ask(request).verdict.result, result::kUnableToComply);
  EXPECT_FALSE(c.world.wrote());
}

TEST(SwxResynchronisationTest, LowersOnlyForAChallengeThatWasSentAndOnlyOnce) {
  Challenged c;
  auto state = c.world.repository.sequence(kPlain);
  state.seq = kFarAhead;
  c.world.repository.save_sequence(kPlain, state);
  c.world.start();
  auto request = request_of(kPlain);
  Octets<16> foreign{};
  foreign.fill(0xEE);
  request.sip_authorization = resynchronisation(foreign, 5, key_set_of(kPlain));
  EXPECT_EQ(c.ask(request).verdict.result, result::kUnableToComply);
  EXPECT_FALSE(c.world.wrote());

  EXPECT_EQ(seq_in(c.resynchronise(request_of(kPlain), 5).items.at(0).vector), 6U);
  state = c.world.repository.sequence(kPlain);
  state.seq = kFarAhead;
  c.world.repository.save_sequence(kPlain, state);
  c.world.start();
  EXPECT_EQ(c.resynchronise(request_of(kPlain), 5).verdict.result, result::kUnableToComply) << "replayed";
  EXPECT_FALSE(c.world.wrote());
}

TEST(SwxResynchronisationTest, AtTheEndOfSeqHasNoVectorAndNoServer) {
  World world;
  world.start();
  auto request = request_of(kPlain);
  request.sip_authorization = resynchronisation(Octets<16>{}, max_seq(5) - 1, key_set_of(kPlain));
  const auto answer = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kUnableToComply);
  EXPECT_TRUE(answer.items.empty());
  EXPECT_EQ(world.after(kPlain), nobody());
}

struct ServerRow {
  const char* clause;
  Non3gppRegistration given;
  bool aaa_failure;
  Result expected;
  Non3gppRegistration after;
};
void PrintTo(const ServerRow& row, std::ostream* out) { *out << row.clause; }

class SwxResynchronisationServer : public testing::TestWithParam<ServerRow> {};

TEST_P(SwxResynchronisationServer, IsLookedAtFirst) {
  const ServerRow& row = GetParam();
  Challenged c;
  c.world.repository.save_non_3gpp_registration(kPlain, row.given);
  c.world.start();
  auto request = request_of(kPlain);
  request.aaa_failure = row.aaa_failure;
  const auto answer = c.resynchronise(request, 1U << 20U);
  EXPECT_EQ(answer.verdict.result, row.expected);
  EXPECT_EQ(c.world.after(kPlain), row.after);
  if (row.expected != result::kSuccess) {
    EXPECT_FALSE(c.world.wrote());
    EXPECT_EQ(c.world.repository.sequence(kPlain).seq, 1U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2_1_Step7, SwxResynchronisationServer,
    testing::Values(ServerRow{"nobody: served", nobody(), false, result::kSuccess, pending(kAaa, kUntil)},
                    ServerRow{"lapsed here: served", lapsed(), false, result::kSuccess, pending(kAaa, kUntil)},
                    ServerRow{"connected here: served, and stays", connected(), false, result::kSuccess, connected()},
                    ServerRow{"pending elsewhere", pending(kOtherAaa), false, result::kIdentityAlreadyRegistered,
                              pending(kOtherAaa)},
                    ServerRow{"connected elsewhere", connected(kOtherAaa), false, result::kIdentityAlreadyRegistered,
                              connected(kOtherAaa)},
                    ServerRow{"connected elsewhere, which has failed: served", connected(kOtherAaa), true,
                              result::kSuccess, pending(kAaa, kUntil)}));

TEST(SwxResynchronisationTest, IsToldBesideTheServerThatFailed) {
  Challenged c;
  c.world.given(kPlain, registered(kOtherAaa));
  auto request = request_of(kPlain);
  request.aaa_failure = true;
  EXPECT_EQ(c.resynchronise(request, 777).verdict.remark,
            "resynchronised: SEQ_HE 1, SEQ_MS 777: raised to the USIM's; AAA-Failure-Indication: aaa2.example.org is "
            "replaced");
}

// ---- One SEQ with Cx ------------------------------------------------------------------------------------------------

cx::MultimediaAuthRequest cx_request() {
  cx::MultimediaAuthRequest request;
  request.origin = {"scscf.example.org", "example.org"};
  request.user_name = kImpi;
  request.public_identity = kImpu;
  request.server_name = "sip:scscf.example.org:6060";
  request.scheme = "Digest-AKAv1-MD5";
  return request;
}

AkaVector cx_vector(World& world, const cx::MultimediaAuthRequest& request) {
  return std::get<AkaVector>(cx::multimedia_auth(request, world.repository, world.context()).items.at(0).data);
}

TEST(SwxResynchronisationTest, OfAChallengeOnCxIsTakenOnSwxAndCxGoesOnWithIt) {
  World world;
  const AkaVector challenge = cx_vector(world, cx_request());
  auto request = prime_request_of(kPlain);
  request.sip_authorization = resynchronisation(challenge.rand, 5000, key_set_of(kPlain));
  const auto answer = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(seq_in(answer.items.at(0).vector), 5001U);
  EXPECT_EQ(seq_in(cx_vector(world, cx_request())), 5002U);
  world.expect_cx_untouched();
}

TEST(SwxResynchronisationTest, OfAChallengeOnSwxIsTakenOnCxAndSwxGoesOnWithIt) {
  Challenged c;
  auto request = cx_request();
  request.sip_authorization = resynchronisation(c.rand, 5000, key_set_of(kPlain));
  EXPECT_EQ(seq_in(cx_vector(c.world, request)), 5001U);
  EXPECT_EQ(seq_in(c.ask(prime_request_of(kPlain)).items.at(0).vector), 5002U);
}

TEST(SwxResynchronisationTest, MayLowerForAChallengeOnCx) {
  World world;
  const AkaVector challenge = cx_vector(world, cx_request());
  auto state = world.repository.sequence(kPlain);
  state.seq = kFarAhead;
  world.repository.save_sequence(kPlain, state);
  auto request = request_of(kPlain);
  request.sip_authorization = resynchronisation(challenge.rand, 5, key_set_of(kPlain));
  const auto answer = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(seq_in(answer.items.at(0).vector), 6U);
}

}  // namespace
}  // namespace hss::swx::test
