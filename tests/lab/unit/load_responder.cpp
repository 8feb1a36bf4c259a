// SPDX-License-Identifier: MIT
#include "tests/lab/unit/load_responder.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <variant>

namespace hss::lab {

struct LoadResponder::Peer {
  int socket = -1;
  Bytes incoming{};
};

LoadResponder::LoadResponder(Script script, std::uint32_t cea) : script_(std::move(script)), cea_(cea) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, length) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, any, &length) != 0) {
    throw std::runtime_error("the responder cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LoadResponder::~LoadResponder() {
  stop_ = true;
  ::shutdown(listener_, SHUT_RDWR);  // wakes poll()
  thread_.join();
  ::close(listener_);
}

std::vector<Message> LoadResponder::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

void LoadResponder::serve() {
  std::vector<Peer> peers;
  while (!stop_) {
    std::vector<pollfd> sockets{{listener_, POLLIN, 0}};
    for (const Peer& peer : peers) sockets.push_back({peer.socket, POLLIN, 0});
    ::poll(sockets.data(), sockets.size(), -1);
    for (std::size_t i = 0; i < peers.size(); ++i) {
      if (sockets[i + 1].revents == 0) continue;
      Peer& peer = peers[i];
      Octets<65536> buffer;
      const ssize_t count = ::recv(peer.socket, buffer.data(), buffer.size(), 0);
      bool open = count > 0;
      if (open) peer.incoming.insert(peer.incoming.end(), buffer.begin(), buffer.begin() + count);
      while (open && peer.incoming.size() >= 4) {
        const std::size_t size = announced_length(BytesView(peer.incoming).first(4)).value();
        if (peer.incoming.size() < size) break;
        const auto message = parse(BytesView(peer.incoming).first(size));
        peer.incoming.erase(peer.incoming.begin(), peer.incoming.begin() + static_cast<std::ptrdiff_t>(size));
        open = take(peer, std::get<Message>(message));
      }
      if (open) continue;
      ::close(peer.socket);
      peer.socket = -1;
    }
    std::erase_if(peers, [](const Peer& peer) { return peer.socket < 0; });
    if (sockets[0].revents != 0 && !stop_) {
      const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted >= 0) peers.push_back({.socket = accepted});
    }
  }
  for (const Peer& peer : peers) ::close(peer.socket);
}

bool LoadResponder::take(Peer& peer, const Message& message) {
  {
    const std::lock_guard lock(mutex_);
    received_.push_back(message);
  }
  if (!message.request) return true;
  Reaction reaction;
  if (message.application == 0) {
    reaction.messages.push_back(
        load_test::answer_to(message, {0, message.command == command::kCapabilitiesExchange ? cea_ : 2001}));
    reaction.close = message.command == command::kDisconnectPeer || cea_ != 2001;
  } else {
    reaction = script_(message);
  }
  for (const Message& out : reaction.messages) {
    const Bytes octets = encode(out);
    for (std::size_t sent = 0; sent < octets.size();) {
      const ssize_t count = ::send(peer.socket, octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return false;
      sent += static_cast<std::size_t>(count);
    }
  }
  return !reaction.close;
}

namespace load_test {

Message answer_to(const Message& request, const ResultOf& result, std::vector<Avp> more) {
  std::vector<Avp> avps;
  if (const Avp* session = request.find(avp::kSessionId)) avps.push_back(*session);
  if (result.vendor == 0) {
    avps.push_back(number_avp(avp::kResultCode, result.code));
  } else {
    avps.push_back(group_avp(avp::kExperimentalResult, {number_avp(avp::kVendorId, result.vendor),
                                                        number_avp(avp::kExperimentalResultCode, result.code)}));
  }
  avps.push_back(text_avp(avp::kOriginHost, "hss.example.org"));
  avps.push_back(text_avp(avp::kOriginRealm, "example.org"));
  std::ranges::move(more, std::back_inserter(avps));
  return Message{.request = false,
                 .proxiable = request.proxiable,
                 .command = request.command,
                 .application = request.application,
                 .hop_by_hop = request.hop_by_hop,
                 .end_to_end = request.end_to_end,
                 .avps = std::move(avps)};
}

std::string text_of(const Message& message, AvpId id) {
  const Avp* found = message.find(id);
  return found == nullptr ? std::string() : found->text();
}

KeySet test_keys() {
  KeySet keys;
  keys.k = SecretOctets<32>(*from_hex("465b5ce8b199b49faa5f0a2ee238a6bc"));
  keys.opc = SecretOctets<32>(*from_hex("cd63cb71954a9f4e48a5994e37a02baf"));
  return keys;
}

Avp vector_avp(const AkaVector& vector, bool wrong_xres) {
  Bytes authenticate(vector.rand.begin(), vector.rand.end());
  authenticate.insert(authenticate.end(), vector.autn.begin(), vector.autn.end());
  Bytes xres(vector.xres.reveal().begin(), vector.xres.reveal().end());
  if (wrong_xres) xres[0] ^= 1;
  return group_avp(
      avp::kSipAuthDataItem,
      {number_avp(avp::kSipItemNumber, 1), text_avp(avp::kSipAuthenticationScheme, "Digest-AKAv1-MD5"),
       octets_avp(avp::kSipAuthenticate, authenticate), octets_avp(avp::kSipAuthorization, xres),
       octets_avp(avp::kConfidentialityKey, vector.ck.reveal()), octets_avp(avp::kIntegrityKey, vector.ik.reveal())});
}

}  // namespace load_test

}  // namespace hss::lab
