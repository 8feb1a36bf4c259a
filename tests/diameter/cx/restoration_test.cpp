// SCSCF-Restoration-Info is kept as the S-CSCF sent it: in, through the store as octets, and out again it is the same,
// with what nobody here knows inside.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "diameter/cx/server_assignment.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class RestorationTest : public CoreTest {};

RawAvp informational(RawAvp avp) { return with_flags(std::move(avp), 0x80); }
RawAvp octets(std::uint32_t code, const std::string& data) { return informational(text(code, data, k3gpp)); }

RawAvp contact(const std::string& uri) {
  return informational(group(649, {octets(640, "<sip:pcscf.example.org;lr>"), octets(641, uri)}, k3gpp));
}

/// With everything that the ABNF has, and more.
RawAvp full() {
  const RawAvp subscription =
      informational(group(642,
                          {octets(643, "call"), octets(644, "<sip:a@b>;tag=1"), octets(645, "<sip:a@b>;tag=2"),
                           octets(646, "<sip:pcscf.example.org;lr>"), octets(641, "<sip:a@192.0.2.1>")},
                          k3gpp));
  const RawAvp restoration = informational(group(
      649,
      {octets(640, "<sip:pcscf.example.org;lr>"), octets(641, "<sip:a@192.0.2.1>;expires=600"),
       informational(number(654, 4711, k3gpp)), octets(643, "call"), subscription, with_flags(text(60001, "odd"), 0)},
      k3gpp));
  return informational(
      group(639,
            {text(1, "alice@example.org"), restoration, contact("<sip:a@192.0.2.2>"),
             octets(661, std::string("\xE8\0\0\1", 4)), with_flags(text(77, std::string("\0\xFF\1", 3), 50), 0x80)},
            k3gpp));
}

RawMessage request_with(const RawAvp& info) {
  RawMessage message = server_assignment_request();
  message.avps.push_back(info);
  message.avps.push_back(text(282, "proxy.example.org"));  // something behind it
  return message;
}

std::string content_of_request(const RawAvp& info) {
  const fd::MessagePtr parsed = parse(request_with(info));
  const auto request = std::get<hss::cx::ServerAssignmentRequest>(decode(cx::kServerAssignment, parsed.get()));
  const Bytes& content = request.restoration_info.value();
  return {content.begin(), content.end()};
}

std::vector<RawAvp> answered(const std::vector<std::string>& contents) {
  hss::cx::ServerAssignmentAnswer data;
  data.verdict.result = result::kSuccess;
  for (const std::string& content : contents) data.restoration_info.emplace_back(content.begin(), content.end());
  fd::MessagePtr message = parse(server_assignment_request());
  Answer answer(message.get(), data.verdict.result);
  cx::kServerAssignment.encode(data, answer);
  fd::MessagePtr out = finished(answer, std::move(message));
  return encoded(out.get()).all(639, k3gpp);
}

TEST_F(RestorationTest, ReadAsItWasSent) {
  EXPECT_EQ(content_of_request(full()), full().data);
  const RawAvp small = informational(group(639, {text(1, "a@b"), contact("<sip:a>")}, k3gpp));
  EXPECT_EQ(content_of_request(small), small.data);
  EXPECT_EQ(content_of_request(with_flags(small, 0xC0)), small.data);
}

TEST_F(RestorationTest, WrittenAsItWasRead) {
  const RawAvp small = informational(group(639, {text(1, "a@b"), contact("<sip:a>")}, k3gpp));
  const auto back = answered({full().data, small.data});
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].data, full().data);
  EXPECT_EQ(back[0].flags, 0x80);
  EXPECT_EQ(back[1].data, small.data);
}

TEST_F(RestorationTest, LargeContactsSurvive) {
  const RawAvp large = informational(group(639, {text(1, "a@b"), contact(std::string(20001, 'c'))}, k3gpp));
  EXPECT_EQ(content_of_request(large), large.data);
  EXPECT_EQ(answered({large.data}).at(0).data, large.data);
}

TEST_F(RestorationTest, WhatIsNotWholeIsRefused) {
  const RawAvp user = text(1, "a@b");
  const struct {
    std::vector<RawAvp> members;
    Result result;
    std::uint32_t failed;
    std::uint32_t vendor;
  } rows[] = {
      {{contact("<sip:a>")}, result::kMissingAvp, 1, 0},
      {{user}, result::kMissingAvp, 649, k3gpp},
      {{user, user, contact("<sip:a>")}, result::kAvpOccursTooManyTimes, 1, 0},
      {{text(1, ""), contact("<sip:a>")}, result::kInvalidAvpValue, 1, 0},
      {{}, result::kMissingAvp, 1, 0},
  };
  for (const auto& row : rows) {
    for (const std::uint8_t flags : {std::uint8_t{0x80}, std::uint8_t{0xC0}}) {
      const RawAvp info = with_flags(group(639, row.members, k3gpp), flags);
      const fd::MessagePtr parsed = parse(request_with(info));
      const auto decoded = decode(cx::kServerAssignment, parsed.get());
      const auto* const error = std::get_if<DecodeError>(&decoded);
      ASSERT_NE(error, nullptr);
      EXPECT_EQ(error->result, row.result);
      ASSERT_TRUE(error->failed);
      EXPECT_EQ(error->failed->avp->code, row.failed);
      EXPECT_EQ(error->failed->avp->vendor, row.vendor);
      ASSERT_EQ(error->failed->groups.size(), 1U);
      EXPECT_EQ(error->failed->groups[0]->code, 639U);
    }
  }
  // Deeper, too: no Path.
  const RawAvp pathless = informational(group(649, {octets(641, "<sip:a>")}, k3gpp));
  const fd::MessagePtr parsed = parse(request_with(informational(group(639, {user, pathless}, k3gpp))));
  const auto decoded = decode(cx::kServerAssignment, parsed.get());
  ASSERT_NE(std::get_if<DecodeError>(&decoded), nullptr);
  EXPECT_EQ(std::get<DecodeError>(decoded).failed->avp->code, 640U);
  EXPECT_EQ(std::get<DecodeError>(decoded).failed->groups.size(), 2U);
}

TEST_F(RestorationTest, OneToARequest) {
  RawMessage message = request_with(full());
  message.avps.push_back(full());
  const fd::MessagePtr parsed = parse(message);
  const auto decoded = decode(cx::kServerAssignment, parsed.get());
  ASSERT_NE(std::get_if<DecodeError>(&decoded), nullptr);
  EXPECT_EQ(std::get<DecodeError>(decoded).result, result::kAvpOccursTooManyTimes);
}

TEST_F(RestorationTest, InTheLog) {
  hss::cx::ServerAssignmentRequest request;
  request.type = hss::ServerAssignmentType::kRegistration;
  request.restoration_info.emplace();
  hss::cx::ServerAssignmentAnswer answer;
  answer.restoration_info = {Bytes{}, Bytes{}};
  EXPECT_EQ(cx::kServerAssignment.describe(request, nullptr).detail, "REGISTRATION stores restoration");
  request.restoration_info.reset();
  EXPECT_EQ(cx::kServerAssignment.describe(request, &answer).detail, "REGISTRATION returns restoration x2");
}

}  // namespace
}  // namespace hss::diameter::test
