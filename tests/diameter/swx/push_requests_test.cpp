// RTR and PPR of SWx octet by octet, and what is read from their answers.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "diameter/push_commands.h"
#include "diameter/push_parts.h"
#include "diameter/swx/push_profile.h"
#include "diameter/swx/registration_termination.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class SwxPushRequestsTest : public CoreTest {};

const AssignedServer kServer{"", kAaa, "visited.example.org"};

RawAvp informational(RawAvp avp) { return with_flags(std::move(avp), 0x80); }

std::string expected(const RawMessage& message, std::vector<RawAvp> more) {
  std::vector<RawAvp> out{message.one(263),
                          group(260, {number(266, k3gpp), number(258, 16777265)}),
                          number(277, 1),
                          text(264, kHost),
                          text(296, kRealm),
                          text(293, kAaa),
                          text(283, "visited.example.org"),
                          text(1, kImsi)};
  out.insert(out.end(), more.begin(), more.end());
  return encode(out);
}

Push termination(DeregistrationReason reason, std::string info) {
  Push push;
  push.application = Application::kSwx;
  push.server = kServer;
  push.private_identity = kImsi;
  push.reason = reason;
  push.reason_info = std::move(info);
  return push;
}

TEST_F(SwxPushRequestsTest, RegistrationTermination) {
  const RawMessage plain =
      encoded(swx::registration_termination_request(termination(DeregistrationReason::kNewServerAssigned, {})).get());
  EXPECT_EQ(plain.code, 304U);
  EXPECT_EQ(plain.flags, 0xC0);  // R, P
  EXPECT_EQ(plain.application, 16777265U);
  EXPECT_EQ(encode(plain.avps), expected(plain, {group(615, {number(616, 1, k3gpp)}, k3gpp)}));
  const RawMessage told = encoded(
      swx::registration_termination_request(termination(DeregistrationReason::kPermanentTermination, "Bye")).get());
  EXPECT_EQ(encode(told.avps), expected(told, {group(615, {number(616, 0, k3gpp), text(617, "Bye", k3gpp)}, k3gpp)}));
}

TEST_F(SwxPushRequestsTest, PushProfileWithTheProfileWithFlagsAndWithBoth) {
  hss::swx::UserData user;
  user.default_context_identifier = 1;
  const RawAvp profile = group(1500, {number(1501, 0, k3gpp), number(1502, 0, k3gpp), number(1423, 1, k3gpp)}, k3gpp);
  const RawAvp flags = informational(number(1508, 9, k3gpp));
  const struct {
    hss::swx::PushProfileContent content;
    std::vector<RawAvp> avps;
  } rows[] = {
      {{kImsi, user, 0}, {profile}},
      {{kImsi, {}, hss::swx::kResetIndication | hss::swx::kPcscfRestorationRequest}, {flags}},
      {{kImsi, user, 9}, {profile, flags}},
  };
  for (const auto& row : rows) {
    const RawMessage message = encoded(swx::push_profile_request(kServer, row.content).get());
    EXPECT_EQ(message.code, 305U);
    EXPECT_EQ(message.flags, 0xC0);
    EXPECT_EQ(message.application, 16777265U);
    EXPECT_EQ(encode(message.avps), expected(message, row.avps));
  }
}

TEST_F(SwxPushRequestsTest, NamesAndDetails) {
  Push push = termination(DeregistrationReason::kNewServerAssigned, {});
  EXPECT_STREQ(command_of(push).name, "SWx-RTR");
  EXPECT_EQ(command_of(push).detail(push), "NEW_SERVER_ASSIGNED");
  push.kind = PushKind::kPushProfile;
  push.user_data = true;
  push.ppr_flags = 0xF;
  EXPECT_STREQ(command_of(push).name, "SWx-PPR");
  EXPECT_EQ(command_of(push).detail(push), "user-data reset access-network-info local-time-zone p-cscf-restoration");
  EXPECT_EQ(sentence(push, "gone"), "SWx-PPR to aaa.example.org user=001010000000001: gone");
  push.application = Application::kCx;
  EXPECT_STREQ(command_of(push).name, "PPR");
  EXPECT_EQ(command_of(push).detail(push), "user-data");
}

hss::PushAnswer answer_with(std::vector<RawAvp> avps) {
  RawMessage message;
  message.flags = 0x40;
  message.code = 305;
  message.application = 16777265;
  message.avps = {text(263, "hss.example.org;1;1"), text(264, kAaa), text(296, kRealm)};
  message.avps.insert(message.avps.end(), avps.begin(), avps.end());
  return read_answer(parse(message).get());
}

TEST_F(SwxPushRequestsTest, ResultsOfBothFamilies) {
  EXPECT_EQ(answer_with({number(268, 2001)}).result, result::kSuccess);
  EXPECT_EQ(answer_with({group(297, {number(266, k3gpp), number(298, 5001)})}).result, result::kUserUnknown);
  EXPECT_EQ(answer_with({number(268, 5012)}).result, result::kUnableToComply);
  EXPECT_FALSE(answer_with({}).result);
  EXPECT_EQ(answer_with({number(268, 2001)}).reported, "");
}

TEST_F(SwxPushRequestsTest, WhatIsReported) {
  const RawAvp ssid = informational(text(1524, "Coffee Shop", k3gpp));
  const RawAvp bssid = text(2716, "00:11:22:33:44:55", k3gpp);
  const auto network = [](std::vector<RawAvp> members) { return informational(group(1526, members, k3gpp)); };
  const auto zone = [](std::vector<RawAvp> members) { return informational(group(1649, members, k3gpp)); };
  const RawAvp hours = informational(text(1642, "+2:00", k3gpp));
  const struct {
    std::vector<RawAvp> avps;
    std::string words;
  } rows[] = {
      {{network({ssid, bssid})}, "access network SSID \"Coffee Shop\" BSSID 00:11:22:33:44:55"},
      {{network({informational(bssid)})}, "access network BSSID 00:11:22:33:44:55"},
      {{network({with_flags(text(126, "1example.org"), 0x40)})}, "access network without SSID and BSSID"},
      {{zone({hours, informational(number(1650, 1, k3gpp))})}, "time zone +2:00, daylight saving 1 h"},
      {{zone({hours, informational(number(1650, 0, k3gpp))})}, "time zone +2:00, no daylight saving"},
      {{zone({hours})}, "time zone +2:00"},
      {{zone({hours, informational(number(1650, 9, k3gpp))})}, "time zone +2:00"},
      {{network({ssid}), zone({hours})}, "access network SSID \"Coffee Shop\"; time zone +2:00"},
      {{zone({})}, ""},                                                // nothing that can be read
      {{network({informational(text(1524, "a\nb -> fine", k3gpp))})},  // one line, whatever it is called
       "access network SSID \"a\\x0ab -> fine\""},
  };
  for (const auto& row : rows) {
    std::vector<RawAvp> avps = row.avps;
    avps.push_back(number(268, 2001));
    EXPECT_EQ(answer_with(avps).reported, row.words);
  }
}

}  // namespace
}  // namespace hss::diameter::test
