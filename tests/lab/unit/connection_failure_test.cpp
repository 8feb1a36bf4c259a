// How a connection ends that does not end well: each is told in a line.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "tests/lab/connection.h"
#include "tests/lab/unit/socket_peer.h"

namespace hss::lab {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

constexpr auto kPatience = 20s;  // for what will come
constexpr auto kSoon = 30ms;     // for what will not

const Node kNode{.party = Party::kIcscf, .host = "icscf.example.org", .realm = "example.org"};

/// What a call says that does not work out; empty when it does.
template <typename Call>
std::string complaint_of(Call call) {
  try {
    call();
  } catch (const NetworkError& error) {
    return error.what();
  }
  return {};
}

Message uar(Connection& connection) {
  return connection.make_request(kCx, command::kUserAuthorization, {text_avp(avp::kUserName, "user")});
}

// ---- At the beginning
// ------------------------------------------------------------------------------------------------

struct RefusalRow {
  std::function<void(SocketPeer&, const Message& cer)> answer;
  const char* complaint;
};

class ConnectionRefusalTest : public testing::TestWithParam<RefusalRow> {};

TEST_P(ConnectionRefusalTest, IsTold) {
  SocketPeer peer([](SocketPeer& hss) { GetParam().answer(hss, hss.read(command::kCapabilitiesExchange)); });
  EXPECT_THAT(complaint_of([&] { Connection(peer.target(), kNode, nullptr, kPatience); }),
              AllOf(HasSubstr(GetParam().complaint), HasSubstr("127.0.0.1:" + std::to_string(peer.target().port))));
}

void send_cea(SocketPeer& hss, const Message& cer, std::vector<Avp> avps) {
  hss.send(answer_with(cer, std::move(avps)));
}

INSTANTIATE_TEST_SUITE_P(
    All, ConnectionRefusalTest,
    testing::Values(
        RefusalRow{[](SocketPeer& hss, const Message& cer) {
                     send_cea(hss, cer, {number_avp(avp::kResultCode, 3010), text_avp(avp::kErrorMessage, "who?")});
                   },
                   "does not let icscf.example.org in: DIAMETER_UNKNOWN_PEER (3010), who?"},
        RefusalRow{[](SocketPeer& hss, const Message& cer) { hss.send(plain_answer(cer, 2002)); },
                   "does not let icscf.example.org in: DIAMETER_LIMITED_SUCCESS (2002)"},
        RefusalRow{[](SocketPeer& hss, const Message& cer) { send_cea(hss, cer, {}); },
                   "does not let icscf.example.org in: no result"},
        RefusalRow{[](SocketPeer& hss, const Message& cer) {
                     send_cea(hss, cer, {number_avp(avp::kResultCode, 2001), text_avp(avp::kOriginHost, "h")});
                   },
                   "lacks Origin-Host or Origin-Realm"},
        RefusalRow{[](SocketPeer&, const Message&) {},
                   "closed the connection, and did not answer CER: does it let icscf.example.org in?"},
        RefusalRow{[](SocketPeer& hss, const Message& cer) {
                     Message dwa = plain_answer(cer);
                     dwa.command = command::kDeviceWatchdog;
                     hss.send(dwa);
                   },
                   "answers CER with DWA"},
        RefusalRow{[](SocketPeer& hss, const Message& cer) {
                     Message cea = plain_answer(cer);
                     ++cea.hop_by_hop;
                     hss.send(cea);
                   },
                   "sends an answer (CEA) to no request"},
        RefusalRow{[](SocketPeer& hss, const Message&) {
                     hss.send_octets(Bytes{'H', 'T', 'T', 'P', '/', '1', '.', '1'});
                   },
                   "sends octets that begin no Diameter message: 48545450"}));

TEST(ConnectionFailureTest, NobodyListens) {
  // Bound, and so taken; but it does not listen.
  const int taken = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(taken, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const Target target{.address = "127.0.0.1", .port = ntohs(address.sin_port)};
  EXPECT_THAT(complaint_of([&] { Connection(target, kNode, nullptr, kPatience); }),
              HasSubstr("nobody listens at 127.0.0.1:" + std::to_string(target.port)));
  close(taken);
}

TEST(ConnectionFailureTest, NoAnswerToCer) {
  SocketPeer peer([](SocketPeer& hss) { hss.wait_for_end(); });
  EXPECT_EQ(complaint_of([&] { Connection(peer.target(), kNode, nullptr, 300ms); }),
            "no answer to CER from 127.0.0.1:" + std::to_string(peer.target().port) + " within 300 ms");
}

// ---- What goes wrong
// -------------------------------------------------------------------------------------------------

TEST(ConnectionFailureTest, SilenceIsToldAndALateAnswerBelongsToNobody) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.let_in();
    const Message late = hss.read();
    const Message next = hss.read();
    hss.send(plain_answer(late));
    hss.send(plain_answer(next));
    hss.wait_for_end();
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  EXPECT_EQ(complaint_of([&] { connection.ask(uar(connection), kSoon); }),
            "no answer to UAR from 127.0.0.1:" + std::to_string(peer.target().port) + " within 30 ms");
  EXPECT_EQ(connection.receive(0us), std::nullopt);
  EXPECT_EQ(connection.take_request(kSoon), std::nullopt);
  const Message answer = connection.ask(connection.make_request(kCx, command::kLocationInfo, {}), kPatience);
  EXPECT_EQ(answer.command, command::kLocationInfo);
  EXPECT_EQ(connection.receive(kSoon), std::nullopt);
}

// However busy the HSS is with other things, patience ends.
TEST(ConnectionFailureTest, PatienceEndsUnderAFloodOfOthers) {
  std::atomic<bool> enough = false;
  SocketPeer peer([&enough](SocketPeer& hss) {
    hss.let_in();
    while (!enough) hss.send(request_of_hss(command::kPushProfile, kCx));
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  EXPECT_EQ(connection.receive(kSoon), std::nullopt);
  EXPECT_TRUE(connection.take_request(kPatience));
  enough = true;
}

struct EndRow {
  std::function<void(SocketPeer&, const Message& second)> end;
  const char* complaint;
};

class ConnectionEndTest : public testing::TestWithParam<EndRow> {};

// What came before is given out; from then on every call complains.
TEST_P(ConnectionEndTest, IsTold) {
  SocketPeer peer([](SocketPeer& hss) {
    hss.let_in();
    const Message first = hss.read();
    const Message second = hss.read();
    hss.send(plain_answer(first));
    GetParam().end(hss, second);
  });
  Connection connection(peer.target(), kNode, nullptr, kPatience);
  const std::uint32_t first = connection.post(uar(connection));
  EXPECT_THAT(complaint_of([&] { connection.ask(uar(connection), kPatience); }), HasSubstr(GetParam().complaint));
  EXPECT_EQ(connection.receive(kPatience)->hop_by_hop, first);
  for (int i = 0; i < 2; ++i) {
    EXPECT_NE(complaint_of([&] { connection.receive(kPatience); }), "");
    EXPECT_NE(complaint_of([&] { connection.take_request(kPatience); }), "");
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ConnectionEndTest,
    testing::Values(EndRow{[](SocketPeer&, const Message&) {}, "closed the connection"},
                    EndRow{[](SocketPeer& hss, const Message& second) {
                             Bytes octets = encode(plain_answer(second));
                             octets.pop_back();
                             hss.send_octets(octets);
                           },
                           "closed the connection in the middle of a message"},
                    EndRow{[](SocketPeer& hss, const Message& second) {
                             Bytes octets = encode(plain_answer(second));
                             octets[27] = 0xFF;  // the length of the first AVP
                             hss.send_octets(octets);
                           },
                           "sends a malformed message: AVP 268 at octet 20 has length 255"},
                    EndRow{[](SocketPeer& hss, const Message&) { hss.send_octets(Bytes(100, 0xFF)); },
                           "sends octets that begin no Diameter message: ffffffff"},
                    EndRow{[](SocketPeer& hss, const Message& second) {
                             Message other = plain_answer(second);
                             other.command = command::kLocationInfo;
                             hss.send(other);
                           },
                           "answers UAR with LIA"},
                    EndRow{[](SocketPeer& hss, const Message& second) {
                             Message other = plain_answer(second);
                             other.application = kSwx;
                             hss.send(other);
                           },
                           "answers UAR with SWx-UAA"},
                    EndRow{[](SocketPeer& hss, const Message& second) {
                             Message other = plain_answer(second);
                             ++other.end_to_end;
                             hss.send(other);
                           },
                           "sends UAA with another End-to-End Identifier than was asked"},
                    EndRow{[](SocketPeer& hss, const Message& second) {
                             Message other = plain_answer(second);
                             other.hop_by_hop += 1000;
                             hss.send(other);
                           },
                           "sends an answer (UAA) to no request"},
                    EndRow{[](SocketPeer& hss, const Message&) {
                             hss.send(
                                 request_of_hss(command::kDisconnectPeer, 0, {number_avp(avp::kDisconnectCause, 0)}));
                             EXPECT_EQ(result_of(hss.read(command::kDisconnectPeer)), (ResultOf{0, 2001}));
                           },
                           "takes leave (DPR, REBOOTING (0))"}));

}  // namespace
}  // namespace hss::lab
