// What issuing and resynchronising write, refuse and give back, row by row. How a card takes it is in
// auc_usim_test.
// SPDX-License-Identifier: MIT
#include "hss/auc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hss/resynchronisation_limit.h"
#include "hss/sqn.h"
#include "tests/support/memory_repository.h"
#include "tests/support/usim_model.h"

namespace hss {
namespace {

using Action = ResynchronisationRecord::Action;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t kDelta = std::uint64_t{1} << 28U;
constexpr VectorRequester kScscf{Application::kCx, "scscf.example.com"};

/// Gives octets until it was asked often enough, then fails.
class RunningOutRandom final : public RandomSource {
 public:
  explicit RunningOutRandom(int fills) : fills_(fills) {}
  void fill(std::span<std::uint8_t> out) override {
    if (fills_-- == 0) throw RandomFailure("out of randomness");
    std::ranges::fill(out, static_cast<std::uint8_t>(fills_));
  }

 private:
  int fills_;
};

KeySet some_key_set() {
  KeySet key_set;
  key_set.id = 7;
  key_set.k = Secret<16>(Octets<16>{0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f});
  key_set.opc = Secret<16>(Octets<16>{0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e});
  return key_set;
}

class AucTest : public testing::Test {
 protected:
  void start_at(std::uint64_t seq) { repository_.add(key_set_, {.seq = seq, .issued = {}}); }

  std::vector<AkaVector> issue(unsigned count, VectorRequester requester = kScscf) {
    return issue_vectors(key_set_, count, requester, repository_, context());
  }
  /// Takes the AUTS that a card whose highest SEQ is `seq_ms` makes of `rand`.
  std::variant<ResynchronisationRecord, ResynchronisationRefusal> resynchronise_at(std::uint64_t seq_ms,
                                                                                   const Octets<16>& rand) {
    test::UsimModel usim(key_set_);
    usim.accept(seq_ms, 0);
    return resynchronise(key_set_, rand, usim.make_auts(rand), kScscf, repository_, context());
  }
  /// The SQN that AUTN conceals.
  Sqn sqn_of(const AkaVector& vector) {
    KeySet lenient = key_set_;
    lenient.delta = kMaxSqn;
    test::UsimModel usim(lenient);
    const auto answer = usim.authenticate(vector.rand, vector.autn);
    const auto& accepted = std::get<test::UsimModel::Accepted>(answer);
    return join_sqn(accepted.seq, accepted.ind, key_set_.ind_bits);
  }
  std::vector<Sqn> sqns_of(const std::vector<AkaVector>& vectors) {
    std::vector<Sqn> sqns;
    for (const AkaVector& vector : vectors) sqns.push_back(sqn_of(vector));
    return sqns;
  }
  SequenceState state() { return repository_.sequence(key_set_.id); }
  [[nodiscard]] Context context() { return {.settings = settings_, .now = 1700000000, .random = random_}; }

  Settings settings_;
  KeySet key_set_ = some_key_set();
  test::MemoryRepository repository_;
  test::CountingRandom random_;
};

TEST_F(AucTest, EachVectorTakesTheNextSeqWithTheRequestersInd) {
  start_at(41);
  repository_.save_ind_slot(Application::kCx, "scscf.example.com", 3);
  EXPECT_THAT(sqns_of(issue(3)), ElementsAre(42 * 32 + 3, 43 * 32 + 3, 44 * 32 + 3));
  EXPECT_EQ(state().seq, 44U);
  EXPECT_THAT(sqns_of(issue(1)), ElementsAre(45 * 32 + 3));
}

TEST_F(AucTest, RequestersAndApplicationsHaveTheirOwnInd) {
  start_at(0);
  settings_.sqn = {.cx = {2, 15}, .swx = {16, 23}};
  EXPECT_EQ(sqn_of(issue(1, {Application::kCx, "one"})[0]) % 32, 2U);
  EXPECT_EQ(sqn_of(issue(1, {Application::kCx, "two"})[0]) % 32, 3U);
  EXPECT_EQ(sqn_of(issue(1, {Application::kSwx, "one"})[0]) % 32, 16U);
  EXPECT_EQ(sqn_of(issue(1, {Application::kCx, "one"})[0]) % 32, 2U);
}

TEST_F(AucTest, FewerIndBitsCutTheInd) {
  key_set_.ind_bits = 0;
  start_at(9);
  settings_.sqn.cx = {5, 5};
  EXPECT_THAT(sqns_of(issue(2)), ElementsAre(10, 11));

  key_set_.ind_bits = 2;
  EXPECT_THAT(sqns_of(issue(1)), ElementsAre(12 * 4 + 1));
}

TEST_F(AucTest, EveryVectorHasAFreshRandAndTheKeySetsAmf) {
  start_at(0);
  key_set_.amf = {0x80, 0x01};
  const std::vector<AkaVector> vectors = issue(5);
  ASSERT_THAT(vectors, SizeIs(5));
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    EXPECT_EQ(vectors[i].rand[0], 16 * i);
    EXPECT_EQ(vectors[i].autn[6], 0x80);
    EXPECT_EQ(vectors[i].autn[7], 0x01);
  }
}

TEST_F(AucTest, RemembersTheLatestChallengesNewestFirst) {
  start_at(0);
  const auto first = issue(2);
  EXPECT_THAT(state().issued, ElementsAre(first[1].rand, first[0].rand));
  const auto second = issue(3);
  EXPECT_THAT(state().issued,
              ElementsAre(second[2].rand, second[1].rand, second[0].rand, first[1].rand, first[0].rand));
  const auto third = issue(5);
  EXPECT_THAT(state().issued, ElementsAre(third[4].rand, third[3].rand, third[2].rand, third[1].rand, third[0].rand,
                                          second[2].rand, second[1].rand, second[0].rand));
}

TEST_F(AucTest, OneRequestIsSavedOnce) {
  start_at(0);
  issue(1);  // the requester's IND is saved with the first
  const std::size_t writes = repository_.writes();
  issue(5);
  EXPECT_EQ(repository_.writes(), writes + 1);
}

TEST_F(AucTest, NoVectorsAskedNothingSaved) {
  start_at(0);
  EXPECT_THAT(issue(0), IsEmpty());
  EXPECT_EQ(repository_.writes(), 0U);
}

TEST_F(AucTest, AtTheEndOfSeqTheWholeRequestIsRefused) {
  const std::uint64_t end = max_seq(key_set_.ind_bits);
  for (const std::uint64_t seq : {end - 3, end - 2, end - 1, end}) {
    start_at(seq);
    EXPECT_THAT(issue(3), IsEmpty()) << end - seq;
    EXPECT_EQ(repository_.writes(), 0U);
    EXPECT_EQ(state(), (SequenceState{.seq = seq, .issued = {}}));
  }
  start_at(end - 3);
  EXPECT_THAT(issue(2), SizeIs(2));
  EXPECT_EQ(state().seq, end - 1);
  EXPECT_THAT(issue(1), IsEmpty());
  EXPECT_EQ(state().seq, end - 1);
}

TEST_F(AucTest, WithoutRandomnessNothingIsSaved) {
  for (int fills = 0; fills < 3; ++fills) {
    start_at(5);
    RunningOutRandom random(fills);
    const Context context{.settings = settings_, .now = 0, .random = random};
    EXPECT_THROW(issue_vectors(key_set_, 3, kScscf, repository_, context), RandomFailure);
    EXPECT_EQ(repository_.writes(), 0U);
    EXPECT_EQ(state(), (SequenceState{.seq = 5, .issued = {}}));
  }
}

TEST_F(AucTest, AWrongMacChangesNothing) {
  start_at(100);
  const auto rand = issue(1)[0].rand;
  const SequenceState before = state();
  const std::size_t writes = repository_.writes();
  const auto outcome = resynchronise(key_set_, rand, Octets<14>{}, kScscf, repository_, context());
  ASSERT_TRUE(std::holds_alternative<ResynchronisationRefusal>(outcome));
  EXPECT_EQ(std::get<ResynchronisationRefusal>(outcome), ResynchronisationRefusal::kWrongMac);
  EXPECT_EQ(state(), before);
  EXPECT_EQ(repository_.writes(), writes);
}

TEST_F(AucTest, TooManyWithinAMinuteAreNotLookedAt) {
  start_at(100);
  const auto rand = issue(1)[0].rand;
  ResynchronisationLimit limit;
  settings_.sqn.resynchronisations_per_minute = 2;
  Context limited = {.settings = settings_, .now = 1700000000, .random = random_, .resynchronisations = &limit};
  const auto refusal = [&] {
    const auto outcome = resynchronise(key_set_, rand, Octets<14>{}, kScscf, repository_, limited);
    return std::get<ResynchronisationRefusal>(outcome);
  };
  EXPECT_EQ(refusal(), ResynchronisationRefusal::kWrongMac);
  EXPECT_EQ(refusal(), ResynchronisationRefusal::kWrongMac);
  EXPECT_EQ(refusal(), ResynchronisationRefusal::kTooMany);
  limited.now += 60;
  EXPECT_EQ(refusal(), ResynchronisationRefusal::kWrongMac);
}

struct ResynchronisationRow {
  const char* what;
  std::uint64_t seq_he;  // when the AUTS comes
  std::uint64_t seq_ms;
  bool known;  // its RAND is one of the latest challenges
  std::variant<Action, ResynchronisationRefusal> expected;
  std::uint64_t seq_after;
};

void PrintTo(const ResynchronisationRow& row, std::ostream* out) { *out << row.what; }

class ResynchronisationTest : public AucTest, public testing::WithParamInterface<ResynchronisationRow> {};

TEST_P(ResynchronisationTest, AsTheRangeRuleSays) {
  const ResynchronisationRow& row = GetParam();
  const Octets<16> rand{0xAB, 0xCD};
  const Octets<16> other{0x01};
  SequenceState before{.seq = row.seq_he, .issued = {other}};
  if (row.known) before.issued.push_back(rand);
  repository_.add(key_set_, before);

  const auto outcome = resynchronise_at(row.seq_ms, rand);

  if (const auto* refusal = std::get_if<ResynchronisationRefusal>(&row.expected)) {
    ASSERT_TRUE(std::holds_alternative<ResynchronisationRefusal>(outcome));
    EXPECT_EQ(std::get<ResynchronisationRefusal>(outcome), *refusal);
    EXPECT_EQ(repository_.writes(), 0U);
    EXPECT_EQ(state(), before);
    EXPECT_EQ(repository_.resynchronisation(key_set_.id), nullptr);
    return;
  }
  const auto action = std::get<Action>(row.expected);
  const ResynchronisationRecord expected{.at = 1700000000,
                                         .origin_host = "scscf.example.com",
                                         .seq_he = row.seq_he,
                                         .seq_ms = row.seq_ms,
                                         .action = action};
  ASSERT_TRUE(std::holds_alternative<ResynchronisationRecord>(outcome));
  EXPECT_EQ(std::get<ResynchronisationRecord>(outcome), expected);
  ASSERT_NE(repository_.resynchronisation(key_set_.id), nullptr);
  EXPECT_EQ(*repository_.resynchronisation(key_set_.id), expected);
  EXPECT_EQ(repository_.writes(), action == Action::kKept ? 1U : 2U);
  EXPECT_EQ(state().seq, row.seq_after);
  // A challenge is forgotten when it lowered SEQ, and only then.
  const auto remembered = action == Action::kLowered ? RecentChallenges{other} : before.issued;
  EXPECT_EQ(state().issued, remembered);
}

constexpr std::uint64_t kEnd = (std::uint64_t{1} << 43U) - 1;
constexpr auto kUnknown = ResynchronisationRefusal::kUnknownChallenge;

INSTANTIATE_TEST_SUITE_P(
    Ts33102, ResynchronisationTest,
    testing::Values(
        ResynchronisationRow{"equal", 100, 100, true, Action::kKept, 100},
        ResynchronisationRow{"card one behind", 100, 99, true, Action::kKept, 100},
        ResynchronisationRow{"card at nothing", 100, 0, true, Action::kKept, 100},
        ResynchronisationRow{"late AUTS of an old challenge", 100, 50, false, Action::kKept, 100},
        ResynchronisationRow{"card one ahead", 100, 101, true, Action::kRaised, 101},
        ResynchronisationRow{"card one ahead, challenge of somebody else", 100, 101, false, Action::kRaised, 101},
        ResynchronisationRow{"card far ahead", 100, 100 + 8 * kDelta, true, Action::kRaised, 100 + 8 * kDelta},
        ResynchronisationRow{"card at the last SEQ", 100, kEnd - 1, true, Action::kRaised, kEnd - 1},
        ResynchronisationRow{"card at the end", 100, kEnd, true, Action::kRaised, kEnd},
        ResynchronisationRow{"both at the end", kEnd, kEnd, true, Action::kKept, kEnd},
        ResynchronisationRow{"next is delta above", 49 + kDelta, 50, true, Action::kKept, 49 + kDelta},
        ResynchronisationRow{"next is delta + 1 above", 50 + kDelta, 50, true, Action::kLowered, 50},
        ResynchronisationRow{"HSS at the end", kEnd, 50, true, Action::kLowered, 50},
        ResynchronisationRow{"would lower, unknown challenge", 50 + kDelta, 50, false, kUnknown, 50 + kDelta},
        ResynchronisationRow{"HSS at the end, unknown challenge", kEnd, 50, false, kUnknown, kEnd}));

TEST_F(AucTest, AnAutsLowersOnce) {
  start_at(1000 + 4 * kDelta);
  const auto rand = issue(1)[0].rand;
  const auto first = resynchronise_at(1000, rand);
  ASSERT_TRUE(std::holds_alternative<ResynchronisationRecord>(first));
  EXPECT_EQ(std::get<ResynchronisationRecord>(first).action, Action::kLowered);
  EXPECT_EQ(state().seq, 1000U);

  SequenceState again = state();
  again.seq += 4 * kDelta;
  repository_.save_sequence(key_set_.id, again);
  const auto second = resynchronise_at(1000, rand);
  ASSERT_TRUE(std::holds_alternative<ResynchronisationRefusal>(second));
  EXPECT_EQ(std::get<ResynchronisationRefusal>(second), ResynchronisationRefusal::kUnknownChallenge);
  EXPECT_EQ(state(), again);
}

TEST_F(AucTest, AfterARaiseToTheEndNothingIsIssued) {
  start_at(100);
  const auto rand = issue(1)[0].rand;
  resynchronise_at(max_seq(key_set_.ind_bits), rand);
  EXPECT_THAT(issue(1), IsEmpty());
  EXPECT_EQ(state().seq, max_seq(key_set_.ind_bits));
}

TEST_F(AucTest, IndBitsOfTheKeySetSplitSqnMs) {
  for (const unsigned ind_bits : {0U, 1U, 5U, 16U}) {
    key_set_.ind_bits = ind_bits;
    start_at(100);
    const auto outcome = resynchronise_at(777, issue(1)[0].rand);
    ASSERT_TRUE(std::holds_alternative<ResynchronisationRecord>(outcome));
    EXPECT_EQ(std::get<ResynchronisationRecord>(outcome).seq_ms, 777U) << ind_bits;
  }
}

}  // namespace
}  // namespace hss
