// A Diameter connection without waiting: whole messages in, octets out, as many as the kernel takes at once. For a load
// where connection.h would cost a parse and a system call for each message.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/lab/connection.h"
#include "tests/lab/message.h"

namespace hss::lab {

/// The header of a message in the octets that came (RFC 6733 3).
struct Header {
  std::uint32_t command = 0;
  std::uint32_t hop_by_hop = 0;
  bool request = false;
};
/// `octets`: at least 20.
Header header_of(BytesView octets);
/// Result-Code or Experimental-Result, found without taking the message apart; nullopt when there is none or the
/// octets are no AVPs.
std::optional<ResultOf> quick_result(BytesView answer);

class Link {
 public:
  /// Connects and exchanges capabilities within `patience`. Throws NetworkError as Connection does.
  Link(const Target& target, std::string host, std::string realm, std::chrono::milliseconds patience);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  [[nodiscard]] int descriptor() const { return socket_; }
  [[nodiscard]] const std::string& peer_realm() const { return peer_realm_; }
  [[nodiscard]] const std::string& name() const { return host_; }

  /// Octets that are to be sent; requests are appended.
  [[nodiscard]] Bytes& outgoing() { return outgoing_; }
  /// Sends what the kernel takes; true when nothing is left. Throws NetworkError.
  bool flush();

  /// Reads once and hands each whole answer to `take(BytesView)`. Watchdogs are answered; other requests of the HSS
  /// are refused with DIAMETER_COMMAND_UNSUPPORTED. Throws NetworkError: closed, DPR, octets that are no message.
  template <typename Take>
  void receive(Take&& take) {
    read_some();
    for (BytesView message = next_message(); !message.empty(); message = next_message()) {
      if (header_of(message).request) {
        refuse_or_answer(message);
      } else {
        take(message);
      }
    }
  }

  /// DPR, without waiting for its answer.
  void say_goodbye() noexcept;

 private:
  void connect_to(const Target& target, std::chrono::steady_clock::time_point until);
  void exchange_capabilities(std::chrono::steady_clock::time_point until);
  void await(short events, std::chrono::steady_clock::time_point until) const;
  void read_some();
  /// Empty when no whole message is there.
  BytesView next_message();
  void refuse_or_answer(BytesView request);
  [[nodiscard]] std::vector<Avp> own_identity() const;
  [[noreturn]] void fail(const std::string& what) const;

  std::string host_;
  std::string realm_;
  std::string where_;
  std::string peer_realm_;
  int socket_ = -1;
  Bytes outgoing_;
  std::size_t sent_ = 0;  // of outgoing_
  Bytes incoming_;
  std::size_t from_ = 0;  // of incoming_: what was not handed out
  std::size_t to_ = 0;
};

}  // namespace hss::lab
