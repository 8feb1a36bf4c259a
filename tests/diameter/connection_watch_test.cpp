// The watch on real sockets of this process, by a clock of the test's own.
// SPDX-License-Identifier: MIT
#include "diameter/connection_watch.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace hss::diameter {
namespace {

using std::chrono::milliseconds;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {
    if (fd_ < 0) throw std::runtime_error("no socket");
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int fd() const { return fd_; }

  /// Whether the other side has closed: nothing, or the end, is there at once on the loopback interface.
  [[nodiscard]] bool ended() const {
    char octet = 0;
    return recv(fd_, &octet, 1, MSG_DONTWAIT) == 0;
  }

 private:
  int fd_;
};

class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    if (bind(socket_.fd(), generic(), size) != 0 || listen(socket_.fd(), 5) != 0 ||
        getsockname(socket_.fd(), generic(), &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
  }
  [[nodiscard]] std::uint16_t port() const { return ntohs(address_.sin_port); }

  /// The two ends of a new connection: the client's, ours.
  std::pair<std::unique_ptr<Socket>, std::unique_ptr<Socket>> connection() {
    auto client = std::make_unique<Socket>(::socket(AF_INET, SOCK_STREAM, 0));
    if (connect(client->fd(), generic(), sizeof address_) != 0) throw std::runtime_error("cannot connect");
    return {std::move(client), std::make_unique<Socket>(accept(socket_.fd(), nullptr, nullptr))};
  }

 private:
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address_); }
  Socket socket_;
  sockaddr_in address_{};
};

class ConnectionWatchTest : public ::testing::Test {
 protected:
  static ConnectionWatch::Clock::time_point at(int ms) {
    return ConnectionWatch::Clock::time_point(std::chrono::hours(1)) + milliseconds(ms);
  }
  Listener listener_;
  Listener another_;  // on a port that is not watched
};

TEST_F(ConnectionWatchTest, ASilentConnectionIsClosed) {
  ConnectionWatch watch({listener_.port(), 0}, 16);
  const auto [client, server] = listener_.connection();
  const auto [bystander, unwatched] = another_.connection();
  std::array<int, 2> pair{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  const Socket left(pair[0]);
  const Socket right(pair[1]);
  watch.sweep(at(0));
  watch.sweep(at(4999));
  EXPECT_FALSE(client->ended());
  watch.sweep(at(5000));
  EXPECT_TRUE(client->ended());
  watch.sweep(at(60000));
  EXPECT_FALSE(bystander->ended());
  EXPECT_FALSE(left.ended());
}

TEST_F(ConnectionWatchTest, WhatIsWrittenIsSentAtOnce) {
  const auto sends_at_once = [](const Socket& socket) {
    int on = 0;
    socklen_t size = sizeof on;
    return getsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, &size) == 0 && on != 0;
  };
  ConnectionWatch watch({listener_.port()}, 16);
  const auto [early, accepted_early] = listener_.connection();
  EXPECT_FALSE(sends_at_once(*accepted_early));
  watch.sweep(at(0));
  const auto [client, accepted] = listener_.connection();
  EXPECT_TRUE(sends_at_once(*accepted));
  const auto [bystander, unwatched] = another_.connection();
  EXPECT_FALSE(sends_at_once(*unwatched));
}

TEST_F(ConnectionWatchTest, WhoHasSpokenStays) {
  ConnectionWatch watch({listener_.port()}, 16);
  const auto [client, server] = listener_.connection();
  watch.sweep(at(0));
  note_identified(server->fd());
  note_identified(-1);
  watch.sweep(at(60000));
  EXPECT_FALSE(client->ended());
  const auto [late, accepted] = listener_.connection();  // each is looked at by itself
  watch.sweep(at(60001));
  watch.sweep(at(65001));
  EXPECT_TRUE(late->ended());
  EXPECT_FALSE(client->ended());
}

TEST_F(ConnectionWatchTest, InACrowdPatienceIsShort) {
  ConnectionWatch watch({listener_.port()}, 4);
  std::vector<std::pair<std::unique_ptr<Socket>, std::unique_ptr<Socket>>> crowd;
  crowd.push_back(listener_.connection());
  crowd.push_back(listener_.connection());
  watch.sweep(at(0));
  watch.sweep(at(1000));
  EXPECT_FALSE(crowd[0].first->ended());  // two of four
  crowd.push_back(listener_.connection());
  watch.sweep(at(1001));
  EXPECT_TRUE(crowd[0].first->ended());
  EXPECT_TRUE(crowd[1].first->ended());
  EXPECT_FALSE(crowd[2].first->ended());
}

TEST_F(ConnectionWatchTest, WhoWaitsToBeReadIsNotSilent) {
  ConnectionWatch watch({listener_.port()}, 16);
  const auto [client, server] = listener_.connection();
  watch.sweep(at(0));
  ASSERT_EQ(send(client->fd(), "CER", 3, 0), 3);
  watch.sweep(at(60000));
  EXPECT_FALSE(client->ended());
  std::array<char, 3> octets{};
  ASSERT_EQ(recv(server->fd(), octets.data(), octets.size(), MSG_WAITALL), 3);
  watch.sweep(at(64999));
  EXPECT_FALSE(client->ended());
  watch.sweep(at(65000));
  EXPECT_TRUE(client->ended());
}

TEST_F(ConnectionWatchTest, WithoutAWatchNothingIsNoted) {
  const auto [client, server] = listener_.connection();
  EXPECT_NO_FATAL_FAILURE(note_identified(server->fd()));
  EXPECT_FALSE(client->ended());
}

TEST_F(ConnectionWatchTest, MoreMayWaitToBeAccepted) {
  ConnectionWatch watch({listener_.port()}, 16);
  watch.sweep(at(0));
  std::vector<std::unique_ptr<Socket>> clients;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(listener_.port());
  for (int i = 0; i < 60; ++i) {  // of which 6 would be let in
    clients.push_back(std::make_unique<Socket>(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)));
    const int done = connect(clients.back()->fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    EXPECT_TRUE(done == 0 || errno == EINPROGRESS);
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    EXPECT_EQ(getpeername(clients.back()->fd(), reinterpret_cast<sockaddr*>(&peer), &size), 0) << "connection " << i;
  }
}

}  // namespace
}  // namespace hss::diameter
