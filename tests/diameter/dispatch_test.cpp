// Which command a request is: by its application and code together, if the application is served and the peer may use
// it.
// SPDX-License-Identifier: MIT
#include "diameter/dispatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "diameter/command_table.h"
#include "diameter/log.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class DispatchTest : public CoreTest {
 protected:
  struct Outcome {
    disp_action action = DISP_ACT_CONT;
    bool untouched = false;            // freeDiameter answers it itself: nobody served it
    std::optional<RawMessage> answer;  // of ours
    std::size_t submitted = 0;
  };

  /// Through freeDiameter's own dispatch, as a routing thread does it. What is submitted is left without a store.
  Outcome dispatched(const RawMessage& request, const std::string& peer = kPeer) {
    msg* message = parse(request, peer).release();
    char* code = nullptr;
    char* reason = nullptr;
    msg* dropped = nullptr;
    Outcome out;
    EXPECT_EQ(fd_msg_dispatch(&message, nullptr, &out.action, &code, &reason, &dropped), 0);
    const fd::MessagePtr owned(message);
    out.untouched = out.action == DISP_ACT_CONT && message != nullptr;
    if (out.action == DISP_ACT_SEND) out.answer = encoded(message);
    out.submitted = queue_.waiting.size();
    queue_.waiting.clear();
    return out;
  }

  Settings settings_ = for_everybody();  // in force after live_.put()
  LiveSettings live_{for_everybody()};
  SystemRandom random_;
  FakeQueue queue_;
};

TEST_F(DispatchTest, OneCodeTwoCommands) {
  const Dispatcher dispatcher({queue_, live_, random_});
  for (const RawMessage& good : {server_assignment_request(), multimedia_auth_request(),
                                 swx_server_assignment_request(), swx_multimedia_auth_request()}) {
    EXPECT_EQ(dispatched(good).submitted, 1U) << good.application << " " << good.code;
  }
  // Each is refused by its own rules: on Cx Public-Identity, User-Data-Already-Available and the like are missing.
  const struct {
    RawMessage message;
    std::uint32_t application;
    std::uint32_t missing;
  } rows[] = {
      {swx_server_assignment_request(), 16777216, 602},
      {swx_multimedia_auth_request(), 16777216, 601},
      {without(swx_server_assignment_request(), 614, k3gpp), 16777265, 614},
      {without(swx_multimedia_auth_request(), 607, k3gpp), 16777265, 607},
  };
  for (const auto& row : rows) {
    RawMessage message = row.message;
    message.application = row.application;
    const Outcome outcome = dispatched(message);
    ASSERT_TRUE(outcome.answer) << row.missing;
    EXPECT_EQ(outcome.answer->application, row.application);
    EXPECT_EQ(value_of(outcome.answer->one(268)), 5005U);
    EXPECT_NO_THROW(member(outcome.answer->one(279), row.missing, k3gpp));
  }
  // Commands of Cx alone are unknown on SWx.
  RawMessage message = location_info_request();
  message.application = 16777265;
  EXPECT_TRUE(dispatched(message).untouched);
}

TEST_F(DispatchTest, AnApplicationThatIsSwitchedOffHasNoCallbacks) {
  for (const auto& [served, application] : {std::pair<std::string, std::uint32_t>{"cx", 16777216}, {"SWx", 16777265}}) {
    settings_.applications = {served};
    live_.put(settings_, {});
    const Dispatcher dispatcher({queue_, live_, random_});
    for (const RawMessage& good : {server_assignment_request(), swx_server_assignment_request()}) {
      const Outcome outcome = dispatched(good);
      const bool expected = good.application == application;
      EXPECT_EQ(outcome.submitted, expected ? 1U : 0U);
      EXPECT_EQ(outcome.untouched, !expected);
    }
  }
}

[[noreturn]] void advertise(std::vector<std::string> applications) {
  fd_g_debug_lvl = FD_LOG_FATAL + 1;
  start();
  Settings settings;
  settings.applications = std::move(applications);
  SystemRandom random;
  FakeQueue queue;
  const LiveSettings live(settings);
  const Dispatcher dispatcher({queue, live, random});
  std::string advertised;
  for (const std::uint32_t id : {16777216U, 16777265U}) {
    fd_app* application = nullptr;
    fd_app_check(&fd_g_config->cnf_apps, id, &application);
    if (application == nullptr) continue;
    advertised += std::to_string(id) + (application->vndid == k3gpp && application->flags.auth == 1 ? " " : "? ");
  }
  std::fprintf(stderr, "[%s]\n", advertised.c_str());
  std::_Exit(0);
}

/// What was advertised stays so for a whole process.
TEST(AdvertisingTest, OnlyWhatIsServed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(advertise({"cx", "swx"}), testing::ExitedWithCode(0), "\\[16777216 16777265 \\]");
  EXPECT_EXIT(advertise({"cx"}), testing::ExitedWithCode(0), "\\[16777216 \\]");
  EXPECT_EXIT(advertise({"swx"}), testing::ExitedWithCode(0), "\\[16777265 \\]");
}

TEST_F(DispatchTest, PeersOfAnApplication) {
  settings_.cx_peers = {"*.example.org"};
  settings_.swx_peers = {"AAA.example.org", "*.visited.example.net"};
  settings_.agents = {"*.example.org", "*.example.net", "*.example.com"};
  live_.put(settings_, {});
  const Dispatcher dispatcher({queue_, live_, random_});
  const struct {
    const char* peer;
    bool cx, swx;
  } rows[] = {
      {"aaa.example.org", true, true},          {"scscf.example.org", true, false},
      {"aaa.visited.example.net", false, true}, {"AAA.VISITED.example.net", false, true},
      {"visited.example.net", false, false},    {"stranger.example.com", false, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.peer);
    for (const RawMessage& good : {multimedia_auth_request(), swx_multimedia_auth_request()}) {
      const bool cx = good.application == 16777216;
      const Outcome outcome = dispatched(good, row.peer);
      EXPECT_EQ(outcome.submitted, (cx ? row.cx : row.swx) ? 1U : 0U);
      EXPECT_EQ(outcome.answer.has_value(), !(cx ? row.cx : row.swx));
    }
  }
}

TEST_F(DispatchTest, ARefusalGoesTheWayThatItIsGiven) {
  std::vector<std::uint32_t> results;
  const Dispatcher dispatcher({queue_, live_, random_, nullptr, [&](const fd::MessagePtr& answer) {
                                 results.push_back(value_of(encoded(answer.get()).one(268)));
                                 return true;
                               }});
  const Outcome outcome = dispatched(without(swx_server_assignment_request(), 614, k3gpp));
  EXPECT_FALSE(outcome.answer);
  EXPECT_EQ(outcome.submitted, 0U);
  EXPECT_THAT(results, testing::ElementsAre(5005U));
}

TEST_F(DispatchTest, ASilentDispatcherDropsWhatComes) {
  Dispatcher dispatcher({queue_, live_, random_});
  dispatcher.fall_silent();
  const Outcome outcome = dispatched(swx_server_assignment_request());
  EXPECT_FALSE(outcome.answer);
  EXPECT_FALSE(outcome.untouched);
  EXPECT_EQ(outcome.submitted, 0U);
}

TEST_F(DispatchTest, APeerThatMayNotUseAnApplicationIsToldAndNamed) {
  settings_.swx_peers = {kAaa};
  live_.put(settings_, {});
  const Dispatcher dispatcher({queue_, live_, random_});
  // The connection counts, not Origin-Host, which says that it is the AAA server.
  log::start("warn");
  testing::internal::CaptureStdout();
  const Outcome outcome = dispatched(swx_server_assignment_request(), "scscf.example.org");
  log::stop();
  const std::string line = testing::internal::GetCapturedStdout();
  ASSERT_TRUE(outcome.answer);
  EXPECT_EQ(outcome.answer->flags, 0x60);  // P, E
  EXPECT_EQ(outcome.answer->order(), "263 260 268 277 264 296 1");
  EXPECT_EQ(value_of(outcome.answer->one(268)), 3007U);
  EXPECT_EQ(outcome.answer->one(1).data, kImsi);
  EXPECT_EQ(outcome.submitted, 0U);
  EXPECT_THAT(line, testing::HasSubstr("warning SWx-SAR scscf.example.org [-] origin=aaa.example.org "
                                       "user=001010000000001"));
  EXPECT_THAT(line, testing::HasSubstr("DIAMETER_APPLICATION_UNSUPPORTED 3007"));
  EXPECT_THAT(line, testing::HasSubstr("the peer may not use SWx: add it to `swx_peers` in hss.toml if it may"));
  // Nobody is kept from the other application.
  EXPECT_EQ(dispatched(server_assignment_request(), "scscf.example.org").submitted, 1U);
}

TEST_F(DispatchTest, WhatTheCommandsEcho) {
  EXPECT_EQ(commands().size(), 6U);
  EXPECT_EQ(echo_of(16777216, 303), Echo::kIdentities);
  EXPECT_EQ(echo_of(16777216, 301), Echo::kNothing);
  EXPECT_EQ(echo_of(16777265, 303), Echo::kUserName);
  EXPECT_EQ(echo_of(16777265, 301), Echo::kUserName);
  EXPECT_EQ(echo_of(16777265, 300), Echo::kNothing);
}

}  // namespace
}  // namespace hss::diameter::test
