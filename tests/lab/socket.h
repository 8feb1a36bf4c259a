// A TCP connection with a buffer on either way, which never waits longer than it is told to.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "hss/bytes.h"
#include "tests/lab/connection.h"

namespace hss::lab {

class Socket {
 public:
  using Clock = std::chrono::steady_clock;

  /// Connects, with TCP_NODELAY. Throws NetworkError: no such host, refused, nothing heard until `deadline`.
  Socket(const Target& target, Clock::time_point deadline);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// What is to be sent: append to it.
  [[nodiscard]] Bytes& outgoing() { return out_; }
  /// Sends of it what the kernel takes now.
  void send_now();
  /// Sends, and reads what has come, or waits for it; true when there is more in received() than before, false when the
  /// deadline passed. Throws NetworkError when there will never be more: closed, broken.
  bool exchange(Clock::time_point deadline);
  /// Says that nothing more will be sent; what comes can still be read.
  void end_sending();
  /// What has come and was not yet consumed. Valid until exchange().
  [[nodiscard]] BytesView received() const { return BytesView(in_).subspan(begin_, end_ - begin_); }
  void consume(std::size_t octets) { begin_ += octets; }

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::uint16_t local_port() const { return local_port_; }
  [[nodiscard]] std::uint16_t remote_port() const { return remote_port_; }
  /// The own address as an Address AVP holds it (RFC 6733 4.3.1).
  [[nodiscard]] const Bytes& local_address() const { return local_address_; }
  /// "127.0.0.1:3868", "[::1]:3868": as it was asked for.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  void connect(const Target& target, Clock::time_point deadline);
  void read_names();
  void make_room();

  std::string name_;
  int descriptor_ = -1;
  std::uint16_t local_port_ = 0;
  std::uint16_t remote_port_ = 0;
  Bytes local_address_;
  bool write_failed_ = false;
  Bytes out_;
  std::size_t sent_ = 0;  // of out_
  Bytes in_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace hss::lab
