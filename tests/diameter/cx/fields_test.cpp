// The AVPs of SAR, SAA, LIR and LIA beside the usual ones: features, wildcards, flags, charging, further identities.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "diameter/cx/location_info.h"
#include "diameter/cx/multimedia_auth.h"
#include "diameter/cx/server_assignment.h"
#include "diameter/cx/user_authorization.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

using hss::cx::Features;

class FieldsTest : public CoreTest {};

template <class Request, class AnswerData>
Request read(const Command<Request, AnswerData>& command, const RawMessage& message) {
  const fd::MessagePtr parsed = parse(message);
  return std::get<Request>(decode(command, parsed.get()));
}

template <class Request, class AnswerData>
RawMessage written(const Command<Request, AnswerData>& command, const RawMessage& request, const AnswerData& data) {
  fd::MessagePtr message = parse(request);
  Answer answer(message.get(), data.verdict.result);
  command.encode(data, answer);
  fd::MessagePtr out = finished(answer, std::move(message));
  return encoded(out.get());
}

RawAvp informational(RawAvp avp) { return with_flags(std::move(avp), 0x80); }

/// What a request says of features, as each command reads it.
std::vector<Features> features(const std::vector<RawAvp>& lists) {
  const auto add = [&](RawMessage message) {
    for (const RawAvp& list : lists) message.avps.push_back(list);
    return message;
  };
  return {read(cx::kUserAuthorization, add(user_authorization_request())).features,
          read(cx::kMultimediaAuth, add(multimedia_auth_request())).features,
          read(cx::kServerAssignment, add(server_assignment_request())).features,
          read(cx::kLocationInfo, add(location_info_request())).features};
}

TEST_F(FieldsTest, FeaturesOfTheRequest) {
  const RawAvp other_vendor = with_flags(
      group(628, {number(266, 9), informational(number(629, 1, k3gpp)), informational(number(630, 7, k3gpp))}, k3gpp),
      0x80);
  const struct {
    std::vector<RawAvp> lists;
    Features expected;
  } rows[] = {
      {{}, {}},
      {{supported_features(0, 0x80)}, {}},
      {{supported_features(1, 0x80)}, {true, false, false}},
      {{supported_features(2, 0x80)}, {false, true, false}},
      {{supported_features(4, 0xC0)}, {false, false, true}},
      {{supported_features(0xFFFFFFFF, 0x80)}, {true, true, true}},  // bits that nobody offers are not there
      {{supported_features(7, 0x80, 2)}, {}},                        // another list
      {{other_vendor}, {}},
      {{supported_features(7, 0x80, 2), supported_features(5, 0x80)}, {true, false, true}},
  };
  for (const auto& row : rows) {
    for (const Features& found : features(row.lists)) EXPECT_EQ(found, row.expected);
  }
}

TEST_F(FieldsTest, OurFeaturesOnlyWhenAsked) {
  hss::cx::ServerAssignmentAnswer data;
  data.verdict.result = result::kSuccess;
  EXPECT_TRUE(written(cx::kServerAssignment, server_assignment_request(), data).all(628, k3gpp).empty());
  const RawMessage answer =
      written(cx::kServerAssignment, with(server_assignment_request(), supported_features(0, 0x80)), data);
  EXPECT_EQ(answer.one(628, k3gpp).flags, 0x80);
  EXPECT_EQ(value_of(member(answer.one(628, k3gpp), 630, k3gpp)), 7U);
}

TEST_F(FieldsTest, ServerAssignmentRequest) {
  const auto plain = read(cx::kServerAssignment, server_assignment_request());
  EXPECT_FALSE(plain.wildcarded_public_identity);
  EXPECT_FALSE(plain.multiple_registration);
  EXPECT_FALSE(plain.p_cscf_restoration);
  EXPECT_FALSE(plain.restoration_info);

  RawMessage message = server_assignment_request();
  message.avps.push_back(informational(text(634, "sip:chat-!.*!@example.org", k3gpp)));
  message.avps.push_back(informational(number(648, 1, k3gpp)));
  message.avps.push_back(informational(number(650, 4, k3gpp)));
  message.avps.push_back(informational(number(655, 3, k3gpp)));
  const auto full = read(cx::kServerAssignment, message);
  EXPECT_EQ(full.wildcarded_public_identity, "sip:chat-!.*!@example.org");
  EXPECT_TRUE(full.multiple_registration);
  EXPECT_TRUE(full.p_cscf_restoration);
  EXPECT_EQ(cx::kServerAssignment.describe(full, nullptr).detail,
            "REGISTRATION multiple registration P-CSCF restoration");
  EXPECT_FALSE(read(cx::kServerAssignment, with(server_assignment_request(), informational(number(655, 2, k3gpp))))
                   .p_cscf_restoration);
  EXPECT_FALSE(read(cx::kServerAssignment, with(server_assignment_request(), informational(number(648, 0, k3gpp))))
                   .multiple_registration);
}

TEST_F(FieldsTest, ServerAssignmentAnswer) {
  hss::cx::ServerAssignmentAnswer data;
  data.verdict.result = result::kSuccess;
  data.user_name = "alice@example.org";
  data.user_data = "<IMSSubscription/>";
  data.charging = {"aaa://event.example.org:3868;transport=tcp", "aaa://event2.example.org",
                   "aaas://collect.example.org", "aaa://collect2.example.org"};
  data.associated_identities = {"alice@example.org", "alice2@example.org"};
  data.loose_route_required = false;
  data.restoration_info = {Bytes{}, Bytes{}};
  data.associated_registered_identities = {"alice2@example.org"};
  data.server_name = "sip:scscf.example.org";
  data.wildcarded_public_identity = "sip:chat-!.*!@example.org";
  data.restoration_info.clear();
  const RawMessage answer = written(cx::kServerAssignment, server_assignment_request(), data);
  EXPECT_EQ(answer.order(),
            "263 260 268 277 264 296 1 606@10415 618@10415 632@10415 638@10415 647@10415 602@10415 634@10415");
  EXPECT_EQ(answer.one(618, k3gpp).data,
            encode({text(619, "aaa://event.example.org:3868;transport=tcp", k3gpp),
                    text(620, "aaa://event2.example.org", k3gpp), text(621, "aaas://collect.example.org", k3gpp),
                    text(622, "aaa://collect2.example.org", k3gpp)}));
  EXPECT_EQ(answer.one(618, k3gpp).flags, 0xC0);
  EXPECT_EQ(value_of(answer.one(638, k3gpp)), 0U);
  EXPECT_EQ(answer.one(638, k3gpp).flags, 0x80);
  EXPECT_EQ(answer.one(647, k3gpp).data, encode({text(1, "alice2@example.org")}));
  EXPECT_EQ(answer.one(647, k3gpp).flags, 0x80);
  EXPECT_EQ(answer.one(634, k3gpp).data, "sip:chat-!.*!@example.org");
  EXPECT_EQ(answer.one(634, k3gpp).flags, 0x80);
  EXPECT_EQ(cx::kServerAssignment.describe({}, &data).detail, "NO_ASSIGNMENT by wildcard sip:chat-!.*!@example.org");

  // Only the functions that there are.
  data.charging = {"", "", "aaa://collect.example.org", ""};
  EXPECT_EQ(written(cx::kServerAssignment, server_assignment_request(), data).one(618, k3gpp).data,
            encode({text(621, "aaa://collect.example.org", k3gpp)}));
  data.charging = {};
  EXPECT_TRUE(written(cx::kServerAssignment, server_assignment_request(), data).all(618, k3gpp).empty());
}

TEST_F(FieldsTest, LocationInfo) {
  RawMessage message = location_info_request();
  message.avps.push_back(informational(number(650, 0, k3gpp)));  // Session-Priority is tolerated
  EXPECT_EQ(read(cx::kLocationInfo, message).public_identity, "sip:alice@example.org");

  hss::cx::LocationInfoAnswer data;
  data.verdict.result = result::kSuccess;
  data.server_name = "sip:as.example.org";
  data.psi_direct_routing = true;
  data.wildcarded_public_identity = "sip:chat-!.*!@example.org";
  const RawMessage answer = written(cx::kLocationInfo, location_info_request(), data);
  EXPECT_EQ(answer.order(), "263 260 268 277 264 296 602@10415 634@10415 653@10415");
  EXPECT_EQ(value_of(answer.one(653, k3gpp)), 1U);
  EXPECT_EQ(answer.one(653, k3gpp).flags, 0x80);
  EXPECT_EQ(cx::kLocationInfo.describe({}, &data).detail,
            "direct routing to an application server by wildcard sip:chat-!.*!@example.org");
}

}  // namespace
}  // namespace hss::diameter::test
