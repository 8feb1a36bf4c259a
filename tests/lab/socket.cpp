// SPDX-License-Identifier: MIT
#include "tests/lab/socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>

#include "hss/error_text.h"

namespace hss::lab {
namespace {

constexpr std::size_t kAtOnce = 64 * 1024;

/// Waits until one of `events` is there; false when the deadline passed before.
bool wait_for(int descriptor, short events, Socket::Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(deadline - Socket::Clock::now());
    if (left <= left.zero()) return false;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec patience{.tv_sec = static_cast<time_t>(seconds.count()),
                            .tv_nsec = static_cast<long>((left - seconds).count())};
    pollfd one{.fd = descriptor, .events = events, .revents = 0};
    const int ready = ppoll(&one, 1, &patience, nullptr);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) throw NetworkError("cannot wait for the network: " + error_text(errno));
  }
}

/// 0, or what became of the attempt.
int finish_connecting(int descriptor, const addrinfo& to, Socket::Clock::time_point deadline) {
  if (connect(descriptor, to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS && errno != EINTR) return errno;
  if (!wait_for(descriptor, POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

std::uint16_t port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

Bytes address_of(const sockaddr_storage& address) {
  const auto with_family = [](std::uint8_t family, const void* octets, std::size_t size) {
    Bytes out{0, family};
    const auto* const first = static_cast<const std::uint8_t*>(octets);
    out.insert(out.end(), first, first + size);
    return out;
  };
  if (address.ss_family == AF_INET6) {
    return with_family(2, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, sizeof(in6_addr));
  }
  return with_family(1, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, sizeof(in_addr));
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  Target out;
  std::optional<std::string_view> port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    out.address = text.substr(1, end - 1);
    if (out.address.find(':') == std::string::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return std::nullopt;
    if (!rest.empty()) port = rest.substr(1);
  } else {
    const std::size_t colon = text.find(':');
    out.address = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon + 1);
  }
  if (out.address.empty() || out.address.find_first_of(" \t[]/@") != std::string::npos) return std::nullopt;
  if (!port) return out;
  const auto [end, error] = std::from_chars(port->data(), port->data() + port->size(), out.port);
  if (error != std::errc() || end != port->data() + port->size() || out.port == 0) return std::nullopt;
  return out;
}

Socket::Socket(const Target& target, Clock::time_point deadline)
    : name_((target.address.find(':') == std::string::npos ? target.address : "[" + target.address + "]") + ":" +
            std::to_string(target.port)) {
  connect(target, deadline);
  read_names();
  in_.resize(2 * kAtOnce);
}

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Socket::connect(const Target& target, Clock::time_point deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(target.address.c_str(), std::to_string(target.port).c_str(), &hints, &found);
  if (failed != 0) throw NetworkError("no address of " + target.address + " is known: " + gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, &freeaddrinfo);
  int error = 0;
  for (const addrinfo* one = all.get(); one != nullptr; one = one->ai_next) {
    descriptor_ = socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) {
      error = errno;
      continue;
    }
    error = finish_connecting(descriptor_, *one, deadline);
    if (error == 0) return;
    close(descriptor_);
    descriptor_ = -1;
  }
  if (error == ECONNREFUSED) {
    throw NetworkError("nobody listens at " + name_ + ": start the HSS ('./dev serve') or name it with --hss");
  }
  throw NetworkError("no connection to " + name_ + ": " + error_text(error));
}

void Socket::read_names() {
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    local_port_ = port_of(address);
    local_address_ = address_of(address);
  }
  size = sizeof address;
  if (getpeername(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0) remote_port_ = port_of(address);
}

void Socket::send_now() {
  while (sent_ < out_.size() && !write_failed_) {
    const ssize_t count = send(descriptor_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (count >= 0) {
      sent_ += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (sent_ < kAtOnce) return;
      out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(sent_));
      sent_ = 0;
      return;
    } else if (errno != EINTR) {
      write_failed_ = true;  // reading tells why; and there may be answers yet
    }
  }
  out_.clear();
  sent_ = 0;
}

void Socket::end_sending() { shutdown(descriptor_, SHUT_WR); }

void Socket::make_room() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (in_.size() - end_ >= kAtOnce) return;
  std::copy(in_.begin() + static_cast<std::ptrdiff_t>(begin_), in_.begin() + static_cast<std::ptrdiff_t>(end_),
            in_.begin());
  end_ -= begin_;
  begin_ = 0;
  if (in_.size() - end_ < kAtOnce) in_.resize(2 * in_.size());
}

bool Socket::exchange(Clock::time_point deadline) {
  make_room();
  for (;;) {
    send_now();
    const ssize_t count = recv(descriptor_, in_.data() + end_, in_.size() - end_, 0);
    if (count > 0) {
      end_ += static_cast<std::size_t>(count);
      return true;
    }
    if (count == 0) {
      throw NetworkError(name_ + " closed the connection" + (begin_ == end_ ? "" : " in the middle of a message"));
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) {
      throw NetworkError("the connection to " + name_ + " broke: " + error_text(errno));
    }
    const bool more_to_send = !out_.empty();
    if (!wait_for(descriptor_, static_cast<short>(POLLIN | (more_to_send ? POLLOUT : 0)), deadline)) return false;
  }
}

}  // namespace hss::lab
