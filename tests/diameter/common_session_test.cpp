// SPDX-License-Identifier: MIT
#include "diameter/common_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diameter/avp_reader.h"
#include "diameter/avp_table.h"
#include "diameter/core_traps.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

constexpr std::uint32_t kGx = 16777238;

class CommonSessionTest : public CoreTest {};

session* session_of(msg* message) {
  session* out = nullptr;
  fd::check(fd_msg_sess_get(fd_g_config->cnf_dict, message, &out, nullptr), "find a session");
  return out;
}

fd::MessagePtr taken(const RawMessage& request) {
  fd::MessagePtr message = parse_header(request);
  CommonSession::take(message.get());
  return message;
}

/// As freeDiameter's routing refuses a message, before it is parsed.
fd::MessagePtr refusal_of(fd::MessagePtr request) {
  msg* message = request.release();
  fd::check(fd_msg_new_answer_from_req(fd_g_config->cnf_dict, &message, MSGFL_ANSW_ERROR), "make an answer");
  return fd::MessagePtr(message);
}

std::string session_id_of(msg* message) {
  return std::string(octets_of(find_avp(message, avps::kSessionId), avps::kSessionId));
}

TEST_F(CommonSessionTest, IsThatOfEveryRequestAndOutlastsThem) {
  session* first = nullptr;
  {
    const fd::MessagePtr one = taken(multimedia_auth_request());
    const fd::MessagePtr same = taken(multimedia_auth_request());
    const fd::MessagePtr other = taken(replaced(location_info_request(), text(263, "somebody.else;1;1")));
    first = session_of(one.get());
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(session_of(same.get()), first);
    EXPECT_EQ(session_of(other.get()), first);
  }
  const fd::MessagePtr later = taken(multimedia_auth_request());
  EXPECT_EQ(session_of(later.get()), first);
  os0_t id = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(fd_sess_getsid(first, &id, &size), 0);
}

TEST_F(CommonSessionTest, AnswersThatTheCoreMakesHaveTheRequestsSessionId) {
  RawMessage unknown = multimedia_auth_request();
  unknown.application = kGx;
  for (const RawMessage& request :
       {multimedia_auth_request(), replaced(multimedia_auth_request(), text(263, "somebody.else;1;1")), unknown}) {
    const fd::MessagePtr answer = refusal_of(taken(request));
    EXPECT_NE(session_id_of(answer.get()), request.one(263).data);
    CommonSession::give_back(answer.get());
    EXPECT_EQ(session_id_of(answer.get()), request.one(263).data);
    CommonSession::give_back(answer.get());
    EXPECT_EQ(session_id_of(answer.get()), request.one(263).data);
  }
}

TEST_F(CommonSessionTest, IsThatOfTheCopyOfWhichARefusalIsMade) {
  const fd::MessagePtr request = taken(multimedia_auth_request());
  const fd::MessagePtr answer = diameter::refusal_of(request.get(), kPeer, "DIAMETER_TOO_BUSY", "");
  EXPECT_EQ(session_of(answer.get()), session_of(request.get()));
  EXPECT_EQ(session_of(fd::request_of(answer.get())), session_of(request.get()));
}

TEST_F(CommonSessionTest, IsNotThatOfMessagesWithoutSessionId) {
  const fd::MessagePtr request = taken(without(multimedia_auth_request(), 263));
  EXPECT_EQ(session_of(request.get()), nullptr);
}

TEST_F(CommonSessionTest, LeavesAnswersAlone) {
  msg* message = parse_header(multimedia_auth_request()).release();
  fd::check(fd_msg_new_answer_from_req(fd_g_config->cnf_dict, &message, MSGFL_ANSW_NOSID), "make an answer");
  const fd::MessagePtr answer(message);
  CommonSession::take(answer.get());
  EXPECT_EQ(session_of(answer.get()), nullptr);
  CommonSession::give_back(answer.get());
  EXPECT_EQ(find_avp(answer.get(), avps::kSessionId), nullptr);
}

TEST_F(CommonSessionTest, LeavesRequestsOfWhatAnotherExtensionServesAlone) {
  RawMessage request = multimedia_auth_request();
  request.application = kGx;
  fd::check(fd_app_merge(&fd_g_config->cnf_apps, kGx, k3gpp, 1, 0), "serve Gx");
  const fd::MessagePtr message = taken(request);
  const fd::MessagePtr ours = taken(multimedia_auth_request());
  EXPECT_NE(session_of(message.get()), session_of(ours.get()));
  EXPECT_NE(session_of(message.get()), nullptr);
  fd_app* served = nullptr;
  fd::check(fd_app_check(&fd_g_config->cnf_apps, kGx, &served), "look for Gx");
  ASSERT_NE(served, nullptr);
  fd_list_unlink(&served->chain);
  free(served);
}

}  // namespace
}  // namespace hss::diameter::test
