// Answers to a peer that has just come back. freeDiameter takes requests of one that lost its connection before it has
// answered three watchdogs (REOPEN of RFC 3539), and of one that left a watchdog unanswered (SUSPECT), but drops the
// answers until then. Here they wait for that, as long as the peer keeps the connection: another would not know them
// (RFC 6733 3).
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "diameter/fd.h"
#include "diameter/plain_connections.h"

namespace hss::diameter {

class LateAnswers {
 public:
  using Clock = std::chrono::steady_clock;

  /// freeDiameter, or a test.
  struct Core {
    /// Whether it would drop an answer to that peer now, and may not soon.
    std::function<bool(std::string_view peer)> makes_wait;
    /// The connection that the peer has now; null when there is none, or one that nobody knows (over TLS).
    std::function<PlainConnectionPtr(std::string_view peer)> connection_of;
    /// As fd_msg_send without a callback: takes the message and returns 0, or leaves it and returns an error.
    std::function<int(msg**)> send;
  };

  LateAnswers();
  explicit LateAnswers(Core core);
  ~LateAnswers();
  LateAnswers(const LateAnswers&) = delete;
  LateAnswers& operator=(const LateAnswers&) = delete;

  /// For the hook MESSAGE_RECEIVED: a request of a peer that answers would not come to yet.
  static void look_at(msg* message, peer_hdr* peer) noexcept;
  /// A request came from somebody of whom makes_wait() is true: for a minute send() asks.
  void expect() noexcept;

  /// Core::send, now or later. By any thread.
  int send(msg** answer);
  /// Whether somebody's answers may have to wait.
  static bool expects_any() noexcept;
  /// The same as send(), through the one that there is.
  static int send_by_instance(msg** answer);

 private:
  struct Waiting {
    fd::MessagePtr answer;
    Clock::time_point until;
    PlainConnectionPtr connection;
  };
  bool is_expecting() noexcept;
  void run();
  void send_those_whose_time_has_come(std::vector<Waiting>& waiting);

  const Core core_;
  std::atomic<Clock::rep> expected_until_ = 0;  // 0: nobody is
  std::mutex mutex_;                            // of the two below
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace hss::diameter
