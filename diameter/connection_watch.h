// Connections that do not say who they are hold one of a few threads of freeDiameter's each, for 20 seconds; some
// dozens keep all new peers out. The watch closes those that have sent no whole message after 5 seconds, and after one
// second when they hold three quarters of the threads. It also lets the kernel queue more than freeDiameter's 5
// connections that wait to be accepted, has answers sent without waiting for the peer to confirm those before, lets the
// process open as many files as it may (freeDiameter ends when it cannot accept), and settles the counts of repeated
// log lines.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace hss::diameter {

/// What is written to this socket, over TCP, or to those that it accepts, is sent at once. freeDiameter leaves the
/// system's way: what is less than a segment waits for the confirmation of what was sent before, which a peer with
/// nothing to send delays by 40 ms.
void send_at_once(int socket) noexcept;

/// A whole message has come over this socket. Any thread that receives from it may call; without a watch it does
/// nothing.
void note_identified(int socket) noexcept;

class ConnectionWatch {
 public:
  using Clock = std::chrono::steady_clock;

  /// `ports`: what freeDiameter listens on, 0 for none; `threads`: how many connections it looks at until they say who
  /// they are.
  ConnectionWatch(std::vector<std::uint16_t> ports, std::size_t threads);
  ~ConnectionWatch();
  ConnectionWatch(const ConnectionWatch&) = delete;
  ConnectionWatch& operator=(const ConnectionWatch&) = delete;

  /// Sweeps several times a second from here on, until the end.
  void start();
  /// One look at the connections of this process.
  void sweep(Clock::time_point now);

 private:
  friend void note_identified(int socket) noexcept;
  struct Waiting {
    Clock::time_point since;
    int socket;  // as it was at the last look; the number may be another's by now
  };

  void run();
  void look(Clock::time_point now);
  [[nodiscard]] std::vector<ino_t> overdue(Clock::time_point now) const;
  bool close_waiting(ino_t connection);

  std::vector<std::uint16_t> ports_;
  const std::size_t threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::set<ino_t> listening_;         // whose queue was made longer
  std::set<ino_t> identified_;        // of open connections
  std::map<ino_t, Waiting> waiting_;  // those that have not said anything
  std::thread thread_;
};

}  // namespace hss::diameter
