// Answers that are finished together are written together: those of a batch of the store that go to one connection take
// one write of the kernel, and but one of them goes through freeDiameter. That one, the courier, is the last; it brings
// the others along: just before freeDiameter's thread writes it, it writes them (plain_connections.h).
//
// For TCP without TLS; every other answer goes through freeDiameter.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

#include "diameter/answer.h"
#include "diameter/fd.h"
#include "diameter/plain_connections.h"

namespace hss::diameter {

class GatheredAnswers {
 public:
  /// Of freeDiameter, or a test.
  struct Core {
    /// The connection that the answer to a request goes to when it need not go by itself, else null.
    std::function<PlainConnectionPtr(msg* request)> connection_of;
    /// Whether answers may have to wait, each by itself (LateAnswers).
    std::function<bool()> may_have_to_wait;
    /// As fd_msg_send without a callback: takes the message and returns 0, or leaves it and returns an error.
    std::function<int(msg**)> send;
  };

  GatheredAnswers();
  explicit GatheredAnswers(Core core);
  ~GatheredAnswers();
  GatheredAnswers(const GatheredAnswers&) = delete;
  GatheredAnswers& operator=(const GatheredAnswers&) = delete;

  /// Returns 0 or an error; ENOTCONN when the request came over another connection than the peer has now, which would
  /// not know its hop-by-hop identifier, or another request by it (RFC 6733 3). The answer may stay here until flush().
  /// Any thread.
  int send(FinishedAnswer answer);
  /// Sends what is still here: nothing more is finished for now. Any thread.
  void flush() noexcept;
  /// The same, unless somebody is about to.
  void settle() noexcept;

  // The same through the one that there is.
  static int send_by_instance(FinishedAnswer answer);
  static void flush_instance() noexcept;
  static void settle_instance() noexcept;

 private:
  struct Courier {
    PlainConnectionPtr connection;
    FinishedAnswer answer;   // the latest
    std::size_t others = 0;  // that it brings along
  };
  int send_alone(FinishedAnswer answer) const;
  void send_courier(Courier courier) const noexcept;
  void flush_locked() noexcept;

  const Core core_;
  std::mutex mutex_;  // of the couriers, and of sending: they go in the order in which they were finished
  std::vector<Courier> couriers_;
};

}  // namespace hss::diameter
