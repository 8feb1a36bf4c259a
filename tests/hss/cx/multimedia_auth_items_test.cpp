// What MAA carries for each scheme and algorithm, and what is told of the steps (TS 29.228 6.3.1).
// SPDX-License-Identifier: MIT
#include "hss/cx/server_assignment.h"
#include "hss/milenage.h"
#include "hss/sqn.h"
#include "tests/hss/cx/multimedia_auth_world.h"
#include "tests/support/usim_model.h"

namespace hss::cx::test {
namespace {

TEST(MultimediaAuthTest, VectorIsTheKeySetsAndAuthenticatesToTheUsim) {
  AuthWorld world;
  const auto answer = multimedia_auth(request_of(), world.repository, world.context());
  ASSERT_EQ(answer.items.size(), 1U);
  const AkaVector& vector = vector_in(answer.items.front());
  const KeySet key_set = test_key_set(kKeys1);
  const Sqn sqn = sqn_in(answer.items.front());
  EXPECT_EQ(seq_of(sqn, 5), 1U);
  EXPECT_EQ(vector.autn[6], 0x80);
  EXPECT_EQ(vector.autn[7], 0x00);
  const auto macs =
      milenage::f1(key_set.k.fixed<16>(), key_set.opc.fixed<16>(), vector.rand, encode_sqn(sqn), key_set.amf);
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
  AuthWorld world;
  world.settings.cx.max_vectors = GetParam().cap;
  auto request = request_of();
  request.number_of_items = GetParam().asked;
  const auto answer = multimedia_auth(request, world.repository, world.context());
  ASSERT_EQ(answer.items.size(), GetParam().expected);
  for (std::size_t i = 0; i < answer.items.size(); ++i) {
    EXPECT_EQ(answer.items[i].number, i + 1);
    EXPECT_EQ(seq_of(sqn_in(answer.items[i]), 5), i + 1) << "distinct, rising";
  }
  EXPECT_EQ(world.repository.sequence(kKeys1).seq, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Clause6_3_1_Step6, MultimediaAuthCount,
                         testing::Values(Count{1, 1, 1}, Count{3, 1, 1}, Count{3, 5, 3}, Count{9, 5, 5}, Count{0, 5, 1},
                                         Count{0xFFFFFFFF, 5, 5}));

TEST(MultimediaAuthTest, SeqAtItsEndIsRefusedAndNothingChanges) {
  AuthWorld world;
  world.repository.save_sequence(kKeys1, {max_seq(5) - 1, {}});
  world.given(nothing());
  const auto answer = multimedia_auth(request_of(), world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kUnableToComply);
  EXPECT_EQ(world.repository.sequence(kKeys1).seq, max_seq(5) - 1);
  world.expect_state(nothing());
}

TEST(MultimediaAuthTest, OneUsimOnTwoNodesHasTwoIndices) {
  AuthWorld world;
  auto request = request_of();
  const auto first = multimedia_auth(request, world.repository, world.context());
  request.origin.host = "other.example.org";
  const auto second = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(sqn_in(first.items[0]) & 31U, 0U);
  EXPECT_EQ(sqn_in(second.items[0]) & 31U, 1U);
}

// ---- Items of every kind --------------------------------------------------------------------------------------------

MultimediaAuthAnswer ask(AuthWorld& world, const char* impi, const char* scheme, std::uint32_t count = 1) {
  auto request = request_of(impi);
  request.scheme = scheme;
  request.number_of_items = count;
  world.settings.cx.max_vectors = 5;
  return multimedia_auth(request, world.repository, world.context());
}

TEST(MultimediaAuthItems, SipDigestHasRealmAndHa1) {
  AuthWorld world;
  const auto answer = ask(world, kDigestImpi, "SIP Digest", 5);
  ASSERT_EQ(answer.items.size(), 1U) << "one, however many were asked for";
  const auto& digest = std::get<SipDigest>(answer.items[0].data);
  EXPECT_EQ(digest.realm, "ims.example.org");
  EXPECT_TRUE(digest.ha1.equals(digest_of(kDigestId).ha1));
}

TEST(MultimediaAuthItems, EarlyImsSecurityHasTheAddress) {
  AuthWorld world;
  const auto answer = ask(world, kGibaImpi, "Early-IMS-Security", 5);
  ASSERT_EQ(answer.items.size(), 1U);
  EXPECT_EQ(std::get<FramedAddress>(answer.items[0].data), kAddress);
}

TEST(MultimediaAuthItems, NassBundledHasAllLines) {
  AuthWorld world;
  const auto answer = ask(world, kLineImpi, "NASS-Bundled", 5);
  ASSERT_EQ(answer.items.size(), 1U);
  EXPECT_EQ(std::get<LineIdentifiers>(answer.items[0].data).identifiers, kLines);
}

TEST(MultimediaAuthItems, OnlyAkaMovesTheSequenceNumber) {
  AuthWorld world;
  for (const char* scheme : {"SIP Digest", "Early-IMS-Security", "NASS-Bundled"}) {
    EXPECT_EQ(ask(world, kManyImpi, scheme).verdict.result, result::kSuccess);
    EXPECT_EQ(world.repository.sequence(kManyKeys).seq, 0U) << scheme;
  }
  EXPECT_EQ(ask(world, kManyImpi, "Digest-AKAv1-MD5", 3).items.size(), 3U);
  EXPECT_EQ(world.repository.sequence(kManyKeys).seq, 3U);
}

TEST(MultimediaAuthItems, CredentialsThatAreGoneAreAFaultOfTheStore) {
  AuthWorld world;
  world.subscription->private_identities.push_back({991, "lost@ims.example.org", AuthScheme::kSipDigest, {}, true});
  world.subscription->private_identities.push_back({992, "lostkeys@ims.example.org", AuthScheme::kDigestAkaV1Md5, 99});
  world.subscription->associations.push_back({991, kSet1});
  world.subscription->associations.push_back({992, kSet1});
  EXPECT_THROW(ask(world, "lost@ims.example.org", "SIP Digest"), StoreFault);
  EXPECT_THROW(ask(world, "lostkeys@ims.example.org", "Digest-AKAv1-MD5"), StoreFault);
  EXPECT_FALSE(world.wrote());
}

struct AlgorithmRow {
  const char* impi;
  KeySetId keys;
  std::size_t res_octets;
};

void PrintTo(const AlgorithmRow& row, std::ostream* out) { *out << row.impi; }

class MultimediaAuthAlgorithm : public testing::TestWithParam<AlgorithmRow> {};

TEST_P(MultimediaAuthAlgorithm, AuthenticatesTheUsimAndComesBackInStep) {
  const AlgorithmRow& row = GetParam();
  AuthWorld world;
  hss::test::UsimModel usim(key_set_of(row.keys));
  usim.accept(1U << 20U, 0);

  auto request = request_of(row.impi);
  const auto first = multimedia_auth(request, world.repository, world.context());
  ASSERT_EQ(first.items.size(), 1U);
  const AkaVector& refused = vector_in(first.items[0]);
  const auto failure = usim.authenticate(refused.rand, refused.autn);
  ASSERT_TRUE(std::holds_alternative<hss::test::UsimModel::SynchronisationFailure>(failure));

  const auto& auts = std::get<hss::test::UsimModel::SynchronisationFailure>(failure).auts;
  request.sip_authorization = Bytes(refused.rand.begin(), refused.rand.end());
  request.sip_authorization->insert(request.sip_authorization->end(), auts.begin(), auts.end());
  const auto second = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(second.verdict.result, result::kSuccess);
  ASSERT_EQ(second.items.size(), 1U);
  const AkaVector& vector = vector_in(second.items[0]);
  const auto answer = usim.authenticate(vector.rand, vector.autn);
  const auto* accepted = std::get_if<hss::test::UsimModel::Accepted>(&answer);
  ASSERT_NE(accepted, nullptr);
  EXPECT_EQ(vector.xres.size(), row.res_octets);
  EXPECT_TRUE(accepted->res.equals(vector.xres));
  EXPECT_TRUE(accepted->ck.equals(vector.ck));
  EXPECT_TRUE(accepted->ik.equals(vector.ik));
}

INSTANTIATE_TEST_SUITE_P(Algorithms, MultimediaAuthAlgorithm,
                         testing::Values(AlgorithmRow{kImpi, kKeys1, 8}, AlgorithmRow{kManyImpi, kManyKeys, 8},
                                         AlgorithmRow{kTuakImpi, kTuakKeys, 16},
                                         AlgorithmRow{kXorTestImpi, kXorTestKeys, 8}));

TEST(MultimediaAuthAlgorithms, XorOnACardThatIsNoTestCardSaysWhyAndOpensNoAuts) {
  AuthWorld world;
  auto request = request_of(kXorImpi);
  const auto answer = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kUnableToComply);
  EXPECT_EQ(answer.verdict.remark, "the key set has the XOR algorithm, and is not for tests");
  request.sip_authorization = resynchronisation({}, join_sqn(9, 0, 5), kXorKeys);
  EXPECT_EQ(multimedia_auth(request, world.repository, world.context()).verdict.result, result::kUnableToComply);
  EXPECT_FALSE(world.wrote());
}

TEST(MultimediaAuthAlgorithms, ADamagedKeySetIsAFaultOfTheStore) {
  AuthWorld world;
  KeySet damaged = test_key_set(kKeys1);
  damaged.opc = {};
  world.repository.add(damaged);
  EXPECT_THROW(multimedia_auth(request_of(), world.repository, world.context()), StoreFault);
}

// ---- Step 5 ---------------------------------------------------------------------------

struct WithoutChallenge {
  const char* impi;
  PrivateIdentityId identity;
  const char* scheme;
};

void PrintTo(const WithoutChallenge& row, std::ostream* out) { *out << row.scheme; }

/// MAR and then SAR of an S-CSCF; the results of both are looked at together.
class MultimediaAuthWithoutChallenge : public testing::TestWithParam<WithoutChallenge> {
 protected:
  Result mar(const char* server) {
    auto request = request_of(GetParam().impi, kImpu, server);
    request.scheme = GetParam().scheme;
    return multimedia_auth(request, world_.repository, world_.context()).verdict.result;
  }
  Result sar(const char* server, ServerAssignmentType type) {
    ServerAssignmentRequest request;
    request.origin = request_of(GetParam().impi, kImpu, server).origin;
    request.user_name = GetParam().impi;
    request.public_identities = {kImpu};
    request.server_name = server;
    request.type = type;
    return server_assignment(request, world_.repository, world_.context()).verdict.result;
  }
  State registered_at(const AssignedServer& server) { return {server, {pair(kSet1, GetParam().identity, kReg)}}; }

  AuthWorld world_;
};

TEST_P(MultimediaAuthWithoutChallenge, RegistersWithTheSarThatFollows) {
  EXPECT_EQ(mar(kScscf), result::kSuccess);
  EXPECT_EQ(sar(kScscf, ServerAssignmentType::kRegistration), result::kSuccess);
  world_.expect_state(registered_at(kServer));
}

TEST_P(MultimediaAuthWithoutChallenge, MovesARegisteredUserWithTheSarThatFollows) {
  world_.given(registered_at(kServer));
  EXPECT_EQ(mar(kOtherScscf), result::kSuccess);
  EXPECT_EQ(world_.after().previous_server, kServer) << "it is told when the registration has moved";
  EXPECT_THAT(world_.repository.pushes(), testing::IsEmpty());
  EXPECT_EQ(sar(kOtherScscf, ServerAssignmentType::kRegistration), result::kSuccess);
  world_.expect_state(registered_at(kOtherServer));
  const auto pushes = world_.repository.pushes();
  EXPECT_FALSE(pushes.empty());
  for (const Push& push : pushes) {
    EXPECT_EQ(push.server, kServer);
    EXPECT_EQ(push.reason, DeregistrationReason::kNewServerAssigned);
  }
}

TEST_P(MultimediaAuthWithoutChallenge, AFailureGivesTheUserBack) {
  world_.given(registered_at(kServer));
  EXPECT_EQ(mar(kOtherScscf), result::kSuccess);
  EXPECT_EQ(sar(kOtherScscf, ServerAssignmentType::kAuthenticationFailure), result::kSuccess);
  world_.expect_state(registered_at(kServer));
}

INSTANTIATE_TEST_SUITE_P(Clause6_3_1_Step5, MultimediaAuthWithoutChallenge,
                         testing::Values(WithoutChallenge{kGibaImpi, kGibaId, "Early-IMS-Security"},
                                         WithoutChallenge{kLineImpi, kLineId, "NASS-Bundled"}));

TEST(MultimediaAuthRestoration, AReassignmentThatWasPendingHasHappenedAndTheInformationStays) {
  AuthWorld world;
  Registration given{kServer, {pair(kSet1, kId1, kReg)}, {}, true};
  world.repository.save_registration(1, given);
  world.repository.save_restoration(kSet1, kId1, Bytes{1, 2, 3});
  auto request = request_of(kImpi, kImpu, kOtherScscf);
  request.features.restoration = true;
  EXPECT_EQ(multimedia_auth(request, world.repository, world.context()).verdict.result, result::kSuccess);
  EXPECT_FALSE(world.after().reassignment_pending);
  EXPECT_EQ(world.after().server, kOtherServer);
  EXPECT_THAT(world.repository.restoration(kSet1), testing::ElementsAre(RestorationInfo{kId1, Bytes{1, 2, 3}}));
}

// ---- What is told of the steps --------------------------------------------------------------------------------------

class Steps final : public StepObserver {
 public:
  void step(std::string_view clause, std::string_view found) override {
    clauses.emplace_back(clause);
    words.emplace_back(found);
  }
  std::vector<std::string> clauses;
  std::vector<std::string> words;
};

/// All that may not be told, in hexadecimal.
std::vector<std::string> secrets_of(const AuthItem& item) {
  if (const auto* digest = std::get_if<SipDigest>(&item.data)) return {to_hex(digest->ha1.reveal())};
  const auto* vector = std::get_if<AkaVector>(&item.data);
  if (vector == nullptr) return {};
  return {to_hex(vector->xres.reveal()), to_hex(vector->ck.reveal()), to_hex(vector->ik.reveal())};
}

TEST(MultimediaAuthSteps, EachIsToldOnceInOrderAndNoKey) {
  for (const char* scheme : {"Digest-AKAv1-MD5", "SIP Digest", "Early-IMS-Security", "NASS-Bundled"}) {
    AuthWorld world;
    Steps steps;
    Context context = world.context();
    context.observer = &steps;
    auto request = request_of(kManyImpi);
    request.scheme = scheme;
    const auto answer = multimedia_auth(request, world.repository, context);
    EXPECT_THAT(steps.clauses,
                testing::ElementsAre("TS 29.228 6.3.1 steps 1 and 2", "TS 29.228 6.3.1 step 3",
                                     "TS 29.228 6.3.1 step 4", "TS 29.228 6.3.1 step 5", "TS 29.228 6.3.1 step 6"));
    EXPECT_EQ(steps.words.at(1), std::string("the scheme is ") + scheme);
    ASSERT_EQ(answer.items.size(), 1U);
    for (const std::string& secret : secrets_of(answer.items[0])) {
      for (const std::string& words : steps.words) EXPECT_EQ(words.find(secret), std::string::npos);
    }
  }
}

TEST(MultimediaAuthSteps, TheLastIsTheOneThatRefuses) {
  struct Refusal {
    const char* impi;
    const char* scheme;
    std::size_t authorization;  // octets
    const char* clause;
  };
  for (const Refusal& row : {Refusal{"nobody@ims.example.org", "SIP Digest", 0, "TS 29.228 6.3.1 steps 1 and 2"},
                             Refusal{kDigestImpi, "Digest-AKAv1-MD5", 0, "TS 29.228 6.3.1 step 3"},
                             Refusal{kXorImpi, "Digest-AKAv1-MD5", 0, "TS 29.228 6.3.1 step 3"},
                             Refusal{kImpi, "Digest-AKAv1-MD5", 29, "TS 29.228 6.3.1 step 4"},
                             Refusal{kImpi, "Digest-AKAv1-MD5", 30, "TS 29.228 6.3.1 step 4"},
                             Refusal{kDigestImpi, "SIP Digest", 30, "TS 29.228 6.3.1 step 4"}}) {
    AuthWorld world;
    Steps steps;
    Context context = world.context();
    context.observer = &steps;
    auto request = request_of(row.impi);
    request.scheme = row.scheme;
    if (row.authorization > 0) request.sip_authorization = Bytes(row.authorization, 0x5A);
    const auto answer = multimedia_auth(request, world.repository, context);
    EXPECT_NE(answer.verdict.result, result::kSuccess);
    ASSERT_FALSE(steps.clauses.empty());
    EXPECT_EQ(steps.clauses.back(), row.clause);
    EXPECT_EQ(steps.words.back(), answer.verdict.remark) << "the log says the same";
    EXPECT_FALSE(answer.verdict.remark.empty());
  }
}

}  // namespace
}  // namespace hss::cx::test
