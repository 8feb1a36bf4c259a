// RTR and PPR octet by octet, and what is read from their answers.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "diameter/cx/push_profile.h"
#include "diameter/cx/registration_termination.h"
#include "diameter/push_parts.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class PushRequestsTest : public CoreTest {};

const AssignedServer kServer{"sip:scscf.example.org:6060", "scscf.example.org", "visited.example.org"};

RawAvp informational(RawAvp avp) { return with_flags(std::move(avp), 0x80); }

/// What every request of ours begins with, after Session-Id.
std::vector<RawAvp> head(const RawMessage& message, std::vector<RawAvp> more) {
  std::vector<RawAvp> out{message.one(263),
                          group(260, {number(266, k3gpp), number(258, 16777216)}),
                          number(277, 1),
                          text(264, kHost),
                          text(296, kRealm),
                          text(293, "scscf.example.org"),
                          text(283, "visited.example.org"),
                          text(1, "alice@example.org")};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

Push termination() {
  Push push;
  push.server = kServer;
  push.private_identity = "alice@example.org";
  push.public_identities = {"sip:alice@example.org"};
  push.reason = DeregistrationReason::kServerChange;
  return push;
}

TEST_F(PushRequestsTest, RegistrationTermination) {
  const RawMessage message = encoded(cx::registration_termination_request(termination()).get());
  EXPECT_EQ(message.code, 304U);
  EXPECT_EQ(message.flags, 0xC0);  // R, P
  EXPECT_EQ(message.application, 16777216U);
  EXPECT_TRUE(message.one(263).data.starts_with(std::string(kHost) + ";")) << message.one(263).data;
  EXPECT_EQ(
      encode(message.avps),
      encode(head(message, {text(601, "sip:alice@example.org", k3gpp), group(615, {number(616, 2, k3gpp)}, k3gpp)})));
}

TEST_F(PushRequestsTest, RegistrationTerminationWithAllThereIs) {
  Push push = termination();
  push.public_identities.emplace_back("tel:+15551234");
  push.associated_identities = {"alice2@example.org"};
  push.reason = DeregistrationReason::kPermanentTermination;
  push.reason_info = "Bye \xE2\x98\x8E";
  const RawMessage message = encoded(cx::registration_termination_request(push).get());
  EXPECT_EQ(encode(message.avps),
            encode(head(message, {informational(group(632, {text(1, "alice2@example.org")}, k3gpp)),
                                  text(601, "sip:alice@example.org", k3gpp), text(601, "tel:+15551234", k3gpp),
                                  group(615, {number(616, 0, k3gpp), text(617, "Bye \xE2\x98\x8E", k3gpp)}, k3gpp)})));
}

TEST_F(PushRequestsTest, EachHasItsOwnSession) {
  const RawMessage one = encoded(cx::registration_termination_request(termination()).get());
  const RawMessage other = encoded(cx::registration_termination_request(termination()).get());
  EXPECT_NE(one.one(263).data, other.one(263).data);
  EXPECT_NE(one.end_to_end, other.end_to_end);
}

TEST_F(PushRequestsTest, PushProfile) {
  hss::cx::PushProfileContent content;
  content.user_name = "alice@example.org";
  content.user_data = "<?xml version=\"1.0\"?><IMSSubscription/>";
  content.charging.primary_collection = "aaa://cdf.example.org";
  content.sip_digest.emplace();
  content.sip_digest->realm = "example.org";
  std::ranges::fill(content.sip_digest->ha1.overwrite(), std::uint8_t{0xAB});
  std::string ha1;
  for (int i = 0; i < 16; ++i) ha1 += "ab";
  const RawMessage message = encoded(cx::push_profile_request(kServer, content).get());
  EXPECT_EQ(message.code, 305U);
  EXPECT_EQ(message.flags, 0xC0);
  EXPECT_EQ(message.application, 16777216U);
  const RawAvp digest =
      informational(group(635, {text(104, "example.org"), text(111, "MD5"), text(110, "auth"), text(121, ha1)}, k3gpp));
  EXPECT_EQ(encode(message.avps), encode(head(message, {text(606, *content.user_data, k3gpp),
                                                        group(618, {text(621, "aaa://cdf.example.org", k3gpp)}, k3gpp),
                                                        group(612, {text(608, "SIP Digest", k3gpp), digest}, k3gpp)})));
}

TEST_F(PushRequestsTest, PushProfileOfOneThing) {
  hss::cx::PushProfileContent content;
  content.user_name = "alice@example.org";
  content.charging.primary_event = "aaa://ocs.example.org";
  const RawMessage message = encoded(cx::push_profile_request(kServer, content).get());
  EXPECT_EQ(message.order(), "263 260 277 264 296 293 283 1 618@10415");
}

hss::PushAnswer read(std::vector<RawAvp> avps, std::uint8_t flags = 0x40) {
  RawMessage message;
  message.flags = flags;
  message.code = 304;
  message.avps = std::move(avps);
  const RawAvp head_of_all[] = {text(263, "hss.example.org;1;2"), text(264, kPeer), text(296, kRealm)};
  message.avps.insert(message.avps.begin(), std::begin(head_of_all), std::end(head_of_all));
  return read_answer(parse(message).get());
}

RawAvp experimental(std::uint32_t code, std::uint32_t vendor = k3gpp) {
  return group(297, {number(266, vendor), number(298, code)});
}

TEST_F(PushRequestsTest, ResultsOfAnswers) {
  const struct {
    std::vector<RawAvp> avps;
    std::optional<Result> expected;
  } rows[] = {
      {{number(268, 2001)}, result::kSuccess},
      {{number(268, 2002)}, result::kLimitedSuccess},
      {{number(268, 5012)}, result::kUnableToComply},
      {{experimental(5001)}, result::kUserUnknown},
      {{experimental(5008)}, result::kTooMuchData},
      {{experimental(5001, 9)}, Result{9, 5001}},
      {{number(268, 2001), experimental(5001)}, result::kSuccess},
      {{}, std::nullopt},
      {{group(297, {number(266, k3gpp)})}, std::nullopt},
      {{number(268, 2001), number(268, 5012)}, std::nullopt},
  };
  for (const auto& row : rows) {
    const auto answer = read(row.avps);
    EXPECT_EQ(answer.result, row.expected);
    EXPECT_EQ(answer.trouble.empty(), row.expected.has_value());
    EXPECT_TRUE(answer.emergency_private_identities.empty());
  }
}

TEST_F(PushRequestsTest, AnErrorOfTheProtocol) {
  EXPECT_EQ(read({number(268, 3001)}, 0x60).result, result::kCommandUnsupported);
  EXPECT_EQ(read({number(268, 3002)}, 0x60).result, result::kUnableToDeliver);
}

TEST_F(PushRequestsTest, EmergencyRegistrationsOfAnAnswer) {
  const auto identity = [](const char* impi) {
    return informational(group(651, {text(1, impi), text(601, "sip:sos@example.org", k3gpp)}, k3gpp));
  };
  const auto answer = read({number(268, 2002), identity("alice@example.org"), identity("bob@example.org"),
                            informational(group(651, {text(1, "half@example.org")}, k3gpp))});
  EXPECT_EQ(answer.result, result::kLimitedSuccess);
  EXPECT_EQ(answer.emergency_private_identities, (std::vector<std::string>{"alice@example.org", "bob@example.org"}));
}

}  // namespace
}  // namespace hss::diameter::test
