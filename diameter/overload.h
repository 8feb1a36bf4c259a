// More requests than can be answered. freeDiameter would take each through five queues and as many threads to have it
// refused, for as much work as an answer takes; and it reads without bound, so that what is asked piles up in it.
//
// So requests wait where they come in. When as many wait as may, in freeDiameter and in the store's queue together, the
// connection's receiving thread holds back the request that it has just received until there is room; meanwhile it
// reads on itself, by its socket, and answers each whole request of ours that comes behind it with DIAMETER_TOO_BUSY,
// of its octets alone (busy_answer.h). What else comes makes it let go, and freeDiameter reads on; so does a part of a
// request whose rest does not come, and time: a request that was held back for a tenth of a second goes on, and is
// refused as any other.
//
// The answers are written by the one thread that writes to the connection, freeDiameter's, in the hook that it calls
// just before it sends a message (plain_connections.h): many with one call of the kernel. So that there is such a
// message, one of the requests in question is answered by a message of freeDiameter's, the courier.
//
// For TCP without TLS, and peers in state OPEN. Over TLS and SCTP everything is refused by dispatch.
//
// freeDiameter counts requests received and answers sent of each peer, for reports of load (fd_peer_get_load_pending).
// It sees the couriers as answers and not their requests; nothing here reads it.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "diameter/busy_answer.h"
#include "diameter/fd.h"
#include "diameter/plain_connections.h"
#include "hss/repository.h"

namespace hss::diameter {

class Overload {
 public:
  using Clock = PlainConnection::Clock;

  /// `settings` say what is served, and how many may wait.
  Overload(const TransactionQueue& queue, const Settings& settings);
  ~Overload();
  Overload(const Overload&) = delete;
  Overload& operator=(const Overload&) = delete;

  /// From here on nothing is held back or refused.
  void fall_silent() noexcept { silent_ = true; }

  // Without an Overload they do nothing.

  /// For the hook DATA_RECEIVED, of a frame that inspect() lets pass. False: there is room for more.
  static bool received(const fd_cnx_rcvdata& data) noexcept;
  /// Says how many requests were refused, for each connection once a second at the most, and forgets connections that
  /// are gone. To be called now and then.
  static void settle(Clock::time_point now) noexcept;

 private:
  enum class Found : std::uint8_t { kRequests, kNothing, kPart, kOther };

  static std::atomic<Overload*>& current();
  void put_frames(PlainConnection& connection, long frames);
  /// How many wait, in freeDiameter and in the queue.
  long waiting(PlainConnection& connection);
  void hold_back(PlainConnection& connection);
  Found refuse_what_follows(PlainConnection& connection);
  void send_courier(PlainConnection& connection) const;
  static void tell(PlainConnection& connection, Clock::time_point now);

  const TransactionQueue& queue_;
  const BusyAnswers answers_;
  const long most_;
  const long few_;                // when as few wait again, nothing is held back any more
  std::atomic<long> frames_ = 0;  // of all connections
  std::atomic<bool> silent_ = false;
};

}  // namespace hss::diameter
