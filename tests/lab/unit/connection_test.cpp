// SPDX-License-Identifier: MIT
#include "tests/lab/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/unit/socket_peer.h"

namespace hss::lab {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::SizeIs;

constexpr auto kPatience = 20s;

const Node kNode{
    .party = Party::kIcscf, .host = "icscf.example.org", .realm = "example.org", .applications = {kCx, kSwx}};

Message uar(Connection& connection) {
  return connection.make_request(kCx, command::kUserAuthorization, {text_avp(avp::kUserName, "user")});
}

class Kept final : public Trace {
 public:
  void add(const Event& event) override { events.push_back(event); }
  std::vector<Event> events;
};

// ---- Targets
// ---------------------------------------------------------------------------------------------------------

struct TargetRow {
  const char* text;
  const char* address;  // null: none
  std::uint16_t port = 3868;
};

class ConnectionTargetTest : public testing::TestWithParam<TargetRow> {};

TEST_P(ConnectionTargetTest, IsHostAndPort) {
  const TargetRow& row = GetParam();
  const auto target = parse_target(row.text);
  ASSERT_EQ(target.has_value(), row.address != nullptr) << row.text;
  if (!target) return;
  EXPECT_EQ(target->address, row.address);
  EXPECT_EQ(target->port, row.port);
}

INSTANTIATE_TEST_SUITE_P(
    All, ConnectionTargetTest,
    testing::Values(TargetRow{"127.0.0.1", "127.0.0.1"}, TargetRow{"127.0.0.1:3911", "127.0.0.1", 3911},
                    TargetRow{"hss.example.org:65535", "hss.example.org", 65535}, TargetRow{"[::1]:3911", "::1", 3911},
                    TargetRow{"[2001:db8::1]", "2001:db8::1"}, TargetRow{"", nullptr}, TargetRow{":3868", nullptr},
                    TargetRow{"host:", nullptr}, TargetRow{"host:0", nullptr}, TargetRow{"host:65536", nullptr},
                    TargetRow{"host:38 68", nullptr}, TargetRow{"host:-1", nullptr}, TargetRow{"::1", nullptr},
                    TargetRow{"[::1", nullptr}, TargetRow{"[::1]3868", nullptr}, TargetRow{"[]:3868", nullptr},
                    TargetRow{"[host]:3868", nullptr}, TargetRow{"[::1]:", nullptr}, TargetRow{"ho st", nullptr},
                    TargetRow{"aaa://host", nullptr}));

// ---- Capabilities
// ----------------------------------------------------------------------------------------------------

TEST(ConnectionTest, ExchangesCapabilitiesAndTakesLeave) {
  SocketPeer peer([](SocketPeer& hss) {
    const Message cer = hss.let_in();
    EXPECT_FALSE(cer.proxiable);
    EXPECT_EQ(cer.application, 0U);
    EXPECT_EQ(cer.find(avp::kOriginHost)->text(), "icscf.example.org");
    EXPECT_EQ(cer.find(avp::kOriginRealm)->text(), "example.org");
    EXPECT_EQ(to_hex(cer.find(avp::kHostIpAddress)->data), "00017f000001");
    EXPECT_EQ(cer.find(avp::kVendorId)->number(), kVendor3gpp);
    EXPECT_EQ(cer.find(avp::kProductName)->text(), "hsslab");
    EXPECT_EQ(cer.find(avp::kSupportedVendorId)->number(), kVendor3gpp);
    const auto applications = cer.all(avp::kVendorSpecificApplicationId);
    EXPECT_THAT(applications, SizeIs(2));
    EXPECT_EQ(find(applications.at(1)->members().value(), avp::kAuthApplicationId)->number(), kSwx);
    const Message dpr = hss.read(command::kDisconnectPeer);
    EXPECT_EQ(dpr.find(avp::kDisconnectCause)->number(), 2U);
    hss.send(plain_answer(dpr));
    hss.wait_for_end();
  });
  const Connection connection(peer.target(), kNode, nullptr, kPatience);
  EXPECT_EQ(connection.peer_host(), "hss.example.org");
  EXPECT_EQ(connection.peer_realm(), "example.org");
  EXPECT_EQ(connection.node().host, kNode.host);
  EXPECT_GE(connection.descriptor(), 0);
}

// RFC 3539 3.4.1: three watchdogs until a peer that was cut off is trusted again.
TEST(ConnectionTest, AsksNothingWhileTheHssStillProbesIt) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.send(plain_answer(hss.read(command::kCapabilitiesExchange)));
    hss.send(request_of_hss(command::kDeviceWatchdog, 0));
    for (int answered = 0; answered < 3;) {
      const Message message = hss.read(command::kDeviceWatchdog);
      if (message.request) {
        hss.send(plain_answer(message));
      } else if (++answered < 3) {
        hss.send(request_of_hss(command::kDeviceWatchdog, 0));
      }
    }
    Message request = hss.read();
    while (request.command == command::kDeviceWatchdog) {
      hss.send(plain_answer(request));
      request = hss.read();
    }
    hss.send(plain_answer(request));
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  EXPECT_EQ(connection.ask(uar(connection), kPatience).command, command::kUserAuthorization);
}

TEST(ConnectionTest, DoesWithoutAnswersToItsWatchdogs) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.send(plain_answer(hss.read(command::kCapabilitiesExchange)));
    const Message watchdog = hss.read(command::kDeviceWatchdog);
    const Message request = hss.read(command::kUserAuthorization);
    hss.send(plain_answer(watchdog));  // late
    hss.send(plain_answer(request));
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  EXPECT_EQ(connection.ask(uar(connection), kPatience).command, command::kUserAuthorization);
}

// ---- Requests and answers
// --------------------------------------------------------------------------------------------

TEST(ConnectionTest, AsksWithWhatEveryRequestHas) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.let_in();
    const Message request = hss.read(command::kUserAuthorization);
    EXPECT_TRUE(request.request && request.proxiable);
    EXPECT_EQ(request.application, kCx);
    ASSERT_THAT(request.avps, SizeIs(7));
    EXPECT_EQ(request.avps[0].id, avp::kSessionId);
    EXPECT_THAT(request.avps[0].text(), testing::StartsWith("icscf.example.org;"));
    EXPECT_EQ(request.avps[1],
              group_avp(avp::kVendorSpecificApplicationId,
                        {number_avp(avp::kVendorId, kVendor3gpp), number_avp(avp::kAuthApplicationId, kCx)}));
    EXPECT_EQ(request.avps[2], number_avp(avp::kAuthSessionState, 1));
    EXPECT_EQ(request.avps[3], text_avp(avp::kOriginHost, "icscf.example.org"));
    EXPECT_EQ(request.avps[4], text_avp(avp::kOriginRealm, "example.org"));
    EXPECT_EQ(request.avps[5], text_avp(avp::kDestinationRealm, "example.org"));
    EXPECT_EQ(request.avps[6], text_avp(avp::kUserName, "user"));
    hss.send(plain_answer(request));
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  EXPECT_EQ(result_of(connection.ask(uar(connection), kPatience)), (ResultOf{0, 2001}));
}

TEST(ConnectionTest, SessionsDifferUnlessTheSeedIsTheSame) {
  const auto session = [](std::uint64_t seed, int requests) {
    SocketPeer peer([](SocketPeer& hss) {
      hss.let_in();
      hss.wait_for_end();
    });
    Node node = kNode;
    node.seed = seed;
    Connection connection(peer.target(), node, nullptr, kPatience);
    while (--requests > 0) uar(connection);
    return uar(connection).find(avp::kSessionId)->text();
  };
  EXPECT_EQ(session(7, 1), session(7, 1));
  EXPECT_NE(session(7, 1), session(7, 2));
  EXPECT_NE(session(7, 1), session(8, 1));
}

TEST(ConnectionTest, AnswersAWatchdogOnTheWay) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.let_in();
    const Message request = hss.read(command::kUserAuthorization);
    hss.send(request_of_hss(command::kDeviceWatchdog, 0));
    const Message dwa = hss.read(command::kDeviceWatchdog);
    EXPECT_FALSE(dwa.request || dwa.error);
    EXPECT_EQ(dwa.hop_by_hop, 0x55U);
    EXPECT_EQ(dwa.end_to_end, 0x66U);
    EXPECT_EQ(result_of(dwa), (ResultOf{0, 2001}));
    EXPECT_NE(dwa.find(avp::kOriginHost), nullptr);
    hss.send(request_of_hss(258, 0));  // Re-Auth, which is none of ours
    const Message refusal = hss.read(258);
    EXPECT_TRUE(refusal.error);
    EXPECT_EQ(result_of(refusal), (ResultOf{0, 3001}));
    hss.send(plain_answer(request));
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  EXPECT_EQ(connection.ask(uar(connection), kPatience).command, command::kUserAuthorization);
}

TEST(ConnectionTest, AnswersComeInAnyOrder) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.let_in();
    std::vector<Message> requests;
    for (int i = 0; i < 3; ++i) requests.push_back(hss.read());
    // All in one piece, and the last request first.
    Bytes octets;
    for (auto request = requests.rbegin(); request != requests.rend(); ++request)
      append(octets, plain_answer(*request));
    hss.send_octets(octets);
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  const std::uint32_t first = connection.post(uar(connection));
  const std::uint32_t second = connection.post(uar(connection));
  EXPECT_NE(first, second);
  const Message asked = connection.ask(connection.make_request(kCx, command::kLocationInfo, {}), kPatience);
  EXPECT_EQ(asked.command, command::kLocationInfo);
  EXPECT_EQ(connection.receive(kPatience)->hop_by_hop, second);
  EXPECT_EQ(connection.receive(kPatience)->hop_by_hop, first);
}

TEST(ConnectionTest, ReadsWhatComesOctetByOctet) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.let_in();
    const Bytes octets = encode(plain_answer(hss.read()));
    for (const std::uint8_t octet : octets) hss.send_octets(std::span(&octet, 1));
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  EXPECT_EQ(connection.ask(uar(connection), kPatience).avps.size(), 3U);
}

// More in flight than any buffer of the kernel holds, and an HSS that first takes it all: nobody may block.
TEST(ConnectionTest, CarriesManyAndLargeOnes) {
  constexpr std::size_t kCount = 200;
  constexpr std::size_t kSize = 100000;
  SocketPeer peer([](SocketPeer& hss) {
    hss.let_in();
    std::vector<Message> requests;
    for (std::size_t i = 0; i < kCount; ++i) requests.push_back(hss.read());
    for (const Message& request : requests) hss.send(answer_with(request, {*request.find(avp::kUserData)}));
    hss.wait_for_end();
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  std::vector<std::uint32_t> posted;
  for (std::size_t i = 0; i < kCount; ++i) {
    const Avp data = octets_avp(avp::kUserData, Bytes(kSize + i, static_cast<std::uint8_t>(i)));
    posted.push_back(connection.post(connection.make_request(kCx, command::kServerAssignment, {data})));
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    const auto answer = connection.receive(kPatience);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->hop_by_hop, posted[i]);
    ASSERT_THAT(answer->avps, SizeIs(1));
    EXPECT_EQ(answer->avps[0].data, Bytes(kSize + i, static_cast<std::uint8_t>(i)));
  }
  connection.post(uar(connection));
  connection.flush();
}

TEST(ConnectionTest, KeepsWhatTheHssAsksMeanwhile) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.let_in();
    const Message request = hss.read();
    hss.send(request_of_hss(command::kRegistrationTermination, kCx,
                            {text_avp(avp::kSessionId, "hss;1;2"), text_avp({284}, "proxy")}));
    hss.send(plain_answer(request));
    const Message answer = hss.read(command::kRegistrationTermination);
    EXPECT_FALSE(answer.request || answer.error);
    EXPECT_EQ(answer.hop_by_hop, 0x55U);
    EXPECT_EQ(answer.end_to_end, 0x66U);
    EXPECT_EQ(answer.find(avp::kSessionId)->text(), "hss;1;2");
    EXPECT_EQ(result_of(answer), (ResultOf{kVendor3gpp, 5001}));
    EXPECT_EQ(answer.find(avp::kAuthSessionState)->number(), 1U);
    EXPECT_EQ(answer.find(avp::kOriginHost)->text(), "icscf.example.org");
    EXPECT_EQ(answer.find(avp::kUserName)->text(), "more");
    EXPECT_EQ(answer.find({284})->text(), "proxy");
    hss.send(request_of_hss(command::kPushProfile, kSwx));
    const Message busy = hss.read(command::kPushProfile);
    EXPECT_TRUE(busy.error);
    EXPECT_EQ(result_of(busy), (ResultOf{0, 3004}));
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  EXPECT_EQ(connection.ask(uar(connection), kPatience).command, command::kUserAuthorization);
  const auto first = connection.take_request(kPatience);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->command, command::kRegistrationTermination);
  connection.send_answer(connection.make_answer(*first, {kVendor3gpp, 5001}, {text_avp(avp::kUserName, "more")}));
  const auto second = connection.take_request(kPatience);
  ASSERT_TRUE(second);
  connection.send_answer(connection.make_answer(*second, {0, 3004}));
}

TEST(ConnectionTest, TracesWhatIsNotOfTheConnectionItself) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.let_in();
    hss.send(plain_answer(hss.read()));
    hss.send(request_of_hss(command::kPushProfile, kSwx));
    hss.read(command::kPushProfile);
    hss.send(request_of_hss(command::kDeviceWatchdog, 0));
  });
  Kept trace;
  Connection connection(peer.target(), kNode, &trace, kPatience);
  const Message answer = connection.ask(uar(connection), kPatience);
  connection.send_answer(connection.make_answer(connection.take_request(kPatience).value(), {kVendor3gpp, 5001}));
  ASSERT_THAT(trace.events, SizeIs(4));
  std::vector<std::string> titles;
  for (const Event& event : trace.events) {
    titles.push_back(event.title);
    EXPECT_EQ(event.kind, Event::Kind::kDiameter);
    EXPECT_EQ(event.remote_port, peer.target().port);
    EXPECT_NE(event.local_port, 0);
    EXPECT_NE(event.at, std::chrono::system_clock::time_point());
  }
  EXPECT_THAT(titles, ElementsAre("UAR", "UAA DIAMETER_SUCCESS (2001)", "SWx-PPR",
                                  "SWx-PPA DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001)"));
  const auto goes = [](Party from, Party to) { return AllOf(Field(&Event::from, from), Field(&Event::to, to)); };
  EXPECT_THAT(trace.events, ElementsAre(goes(Party::kIcscf, Party::kHss), goes(Party::kHss, Party::kIcscf),
                                        goes(Party::kHss, Party::kIcscf), goes(Party::kIcscf, Party::kHss)));
  EXPECT_EQ(trace.events[1].octets, encode(answer));
}

}  // namespace
}  // namespace hss::lab
