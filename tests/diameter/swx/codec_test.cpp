// What MAR and SAR of SWx are read as, and MAA and SAA octet by octet.
// SPDX-License-Identifier: MIT
#include "tests/diameter/codec.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "diameter/swx/multimedia_auth.h"
#include "diameter/swx/server_assignment.h"

namespace hss::diameter::test {
namespace {

using hss::ServerAssignmentType;
using hss::swx::EapScheme;

class SwxCodecTest : public CoreTest {};

RawAvp informational(RawAvp avp) { return with_flags(std::move(avp), 0x80); }
RawAvp item(std::vector<RawAvp> members) { return group(612, members, k3gpp); }

const std::string kIpv4("\0\1\xC0\0\2\7", 6);
const std::string kIpv6 = std::string("\0\2", 2) + "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\x09";
const RawAvp kGatewayHost = group(348, {text(283, "epc.example.org"), text(293, "pgw.epc.example.org")});

TEST_F(SwxCodecTest, MultimediaAuthRequest) {
  const auto plain = read(swx::kMultimediaAuth, swx_multimedia_auth_request());
  EXPECT_EQ(plain.origin.host, kAaa);
  EXPECT_EQ(plain.origin.realm, kRealm);
  EXPECT_EQ(plain.user_name, kImsi);
  EXPECT_EQ(plain.number_of_items, 1U);
  EXPECT_EQ(plain.scheme, "EAP-AKA");
  EXPECT_FALSE(plain.sip_authorization || plain.rat_type || plain.trusted || plain.anid || plain.visited_network);
  EXPECT_FALSE(plain.aaa_failure);
  EXPECT_FALSE(plain.emergency);
  EXPECT_EQ(swx::kMultimediaAuth.describe(plain, nullptr).detail, "EAP-AKA x1");

  RawMessage message = replaced(swx_multimedia_auth_request(),
                                item({text(608, "EAP-AKA'", k3gpp), text(610, std::string(30, '\xA5'), k3gpp)}));
  message = replaced(message, number(607, 3, k3gpp));
  message = replaced(message, text(1, "6001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org"));
  for (const RawAvp& avp : {informational(number(1032, 0, k3gpp)), number(1503, 1, k3gpp), text(1504, "WLAN", k3gpp),
                            text(600, "mnc002.mcc001.3gppnetwork.org", k3gpp), informational(number(1518, 3, k3gpp)),
                            informational(number(1538, 1, k3gpp)),
                            group(1401, {text(1402, "35609204079300", k3gpp), text(1403, "61", k3gpp)}, k3gpp)}) {
    message.avps.push_back(avp);
  }
  const auto full = read(swx::kMultimediaAuth, message);
  EXPECT_EQ(full.user_name, "6001010000000001@nai.epc.mnc001.mcc001.3gppnetwork.org");
  EXPECT_EQ(full.number_of_items, 3U);
  EXPECT_EQ(full.scheme, "EAP-AKA'");
  EXPECT_EQ(full.sip_authorization, Bytes(30, 0xA5));
  EXPECT_EQ(full.rat_type, 0U);
  EXPECT_EQ(full.trusted, false);
  EXPECT_EQ(full.anid, "WLAN");
  EXPECT_EQ(full.visited_network, "mnc002.mcc001.3gppnetwork.org");
  EXPECT_TRUE(full.aaa_failure);
  EXPECT_TRUE(full.emergency);
  EXPECT_EQ(swx::kMultimediaAuth.describe(full, nullptr).detail,
            "EAP-AKA' x3 resynchronisation ANID WLAN RAT WLAN untrusted AAA failure emergency");
  // Other bits of the two masks mean something else.
  message = replaced(replaced(message, informational(number(1518, 2, k3gpp))), informational(number(1538, 2, k3gpp)));
  EXPECT_FALSE(read(swx::kMultimediaAuth, message).aaa_failure);
  EXPECT_FALSE(read(swx::kMultimediaAuth, message).emergency);
}

TEST_F(SwxCodecTest, RatTypesOfEveryRelease) {
  for (const std::uint32_t type : {1U, 1000U, 1004U, 1009U, 2003U, 0x7FFFFFFFU}) {
    const RawMessage message = with(swx_multimedia_auth_request(), informational(number(1032, type, k3gpp)));
    EXPECT_EQ(read(swx::kMultimediaAuth, message).rat_type, type);
  }
}

hss::swx::AuthItem auth_item(std::uint32_t number, EapScheme scheme) {
  hss::swx::AuthItem out{number, scheme, {}};
  std::ranges::fill(out.vector.rand, std::uint8_t{0x11});
  std::ranges::fill(out.vector.autn, std::uint8_t{0x22});
  const std::array<std::uint8_t, 8> xres{1, 2, 3, 0, 5, 6, 7, 0};
  out.vector.xres = SecretOctets<32>(xres);
  std::ranges::fill(out.vector.ck.overwrite(), std::uint8_t{0x33});
  std::ranges::fill(out.vector.ik.overwrite(), std::uint8_t{0x44});
  return out;
}

TEST_F(SwxCodecTest, MultimediaAuthAnswerOfBothSchemes) {
  for (const auto& [scheme, name] :
       {std::pair{EapScheme::kEapAka, "EAP-AKA"}, std::pair{EapScheme::kEapAkaPrime, "EAP-AKA'"}}) {
    hss::swx::MultimediaAuthAnswer data{{result::kSuccess, {}, {}}, {auth_item(1, scheme), auth_item(2, scheme)}, {}};
    const RawMessage request = with(swx_multimedia_auth_request(), supported_features(0, 0x80));
    const RawMessage answer = written(swx::kMultimediaAuth, request, data);
    EXPECT_EQ(answer.order(), "263 260 268 277 264 296 1 607@10415 612@10415 612@10415 628@10415");
    EXPECT_EQ(answer.flags, 0x40);
    EXPECT_EQ(answer.application, 16777265U);
    EXPECT_EQ(answer.one(260).data, encode({number(266, k3gpp), number(258, 16777265)}));
    EXPECT_EQ(value_of(answer.one(268)), 2001U);
    EXPECT_EQ(answer.one(1).data, kImsi);
    EXPECT_EQ(value_of(answer.one(607, k3gpp)), 2U);
    EXPECT_EQ(value_of(member(answer.one(628, k3gpp), 630, k3gpp)), 15U);
    for (std::uint32_t i = 0; i < 2; ++i) {
      EXPECT_EQ(answer.all(612, k3gpp)[i].data,
                encode({number(613, i + 1, k3gpp), text(608, name, k3gpp),
                        text(609, std::string(16, '\x11') + std::string(16, '\x22'), k3gpp),
                        text(610, std::string("\1\2\3\0\5\6\7\0", 8), k3gpp), text(625, std::string(16, '\x33'), k3gpp),
                        text(626, std::string(16, '\x44'), k3gpp)}));
    }
    EXPECT_EQ(swx::kMultimediaAuth.describe({}, &data).detail, std::string(name) + " x2");
  }
}

TEST_F(SwxCodecTest, AnotherAaaServerHasTheUser) {
  hss::swx::MultimediaAuthAnswer mar{{result::kIdentityAlreadyRegistered, {}, {}}, {}, "aaa2.example.org"};
  const RawMessage refused = written(swx::kMultimediaAuth, swx_multimedia_auth_request(), mar);
  EXPECT_EQ(refused.order(), "263 260 297 277 264 296 1 318@10415");
  EXPECT_EQ(refused.one(297).data, encode({number(266, k3gpp), number(298, 5005)}));
  EXPECT_EQ(refused.one(318, k3gpp).data, "aaa2.example.org");
  EXPECT_EQ(refused.one(318, k3gpp).flags, 0xC0);
  EXPECT_EQ(swx::kMultimediaAuth.describe({}, &mar).detail, "x1 held by aaa2.example.org");

  mar.verdict.result = result::kRedirectIndication;
  const RawMessage redirected = written(swx::kMultimediaAuth, swx_multimedia_auth_request(), mar);
  EXPECT_EQ(redirected.order(), "263 260 268 277 264 296 1 292 261");
  EXPECT_EQ(redirected.flags, 0x60);  // P, E
  EXPECT_EQ(value_of(redirected.one(268)), 3006U);
  EXPECT_EQ(redirected.one(292).data, "aaa://aaa2.example.org");
  EXPECT_EQ(redirected.one(292).flags, 0x40);
  EXPECT_EQ(value_of(redirected.one(261)), 0U);  // DONT_CACHE

  hss::swx::ServerAssignmentAnswer sar{{result::kIdentityAlreadyRegistered, {}, {}}, {}, "aaa2.example.org"};
  EXPECT_EQ(written(swx::kServerAssignment, swx_server_assignment_request(), sar).order(),
            "263 260 297 277 264 296 1 318@10415");
  sar.verdict.result = result::kRedirectIndication;
  EXPECT_EQ(written(swx::kServerAssignment, swx_server_assignment_request(), sar).order(),
            "263 260 268 277 264 296 1 292 261");
}

TEST_F(SwxCodecTest, ServerAssignmentRequest) {
  const auto plain = read(swx::kServerAssignment, swx_server_assignment_request());
  EXPECT_EQ(plain.origin.host, kAaa);
  EXPECT_EQ(plain.user_name, kImsi);
  EXPECT_EQ(plain.type, ServerAssignmentType::kRegistration);
  EXPECT_TRUE(plain.apn.gateway.empty());
  EXPECT_FALSE(plain.apn.service_selection || plain.apn.context_identifier || plain.apn.visited_network);
  EXPECT_TRUE(plain.active_apns.empty());
  EXPECT_FALSE(plain.emergency);

  RawMessage message = replaced(swx_server_assignment_request(), number(614, 13, k3gpp));
  for (const RawAvp& avp : {text(493, "IMS.mnc001.mcc001.gprs"), number(1423, 7, k3gpp),
                            group(486, {text(334, kIpv4), text(334, kIpv6), kGatewayHost}),
                            text(600, "mnc002.mcc001.3gppnetwork.org", k3gpp), informational(number(1538, 1, k3gpp))}) {
    message.avps.push_back(avp);
  }
  const auto update = read(swx::kServerAssignment, message);
  EXPECT_EQ(update.type, ServerAssignmentType::kPgwUpdate);
  EXPECT_EQ(update.apn.service_selection, "IMS.mnc001.mcc001.gprs");
  EXPECT_EQ(update.apn.context_identifier, 7U);
  EXPECT_EQ(update.apn.visited_network, "mnc002.mcc001.3gppnetwork.org");
  EXPECT_EQ(update.apn.gateway.ipv4, (Octets<4>{192, 0, 2, 7}));
  EXPECT_EQ(update.apn.gateway.ipv6, (Octets<16>{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}));
  EXPECT_EQ(update.apn.gateway.host, "pgw.epc.example.org");
  EXPECT_EQ(update.apn.gateway.realm, "epc.example.org");
  EXPECT_TRUE(update.emergency);
  EXPECT_EQ(swx::kServerAssignment.describe(update, nullptr).detail, "PGW_UPDATE APN IMS.mnc001.mcc001.gprs emergency");
}

TEST_F(SwxCodecTest, ActiveApns) {
  RawMessage message = replaced(swx_server_assignment_request(), number(614, 14, k3gpp));
  message.avps.push_back(
      informational(group(1612,
                          {number(1423, 1, k3gpp), text(493, "ims"), group(486, {kGatewayHost}),
                           text(600, "visited.example.org", k3gpp), informational(group(1472, {}, k3gpp))},
                          k3gpp)));
  message.avps.push_back(with_flags(group(1612, {number(1423, 2, k3gpp)}, k3gpp), 0xC0));  // M: some set it
  const auto request = read(swx::kServerAssignment, message);
  ASSERT_EQ(request.active_apns.size(), 2U);
  EXPECT_EQ(request.active_apns[0].context_identifier, 1U);
  EXPECT_EQ(request.active_apns[0].service_selection, "ims");
  EXPECT_EQ(request.active_apns[0].gateway.host, "pgw.epc.example.org");
  EXPECT_EQ(request.active_apns[0].visited_network, "visited.example.org");
  EXPECT_EQ(request.active_apns[1].context_identifier, 2U);
  EXPECT_FALSE(request.active_apns[1].service_selection);
  EXPECT_TRUE(request.active_apns[1].gateway.empty());
  EXPECT_FALSE(request.apn.context_identifier);  // those of the message itself are others
  EXPECT_EQ(swx::kServerAssignment.describe(request, nullptr).detail, "RESTORATION active APNs x2");
}

/// A gateway as read from a MIP6-Agent-Info with these members.
PdnGateway gateway(const std::vector<RawAvp>& members) {
  return read(swx::kServerAssignment, with(swx_server_assignment_request(), group(486, members))).apn.gateway;
}

TEST_F(SwxCodecTest, GatewaysThatAreToldInPart) {
  EXPECT_TRUE(gateway({}).empty());
  EXPECT_EQ(gateway({text(334, kIpv4)}), (PdnGateway{Octets<4>{192, 0, 2, 7}, {}, {}, {}}));
  EXPECT_FALSE(gateway({text(334, kIpv6)}).ipv4);
  EXPECT_EQ(gateway({text(334, kIpv6)}).ipv6->back(), 9);
  EXPECT_EQ(gateway({kGatewayHost}), (PdnGateway{{}, {}, "pgw.epc.example.org", "epc.example.org"}));
  // Of two of a family the first counts; an address of another family is no address of a PDN gateway.
  EXPECT_EQ(gateway({text(334, kIpv4), text(334, std::string("\0\1\0\0\0\0", 6))}).ipv4, (Octets<4>{192, 0, 2, 7}));
  EXPECT_TRUE(gateway({text(334, std::string("\0\x08") + "15551234")}).empty());
}

TEST_F(SwxCodecTest, ServerAssignmentAnswerWithoutUserData) {
  const hss::swx::ServerAssignmentAnswer done{{result::kSuccess, {}, {}}, {}, {}};
  EXPECT_EQ(written(swx::kServerAssignment, swx_server_assignment_request(), done).order(),
            "263 260 268 277 264 296 1");
  const hss::swx::ServerAssignmentAnswer unknown{{result::kUserUnknown, {}, {}}, {}, {}};
  EXPECT_EQ(written(swx::kServerAssignment, swx_server_assignment_request(), unknown).order(),
            "263 260 297 277 264 296 1");
}

TEST_F(SwxCodecTest, TheSmallestUserData) {
  hss::swx::UserData user;
  user.default_context_identifier = 1;
  user.apns.emplace_back();
  user.apns[0].apn.configuration.name = "ims";
  user.apns[0].apn.configuration.qci = 5;
  const hss::swx::ServerAssignmentAnswer data{{result::kSuccess, {}, {}}, user, {}};
  const RawMessage answer = written(swx::kServerAssignment, swx_server_assignment_request(), data);
  EXPECT_EQ(answer.order(), "263 260 268 277 264 296 1 1500@10415");
  const RawAvp priority =
      informational(group(1034,
                          {informational(number(1046, 8, k3gpp)), informational(number(1047, 1, k3gpp)),
                           informational(number(1048, 0, k3gpp))},
                          k3gpp));
  const RawAvp apn = group(1430,
                           {number(1423, 1, k3gpp), number(1456, 2, k3gpp), text(493, "ims"),
                            group(1431, {number(1028, 5, k3gpp), priority}, k3gpp)},
                           k3gpp);
  EXPECT_EQ(answer.one(1500, k3gpp).flags, 0xC0);
  EXPECT_EQ(answer.one(1500, k3gpp).data,
            encode({number(1501, 0, k3gpp), number(1502, 0, k3gpp), number(1423, 1, k3gpp), apn}));
  EXPECT_EQ(swx::kServerAssignment.describe({}, &data).detail, "REGISTRATION APNs x1");
}

TEST_F(SwxCodecTest, TheWholeUserData) {
  hss::swx::UserData user;
  user.msisdn = "15551234";
  user.access_allowed = false;
  user.apns_enabled = false;
  user.forbidden_rat_types = {0, 2003};
  user.session_timeout = 86400;
  user.ambr = Ambr{50'000'000, 4'000'000'000};
  user.charging_characteristics = "0800";
  user.default_context_identifier = 7;
  user.apns.resize(2);
  hss::swx::ApnData& first = user.apns[0];
  first.apn.configuration = {.context_identifier = 7,
                             .name = "ims",
                             .pdn_type = PdnType::kIpv6,
                             .qci = 5,
                             .priority = {1, true, false},
                             .vplmn_dynamic_address_allowed = true,
                             .ambr = Ambr{1, 2},
                             .charging_characteristics = "0F00",
                             .gateway = {}};
  first.apn.ipv4 = Octets<4>{10, 0, 0, 1};
  first.apn.ipv6 = Octets<16>{0x20, 0x01, 0x0d, 0xb8};
  first.allocation = hss::swx::ApnData::Allocation::kDynamic;
  first.gateway = {Octets<4>{192, 0, 2, 7}, Octets<16>{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9},
                   "pgw.epc.example.org", "epc.example.org"};
  first.visited_network = "visited.example.org";
  hss::swx::ApnData& second = user.apns[1];
  second.apn.configuration.context_identifier = 8;
  second.apn.configuration.name = "*";
  second.apn.configuration.pdn_type = PdnType::kIpv4;
  second.apn.configuration.vplmn_dynamic_address_allowed = false;
  second.allocation = hss::swx::ApnData::Allocation::kStatic;
  second.gateway = {{}, {}, "pgw.epc.example.org", "epc.example.org"};

  const auto qos = [](std::uint32_t qci, std::uint32_t level, std::uint32_t capability, std::uint32_t vulnerability) {
    return group(1431,
                 {number(1028, qci, k3gpp), informational(group(1034,
                                                                {informational(number(1046, level, k3gpp)),
                                                                 informational(number(1047, capability, k3gpp)),
                                                                 informational(number(1048, vulnerability, k3gpp))},
                                                                k3gpp))},
                 k3gpp);
  };
  const auto ambr = [](std::uint32_t up, std::uint32_t down) {
    return group(1435, {number(516, up, k3gpp), number(515, down, k3gpp)}, k3gpp);
  };
  const std::vector<RawAvp> expected{
      group(443, {number(450, 0), text(444, "15551234")}),
      number(1501, 1, k3gpp),
      number(1502, 1, k3gpp),
      informational(number(1032, 0, k3gpp)),
      informational(number(1032, 2003, k3gpp)),
      number(27, 86400),
      ambr(50'000'000, 4'000'000'000),
      text(13, "0800", k3gpp),
      number(1423, 7, k3gpp),
      group(1430,
            {number(1423, 7, k3gpp), text(848, std::string("\0\1\x0A\0\0\1", 6), k3gpp),
             text(848, std::string("\0\2", 2) + "\x20\x01\x0d\xb8" + std::string(12, '\0'), k3gpp),
             number(1456, 1, k3gpp), text(493, "ims"), qos(5, 1, 0, 1), number(1432, 1, k3gpp),
             group(486, {text(334, kIpv4), text(334, kIpv6), kGatewayHost}), number(1438, 1, k3gpp),
             text(600, "visited.example.org", k3gpp), text(13, "0F00", k3gpp), ambr(1, 2)},
            k3gpp),
      group(1430,
            {number(1423, 8, k3gpp), number(1456, 0, k3gpp), text(493, "*"), qos(9, 8, 1, 0), number(1432, 0, k3gpp),
             group(486, {kGatewayHost}), number(1438, 0, k3gpp)},
            k3gpp),
  };
  const hss::swx::ServerAssignmentAnswer data{{result::kSuccess, {}, {}}, user, {}};
  const RawMessage answer = written(swx::kServerAssignment, swx_server_assignment_request(), data);
  EXPECT_EQ(answer.one(1500, k3gpp).data, encode(expected));
}

}  // namespace
}  // namespace hss::diameter::test
