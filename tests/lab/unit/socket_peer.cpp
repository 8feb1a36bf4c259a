// SPDX-License-Identifier: MIT
#include "tests/lab/unit/socket_peer.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace hss::lab {
namespace {

constexpr timeval kLong{.tv_sec = 20, .tv_usec = 0};

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("peer: cannot ") + what);
}

}  // namespace

SocketPeer::SocketPeer(Script script) : script_(std::move(script)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(listener_ >= 0, "make a socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  require(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
  require(listen(listener_, 1) == 0, "listen");
  require(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "read the port");
  setsockopt(listener_, SOL_SOCKET, SO_RCVTIMEO, &kLong, sizeof kLong);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

SocketPeer::~SocketPeer() {
  thread_.join();
  close(listener_);
}

void SocketPeer::run() {
  try {
    descriptor_ = accept(listener_, nullptr, nullptr);
    require(descriptor_ >= 0, "accept: nobody connects");
    const int on = 1;
    setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &kLong, sizeof kLong);
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &kLong, sizeof kLong);
    script_(*this);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
  if (descriptor_ >= 0) close(descriptor_);
}

Message SocketPeer::read() {
  Bytes octets(4);
  require(recv(descriptor_, octets.data(), 4, MSG_WAITALL) == 4, "read a header");
  const auto length = announced_length(octets);
  require(length.has_value(), "make sense of a header");
  octets.resize(*length);
  const std::size_t rest = *length - 4;
  require(recv(descriptor_, octets.data() + 4, rest, MSG_WAITALL) == static_cast<ssize_t>(rest), "read a message");
  auto parsed = parse(octets);
  require(std::holds_alternative<Message>(parsed), "parse a message");
  return std::get<Message>(std::move(parsed));
}

Message SocketPeer::read(std::uint32_t command) {
  Message out = read();
  require(out.command == command, "see the command that belongs here");
  return out;
}

void SocketPeer::send(const Message& message) { send_octets(encode(message)); }

void SocketPeer::send_octets(BytesView octets) {
  while (!octets.empty()) {
    const ssize_t count = ::send(descriptor_, octets.data(), octets.size(), MSG_NOSIGNAL);
    require(count > 0, "send");
    octets = octets.subspan(static_cast<std::size_t>(count));
  }
}

Message SocketPeer::let_in() {
  Message request = read(command::kCapabilitiesExchange);
  send(plain_answer(request));
  send(plain_answer(read(command::kDeviceWatchdog)));
  return request;
}

void SocketPeer::wait_for_end() {
  char octet = 0;
  while (recv(descriptor_, &octet, 1, MSG_PEEK) > 0) {
    const Message message = read();
    if (message.command == command::kDisconnectPeer) send(plain_answer(message));
  }
}

Message answer_with(const Message& request, std::vector<Avp> avps) {
  Message out = request;
  out.request = false;
  out.avps = std::move(avps);
  return out;
}

Message plain_answer(const Message& request, std::uint32_t result) {
  return answer_with(request, {number_avp(avp::kResultCode, result), text_avp(avp::kOriginHost, "hss.example.org"),
                               text_avp(avp::kOriginRealm, "example.org")});
}

Message request_of_hss(std::uint32_t command, std::uint32_t application, std::vector<Avp> avps) {
  return {.proxiable = application != 0,
          .command = command,
          .application = application,
          .hop_by_hop = 0x55,
          .end_to_end = 0x66,
          .avps = std::move(avps)};
}

}  // namespace hss::lab
