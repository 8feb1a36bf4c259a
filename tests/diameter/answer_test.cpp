// The common part of every answer, as it is on the wire.
// SPDX-License-Identifier: MIT
#include "diameter/answer.h"

#include <gtest/gtest.h>

#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class AnswerTest : public CoreTest {};

RawMessage answered(const RawMessage& request, Result result) {
  fd::MessagePtr message = parse(request);
  Answer answer(message.get(), result);
  fd::MessagePtr out = finished(answer, std::move(message));
  return encoded(out.get());
}

RawAvp proxy_info(const char* host, const std::string& state) { return group(284, {text(280, host), text(33, state)}); }

TEST_F(AnswerTest, BaseResultOctetByOctet) {
  const RawMessage request = location_info_request();
  const RawMessage answer = answered(request, result::kSuccess);
  RawMessage expected;
  expected.flags = 0x40;  // P
  expected.code = 302;
  expected.avps = {text(263, "icscf.example.org;1;4"),
                   group(260, {number(266, k3gpp), number(258, 16777216)}),
                   number(268, 2001),
                   number(277, 1),
                   text(264, kHost),
                   text(296, kRealm)};
  EXPECT_EQ(answer.octets(), expected.octets());
}

TEST_F(AnswerTest, ExperimentalResultOctetByOctet) {
  const RawMessage answer = answered(user_authorization_request(), result::kFirstRegistration);
  RawMessage expected;
  expected.flags = 0x40;
  expected.code = 300;
  expected.avps = {text(263, "icscf.example.org;1;1"),
                   group(260, {number(266, k3gpp), number(258, 16777216)}),
                   group(297, {number(266, k3gpp), number(298, 2001)}),
                   number(277, 1),
                   text(264, kHost),
                   text(296, kRealm)};
  EXPECT_EQ(answer.octets(), expected.octets());
}

TEST_F(AnswerTest, IdentifiersAndFlags) {
  RawMessage request = server_assignment_request();
  request.hop_by_hop = 0xDEADBEEF;
  request.end_to_end = 0x01020304;
  request.flags = 0xD0;  // R, P, T
  const RawMessage answer = answered(request, result::kUnableToComply);
  EXPECT_EQ(answer.flags, 0x40);
  EXPECT_EQ(answer.hop_by_hop, 0xDEADBEEF);
  EXPECT_EQ(answer.end_to_end, 0x01020304U);
  // P as in the request; E with a protocol error alone.
  request.flags = 0x80;
  EXPECT_EQ(answered(request, result::kSuccess).flags, 0x00);
  EXPECT_EQ(answered(request, result::kTooBusy).flags, 0x20);
  EXPECT_EQ(answered(request, result::kMissingAvp).flags, 0x00);
  EXPECT_EQ(answered(request, Result{kVendor3gpp, 3004}).flags, 0x00);
}

TEST_F(AnswerTest, ProxyInfoIsCopiedAndEndsTheAnswer) {
  RawMessage request = location_info_request();
  request.avps.insert(request.avps.begin() + 2, proxy_info("one.example.org", std::string("s\0t", 3)));
  request.avps.push_back(text(282, "one.example.org"));
  RawAvp second = group(284, {text(280, "two.example.org"), text(33, "x"), with_flags(text(60000, "own"), 0)});
  request.avps.push_back(second);
  const RawMessage answer = answered(request, result::kSuccess);
  EXPECT_EQ(answer.order(), "263 260 268 277 264 296 284 284");
  EXPECT_EQ(answer.all(284)[0].data, proxy_info("one.example.org", std::string("s\0t", 3)).data);
  EXPECT_EQ(answer.all(284)[1].data, second.data);
}

TEST_F(AnswerTest, AnEmptyMemberOfProxyInfoDoesNotKeepTheAnswerFromBeingMade) {
  RawMessage request = location_info_request();
  const auto proxy = [](const std::string& data) {
    return group(284, {text(280, "one.example.org"), text(33, "state"), with_flags(text(60000, data), 0)});
  };
  request.avps.push_back(proxy(""));
  EXPECT_EQ(answered(request, result::kSuccess).one(284).data, proxy(std::string(1, '\0')).data);
}

TEST_F(AnswerTest, RequestOutlivesAnAnswerThatIsNotTaken) {
  fd::MessagePtr message = parse(location_info_request());
  {
    Answer first(message.get(), result::kSuccess);
    first.avps().text(avps::kServerName, "sip:scscf.example.org");
  }
  Answer second(message.get(), result::kUnableToComply);
  fd::MessagePtr out = finished(second, std::move(message));
  EXPECT_EQ(value_of(encoded(out.get()).one(268)), 5012U);
}

TEST_F(AnswerTest, FailedAvpOfAVerdict) {
  const struct {
    RequestField field;
    Result result;
    std::string data;  // of the AVP in the end
  } rows[] = {
      {RequestField::kUserName, result::kInvalidAvpValue, "alice@example.org"},
      {RequestField::kPublicIdentity, result::kInvalidAvpValue, "sip:alice@example.org"},
      {RequestField::kPublicIdentity, result::kAvpOccursTooManyTimes, "sip:second@example.org"},
      {RequestField::kPublicIdentity, result::kMissingAvp, std::string(1, '\0')},
      {RequestField::kServerName, result::kInvalidAvpValue, "sip:scscf.example.org:6060"},
      {RequestField::kSipNumberAuthItems, result::kInvalidAvpValue, std::string("\0\0\0\1", 4)},
      {RequestField::kServerAssignmentType, result::kMissingAvp, std::string(4, '\0')},
      {RequestField::kUserAuthorizationType, result::kMissingAvp, std::string(4, '\0')},
      {RequestField::kUserDataAlreadyAvailable, result::kMissingAvp, std::string(4, '\0')},
      {RequestField::kSipAuthenticationScheme, result::kInvalidAvpValue, "Digest-AKAv1-MD5"},
      {RequestField::kSipAuthorization, result::kInvalidAvpValue, std::string(1, '\0')},  // not there: an example
  };
  RawMessage request = multimedia_auth_request();
  request.avps.push_back(text(601, "sip:second@example.org", k3gpp));
  for (const auto& row : rows) {
    fd::MessagePtr message = parse(request);
    Answer answer(message.get(), row.result);
    answer.failed_avp(failed_avp_of(message.get(), row.field, row.result));
    fd::MessagePtr out = finished(answer, std::move(message));
    std::vector<RawAvp> inside = decode(encoded(out.get()).one(279).data);
    ASSERT_EQ(inside.size(), 1U);
    const bool in_item =
        row.field == RequestField::kSipAuthenticationScheme || row.field == RequestField::kSipAuthorization;
    if (in_item) {
      EXPECT_EQ(inside[0].code, 612U);
      inside = decode(inside[0].data);
      ASSERT_EQ(inside.size(), 1U);
    }
    EXPECT_EQ(inside[0].data, row.data);
  }
  // Fields of SWx: as the request has them, or examples.
  RawMessage of_swx = with(swx_server_assignment_request(), text(1504, "WLAN", k3gpp));
  const struct {
    RequestField field;
    Result result;
    RawAvp expected;
  } swx_rows[] = {
      {RequestField::kAnid, result::kInvalidAvpValue, text(1504, "WLAN", k3gpp)},
      {RequestField::kAnid, result::kMissingAvp, text(1504, std::string(1, '\0'), k3gpp)},
      {RequestField::kServiceSelection, result::kMissingAvp, text(493, std::string(1, '\0'))},
  };
  for (const auto& row : swx_rows) {
    fd::MessagePtr message = parse(of_swx);
    Answer answer(message.get(), row.result);
    answer.failed_avp(failed_avp_of(message.get(), row.field, row.result));
    fd::MessagePtr out = finished(answer, std::move(message));
    EXPECT_EQ(encoded(out.get()).one(279).data, encode({row.expected}));
  }
  // A group is copied whole.
  fd::MessagePtr message = parse(request);
  Answer answer(message.get(), result::kInvalidAvpValue);
  answer.failed_avp(failed_avp_of(message.get(), RequestField::kSipAuthDataItem, result::kInvalidAvpValue));
  fd::MessagePtr out = finished(answer, std::move(message));
  EXPECT_EQ(member(encoded(out.get()).one(279), 612, k3gpp).data, request.one(612, k3gpp).data);
}

}  // namespace
}  // namespace hss::diameter::test
