// What each command reads from its request, and what it writes, in the order of its ABNF.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "diameter/cx/location_info.h"
#include "diameter/cx/multimedia_auth.h"
#include "diameter/cx/server_assignment.h"
#include "diameter/cx/user_authorization.h"
#include "tests/diameter/codec.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

using hss::ServerAssignmentType;
using hss::cx::UserAuthorizationType;

class CodecTest : public CoreTest {};

const RawAvp kWantsFeatures = supported_features(0, 0x80);

TEST_F(CodecTest, UserAuthorizationRequest) {
  RawMessage message = user_authorization_request();
  const auto plain = read(cx::kUserAuthorization, message);
  EXPECT_EQ(plain.origin.host, kPeer);
  EXPECT_EQ(plain.origin.realm, kRealm);
  EXPECT_EQ(plain.user_name, "alice@example.org");
  EXPECT_EQ(plain.public_identity, "sip:alice@example.org");
  EXPECT_EQ(plain.visited_network, "example.org");
  EXPECT_EQ(plain.type, UserAuthorizationType::kRegistration);
  EXPECT_FALSE(plain.emergency);
  message.avps.push_back(number(623, 2, k3gpp));
  message.avps.push_back(with_flags(number(637, 3, k3gpp), 0x80));
  const auto full = read(cx::kUserAuthorization, message);
  EXPECT_EQ(full.type, UserAuthorizationType::kRegistrationAndCapabilities);
  EXPECT_TRUE(full.emergency);
  EXPECT_EQ(cx::kUserAuthorization.describe(full, nullptr).detail, "REGISTRATION_AND_CAPABILITIES emergency");
  message.avps.back() = with_flags(number(637, 2, k3gpp), 0x80);  // other bits are ignored
  EXPECT_FALSE(read(cx::kUserAuthorization, message).emergency);
}

TEST_F(CodecTest, UserAuthorizationAnswer) {
  hss::cx::UserAuthorizationAnswer data;
  data.verdict.result = result::kSubsequentRegistration;
  data.server_name = "sip:scscf.example.org:6060";
  RawMessage request = user_authorization_request();
  request.avps.push_back(kWantsFeatures);
  const RawMessage named = written(cx::kUserAuthorization, request, data);
  EXPECT_EQ(named.order(), "263 260 297 277 264 296 628@10415 602@10415");
  EXPECT_EQ(named.one(602, k3gpp).data, "sip:scscf.example.org:6060");
  EXPECT_EQ(named.one(602, k3gpp).flags, 0xC0);
  EXPECT_EQ(cx::kUserAuthorization.describe({}, &data).server_name, "sip:scscf.example.org:6060");

  data = {};
  data.verdict.result = result::kFirstRegistration;
  data.capabilities = ServerCapabilities{{1, 2}, {3}, {"sip:a.example.org", "sip:b.example.org"}};
  const RawMessage capable = written(cx::kUserAuthorization, user_authorization_request(), data);
  EXPECT_EQ(capable.order(), "263 260 297 277 264 296 603@10415");
  const std::vector<RawAvp> expected{number(604, 1, k3gpp), number(604, 2, k3gpp), number(605, 3, k3gpp),
                                     text(602, "sip:a.example.org", k3gpp), text(602, "sip:b.example.org", k3gpp)};
  EXPECT_EQ(capable.one(603, k3gpp).data, encode(expected));

  data.capabilities = ServerCapabilities{};
  EXPECT_TRUE(written(cx::kUserAuthorization, user_authorization_request(), data).all(603, k3gpp).empty());
}

TEST_F(CodecTest, MultimediaAuthRequest) {
  RawMessage message = multimedia_auth_request();
  const auto plain = read(cx::kMultimediaAuth, message);
  EXPECT_EQ(plain.origin.host, kPeer);
  EXPECT_EQ(plain.user_name, "alice@example.org");
  EXPECT_EQ(plain.public_identity, "sip:alice@example.org");
  EXPECT_EQ(plain.server_name, "sip:scscf.example.org:6060");
  EXPECT_EQ(plain.number_of_items, 1U);
  EXPECT_EQ(plain.scheme, "Digest-AKAv1-MD5");
  EXPECT_FALSE(plain.sip_authorization);

  const std::string token(30, '\xA5');
  for (RawAvp& avp : message.avps) {
    if (avp.code == 612) avp = group(612, {text(608, "unknown", k3gpp), text(610, token, k3gpp)}, k3gpp);
  }
  const auto resynchronisation = read(cx::kMultimediaAuth, message);
  EXPECT_EQ(resynchronisation.scheme, "unknown");
  EXPECT_EQ(resynchronisation.sip_authorization, Bytes(30, 0xA5));
  EXPECT_EQ(cx::kMultimediaAuth.describe(resynchronisation, nullptr).detail, "unknown x1 resynchronisation");
}

TEST_F(CodecTest, MultimediaAuthAnswer) {
  hss::cx::AuthItem item;
  item.number = 1;
  AkaVector vector;
  std::ranges::fill(vector.rand, std::uint8_t{0x11});
  std::ranges::fill(vector.autn, std::uint8_t{0x22});
  const std::array<std::uint8_t, 8> xres{1, 2, 3, 0, 5, 6, 7, 0};
  vector.xres = SecretOctets<32>(xres);
  std::ranges::fill(vector.ck.overwrite(), std::uint8_t{0x33});
  std::ranges::fill(vector.ik.overwrite(), std::uint8_t{0x44});
  item.data = vector;
  hss::cx::MultimediaAuthAnswer data;
  data.verdict.result = result::kSuccess;
  data.items = {item, item};
  data.items[1].number = 2;

  RawMessage request = multimedia_auth_request();
  request.avps.push_back(kWantsFeatures);
  const RawMessage answer = written(cx::kMultimediaAuth, request, data);
  EXPECT_EQ(answer.order(), "263 260 268 277 264 296 1 628@10415 601@10415 607@10415 612@10415 612@10415");
  EXPECT_EQ(answer.one(1).data, "alice@example.org");
  EXPECT_EQ(answer.one(601, k3gpp).data, "sip:alice@example.org");
  EXPECT_EQ(value_of(answer.one(607, k3gpp)), 2U);
  const auto items = answer.all(612, k3gpp);
  for (std::uint32_t i = 0; i < 2; ++i) {
    const std::vector<RawAvp> expected{
        number(613, i + 1, k3gpp),
        text(608, "Digest-AKAv1-MD5", k3gpp),
        text(609, std::string(16, '\x11') + std::string(16, '\x22'), k3gpp),
        text(610, std::string(xres.begin(), xres.end()), k3gpp),
        text(625, std::string(16, '\x33'), k3gpp),
        text(626, std::string(16, '\x44'), k3gpp),
    };
    EXPECT_EQ(items[i].data, encode(expected));
  }
  EXPECT_EQ(cx::kMultimediaAuth.describe({}, &data).detail, "Digest-AKAv1-MD5 x2");

  data.items.clear();
  data.verdict.result = result::kUserUnknown;
  EXPECT_EQ(written(cx::kMultimediaAuth, multimedia_auth_request(), data).order(),
            "263 260 297 277 264 296 1 601@10415");
}

TEST_F(CodecTest, ServerAssignmentRequest) {
  RawMessage message = server_assignment_request();
  const auto plain = read(cx::kServerAssignment, message);
  EXPECT_EQ(plain.origin.host, kPeer);
  EXPECT_EQ(plain.user_name, "alice@example.org");
  EXPECT_EQ(plain.public_identities, std::vector<std::string>{"sip:alice@example.org"});
  EXPECT_EQ(plain.server_name, "sip:scscf.example.org:6060");
  EXPECT_EQ(plain.type, ServerAssignmentType::kRegistration);
  EXPECT_FALSE(plain.user_data_already_available);

  std::erase_if(message.avps, [](const RawAvp& avp) { return avp.code == 1 || avp.code == 614 || avp.code == 624; });
  message.avps.push_back(text(601, "tel:+15551234", k3gpp));
  message.avps.push_back(number(614, 5, k3gpp));
  message.avps.push_back(number(624, 1, k3gpp));
  const auto other = read(cx::kServerAssignment, message);
  EXPECT_FALSE(other.user_name);
  EXPECT_EQ(other.public_identities, (std::vector<std::string>{"sip:alice@example.org", "tel:+15551234"}));
  EXPECT_EQ(other.type, ServerAssignmentType::kUserDeregistration);
  EXPECT_TRUE(other.user_data_already_available);
  EXPECT_EQ(cx::kServerAssignment.describe(other, nullptr).detail, "USER_DEREGISTRATION");

  std::erase_if(message.avps, [](const RawAvp& avp) { return avp.code == 601; });
  EXPECT_TRUE(read(cx::kServerAssignment, message).public_identities.empty());
}

TEST_F(CodecTest, ServerAssignmentRequestWithManyIdentities) {
  RawMessage message = without(server_assignment_request(), 601, k3gpp);
  std::vector<std::string> identities;
  for (int i = 0; i < 40; ++i) {
    identities.push_back("sip:" + std::to_string(i) + "@example.org");
    message.avps.push_back(text(601, identities.back(), k3gpp));
  }
  EXPECT_EQ(read(cx::kServerAssignment, message).public_identities, identities);
}

TEST_F(CodecTest, ServerAssignmentAnswer) {
  hss::cx::ServerAssignmentAnswer data;
  data.verdict.result = result::kSuccess;
  data.user_name = "alice@example.org";
  data.user_data = "<?xml version=\"1.0\"?><IMSSubscription/>";
  data.associated_identities = {"alice@example.org", "alice2@example.org"};
  data.loose_route_required = true;
  RawMessage request = server_assignment_request();
  request.avps.push_back(kWantsFeatures);
  const RawMessage answer = written(cx::kServerAssignment, request, data);
  EXPECT_EQ(answer.order(), "263 260 268 277 264 296 1 628@10415 606@10415 632@10415 638@10415");
  EXPECT_EQ(answer.one(606, k3gpp).data, *data.user_data);  // no terminator
  EXPECT_EQ(answer.one(632, k3gpp).data, encode({text(1, "alice@example.org"), text(1, "alice2@example.org")}));
  EXPECT_EQ(answer.one(632, k3gpp).flags, 0x80);
  EXPECT_EQ(value_of(answer.one(638, k3gpp)), 1U);

  data = {};
  data.verdict.result = result::kIdentityAlreadyRegistered;
  data.server_name = "sip:other.example.org";
  const RawMessage taken = written(cx::kServerAssignment, server_assignment_request(), data);
  EXPECT_EQ(taken.order(), "263 260 297 277 264 296 602@10415");
}

TEST_F(CodecTest, LocationInfo) {
  RawMessage message = location_info_request();
  const auto plain = read(cx::kLocationInfo, message);
  EXPECT_EQ(plain.origin.host, kPeer);
  EXPECT_EQ(plain.public_identity, "sip:alice@example.org");
  EXPECT_FALSE(plain.originating);
  EXPECT_FALSE(plain.type);
  message.avps.push_back(number(633, 0, k3gpp));
  message.avps.push_back(number(623, 2, k3gpp));
  const auto full = read(cx::kLocationInfo, message);
  EXPECT_TRUE(full.originating);
  EXPECT_EQ(full.type, UserAuthorizationType::kRegistrationAndCapabilities);
  EXPECT_EQ(cx::kLocationInfo.describe(full, nullptr).detail, "originating REGISTRATION_AND_CAPABILITIES");

  hss::cx::LocationInfoAnswer data;
  data.verdict.result = result::kSuccess;
  data.server_name = "sip:scscf.example.org:6060";
  message.avps.push_back(kWantsFeatures);
  EXPECT_EQ(written(cx::kLocationInfo, message, data).order(), "263 260 268 277 264 296 628@10415 602@10415");
  data = {};
  data.verdict.result = result::kUnregisteredService;
  data.capabilities = ServerCapabilities{{}, {}, {"sip:a.example.org"}};
  EXPECT_EQ(written(cx::kLocationInfo, location_info_request(), data).order(), "263 260 297 277 264 296 603@10415");
}

}  // namespace
}  // namespace hss::diameter::test
