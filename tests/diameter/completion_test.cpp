// Answers that freeDiameter makes itself, made by it here too, and completed as the hook does it.
// SPDX-License-Identifier: MIT
#include "diameter/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "diameter/cx/registration_termination.h"
#include "diameter/log.h"
#include "diameter/repeated_lines.h"
#include "diameter/swx/registration_termination.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class CompletionTest : public CoreTest {
 protected:
  void SetUp() override {
    CoreTest::SetUp();
    hooks_.emplace();
  }

 private:
  std::optional<Hooks> hooks_;  // they need a core
};

/// The answer of the core's own check, completed.
RawMessage core_answer(const RawMessage& request) {
  msg* message = parse_header(request).release();
  msg* error = nullptr;
  if (fd_msg_parse_or_error(&message, &error) == 0) throw std::logic_error("the core refuses nothing");
  fd::MessagePtr answer(error);
  complete_answer(answer.get());
  return encoded_only(answer.get());  // its Failed-AVP holds what no parser takes
}

/// As the core's routing refuses a message, before it is parsed.
RawMessage routing_answer(const RawMessage& request, const char* code) {
  msg* message = parse_header(request).release();
  fd::check(fd_msg_new_answer_from_req(fd_g_config->cnf_dict, &message, MSGFL_ANSW_ERROR), "make an answer");
  fd::MessagePtr answer(message);
  fd::check(fd_msg_rescode_set(message, const_cast<char*>(code), nullptr, nullptr, 1), "set a result");
  complete_answer(message);
  return encoded(message);
}

void expect_complete(const RawMessage& answer, std::uint32_t application = 16777216) {
  EXPECT_EQ(answer.avps.at(0).code, 263U);
  EXPECT_EQ(value_of(member(answer.one(260), 266)), k3gpp);
  EXPECT_EQ(value_of(member(answer.one(260), 258)), application);
  EXPECT_EQ(value_of(answer.one(277)), 1U);
  EXPECT_EQ(answer.one(264).data, kHost);
  EXPECT_EQ(answer.one(296).data, kRealm);
  EXPECT_EQ(answer.flags & 0x40, 0x40);
}

TEST_F(CompletionTest, UnknownAvpWithM) {
  for (const RawMessage& good : {user_authorization_request(), server_assignment_request(), location_info_request(),
                                 multimedia_auth_request()}) {
    const RawMessage answer = core_answer(with(good, text(60000, "what?")));
    expect_complete(answer);
    EXPECT_EQ(value_of(answer.one(268)), 5001U);
    EXPECT_NO_THROW(member(answer.one(279), 60000));
    const bool mar = good.code == 303;
    EXPECT_EQ(answer.all(1).size(), mar ? 1U : 0U);
    EXPECT_EQ(answer.all(601, k3gpp).size(), mar ? 1U : 0U);
  }
}

TEST_F(CompletionTest, MultimediaAuthEchoesWhatTheCoreHadNotParsedYet) {
  RawMessage request = multimedia_auth_request();
  request.avps.insert(request.avps.begin(), text(60000, "what?"));
  const RawMessage answer = core_answer(request);
  expect_complete(answer);
  EXPECT_EQ(answer.one(1).data, "alice@example.org");
  EXPECT_EQ(answer.one(601, k3gpp).data, "sip:alice@example.org");
}

TEST_F(CompletionTest, RoutingErrorsKeepPAndE) {
  for (const char* code : {"DIAMETER_UNABLE_TO_DELIVER", "DIAMETER_COMMAND_UNSUPPORTED"}) {
    const RawMessage answer = routing_answer(multimedia_auth_request(), code);
    expect_complete(answer);
    EXPECT_EQ(answer.flags, 0x60);
    EXPECT_EQ(answer.one(1).data, "alice@example.org");
    EXPECT_EQ(answer.one(601, k3gpp).data, "sip:alice@example.org");
  }
  RawMessage request = location_info_request();
  request.flags = 0x80;
  EXPECT_EQ(routing_answer(request, "DIAMETER_UNABLE_TO_DELIVER").flags, 0x20);
}

TEST_F(CompletionTest, OnSwxUserNameAloneInMaaAndSaa) {
  for (const RawMessage& good : {swx_multimedia_auth_request(), swx_server_assignment_request()}) {
    // What has no place on SWx does not come back, whatever the command echoes on Cx.
    const RawMessage request = with(good, text(601, "sip:alice@example.org", k3gpp));
    RawMessage odd = request;
    odd.avps.insert(odd.avps.begin(), text(60000, "what?"));
    for (const RawMessage& answer : {core_answer(with(request, text(60000, "what?"))), core_answer(odd),
                                     routing_answer(request, "DIAMETER_UNABLE_TO_DELIVER"),
                                     routing_answer(request, "DIAMETER_APPLICATION_UNSUPPORTED")}) {
      expect_complete(answer, 16777265);
      EXPECT_EQ(answer.one(1).data, kImsi);
      EXPECT_TRUE(answer.all(601, k3gpp).empty());
    }
  }
  RawMessage other = location_info_request();
  other.application = 16777265;
  const RawMessage answer = routing_answer(other, "DIAMETER_COMMAND_UNSUPPORTED");
  expect_complete(answer, 16777265);
  EXPECT_TRUE(answer.all(601, k3gpp).empty());
}

TEST_F(CompletionTest, WrongLength) {
  RawMessage request = server_assignment_request();
  request.avps.back() = text(624, "abc", k3gpp);
  const RawMessage answer = core_answer(request);
  expect_complete(answer);
  EXPECT_EQ(value_of(answer.one(268)), 5014U);
}

TEST_F(CompletionTest, AnEmptyAvpThatTheCoreRefusesIsAnswered) {
  const RawMessage unknown = core_answer(with(location_info_request(), text(60000, "")));
  expect_complete(unknown);
  EXPECT_EQ(value_of(unknown.one(268)), 5001U);
  EXPECT_EQ(member(unknown.one(279), 60000).data, std::string(1, '\0'));
  RawMessage request = server_assignment_request();
  request.avps.back() = text(624, "", k3gpp);
  const RawMessage known = core_answer(request);
  expect_complete(known);
  EXPECT_EQ(value_of(known.one(268)), 5014U);
  EXPECT_EQ(member(known.one(279), 624, k3gpp).flags, 0xC0);
}

TEST_F(CompletionTest, NothingIsWrittenTwice) {
  fd::MessagePtr message = parse(multimedia_auth_request());
  Answer answer(message.get(), result::kUserUnknown);
  answer.echo(avps::kUserName);
  answer.echo(avps::kPublicIdentity);
  fd::MessagePtr out = finished(answer, std::move(message));
  const std::string before = encoded(out.get()).octets();
  complete_answer(out.get());
  EXPECT_EQ(encoded(out.get()).octets(), before);
}

TEST_F(CompletionTest, RefusedMessagesAreOneLineASecondWithoutTheirContent) {
  repeated_warnings().settle(RepeatedLines::Clock::now() + std::chrono::hours(1));  // other tests had it too
  RawMessage request = multimedia_auth_request();
  request.avps.push_back(text(60000, "what the peer wrote"));
  log::start("debug");
  testing::internal::CaptureStdout();
  core_answer(request);
  core_answer(request);
  log::stop();
  const std::string out = testing::internal::GetCapturedStdout();
  const std::size_t line = out.find("warning command");  // freeDiameter has lines of its own
  ASSERT_NE(line, std::string::npos) << out;
  EXPECT_EQ(out.find("warning command", line + 1), std::string::npos) << out;
  EXPECT_THAT(out, testing::HasSubstr("command 303 request of application 16777216 from scscf.example.org: refused: "
                                      "DIAMETER_AVP_UNSUPPORTED"));
  for (const char* content : {"alice", "what the peer", "Digest", "60000"}) {
    EXPECT_THAT(out, testing::Not(testing::HasSubstr(content)));
  }
}

TEST_F(CompletionTest, OtherApplicationsAndRequestsAreLeftAlone) {
  RawMessage request = location_info_request();
  request.application = 16777217;
  fd::MessagePtr message = parse(request);
  complete_answer(message.get());
  EXPECT_EQ(encoded(message.get()).octets(), request.octets());
  EXPECT_TRUE(routing_answer(request, "DIAMETER_UNABLE_TO_DELIVER").all(260).empty());
}

TEST_F(CompletionTest, AnswersToRequestsOfOursStayAsTheyAre) {
  for (const auto make : {cx::registration_termination_request, swx::registration_termination_request}) {
    Push push;
    push.server = {"sip:scscf.example.org", "scscf.example.org", "example.org"};
    push.private_identity = "alice@example.org";
    msg* message = make(push).release();
    fd::check(fd_msg_new_answer_from_req(fd_g_config->cnf_dict, &message, 0), "make an answer");
    const fd::MessagePtr answer(message);
    complete_answer(message);
    EXPECT_EQ(encoded_only(message).order(), "263");
  }
}

}  // namespace
}  // namespace hss::diameter::test
