// A storm against an HSS that resynchronises as TS 33.102 6.3.5 says, and against some that do not.
// SPDX-License-Identifier: MIT
#include "tests/lab/load/storm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "hss/sqn.h"
#include "tests/lab/unit/load_responder.h"

namespace hss::lab {
namespace {

using namespace load_test;
using ::testing::ElementsAre;
using ::testing::Pair;
using Reaction = LoadResponder::Reaction;

constexpr ResultOf kSuccess{0, 2001};

/// An HSS in a few lines.
struct Auc {
  bool follows_auts = true;
  std::map<std::string, std::uint64_t> seqs{};  // by User-Name

  Reaction operator()(const Message& request) {
    if (request.command != command::kMultimediaAuth) return {{answer_to(request, kSuccess)}};
    const KeySet keys = test_keys();
    std::uint64_t& seq = seqs[text_of(request, avp::kUserName)];
    const auto item = request.find(avp::kSipAuthDataItem)->members();
    if (const Avp* authorization = find(*item, avp::kSipAuthorization); authorization != nullptr && follows_auts) {
      Octets<16> rand{};
      Octets<14> auts{};
      std::copy_n(authorization->data.begin(), 16, rand.begin());
      std::copy_n(authorization->data.begin() + 16, 14, auts.begin());
      const auto sqn_ms = open_auts(keys, rand, auts);
      if (!sqn_ms) return {{answer_to(request, {0, 5012})}};
      seq = seq_of(*sqn_ms, keys.ind_bits);
    }
    ++seq;
    const AkaVector vector = make_vector(keys, join_sqn(seq, 0, keys.ind_bits), Octets<16>{1, 2, 3});
    return {{answer_to(request, kSuccess, {vector_avp(vector)})}};
  }
};

StormPlan plan_for(const LoadResponder& hss) {
  StormPlan plan;
  plan.fleet = {.target = hss.target(),
                .subscribers = {"001010000000001", 50},
                .home_domain = "example.org",
                .icscf_host = "icscf.example.org",
                .scscf_host = "scscf.example.org",
                .server_name = "sip:scscf.example.org:6060"};
  plan.keys = test_keys();
  plan.ahead = 1U << 20U;
  plan.connections = 2;
  return plan;
}

TEST(Storm, AllAreBackWithTheSecondMar) {
  const LoadResponder hss(Auc{});
  const StormFigures figures = run_storm(plan_for(hss), {});
  EXPECT_THAT(figures.back, ElementsAre(Pair(2U, 50U)));
  EXPECT_EQ(figures.in_time(), 50U);
  EXPECT_EQ(figures.times.total(), 50U);
  EXPECT_TRUE(figures.failures.empty());

  std::map<std::string, std::vector<std::uint32_t>> asked;
  for (const Message& request : hss.received()) {
    if (request.application == kCx) asked[text_of(request, avp::kUserName)].push_back(request.command);
  }
  EXPECT_EQ(asked.size(), 50U);
  for (const auto& [user, commands] : asked) {
    EXPECT_THAT(commands, ElementsAre(command::kUserAuthorization, command::kMultimediaAuth, command::kMultimediaAuth,
                                      command::kServerAssignment))
        << user;
  }
}

TEST(Storm, ACardThatIsNotAheadNeedsTwoAsWell) {
  const LoadResponder hss(Auc{});
  StormPlan plan = plan_for(hss);
  plan.ahead = 0;  // it has accepted this very challenge before
  EXPECT_THAT(run_storm(plan, {}).back, ElementsAre(Pair(2U, 50U)));
}

TEST(Storm, AnHssThatIgnoresAuts) {
  const LoadResponder hss(Auc{.follows_auts = false});
  const StormFigures figures = run_storm(plan_for(hss), {});
  EXPECT_EQ(figures.registered(), 0U);
  ASSERT_EQ(figures.failures.size(), 1U);
  EXPECT_EQ(figures.failures.begin()->first, "still out of step after 5 MARs");
  EXPECT_EQ(figures.failures.begin()->second.count, 50U);
}

TEST(Storm, AnHssThatCatchesUpSlowlyIsNotInTime) {
  const LoadResponder hss(Auc{.follows_auts = false});
  StormPlan plan = plan_for(hss);
  plan.ahead = 2;  // the fourth challenge is the first that is fresh
  const StormFigures figures = run_storm(plan, {});
  EXPECT_THAT(figures.back, ElementsAre(Pair(4U, 50U)));
  EXPECT_EQ(figures.in_time(), 0U);
  EXPECT_EQ(figures.registered(), 50U);
}

TEST(Storm, OtherKeys) {
  const LoadResponder hss(Auc{});
  StormPlan plan = plan_for(hss);
  plan.keys.opc = SecretOctets<32>(Bytes(16, 1));
  const StormFigures figures = run_storm(plan, {});
  ASSERT_EQ(figures.failures.size(), 1U);
  EXPECT_THAT(figures.failures.begin()->first, ::testing::HasSubstr("MAC-A is wrong"));
}

TEST(Storm, WhoIsRefusedIsNamedByTheResult) {
  Auc auc;
  const LoadResponder hss([auc](const Message& request) mutable {
    const bool unknown = text_of(request, avp::kUserName).starts_with("001010000000007@");
    return unknown ? Reaction{{answer_to(request, {kVendor3gpp, 5001})}} : auc(request);
  });
  const StormFigures figures = run_storm(plan_for(hss), {});
  EXPECT_EQ(figures.in_time(), 49U);
  ASSERT_EQ(figures.failures.size(), 1U);
  EXPECT_EQ(figures.failures.begin()->first, "UAA says DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001)");
  EXPECT_EQ(figures.failures.begin()->second.first_imsi, "001010000000007");
}

TEST(Storm, ABusyHssIsAskedAgainAndTheMarIsNotCounted) {
  Auc auc;
  std::set<std::string> turned_away;
  const LoadResponder hss([auc, turned_away](const Message& request) mutable {
    const bool first =
        request.command == command::kMultimediaAuth && turned_away.insert(text_of(request, avp::kUserName)).second;
    return first ? Reaction{{answer_to(request, {0, 3004})}} : auc(request);
  });
  const StormFigures figures = run_storm(plan_for(hss), {});
  EXPECT_THAT(figures.back, ElementsAre(Pair(2U, 50U)));
  EXPECT_EQ(figures.too_busy, 50U);
}

TEST(Storm, SilenceIsAFailure) {
  Auc auc;
  const LoadResponder hss([auc](const Message& request) mutable {
    return request.command == command::kServerAssignment ? Reaction{} : auc(request);
  });
  StormPlan plan = plan_for(hss);
  plan.patience = std::chrono::milliseconds(400);
  const StormFigures figures = run_storm(plan, {});
  EXPECT_EQ(figures.registered(), 0U);
  std::uint64_t silent = 0;
  for (const auto& [why, failure] : figures.failures) {
    EXPECT_THAT(why, ::testing::StartsWith("no answer to"));
    silent += failure.count;
  }
  EXPECT_EQ(silent, 50U);
}

}  // namespace
}  // namespace hss::lab
