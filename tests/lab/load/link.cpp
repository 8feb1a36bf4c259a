// SPDX-License-Identifier: MIT
#include "tests/lab/load/link.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "hss/result.h"
#include "tests/lab/dictionary.h"

namespace hss::lab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kHeader = 20;
constexpr std::size_t kRoom = std::size_t{1} << 18U;  // what one read may bring

std::uint32_t number_at(BytesView octets, std::size_t at) {
  return static_cast<std::uint32_t>(octets[at]) << 24U | static_cast<std::uint32_t>(octets[at + 1]) << 16U |
         static_cast<std::uint32_t>(octets[at + 2]) << 8U | octets[at + 3];
}

/// Calls `visit(code, vendor, data)` for each AVP until it returns true; false when it never did.
template <typename Visit>
bool walk(BytesView avps, Visit&& visit) {
  while (avps.size() >= 8) {
    const bool has_vendor = (avps[4] & 0x80U) != 0;
    const std::size_t head = has_vendor ? 12 : 8;
    const std::size_t length = number_at(avps, 4) & 0xffffffU;
    if (length < head || length > avps.size()) return false;
    if (visit(number_at(avps, 0), has_vendor ? number_at(avps, 8) : 0, avps.subspan(head, length - head))) return true;
    avps = avps.subspan(std::min(avps.size(), (length + 3) & ~std::size_t{3}));
  }
  return false;
}

Bytes address_octets(int socket) {
  sockaddr_storage local{};
  socklen_t length = sizeof local;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&local), &length);
  Bytes out{0, static_cast<std::uint8_t>(local.ss_family == AF_INET6 ? 2 : 1)};  // AddressType, RFC 6733 4.3.1
  const auto append = [&out](const auto& address) {
    const auto* octets = reinterpret_cast<const std::uint8_t*>(&address);
    out.insert(out.end(), octets, octets + sizeof address);
  };
  if (local.ss_family == AF_INET6) {
    append(reinterpret_cast<const sockaddr_in6&>(local).sin6_addr);
  } else {
    append(reinterpret_cast<const sockaddr_in&>(local).sin_addr);
  }
  return out;
}

}  // namespace

Header header_of(BytesView octets) {
  return {number_at(octets, 4) & 0xffffffU, number_at(octets, 12), (octets[4] & 0x80U) != 0};
}

std::optional<ResultOf> quick_result(BytesView answer) {
  ResultOf result;
  const auto code_in = [&result](std::uint32_t code, std::uint32_t vendor, BytesView data) {
    if (vendor != 0 || data.size() != 4) return false;
    if (code == avp::kVendorId.code) result.vendor = number_at(data, 0);
    if (code == avp::kExperimentalResultCode.code) result.code = number_at(data, 0);
    return false;
  };
  const bool found = walk(answer.subspan(kHeader), [&](std::uint32_t code, std::uint32_t vendor, BytesView data) {
    if (vendor != 0) return false;
    if (code == avp::kResultCode.code && data.size() == 4) {
      result.code = number_at(data, 0);
    } else if (code == avp::kExperimentalResult.code) {
      walk(data, code_in);
    }
    return result.code != 0;
  });
  return found ? std::optional(result) : std::nullopt;
}

Link::Link(const Target& target, std::string host, std::string realm, std::chrono::milliseconds patience)
    : host_(std::move(host)),
      realm_(std::move(realm)),
      where_(target.address + ":" + std::to_string(target.port)),
      incoming_(kRoom) {
  const auto until = Clock::now() + patience;
  try {
    connect_to(target, until);
    exchange_capabilities(until);
  } catch (...) {
    if (socket_ >= 0) ::close(socket_);
    throw;
  }
}

Link::~Link() { ::close(socket_); }

void Link::fail(const std::string& what) const { throw NetworkError(where_ + ", as " + host_ + ": " + what); }

void Link::await(short events, Clock::time_point until) const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  pollfd one{socket_, events, 0};
  const int ready = left <= 0 ? 0 : ::poll(&one, 1, static_cast<int>(left));
  if (ready == 0) fail("no answer: is the HSS running there?");
  if (ready < 0 && errno != EINTR) fail(std::strerror(errno));
}

void Link::connect_to(const Target& target, Clock::time_point until) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(target.address.c_str(), std::to_string(target.port).c_str(), &hints, &found);
  if (problem != 0) fail(::gai_strerror(problem));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) fail(std::strerror(errno));
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket_, found->ai_addr, found->ai_addrlen) == 0) return;
  if (errno != EINPROGRESS) fail(std::strerror(errno));
  await(POLLOUT, until);
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) fail(std::strerror(error));
}

std::vector<Avp> Link::own_identity() const {
  return {text_avp(avp::kOriginHost, host_), text_avp(avp::kOriginRealm, realm_)};
}

void Link::exchange_capabilities(Clock::time_point until) {
  std::vector<Avp> avps = own_identity();
  avps.push_back(octets_avp(avp::kHostIpAddress, address_octets(socket_)));
  avps.push_back(number_avp(avp::kVendorId, 0));
  avps.push_back(text_avp(avp::kProductName, "hsslab", false));
  avps.push_back(number_avp(avp::kSupportedVendorId, kVendor3gpp));
  avps.push_back(group_avp(avp::kVendorSpecificApplicationId,
                           {number_avp(avp::kVendorId, kVendor3gpp), number_avp(avp::kAuthApplicationId, kCx)}));
  outgoing_ = encode(Message{.proxiable = false, .command = command::kCapabilitiesExchange, .avps = std::move(avps)});
  while (!flush()) await(POLLOUT, until);
  while (peer_realm_.empty()) {
    await(POLLIN, until);
    receive([this](BytesView octets) {
      const auto answer = parse(octets);
      const auto* cea = std::get_if<Message>(&answer);
      if (cea == nullptr || cea->command != command::kCapabilitiesExchange) return;
      const ResultOf result = result_of(*cea).value_or(ResultOf{});
      if (result.code != result::kSuccess.code) {
        const Avp* why = cea->find(avp::kErrorMessage);
        fail("it is not let in: " + result_text(result) + (why == nullptr ? "" : ", " + why->text()));
      }
      const Avp* realm = cea->find(avp::kOriginRealm);
      if (realm == nullptr || realm->data.empty()) fail("the CEA has no Origin-Realm");
      peer_realm_ = realm->text();
    });
  }
}

bool Link::flush() {
  while (sent_ < outgoing_.size()) {
    const ssize_t count = ::send(socket_, outgoing_.data() + sent_, outgoing_.size() - sent_, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (count < 0) fail(std::strerror(errno));
    sent_ += static_cast<std::size_t>(count);
  }
  if (sent_ < outgoing_.size()) return false;
  outgoing_.clear();
  sent_ = 0;
  return true;
}

void Link::read_some() {
  if (from_ == to_) from_ = to_ = 0;
  if (incoming_.size() - to_ < kRoom / 2) {  // the beginning of a message moves to the front
    std::copy(incoming_.begin() + static_cast<std::ptrdiff_t>(from_),
              incoming_.begin() + static_cast<std::ptrdiff_t>(to_), incoming_.begin());
    to_ -= from_;
    from_ = 0;
    if (incoming_.size() - to_ < kRoom / 2) incoming_.resize(incoming_.size() * 2);
  }
  const ssize_t count = ::recv(socket_, incoming_.data() + to_, incoming_.size() - to_, 0);
  if (count == 0)
    fail(peer_realm_.empty() ? "closed without an answer to CER: is this host let in?"
                             : "the HSS closed the connection");
  if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) fail(std::strerror(errno));
  if (count > 0) to_ += static_cast<std::size_t>(count);
}

BytesView Link::next_message() {
  const BytesView there = BytesView(incoming_).subspan(from_, to_ - from_);
  if (there.size() < 4) return {};
  const auto length = announced_length(there.first(4));
  if (!length) fail("what came is no Diameter message");
  if (there.size() < *length) return {};
  from_ += *length;
  return there.first(*length);
}

void Link::refuse_or_answer(BytesView octets) {
  auto parsed = parse(octets);
  auto* request = std::get_if<Message>(&parsed);
  if (request == nullptr) fail("a message that cannot be read: " + std::get<std::string>(parsed));
  const bool own = request->command == command::kDeviceWatchdog || request->command == command::kDisconnectPeer;
  std::vector<Avp> avps = own_identity();
  if (const Avp* session = request->find(avp::kSessionId)) avps.insert(avps.begin(), *session);
  avps.push_back(number_avp(avp::kResultCode, own ? result::kSuccess.code : result::kCommandUnsupported.code));
  const Bytes answer = encode(Message{.request = false,
                                      .proxiable = request->proxiable,
                                      .error = !own,
                                      .command = request->command,
                                      .application = request->application,
                                      .hop_by_hop = request->hop_by_hop,
                                      .end_to_end = request->end_to_end,
                                      .avps = std::move(avps)});
  outgoing_.insert(outgoing_.end(), answer.begin(), answer.end());
  if (request->command == command::kDisconnectPeer) {
    flush();
    fail("the HSS ends the connection (DPR)");
  }
}

void Link::say_goodbye() noexcept {
  try {
    std::vector<Avp> avps = own_identity();
    avps.push_back(number_avp(avp::kDisconnectCause, 2));  // DO_NOT_WANT_TO_TALK_TO_YOU, RFC 6733 5.4.3
    const Bytes request = encode(
        Message{.proxiable = false, .command = command::kDisconnectPeer, .hop_by_hop = 1, .avps = std::move(avps)});
    outgoing_.insert(outgoing_.end(), request.begin(), request.end());
    flush();
  } catch (const std::exception&) {  // it ends either way
  }
}

}  // namespace hss::lab
