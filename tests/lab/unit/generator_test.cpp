// The generator of load against a scripted HSS: who asks what in which order, what is counted, and what ends it.
// SPDX-License-Identifier: MIT
#include "tests/lab/load/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "hss/aka.h"
#include "tests/lab/load/vector_check.h"
#include "tests/lab/unit/load_responder.h"

namespace hss::lab {
namespace {

using namespace load_test;
using std::chrono::milliseconds;
using Reaction = LoadResponder::Reaction;

constexpr ResultOf kSuccess{0, 2001};
constexpr ResultOf kUserUnknown{kVendor3gpp, 5001};

Reaction success(const Message& request) { return {{answer_to(request, kSuccess)}}; }

LoadPlan plan_for(const LoadResponder& hss, Mix mix) {
  LoadPlan plan;
  plan.fleet = {.target = hss.target(),
                .subscribers = {"001010000000001", 100},
                .home_domain = "example.org",
                .icscf_host = "icscf.example.org",
                .scscf_host = "scscf.example.org",
                .server_name = "sip:scscf.example.org:6060"};
  plan.mix = mix;
  plan.in_flight = 4;
  plan.duration = milliseconds(100);
  return plan;
}

/// Requests of Cx that came.
std::vector<Message> requests_to(const LoadResponder& hss) {
  std::vector<Message> out;
  for (const Message& message : hss.received()) {
    if (message.request && message.application == kCx) out.push_back(message);
  }
  return out;
}

std::uint64_t count_of(const StepFigures& step, const ResultOf& result) {
  const auto found = step.results.find({result.vendor, result.code});
  return found == step.results.end() ? 0 : found->second;
}

TEST(Generator, ARegistrationIsThreeRequestsOfTwoNodes) {
  const LoadResponder hss(success);
  const LoadFigures figures = run_load(plan_for(hss, Mix::kRegistration), {});
  ASSERT_EQ(figures.steps.size(), 3U);
  const std::uint64_t registrations = figures.procedures.total();
  EXPECT_GT(registrations, 0U);
  for (const StepFigures& step : figures.steps) {
    EXPECT_EQ(step.latency.total(), registrations);
    EXPECT_EQ(count_of(step, kSuccess), registrations);
    EXPECT_EQ(step.results.size(), 1U);
  }
  EXPECT_EQ(figures.timeouts() + figures.failed + figures.late, 0U);
  EXPECT_EQ(figures.successes(), 3 * registrations);

  // Each user: UAR, MAR, SAR, and again, never two at once.
  std::map<std::string, std::vector<std::uint32_t>> asked;
  std::set<std::string> sessions;
  for (const Message& request : requests_to(hss)) {
    asked[text_of(request, avp::kUserName)].push_back(request.command);
    sessions.insert(text_of(request, avp::kSessionId));
    EXPECT_EQ(text_of(request, avp::kOriginHost),
              request.command == command::kUserAuthorization ? "icscf.example.org" : "scscf.example.org");
  }
  EXPECT_EQ(sessions.size(), 3 * registrations);
  const std::vector<std::uint32_t> order{command::kUserAuthorization, command::kMultimediaAuth,
                                         command::kServerAssignment};
  for (const auto& [user, commands] : asked) {
    ASSERT_EQ(commands.size() % 3, 0U) << user;
    for (std::size_t i = 0; i < commands.size(); ++i) EXPECT_EQ(commands[i], order[i % 3]) << user;
  }
}

TEST(Generator, AUserAlwaysTakesTheSameConnection) {
  const LoadResponder hss(success);
  LoadPlan plan = plan_for(hss, Mix::kMar);
  plan.connections = 3;
  run_load(plan, {});
  std::map<std::string, std::set<std::string>> hosts_of;
  std::set<std::string> hosts;
  for (const Message& request : requests_to(hss)) {
    hosts_of[text_of(request, avp::kUserName)].insert(text_of(request, avp::kOriginHost));
    hosts.insert(text_of(request, avp::kOriginHost));
  }
  EXPECT_THAT(hosts, ::testing::ElementsAre("scscf.example.org", "scscf2.example.org", "scscf3.example.org"));
  for (const auto& [user, its] : hosts_of) EXPECT_EQ(its.size(), 1U) << user;
}

TEST(Generator, ARefusalEndsTheProcedure) {
  const LoadResponder hss([](const Message& request) {
    return request.command == command::kMultimediaAuth ? Reaction{{answer_to(request, kUserUnknown)}}
                                                       : success(request);
  });
  const LoadFigures figures = run_load(plan_for(hss, Mix::kRegistration), {});
  EXPECT_GT(figures.failed, 0U);
  EXPECT_EQ(count_of(figures.steps[1], kUserUnknown), figures.failed);
  EXPECT_EQ(figures.procedures.total(), 0U);
  EXPECT_EQ(figures.completed, 0U);
  for (const Message& request : requests_to(hss)) EXPECT_NE(request.command, command::kServerAssignment);
}

TEST(Generator, SilenceIsATimeoutAndALateAnswerIsNoAnswer) {
  std::optional<Message> first;
  const LoadResponder hss([&first](const Message& request) -> Reaction {
    if (!first) {
      first = request;
      return {};
    }
    return {{answer_to(*first, kSuccess), answer_to(request, kSuccess)}};
  });
  LoadPlan plan = plan_for(hss, Mix::kMar);
  plan.in_flight = 1;
  plan.patience = milliseconds(200);
  plan.duration = milliseconds(300);
  const LoadFigures figures = run_load(plan, {});
  const std::size_t asked = requests_to(hss).size();
  EXPECT_EQ(figures.timeouts() + figures.steps[0].latency.total(), asked);
  EXPECT_GE(figures.timeouts(), 1U);
  EXPECT_GE(figures.late, 1U);
  EXPECT_EQ(figures.failed, figures.timeouts());
}

// Coordinated omission: while the HSS stalls, others should have begun, and they have waited too.
TEST(Generator, AtAFixedRateAStallCountsForAllThatWereDue) {
  bool stalled = false;
  const LoadResponder hss([&stalled](const Message& request) {
    if (!stalled) std::this_thread::sleep_for(milliseconds(200));  // the stall that is measured
    stalled = true;
    return success(request);
  });
  LoadPlan plan = plan_for(hss, Mix::kMar);
  plan.in_flight = 1;
  plan.rate = 100;
  plan.duration = milliseconds(400);
  const LoadFigures figures = run_load(plan, {});
  EXPECT_EQ(figures.procedures.total() + figures.not_begun, 40U);
  EXPECT_GE(figures.procedures.max(), milliseconds(200));
  // Those that were due in the first 100 ms of the stall, 11 of the 40, waited for 100 ms and more.
  EXPECT_GE(figures.procedures.percentile(75), milliseconds(100));
}

TEST(Generator, WarmUpDoesNotCount) {
  const LoadResponder hss(success);
  LoadPlan plan = plan_for(hss, Mix::kLir);
  plan.rate = 200;
  plan.warm_up = milliseconds(100);
  plan.duration = milliseconds(200);
  const LoadFigures figures = run_load(plan, {});
  EXPECT_EQ(figures.procedures.total() + figures.not_begun, 40U);
  EXPECT_EQ(requests_to(hss).size() + figures.not_begun, 60U);
  EXPECT_DOUBLE_EQ(figures.seconds, 0.2);
}

TEST(Generator, AnInterruptionEndsItEarly) {
  const LoadResponder hss(success);
  LoadPlan plan = plan_for(hss, Mix::kMar);
  plan.warm_up = std::chrono::hours(1);
  plan.duration = std::chrono::hours(1);
  int looked = 0;
  const LoadFigures figures = run_load(plan, {.interrupted = [&looked] { return ++looked == 3; }});
  EXPECT_TRUE(figures.interrupted);
  EXPECT_EQ(looked, 3);
}

TEST(Generator, TellsHowItGoes) {
  const LoadResponder hss([](const Message& request) { return Reaction{{answer_to(request, kUserUnknown)}}; });
  LoadPlan plan = plan_for(hss, Mix::kMar);
  plan.duration = std::chrono::hours(1);
  std::vector<LoadProgress> told;
  run_load(plan, {.progress = [&told](const LoadProgress& progress) { told.push_back(progress); },
                  .interrupted = [&told] { return !told.empty(); }});
  ASSERT_EQ(told.size(), 1U);
  EXPECT_GT(told[0].answers_per_second, 0);
  EXPECT_GT(told[0].refused, 0U);
  EXPECT_LE(told[0].in_flight, 4U);
  EXPECT_FALSE(told[0].warming_up);
}

TEST(Generator, ARequestOfTheHssIsRefused) {
  const LoadResponder hss([](const Message& request) -> Reaction {
    Message rtr{.command = command::kRegistrationTermination, .application = kCx, .hop_by_hop = 77, .end_to_end = 78};
    rtr.avps.push_back(text_avp(avp::kSessionId, "hss;1"));
    return {{rtr, answer_to(request, kSuccess)}};
  });
  const LoadFigures figures = run_load(plan_for(hss, Mix::kMar), {});
  EXPECT_EQ(figures.steps[0].latency.total(), requests_to(hss).size());
  std::size_t refused = 0;
  for (const Message& message : hss.received()) {
    if (message.request) continue;
    ++refused;
    EXPECT_EQ(message.command, command::kRegistrationTermination);
    EXPECT_EQ(message.hop_by_hop, 77U);
    EXPECT_EQ(message.end_to_end, 78U);
    EXPECT_TRUE(message.error);
    EXPECT_EQ(result_of(message), (ResultOf{0, 3001}));
    EXPECT_EQ(text_of(message, avp::kSessionId), "hss;1");
  }
  EXPECT_GT(refused, 0U);
}

TEST(Generator, ALostConnectionEndsIt) {
  const LoadResponder hss([](const Message&) { return Reaction{.close = true}; });
  EXPECT_THROW(run_load(plan_for(hss, Mix::kMar), {}), NetworkError);
}

TEST(Generator, ARefusedConnectionSaysWhy) {
  const LoadResponder hss(success, 3010);
  try {
    run_load(plan_for(hss, Mix::kMar), {});
    FAIL() << "the connection was refused, and nothing was said";
  } catch (const NetworkError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("3010"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("scscf.example.org"));
  }
}

TEST(Generator, APlanThatCannotBe) {
  const LoadResponder hss(success);
  const LoadPlan good = plan_for(hss, Mix::kMar);
  const auto refused = [&good](auto change) {
    LoadPlan plan = good;
    change(plan);
    EXPECT_THROW(run_load(plan, {}), std::invalid_argument);
  };
  refused([](LoadPlan& plan) { plan.connections = 0; });
  refused([](LoadPlan& plan) { plan.connections = 101; });  // more than users
  refused([](LoadPlan& plan) { plan.in_flight = 0; });
  refused([](LoadPlan& plan) { plan.in_flight = 10001; });
  refused([](LoadPlan& plan) { plan.rate = 0; });
  refused([](LoadPlan& plan) { plan.fleet.subscribers = {"999999", 2}; });
}

TEST(Generator, HostNames) {
  EXPECT_EQ(host_of("scscf.example.org", 0), "scscf.example.org");
  EXPECT_EQ(host_of("scscf.example.org", 1), "scscf2.example.org");
  EXPECT_EQ(host_of("scscf", 9), "scscf10");
}

// ---- --verify
// ---------------------------------------------------------------------------------------------------------

Message maa(Sqn sqn, bool wrong_xres = false) {
  return answer_to({.command = command::kMultimediaAuth, .application = kCx}, kSuccess,
                   {vector_avp(make_vector(test_keys(), sqn, Octets<16>{7}), wrong_xres)});
}

TEST(VectorCheck, FindsWhatIsWrong) {
  VectorCheck check(test_keys());
  EXPECT_EQ(check.problem_of(0, encode(maa(0x20))), "");
  EXPECT_EQ(check.problem_of(1, encode(maa(0x20))), "");  // another card
  EXPECT_EQ(check.problem_of(0, encode(maa(0x20))), "its SQN was issued before");
  EXPECT_EQ(check.problem_of(0, encode(maa(std::uint64_t{1} << 46U))), "");  // wherever the HSS counts
  EXPECT_EQ(check.problem_of(1, encode(maa(0x40, true))), "XRES is not of these keys");

  KeySet others = test_keys();
  others.opc = SecretOctets<32>(Bytes(16, 1));
  EXPECT_EQ(VectorCheck(others).problem_of(0, encode(maa(0x20))), "MAC-A is not of these keys");

  Message empty = maa(0x20);
  empty.avps.pop_back();
  EXPECT_NE(check.problem_of(2, encode(empty)), "");
}

TEST(Generator, CountsWhatTheCheckRefuses) {
  const LoadResponder hss(success);
  LoadPlan plan = plan_for(hss, Mix::kMar);
  plan.in_flight = 1;
  const LoadFigures figures =
      run_load(plan, {.check = [](std::uint32_t user, BytesView) { return user == 0 ? "wrong" : ""; }});
  EXPECT_EQ(figures.verified, figures.steps[0].latency.total());
  EXPECT_GE(figures.wrong, 1U);
  EXPECT_EQ(figures.first_wrong, "001010000000001: wrong");
}

}  // namespace
}  // namespace hss::lab
