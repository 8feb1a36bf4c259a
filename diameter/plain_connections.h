// The connections over TCP without TLS of admitted peers: those whose sockets our own code reads from and writes to as
// well as freeDiameter, on freeDiameter's threads. It gives its hooks no connection; each thread's is found by its
// socket.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "diameter/answer_outbox.h"
#include "diameter/fd.h"
#include "diameter/refusal_outbox.h"

namespace hss::diameter {

struct PlainConnection {
  using Clock = std::chrono::steady_clock;

  int socket = -1;
  ino_t inode = 0;
  peer_hdr* peer = nullptr;  // for the threads of the connection, which end before it does
  std::string host;
  std::string address;
  Clock::time_point since;  // it was connected
  AnswerOutbox answers;
  // Of Overload:
  RefusalOutbox refusals;
  std::atomic<long> frames = 0;  // that wait in freeDiameter, when its receiving thread looked last
  std::atomic<Clock::time_point> looked = Clock::time_point();
  std::atomic<std::uint64_t> refused = 0;  // and not told of yet
  Clock::time_point told;                  // for settle()

  /// The same socket as when it was connected.
  [[nodiscard]] bool is_there() const noexcept;
};
using PlainConnectionPtr = std::shared_ptr<PlainConnection>;

class PlainConnections {
 public:
  static PlainConnections& instance();

  /// For the hook PEER_CONNECT_SUCCESS.
  void connected(peer_hdr* peer) noexcept;
  /// For the hook MESSAGE_SENT, which is called just before a message is sent: writes what waits for its connection.
  /// Only on the one thread that writes to it.
  void about_to_send(msg* message, peer_hdr* peer) noexcept;

  /// The connection that the calling thread receives from; null when it is none of these, or not admitted yet.
  [[nodiscard]] PlainConnection* of_receiving_thread() const;
  /// The latest of a peer; null when there is none.
  [[nodiscard]] PlainConnectionPtr of_host(std::string_view host) const;
  [[nodiscard]] std::vector<PlainConnectionPtr> all() const;
  void forget(const PlainConnection& connection);

 private:
  [[nodiscard]] PlainConnectionPtr find(int socket) const;

  mutable std::mutex mutex_;
  std::vector<PlainConnectionPtr> connections_;
};

}  // namespace hss::diameter
