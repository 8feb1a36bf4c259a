// SPDX-License-Identifier: MIT
#include "tests/lab/cx_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/unit/socket_peer.h"

namespace hss::lab {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kPatience = 20s;
constexpr AvpId kMandatoryCapability{604, kVendor3gpp};

const Bytes kRandAndAutn(32, 0x11);
const Bytes kXres(8, 0x22);
const Bytes kKey(16, 0x33);

std::vector<Avp> item(std::uint32_t number, const Bytes& xres = kXres) {
  return {number_avp(avp::kSipItemNumber, number),         text_avp(avp::kSipAuthenticationScheme, "Digest-AKAv1-MD5"),
          octets_avp(avp::kSipAuthenticate, kRandAndAutn), octets_avp(avp::kSipAuthorization, xres),
          octets_avp(avp::kConfidentialityKey, kKey),      octets_avp(avp::kIntegrityKey, kKey)};
}

Message maa(std::vector<std::vector<Avp>> items) {
  Message out{.request = false, .command = command::kMultimediaAuth, .application = kCx};
  for (const auto& members : items) out.avps.push_back(group_avp(avp::kSipAuthDataItem, members));
  return out;
}

std::vector<Avp> without(std::vector<Avp> avps, AvpId id) {
  std::erase_if(avps, [id](const Avp& one) { return one.id == id; });
  return avps;
}

std::vector<Avp> with(std::vector<Avp> avps, AvpId id, std::size_t size) {
  for (Avp& one : avps) {
    if (one.id == id) one.data.resize(size);
  }
  return avps;
}

template <typename Call>
std::string complaint_of(Call call) {
  try {
    call();
  } catch (const NetworkError& error) {
    return error.what();
  }
  return {};
}

// ---- Vectors
// ---------------------------------------------------------------------------------------------------------

TEST(CxClientTest, ReadsVectorsInTheOrderOfTheirNumbers) {
  const auto vectors = vectors_of(maa({item(2, Bytes(16)), item(1, Bytes(4))}));
  ASSERT_EQ(vectors.size(), 2U);
  EXPECT_EQ(vectors[0].xres.size(), 4U);
  EXPECT_EQ(vectors[1].xres.size(), 16U);
  EXPECT_EQ(Bytes(vectors[0].rand.begin(), vectors[0].rand.end()), Bytes(16, 0x11));
  EXPECT_EQ(Bytes(vectors[0].autn.begin(), vectors[0].autn.end()), Bytes(16, 0x11));
  EXPECT_EQ(Bytes(vectors[0].ck.reveal().begin(), vectors[0].ck.reveal().end()), kKey);
  EXPECT_EQ(Bytes(vectors[0].ik.reveal().begin(), vectors[0].ik.reveal().end()), kKey);
  EXPECT_EQ(vectors[0].scheme, "Digest-AKAv1-MD5");
  EXPECT_THAT(vectors_of(maa({})), IsEmpty());
}

struct PartRow {
  std::vector<Avp> members;
  const char* complaint;
};

class CxClientPartTest : public testing::TestWithParam<PartRow> {};

TEST_P(CxClientPartTest, IsMissed) {
  EXPECT_EQ(complaint_of([] { vectors_of(maa({item(1), GetParam().members})); }), GetParam().complaint);
}

INSTANTIATE_TEST_SUITE_P(
    All, CxClientPartTest,
    testing::Values(
        PartRow{{}, "SIP-Auth-Data-Item 2 of MAA lacks SIP-Authenticate"},
        PartRow{without(item(2), avp::kSipAuthorization), "SIP-Auth-Data-Item 2 of MAA lacks SIP-Authorization"},
        PartRow{without(item(2), avp::kConfidentialityKey), "SIP-Auth-Data-Item 2 of MAA lacks Confidentiality-Key"},
        PartRow{without(item(2), avp::kIntegrityKey), "SIP-Auth-Data-Item 2 of MAA lacks Integrity-Key"},
        PartRow{with(item(2), avp::kSipAuthenticate, 31),
                "SIP-Authenticate in SIP-Auth-Data-Item 2 of MAA has 31 octets, it should have 32"},
        PartRow{with(item(2), avp::kSipAuthorization, 3),
                "SIP-Authorization in SIP-Auth-Data-Item 2 of MAA has 3 octets, it should have 4 to 16"},
        PartRow{with(item(2), avp::kSipAuthorization, 17),
                "SIP-Authorization in SIP-Auth-Data-Item 2 of MAA has 17 octets, it should have 4 to 16"},
        PartRow{with(item(2), avp::kConfidentialityKey, 32),
                "Confidentiality-Key in SIP-Auth-Data-Item 2 of MAA has 32 octets, it should have 16"},
        PartRow{with(item(2), avp::kIntegrityKey, 0),
                "Integrity-Key in SIP-Auth-Data-Item 2 of MAA has 0 octets, it should have 16"}));

TEST(CxClientTest, AnItemThatIsNoGroupIsMissed) {
  Message answer = maa({item(1)});
  answer.avps[0].data.pop_back();
  EXPECT_EQ(complaint_of([&] { vectors_of(answer); }), "SIP-Auth-Data-Item 1 of MAA does not hold whole AVPs");
}

// ---- Requests and what their answers say
// -----------------------------------------------------------------------------

/// Asks a peer that answers `avps`; what stands in the request behind what every one has.
template <typename Ask>
std::vector<Avp> asked(const std::vector<Avp>& avps, Ask ask) {
  std::vector<Avp> request;
  {
    SocketPeer peer([&](SocketPeer& hss) {
      hss.let_in();
      const Message message = hss.read();
      request.assign(message.avps.begin() + 6, message.avps.end());
      hss.send(answer_with(message, avps));
    });
    const Node node{.party = Party::kScscf, .host = "node.example.org", .realm = "example.org"};
    Connection connection(peer.target(), node, nullptr, kPatience);
    ask(connection);
  }
  return request;
}

const Avp kSuccess = number_avp(avp::kResultCode, 2001);
const Avp kUserUnknown = group_avp(avp::kExperimentalResult, {number_avp(avp::kVendorId, kVendor3gpp),
                                                              number_avp(avp::kExperimentalResultCode, 5001)});

TEST(CxClientTest, Uar) {
  UserAuthorization out;
  const auto request = asked(
      {kSuccess, text_avp(avp::kServerName, "sip:a"),
       group_avp(avp::kServerCapabilities, {number_avp(kMandatoryCapability, 1), text_avp(avp::kServerName, "sip:b"),
                                            text_avp(avp::kServerName, "sip:c")})},
      [&](Connection& icscf) { out = ask_uar(icscf, "impi", "impu", "visited", 2, kPatience); });
  EXPECT_THAT(request, ElementsAre(text_avp(avp::kUserName, "impi"), text_avp(avp::kPublicIdentity, "impu"),
                                   text_avp(avp::kVisitedNetworkIdentifier, "visited"),
                                   number_avp(avp::kUserAuthorizationType, 2)));
  EXPECT_EQ(out.result, (ResultOf{0, 2001}));
  EXPECT_EQ(out.server_name, "sip:a");
  EXPECT_THAT(out.server_names, ElementsAre("sip:b", "sip:c"));
}

TEST(CxClientTest, MarOfAResynchronisation) {
  MultimediaAuth out;
  const auto request = asked({kSuccess, group_avp(avp::kSipAuthDataItem, item(1))}, [&](Connection& scscf) {
    out = ask_mar(scscf, "impi", "impu", "sip:s", "Digest-AKAv1-MD5", 3, Bytes(30, 9), kPatience);
  });
  EXPECT_THAT(request,
              ElementsAre(text_avp(avp::kUserName, "impi"), text_avp(avp::kPublicIdentity, "impu"),
                          group_avp(avp::kSipAuthDataItem, {text_avp(avp::kSipAuthenticationScheme, "Digest-AKAv1-MD5"),
                                                            octets_avp(avp::kSipAuthorization, Bytes(30, 9))}),
                          number_avp(avp::kSipNumberAuthItems, 3), text_avp(avp::kServerName, "sip:s")));
  EXPECT_EQ(out.vectors.size(), 1U);
}

TEST(CxClientTest, Sar) {
  ServerAssignment out;
  const auto request = asked({kSuccess, text_avp(avp::kUserData, "<xml/>")},
                             [&](Connection& scscf) { out = ask_sar(scscf, "impi", "impu", "sip:s", 1, kPatience); });
  EXPECT_THAT(request, ElementsAre(text_avp(avp::kUserName, "impi"), text_avp(avp::kPublicIdentity, "impu"),
                                   text_avp(avp::kServerName, "sip:s"), number_avp(avp::kServerAssignmentType, 1),
                                   number_avp(avp::kUserDataAlreadyAvailable, 0)));
  EXPECT_EQ(out.user_data, "<xml/>");
}

TEST(CxClientTest, Lir) {
  LocationInfo out;
  const auto request = asked({kUserUnknown}, [&](Connection& icscf) { out = ask_lir(icscf, "impu", kPatience); });
  EXPECT_THAT(request, ElementsAre(text_avp(avp::kPublicIdentity, "impu")));
  EXPECT_EQ(out.result, (ResultOf{kVendor3gpp, 5001}));
  EXPECT_EQ(out.server_name, "");
}

TEST(CxClientTest, SwxMar) {
  MultimediaAuth out;
  const auto request =
      asked({number_avp(avp::kResultCode, 3006), text_avp(avp::kRedirectHost, "aaa://other")},
            [&](Connection& aaa) { out = ask_swx_mar(aaa, "00101", "EAP-AKA'", 2, "WLAN", std::nullopt, kPatience); });
  EXPECT_THAT(
      request,
      ElementsAre(text_avp(avp::kUserName, "00101"), number_avp(avp::kRatType, 0, false), text_avp(avp::kAnid, "WLAN"),
                  group_avp(avp::kSipAuthDataItem, {text_avp(avp::kSipAuthenticationScheme, "EAP-AKA'")}),
                  number_avp(avp::kSipNumberAuthItems, 2)));
  EXPECT_THAT(out.vectors, IsEmpty());
  EXPECT_EQ(out.aaa_server, "aaa://other");
}

TEST(CxClientTest, SwxSar) {
  const Avp data = group_avp(avp::kNon3gppUserData, {text_avp(avp::kServiceSelection, "ims")});
  SwxServerAssignment out;
  const auto request = asked({kSuccess, data}, [&](Connection& aaa) {
    out = ask_swx_sar(aaa, "00101", 13, {text_avp(avp::kServiceSelection, "ims")}, kPatience);
  });
  EXPECT_THAT(request, ElementsAre(text_avp(avp::kUserName, "00101"), number_avp(avp::kServerAssignmentType, 13),
                                   text_avp(avp::kServiceSelection, "ims")));
  EXPECT_EQ(out.user_data, data);
}

TEST(CxClientTest, AnAnswerMustSaySomething) {
  asked({}, [](Connection& icscf) {
    EXPECT_EQ(complaint_of([&] { ask_lir(icscf, "impu", kPatience); }),
              "LIA has neither Result-Code nor a whole Experimental-Result");
  });
  asked({kSuccess}, [](Connection& scscf) {
    EXPECT_EQ(complaint_of([&] { ask_mar(scscf, "i", "u", "s", "x", 1, std::nullopt, kPatience); }),
              "MAA says DIAMETER_SUCCESS (2001), but has no SIP-Auth-Data-Item");
  });
  asked({kSuccess, text_avp(avp::kServerCapabilities, "none")}, [](Connection& icscf) {
    EXPECT_EQ(complaint_of([&] { ask_uar(icscf, "i", "u", "v", std::nullopt, kPatience); }),
              "Server-Capabilities of UAA does not hold whole AVPs");
  });
}

// A refusal is a refusal, whatever hangs on it.
TEST(CxClientTest, VectorsOfARefusalAreNotRead) {
  asked({kUserUnknown, group_avp(avp::kSipAuthDataItem, {})}, [](Connection& scscf) {
    EXPECT_EQ(ask_mar(scscf, "i", "u", "s", "x", 1, std::nullopt, kPatience).result, (ResultOf{kVendor3gpp, 5001}));
  });
}

}  // namespace
}  // namespace hss::lab
