// Messages led past what ends freeDiameter, with its own library and on a thread that has its routing thread's name.
// SPDX-License-Identifier: MIT
#include "diameter/core_traps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>

#include "diameter/common_session.h"
#include "diameter/completion.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class CoreTrapsTest : public CoreTest {};

void on_thread(const char* name, const std::function<void()>& work) {
  std::thread([&] {
    fd_log_threadname(name);
    work();
    fd_log_threadname(nullptr);
  }).join();
}

RawMessage refusal(const RawMessage& request, const char* code, const char* why) {
  const fd::MessagePtr received = parse_header(request);
  const fd::MessagePtr answer = refusal_of(received.get(), kPeer, code, why);
  CommonSession::give_back(answer.get());
  complete_answer(answer.get());
  EXPECT_EQ(fd::source_of(fd::request_of(answer.get())), kPeer);
  return encoded_only(answer.get());
}

TEST_F(CoreTrapsTest, ARefusalIsTheAnswerOfFreeDiameter) {
  for (const RawMessage& request : {multimedia_auth_request(), without(multimedia_auth_request(), 283)}) {
    const RawMessage answer = refusal(request, "DIAMETER_COMMAND_UNSUPPORTED", "missing Destination-Realm ?");
    EXPECT_EQ(value_of(answer.one(268)), 3001U);
    EXPECT_EQ(answer.flags, 0x60);
    EXPECT_EQ(answer.code, request.code);
    EXPECT_EQ(answer.hop_by_hop, request.hop_by_hop);
    EXPECT_EQ(answer.end_to_end, request.end_to_end);
    EXPECT_EQ(answer.one(263).data, request.one(263).data);
    EXPECT_EQ(answer.one(281).data, "missing Destination-Realm ?");
    EXPECT_EQ(answer.one(1).data, "alice@example.org");
  }
}

TEST_F(CoreTrapsTest, ABareHeaderIsAnsweredToo) {
  RawMessage bare = location_info_request();
  bare.avps.clear();
  EXPECT_EQ(value_of(refusal(bare, "DIAMETER_COMMAND_UNSUPPORTED", "").one(268)), 3001U);
}

TEST_F(CoreTrapsTest, ProxyInfoComesBack) {
  const RawAvp proxy = group(284, {text(280, "proxy.example.org"), text(33, "state")});
  const RawMessage answer =
      refusal(with(location_info_request(), proxy), "DIAMETER_UNABLE_TO_DELIVER", "I am not a Diameter agent");
  EXPECT_EQ(value_of(answer.one(268)), 3002U);
  EXPECT_TRUE(answer.all(279).empty());
  EXPECT_EQ(answer.one(284).data, proxy.data);
}

TEST_F(CoreTrapsTest, AProxyInfoThatCannotBeCopiedIsLeftOut) {
  const RawAvp proxy = group(284, {text(280, "p"), text(33, "s"), text(268, "abc")});  // Result-Code has four octets
  const RawAvp good = group(284, {text(280, "proxy.example.org"), text(33, "state")});
  const RawMessage answer = refusal(with(with(location_info_request(), proxy), good), "DIAMETER_UNABLE_TO_DELIVER", "");
  EXPECT_EQ(value_of(answer.one(268)), 3002U);
  EXPECT_EQ(answer.one(284).data, good.data);
}

// freeDiameter cannot write an AVP that it does not know and that is empty.
TEST_F(CoreTrapsTest, AnEmptyMemberOfProxyInfoComesBackWithAnOctet) {
  const auto proxy = [](const std::string& data) {
    const RawAvp member = with_flags(text(60001, data, 99999), 0x80);
    return group(284, {text(280, "proxy.example.org"), member, text(33, "state")});
  };
  const RawMessage answer = refusal(with(location_info_request(), proxy("")), "DIAMETER_UNABLE_TO_DELIVER", "nobody");
  EXPECT_EQ(answer.one(284).data, proxy(std::string(1, '\0')).data);
}

TEST_F(CoreTrapsTest, WhatDispatchRefusesIsAnsweredWithoutABrokenProxyInfo) {
  const Hooks hooks;
  const RawAvp good = group(284, {text(280, "one.example.org"), text(33, "s")});
  const RawAvp broken = group(284, {text(280, "two.example.org"), text(33, "t"), text(268, "abc")});
  msg* message = parse_header(with(with(location_info_request(), good), broken)).release();
  msg* answer = nullptr;
  EXPECT_EQ(fd_msg_parse_or_error(&message, &answer), EBADMSG);
  const fd::MessagePtr owned(answer);
  ASSERT_NE(answer, nullptr);
  const RawMessage raw = encoded_only(answer);
  EXPECT_EQ(value_of(raw.one(268)), 5014U);  // DIAMETER_INVALID_AVP_LENGTH
  EXPECT_EQ(raw.one(284).data, good.data);
}

TEST_F(CoreTrapsTest, OnTheRoutingThreadARefusedRequestHasNoSender) {
  const fd::MessagePtr request = parse_header(without(location_info_request(), 283));
  on_thread("Routing-IN (0x1)", [&] { before_refusal(request.get(), "why"); });
  const std::string hidden(fd::source_of(request.get()));
  peer_hdr* peer = nullptr;
  fd::check(fd_peer_getbyid(const_cast<char*>(hidden.data()), hidden.size(), 0, &peer), "look for a peer");
  EXPECT_FALSE(hidden.empty());  // else it would be taken for one of our own
  EXPECT_EQ(peer, nullptr);
}

TEST_F(CoreTrapsTest, ElsewhereNothingIsHidden) {
  const fd::MessagePtr request = parse_header(location_info_request());
  on_thread("Dispatch (0x1)", [&] {
    before_refusal(request.get(), "why");
    EXPECT_FALSE(answer_instead(request.get(), "why"));
  });
  EXPECT_EQ(fd::source_of(request.get()), kPeer);
  on_thread("Routing-IN (0x1)", [&] { EXPECT_FALSE(answer_instead(request.get(), "another drop")); });
}

/// As freeDiameter looks for Result-Code in an answer that it could not parse: an AVP without a value is an assertion.
void expect_readable(const std::vector<RawAvp>& avps) {
  RawMessage answer = location_info_request();
  answer.flags = 0;
  answer.avps = avps;
  const fd::MessagePtr message = parse_header(answer);
  before_refusal(message.get(), "why");
  for (avp* child : fd::children(message.get())) {
    const avp_hdr& header = fd::header(child);
    if (header.avp_code == 268) {
      EXPECT_NE(header.avp_value, nullptr);
    }
  }
}

TEST_F(CoreTrapsTest, AnAnswersResultCodeIsReadOrNotThere) {
  expect_readable({text(60000, "what?"), number(268, 2001)});
  expect_readable({text(278, "abc"), number(268, 5012), number(268, 2001)});
  expect_readable({text(268, "abc"), number(268, 2001)});
  expect_readable({text(268, "")});
  expect_readable({});
}

TEST_F(CoreTrapsTest, AnAnswerOfAnotherCommandHasNoResultCode) {
  for (const std::uint32_t code : {302U, 399U}) {
    RawMessage octets = location_info_request();
    octets.flags = 0;
    octets.code = code;
    octets.avps = {number(268, 5012)};
    fd::MessagePtr request = parse_header(location_info_request());
    const fd::MessagePtr answer = parse_header(octets);
    fd::check(fd_msg_answ_associate(answer.get(), request.release()), "associate");
    before_refusal(answer.get(), "why");
    const avp_hdr& header = fd::header(*fd::children(answer.get()).begin());
    EXPECT_EQ(header.avp_code, code == 302 ? 268U : 0U);
  }
}

RawMessage delivered(const RawMessage& request) {
  const fd::MessagePtr message = parse_header(request);
  deliver_decorated_here(message.get());
  return encoded_only(message.get());
}

TEST_F(CoreTrapsTest, ADecoratedUserNameIsDeliveredHereAsItIs) {
  const std::string name = std::string(kRealm) + "!alice@example.com";
  const RawMessage request = replaced(multimedia_auth_request(), text(1, name));
  const RawMessage message = delivered(request);
  EXPECT_EQ(message.one(293).data, kHost);
  EXPECT_EQ(message.one(1).data, name);
  EXPECT_EQ(message.avps.size(), request.avps.size() + 1);
}

TEST_F(CoreTrapsTest, OthersAreLeftAlone) {
  const RawMessage decorated = replaced(multimedia_auth_request(), text(1, std::string(kRealm) + "!alice@example.com"));
  RawMessage base = decorated;
  base.application = 0;
  RawMessage answer = decorated;
  answer.flags = 0x40;
  for (const RawMessage& message :
       {multimedia_auth_request(), base, answer, with(decorated, text(293, "another.example.org")),
        replaced(decorated, text(283, "example.com")), without(decorated, 283)}) {
    EXPECT_EQ(delivered(message).octets(), message.octets());
  }
}

}  // namespace
}  // namespace hss::diameter::test
