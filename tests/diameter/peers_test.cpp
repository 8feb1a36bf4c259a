// Who may connect and where we listen, with a real freeDiameter that is started in a process of its own for each test.
// SPDX-License-Identifier: MIT
#include "diameter/peers.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "diameter/fd.h"
#include "diameter/listening.h"
#include "diameter/log.h"

namespace hss::diameter {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Socket {
 public:
  Socket() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  void bind_to(std::uint16_t port) const {
    const auto address = loopback(port);
    if (bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("bind");
  }
  /// freeDiameter's servers begin to listen some time after fd_core_start has returned: until then, refused.
  void connect_to(std::uint16_t port) const {
    const auto address = loopback(port);
    for (int i = 0; i < 1000; ++i) {
      if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
      if (errno != ECONNREFUSED) break;
      usleep(10'000);
    }
    throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
  }
  [[nodiscard]] std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

/// A port of this process's own: it stays bound, so that the system gives it to nobody else before freeDiameter listens
/// on it, which SO_REUSEADDR on both allows.
std::uint16_t reserved_port() {
  static const Socket socket;
  const int on = 1;
  setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  socket.bind_to(0);
  return socket.port();
}

std::string number(std::uint32_t value, int octets) {
  std::string text;
  for (int i = octets - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// A base AVP with the M flag.
std::string avp(std::uint32_t code, const std::string& data) {
  std::string text = number(code, 4) + '\x40' + number(static_cast<std::uint32_t>(8 + data.size()), 3) + data;
  text.resize((text.size() + 3) / 4 * 4);
  return text;
}

/// Sends a CER as `host`; the CEA's Result-Code, or 0 when there was no answer.
std::uint32_t exchange_capabilities(const Socket& socket, const std::string& host) {
  const std::string body = avp(264, host) + avp(296, "example.org") + avp(257, number(1, 2) + number(0x7f000001, 4)) +
                           avp(266, number(10415, 4)) + avp(269, "test") + avp(258, number(0xffffffff, 4));
  const std::string cer = number(1, 1) + number(static_cast<std::uint32_t>(20 + body.size()), 3) + '\x80' +
                          number(257, 3) + number(0, 4) + number(7, 4) + number(7, 4) + body;
  if (send(socket.fd(), cer.data(), cer.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(cer.size())) return 0;
  std::array<unsigned char, 4096> in{};
  std::size_t have = 0;
  std::size_t want = 20;
  while (have < want) {
    const ssize_t got = recv(socket.fd(), in.data() + have, in.size() - have, 0);
    if (got <= 0) return 0;
    have += static_cast<std::size_t>(got);
    want = (std::size_t{in[1]} << 16U) | (std::size_t{in[2]} << 8U) | in[3];
  }
  const auto u32 = [&in](std::size_t at) {
    return (std::uint32_t{in[at]} << 24U) | (std::uint32_t{in[at + 1]} << 16U) | (std::uint32_t{in[at + 2]} << 8U) |
           in[at + 3];
  };
  for (std::size_t at = 20; at + 12 <= want;) {
    const std::size_t length = u32(at + 4) & 0xffffffU;
    if (u32(at) == 268) return u32(at + 8);
    at += (length + 3) / 4 * 4;
  }
  return 0;
}

/// freeDiameter with a configuration of its own, up to where an extension would be loaded.
void configure(std::uint16_t port, const std::string& more = "") {
  const auto file = std::filesystem::path(::testing::TempDir()) / ("peers_test." + std::to_string(getpid()) + ".conf");
  std::ofstream(file) << "Identity = \"hss.example.org\"; Realm = \"example.org\"; Port = " << port
                      << "; SecPort = 0; No_SCTP; AppServThreads = 1; " << more << "\n";
  fd::check(fd_core_initialize(), "fd_core_initialize");
  static std::string name = file.string();
  const int error = fd_core_parseconf(name.c_str());
  std::filesystem::remove(file);
  fd::check(error, "fd_core_parseconf");
}

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

/// Runs `work` in a fresh process; what it expects in vain is on standard error, and the process ends with 1.
void in_own_process(const std::function<void()>& work) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto run = [&work] {
    dup2(STDERR_FILENO, STDOUT_FILENO);
    const std::string thrown = error_of(work);
    if (!thrown.empty()) ADD_FAILURE() << thrown;
    if (!thrown.empty()) std::fprintf(stderr, "thrown: %s\n", thrown.c_str());  // standard output may be captured
    std::fflush(nullptr);
    _exit(::testing::Test::HasFailure() ? 1 : 0);
  };
  EXPECT_EXIT(run(), ::testing::ExitedWithCode(0), "");
}

TEST(PeersDeathTest, ListensOnLoopbackAddressesToo) {
  in_own_process([] {
    configure(reserved_port());
    listen_on({"127.0.0.1", "::1", "127.0.0.2"});
    std::vector<std::string> bound;
    for (const fd_list* at = fd_g_config->cnf_endpoints.next; at != &fd_g_config->cnf_endpoints; at = at->next) {
      const auto* endpoint = reinterpret_cast<const fd_endpoint*>(at);
      EXPECT_NE(endpoint->flags & EP_FL_CONF, 0U);
      std::array<char, INET6_ADDRSTRLEN> text{};
      const void* address = endpoint->sa.sa_family == AF_INET ? static_cast<const void*>(&endpoint->sin.sin_addr)
                                                              : static_cast<const void*>(&endpoint->sin6.sin6_addr);
      inet_ntop(endpoint->sa.sa_family, address, text.data(), text.size());
      bound.emplace_back(text.data());
    }
    EXPECT_THAT(bound, ::testing::ElementsAre("127.0.0.1", "127.0.0.2", "::1"));
  });
}

TEST(PeersDeathTest, RefusesAddressesItCannotListenOn) {
  in_own_process([] {
    const Socket taken;
    taken.bind_to(0);
    listen(taken.fd(), 1);
    configure(taken.port(), "No_IPv6;");
    EXPECT_THAT(error_of([] { listen_on({"localhost"}); }),
                AllOf(HasSubstr("listen address localhost"), HasSubstr("no IPv4 or IPv6 address")));
    EXPECT_THAT(error_of([] { listen_on({"127.0.0.1.1"}); }), HasSubstr("no IPv4 or IPv6 address"));
    EXPECT_THAT(error_of([] { listen_on({""}); }), HasSubstr("no IPv4 or IPv6 address"));
    EXPECT_THAT(error_of([] { listen_on({"::1"}); }), AllOf(HasSubstr("::1"), HasSubstr("delete No_IPv6")));
    EXPECT_THAT(error_of([] { listen_on({"127.0.0.1"}); }),
                AllOf(HasSubstr("cannot listen on 127.0.0.1 port "), HasSubstr("Address already in use")));
    EXPECT_THAT(error_of([] { listen_on({"192.0.2.1"}); }), HasSubstr("Cannot assign requested address"));
    EXPECT_EQ(error_of([] { listen_on({}); }), "");
  });
}

TEST(PeersDeathTest, AdmitsThoseListedAndKnowsWhereTheyAre) {
  in_own_process([] {
    const std::uint16_t port = reserved_port();
    configure(port);
    listen_on({"127.0.0.1"});
    Settings settings;
    settings.peers = {"scscf.example.org 127.0.0.0/8 ::1", "icscf.example.org 192.0.2.1 2001:db8::/32",
                      "*.example.net"};
    LiveSettings live(settings);
    admit_peers(live);
    track_peer_addresses();
    log::start("info");
    fd::check(fd_core_start(), "fd_core_start");

    ::testing::internal::CaptureStdout();
    {
      const Socket listed;
      listed.connect_to(port);
      EXPECT_EQ(exchange_capabilities(listed, "scscf.example.org"), 2001U);
      const std::string address = "127.0.0.1:" + std::to_string(listed.port());
      EXPECT_EQ(peer_address("scscf.example.org"), address);
      EXPECT_EQ(peer_address("SCSCF.example.org"), address);
      const Socket of_realm;
      of_realm.connect_to(port);
      EXPECT_EQ(exchange_capabilities(of_realm, "any.example.net"), 2001U);
      EXPECT_EQ(peer_address("any.example.net"), "127.0.0.1:" + std::to_string(of_realm.port()));

      const Socket stranger;
      stranger.connect_to(port);
      EXPECT_EQ(exchange_capabilities(stranger, "evil.example.com"), 3010U);  // DIAMETER_UNKNOWN_PEER
      EXPECT_EQ(peer_address("evil.example.com"), "");
      const Socket elsewhere;
      elsewhere.connect_to(port);
      EXPECT_EQ(exchange_capabilities(elsewhere, "icscf.example.org"), 3010U);

      settings.peers = {"*.example.org"};  // our own identity among them
      EXPECT_EQ(not_admitted_by(Access(settings)), std::vector<std::string>{"any.example.net"});
      live.put(settings, {});
      const Socket double_of_us;
      double_of_us.connect_to(port);
      EXPECT_EQ(exchange_capabilities(double_of_us, "HSS.example.org"), 3010U);

      const std::string lines = ::testing::internal::GetCapturedStdout();
      std::fputs(lines.c_str(), stderr);  // what failed above is in there too
      EXPECT_THAT(lines, HasSubstr("info peer scscf.example.org [" + address + "] connected over TCP"));
      EXPECT_THAT(lines, HasSubstr("warning peer evil.example.com [127.0.0.1:" + std::to_string(stranger.port()) +
                                   "] refused: it is not in the list of peers"));
      EXPECT_THAT(lines, HasSubstr("warning peer icscf.example.org [127.0.0.1:" + std::to_string(elsewhere.port()) +
                                   "] refused: it may not come from there"));
      EXPECT_THAT(lines, HasSubstr("warning peer HSS.example.org [127.0.0.1:" + std::to_string(double_of_us.port()) +
                                   "] refused: it uses this server's own identity"));
      EXPECT_THAT(lines, Not(HasSubstr("Product-Name")));  // no dump of the CER
    }
    // The connections are closed: freeDiameter notices, and the addresses go.
    for (int i = 0; i < 1000 && !(peer_address("scscf.example.org") + peer_address("any.example.net")).empty(); ++i) {
      usleep(10'000);
    }
    EXPECT_EQ(peer_address("scscf.example.org"), "");
    EXPECT_EQ(peer_address("any.example.net"), "");

    forget_peers();
    const Socket late;
    late.connect_to(port);
    EXPECT_EQ(exchange_capabilities(late, "late.example.org"), 3010U);
    fd::check(fd_core_shutdown(), "fd_core_shutdown");
    fd::check(fd_core_wait_shutdown_complete(), "fd_core_wait_shutdown_complete");
    log::stop();
  });
}

TEST(Peers, NobodyIsReachedBeforeSomebodyConnects) {
  EXPECT_FALSE(any_peer_open());
  EXPECT_FALSE(can_reach("nobody.example.org"));
}

TEST(Peers, AddressOfAnUnknownPeerIsEmpty) { EXPECT_EQ(peer_address("nobody.example.org"), ""); }

}  // namespace
}  // namespace hss::diameter
