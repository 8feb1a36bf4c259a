// The requests of load as they leave: whole messages, with the user and the identifiers in their places.
// SPDX-License-Identifier: MIT
#include "tests/lab/load/mix.h"

#include <gtest/gtest.h>

namespace hss::lab {
namespace {

const Sender kSender{"scscf2.example.org", "example.org", "hss.example.net", "ims.example.org",
                     "sip:scscf.example.org"};

Message request_of(const Step& step, std::string_view imsi, std::uint64_t session, std::uint32_t hop_by_hop,
                   std::uint32_t end_to_end) {
  const RequestTemplate ready(step, kSender, imsi.size());
  Bytes octets{1, 2, 3};  // what waits to be sent stays
  ready.append(octets, imsi, session, hop_by_hop, end_to_end);
  EXPECT_EQ(Bytes(octets.begin(), octets.begin() + 3), (Bytes{1, 2, 3}));
  auto parsed = parse(BytesView(octets).subspan(3));
  EXPECT_TRUE(std::holds_alternative<Message>(parsed)) << std::get<std::string>(parsed);
  return std::get<Message>(parsed);
}

const Step& step_of(Mix mix, std::size_t index) { return steps_of(mix)[index]; }

TEST(Mix, Words) {
  for (const Mix mix : {Mix::kMar, Mix::kRegistration, Mix::kReRegistration, Mix::kLir}) {
    EXPECT_EQ(parse_mix(name_of(mix)), mix);
  }
  EXPECT_EQ(parse_mix("MAR"), std::nullopt);
  EXPECT_EQ(parse_mix(""), std::nullopt);
}

TEST(Mix, StepsAndWhoAsks) {
  const auto text = [](Mix mix) {
    std::string out;
    for (const Step& step : steps_of(mix)) {
      out += std::string(step.name) + (step.role == Role::kIcscf ? " I" : " S") + std::to_string(step.command) + " " +
             std::to_string(step.assignment) + ";";
    }
    return out;
  };
  EXPECT_EQ(text(Mix::kMar), "MAR S303 0;");
  EXPECT_EQ(text(Mix::kRegistration), "UAR I300 0;MAR S303 0;SAR S301 1;");
  EXPECT_EQ(text(Mix::kReRegistration), "MAR S303 0;SAR S301 2;");
  EXPECT_EQ(text(Mix::kLir), "LIR I302 0;");
}

TEST(RequestTemplate, MarOfAUser) {
  const Message mar = request_of(step_of(Mix::kMar, 0), "001010000000042", 0xabc, 0x01020304, 0xfffffffe);
  EXPECT_TRUE(mar.request);
  EXPECT_TRUE(mar.proxiable);
  EXPECT_EQ(mar.command, command::kMultimediaAuth);
  EXPECT_EQ(mar.application, kCx);
  EXPECT_EQ(mar.hop_by_hop, 0x01020304U);
  EXPECT_EQ(mar.end_to_end, 0xfffffffeU);
  const std::vector<Avp> expected{
      text_avp(avp::kSessionId, "scscf2.example.org;0000000000000abc;load"),
      group_avp(avp::kVendorSpecificApplicationId,
                {number_avp(avp::kVendorId, kVendor3gpp), number_avp(avp::kAuthApplicationId, kCx)}),
      number_avp(avp::kAuthSessionState, 1),
      text_avp(avp::kOriginHost, "scscf2.example.org"),
      text_avp(avp::kOriginRealm, "example.org"),
      text_avp(avp::kDestinationRealm, "hss.example.net"),
      text_avp(avp::kUserName, "001010000000042@ims.example.org"),
      text_avp(avp::kPublicIdentity, "sip:001010000000042@ims.example.org"),
      number_avp(avp::kSipNumberAuthItems, 1),
      group_avp(avp::kSipAuthDataItem, {text_avp(avp::kSipAuthenticationScheme, "Digest-AKAv1-MD5")}),
      text_avp(avp::kServerName, "sip:scscf.example.org")};
  EXPECT_EQ(mar.avps, expected);
}

TEST(RequestTemplate, WhatEachCommandNeeds) {
  const auto has = [](const Message& message, AvpId id) { return message.find(id) != nullptr; };
  const Message uar = request_of(step_of(Mix::kRegistration, 0), "123456", 1, 1, 1);
  EXPECT_EQ(uar.find(avp::kUserName)->text(), "123456@ims.example.org");
  EXPECT_EQ(uar.find(avp::kVisitedNetworkIdentifier)->text(), "ims.example.org");
  EXPECT_FALSE(has(uar, avp::kServerName));

  const Message sar = request_of(step_of(Mix::kRegistration, 2), "123456", 1, 1, 1);
  EXPECT_EQ(sar.find(avp::kServerAssignmentType)->number(), 1U);
  EXPECT_EQ(sar.find(avp::kUserDataAlreadyAvailable)->number(), 0U);
  EXPECT_EQ(sar.find(avp::kServerName)->text(), "sip:scscf.example.org");
  EXPECT_EQ(request_of(step_of(Mix::kReRegistration, 1), "123456", 1, 1, 1).find(avp::kServerAssignmentType)->number(),
            2U);

  const Message lir = request_of(step_of(Mix::kLir, 0), "123456", 1, 1, 1);
  EXPECT_EQ(lir.find(avp::kPublicIdentity)->text(), "sip:123456@ims.example.org");
  EXPECT_FALSE(has(lir, avp::kUserName));
}

struct Count {
  const char* first;
  std::uint32_t index;
  const char* expected;
};
class ImsiDigitsTest : public ::testing::TestWithParam<Count> {};
TEST_P(ImsiDigitsTest, CountsUp) {
  EXPECT_EQ(ImsiDigits(GetParam().first, GetParam().index).text(), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, ImsiDigitsTest,
    ::testing::Values(Count{"001010000000001", 0, "001010000000001"}, Count{"001010000000001", 9, "001010000000010"},
                      Count{"001010000000999", 1, "001010000001000"}, Count{"001019999999999", 1, "001020000000000"},
                      Count{"000001", 4294967, "294968"}, Count{"310410000000000", 4294967295, "310414294967295"}));

TEST(Subscribers, TheLastOneMustFit) {
  EXPECT_EQ(last_imsi({"001010000000001", 1000}), "001010000001000");
  EXPECT_EQ(last_imsi({"999999", 1}), "999999");
  EXPECT_EQ(last_imsi({"999999", 2}), std::nullopt);
  EXPECT_EQ(last_imsi({"000000", 1000000}), "999999");
  EXPECT_EQ(last_imsi({"000000", 2000005}), std::nullopt);
  EXPECT_EQ(last_imsi({"001010000000001", 0}), std::nullopt);
  EXPECT_EQ(last_imsi({"00101", 1}), std::nullopt);
  EXPECT_EQ(last_imsi({"00101000000000x", 1}), std::nullopt);
}

}  // namespace
}  // namespace hss::lab
