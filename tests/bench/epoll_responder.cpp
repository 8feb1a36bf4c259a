// The physical limit: one thread, epoll, and answers that were made beforehand; the answers to all that one read
// brought go out in one write. It speaks as much Diameter as a load needs.
// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/constant_answers.h"

namespace hss::bench {
namespace {

constexpr std::size_t kHeader = 20;
constexpr std::size_t kRoom = std::size_t{1} << 18U;

constexpr std::uint32_t kCapabilitiesExchange = 257;
constexpr std::uint32_t kDisconnectPeer = 282;
constexpr std::uint32_t kSessionId = 263;
constexpr std::uint32_t kUserName = 1;
constexpr std::uint32_t kPublicIdentity = 601;

std::uint32_t number_at(std::string_view octets, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<std::uint8_t>(octets[at + i]);
  return value;
}

void append_number(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xffU));
}

void append(std::string& out, const ConstantAvp& avp) {
  std::string value = avp.value;
  for (const ConstantAvp& member : avp.members) append(value, member);
  const std::uint32_t head = avp.vendor == 0 ? 8 : 12;
  append_number(out, avp.code);
  append_number(out, (avp.vendor == 0 ? 0x40U : 0xc0U) << 24U | (head + static_cast<std::uint32_t>(value.size())));
  if (avp.vendor != 0) append_number(out, avp.vendor);
  out += value;
  out.resize((out.size() + 3) & ~std::size_t{3});
}

/// The AVP of a request as it came, padding and all; empty when there is none.
std::string_view raw_avp(std::string_view message, std::uint32_t code) {
  for (std::size_t at = kHeader; at + 8 <= message.size();) {
    const std::size_t length = number_at(message, at + 4) & 0xffffffU;
    const std::size_t padded = (length + 3) & ~std::size_t{3};
    if (length < 8 || padded > message.size() - at) break;
    if (number_at(message, at) == code) return message.substr(at, padded);
    at += padded;
  }
  return {};
}

class Answers {
 public:
  Answers(const std::string& host, const std::string& realm) {
    std::string identity;
    append(identity, {264, 0, host});
    append(identity, {296, 0, realm});
    std::string head;
    for (const ConstantAvp& avp : common_content()) append(head, avp);
    for (const ConstantAnswer& answer : constant_answers()) {
      Made& made = made_[answer.command];
      made = {&answer, head + identity};
      for (const ConstantAvp& avp : answer.content) append(made.octets, avp);
    }
    const std::string success("\0\0\x07\xd1", 4);
    append(base_, {268, 0, success});
    base_ += identity;
    append(capabilities_, {257, 0, std::string("\0\x01\x7f\0\0\x01", 6)});  // Host-IP-Address: 127.0.0.1
    append(capabilities_, {266, 0, std::string(4, '\0')});                  // Vendor-Id
    append(capabilities_, {269, 0, "epoll responder"});                     // Product-Name
    append(capabilities_, common_content().front());
  }

  /// Appends the answer to one request.
  void answer(std::string_view request, std::string& out) const {
    const std::uint32_t command = number_at(request, 4) & 0xffffffU;
    const std::size_t start = out.size();
    const auto found = made_.find(command);
    out += request.substr(0, kHeader);
    if (found == made_.end()) {
      out += base_;
      if (command == kCapabilitiesExchange) out += capabilities_;
    } else {
      const Made& made = found->second;
      out += raw_avp(request, kSessionId);
      out += made.octets;
      if (made.answer->user_name) out += raw_avp(request, kUserName);
      if (made.answer->public_identity) out += raw_avp(request, kPublicIdentity);
    }
    std::string length;
    append_number(length, static_cast<std::uint32_t>(out.size() - start));
    out.replace(start + 1, 3, length, 1, 3);
    out[start + 4] = static_cast<char>(out[start + 4] & 0x7f);  // no request
  }

 private:
  struct Made {
    const ConstantAnswer* answer = nullptr;
    std::string octets{};
  };
  std::map<std::uint32_t, Made> made_;
  std::string base_;
  std::string capabilities_;
};

struct Peer {
  explicit Peer(int accepted) : socket(accepted), incoming(kRoom, '\0') {}
  ~Peer() { ::close(socket); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  int socket;
  std::string incoming;
  std::size_t there = 0;
  std::string outgoing{};
};

[[noreturn]] void fail(const char* what) { throw std::runtime_error(std::string(what) + ": " + std::strerror(errno)); }

bool write_all(int socket, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t count = ::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (count < 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Reads once and answers what is whole; false when the connection has ended.
bool serve(Peer& peer, const Answers& answers) {
  const ssize_t count = ::recv(peer.socket, peer.incoming.data() + peer.there, kRoom - peer.there, 0);
  if (count <= 0) return false;
  peer.there += static_cast<std::size_t>(count);
  peer.outgoing.clear();
  bool open = true;
  std::size_t taken = 0;
  while (open && peer.there - taken >= kHeader) {
    const std::string_view rest = std::string_view(peer.incoming).substr(taken, peer.there - taken);
    const std::size_t length = number_at(rest, 0) & 0xffffffU;
    if (length < kHeader || length > kRoom) return false;
    if (length > rest.size()) break;
    const std::string_view message = rest.substr(0, length);
    taken += length;
    if ((static_cast<std::uint8_t>(message[4]) & 0x80U) == 0) continue;
    answers.answer(message, peer.outgoing);
    open = (number_at(message, 4) & 0xffffffU) != kDisconnectPeer;
  }
  std::memmove(peer.incoming.data(), peer.incoming.data() + taken, peer.there - taken);
  peer.there -= taken;
  return write_all(peer.socket, peer.outgoing) && open;
}

[[noreturn]] void run(std::uint16_t port, const Answers& answers) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (::listen(listener, 64) != 0) fail("listen");
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  const auto watch = [epoll](int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
  };
  watch(listener);
  std::map<int, std::unique_ptr<Peer>> peers;
  for (;;) {
    epoll_event events[64];
    const int count = ::epoll_wait(epoll, events, 64, -1);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < count; ++i) {
      const int ready = events[i].data.fd;
      if (ready != listener) {
        if (!serve(*peers.at(ready), answers)) peers.erase(ready);
        continue;
      }
      const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) continue;
      ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      peers.emplace(accepted, std::make_unique<Peer>(accepted));
      watch(accepted);
    }
  }
}

}  // namespace
}  // namespace hss::bench

int main(int argc, char** argv) {
  try {
    if (argc != 4) throw std::runtime_error("usage: epoll_responder PORT HOST REALM");
    const std::string_view text = argv[1];
    std::uint16_t port = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), port).ec != std::errc()) {
      throw std::runtime_error("the port is no number");
    }
    hss::bench::run(port, hss::bench::Answers(argv[2], argv[3]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "epoll_responder: %s\n", error.what());
    return 1;
  }
}
