// More requests than can be answered. freeDiameter would take each through five queues and as many threads to have it
// refused, for as much work as an answer takes; and it reads without bound, so that what is asked piles up in it.
//
// So requests wait where they come in. When as many wait as may, in freeDiameter and in the store's queue together, the
// connection's receiving thread holds back the request that it has just received until there is room; meanwhile it
// reads on itself, by its socket, and answers each whole request of ours that comes behind it with DIAMETER_TOO_BUSY,
// of its octets alone (busy_answer.h). What else comes makes it let go, and freeDiameter reads on; so does time: a
// request that was held back for a tenth of a second goes on, and is refused as any other.
//
// The answers are written by the one thread that writes to the connection, freeDiameter's, in the hook that it calls
// just before it sends a message: many with one call of the kernel. So that there is such a message, one of the
// requests in question is answered by a message of freeDiameter's, the courier.
//
// For TCP without TLS, and peers in state OPEN. Over TLS and SCTP everything is refused by dispatch.
//
// freeDiameter counts requests received and answers sent of each peer, for reports of load (fd_peer_get_load_pending).
// It sees the couriers as answers and not their requests; nothing here reads it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "diameter/busy_answer.h"
#include "diameter/fd.h"
#include "diameter/refusal_outbox.h"
#include "hss/repository.h"

namespace hss::diameter {

class Overload {
 public:
  using Clock = std::chrono::steady_clock;

  /// `settings` say what is served, and how many may wait.
  Overload(const TransactionQueue& queue, const Settings& settings);
  ~Overload();
  Overload(const Overload&) = delete;
  Overload& operator=(const Overload&) = delete;

  /// From here on nothing is held back or refused.
  void fall_silent() noexcept { silent_ = true; }

  // For the hooks. Without an Overload they do nothing.

  /// PEER_CONNECT_SUCCESS.
  static void connected(peer_hdr* peer) noexcept;
  /// DATA_RECEIVED, of a frame that inspect() lets pass.
  static void received(const fd_cnx_rcvdata& data) noexcept;
  /// MESSAGE_SENT.
  static void about_to_send(peer_hdr* peer) noexcept;

  /// Says how many requests were refused, for each connection once a second at the most, and forgets connections that
  /// are gone. To be called now and then.
  static void settle(Clock::time_point now) noexcept;

 private:
  struct Connection {
    int socket = -1;
    ino_t inode = 0;
    peer_hdr* peer = nullptr;  // for the threads of the connection, which end before it does
    std::string host;
    std::string address;
    RefusalOutbox outbox;
    std::atomic<long> frames = 0;  // that wait in freeDiameter, when its receiving thread looked last
    std::atomic<Clock::time_point> looked = Clock::time_point();
    std::atomic<std::uint64_t> refused = 0;  // and not told of yet
    Clock::time_point told;
  };
  using ConnectionPtr = std::shared_ptr<Connection>;
  enum class Found : std::uint8_t { kRequests, kNothing, kPart, kOther };

  static std::atomic<Overload*>& current();
  [[nodiscard]] ConnectionPtr find(int socket) const;
  void put_frames(Connection& connection, long frames);
  /// How many wait, in freeDiameter and in the queue.
  long waiting(Connection& connection);
  void hold_back(Connection& connection);
  Found refuse_what_follows(Connection& connection);
  void send_courier(Connection& connection) const;
  static void write(int socket, const RefusalOutbox::Octets& octets);
  static void tell(Connection& connection, Clock::time_point now);

  const TransactionQueue& queue_;
  const BusyAnswers answers_;
  const long most_;
  const long few_;                // when as few wait again, nothing is held back any more
  std::atomic<long> frames_ = 0;  // of all connections
  std::atomic<bool> silent_ = false;
  mutable std::mutex mutex_;
  std::map<ino_t, ConnectionPtr> connections_;
};

}  // namespace hss::diameter
