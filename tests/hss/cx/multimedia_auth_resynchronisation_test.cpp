// Multimedia-Auth with SIP-Authorization: TS 29.228 6.3.1 step 4.
// SPDX-License-Identifier: MIT
#include "hss/sqn.h"
#include "tests/hss/cx/multimedia_auth_world.h"

namespace hss::cx::test {
namespace {

/// The world after one challenge, and its RAND.
struct Challenged {
  AuthWorld world;
  Octets<16> rand;
  Challenged() : rand(vector_in(multimedia_auth(request_of(), world.repository, world.context()).items.at(0)).rand) {
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
  EXPECT_EQ(seq_of(sqn_in(answer.items[0]), 5), (1U << 20U) + 1);
  EXPECT_NE(vector_in(answer.items[0]).rand, c.rand);
  EXPECT_EQ(vector_in(answer.items[0]).autn[6], 0x80) << "the key set's AMF, not AMF*";
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
  EXPECT_EQ(seq_of(sqn_in(answer.items[0]), 5), 2U);
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
  EXPECT_EQ(seq_of(sqn_in(answer.items[0]), 5), 6U);
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
  AuthWorld world;
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

class ResynchronisationOfOthers : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(ResynchronisationOfOthers, IsAnInvalidValue) {
  AuthWorld world;
  const auto [impi, scheme] = GetParam();
  auto request = request_of(impi);
  request.scheme = scheme;
  request.sip_authorization = Bytes(30, 0x5A);
  const auto answer = multimedia_auth(request, world.repository, world.context());
  EXPECT_EQ(answer.verdict.result, result::kInvalidAvpValue);
  EXPECT_EQ(answer.verdict.failed, RequestField::kSipAuthorization);
  EXPECT_TRUE(answer.items.empty());
  EXPECT_FALSE(world.wrote());
}

INSTANTIATE_TEST_SUITE_P(Clause6_3_1_Step4, ResynchronisationOfOthers,
                         testing::Values(std::pair{kDigestImpi, "SIP Digest"}, std::pair{kDigestImpi, "Unknown"},
                                         std::pair{kManyImpi, "SIP Digest"}, std::pair{kDigestOwnImpi, "Unknown"},
                                         std::pair{kGibaImpi, "Early-IMS-Security"},
                                         std::pair{kLineImpi, "NASS-Bundled"}));

/// Keeps what is told of the steps.
class WordsOf final : public StepObserver {
 public:
  explicit WordsOf(std::vector<std::string>& words) : words_(words) {}
  void step(std::string_view /*clause*/, std::string_view found) override { words_.emplace_back(found); }

 private:
  std::vector<std::string>& words_;
};

TEST(MultimediaAuthResynchronisation, IsToldWithItsNumbers) {
  Challenged c;
  std::vector<std::string> words;
  WordsOf steps(words);
  Context context = c.world.context();
  context.observer = &steps;
  auto request = request_of();
  request.sip_authorization = resynchronisation(c.rand, join_sqn(777, 7, 5));
  const auto answer = multimedia_auth(request, c.world.repository, context);
  ASSERT_EQ(words.size(), 5U);
  EXPECT_EQ(words[2], "resynchronised: SEQ_HE 1, SEQ_MS 777: raised to the USIM's");
  EXPECT_EQ(answer.verdict.remark, words[2]);
}

}  // namespace
}  // namespace hss::cx::test
