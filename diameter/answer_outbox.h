// Answers as octets that wait for the thread that writes to their connection, each in front of an answer that this
// thread is sent as a message, the courier. So that they arrive in the order in which they were finished. Any thread.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "hss/bytes.h"

namespace hss::diameter {

class AnswerOutbox {
 public:
  using Octets = std::vector<std::uint8_t>;

  /// Hop-by-hop and end-to-end identifier: by which a courier is known again.
  struct Identifiers {
    std::uint32_t hop_by_hop = 0;
    std::uint32_t end_to_end = 0;
    bool operator==(const Identifiers&) const = default;
  };

  void put(BytesView answer);
  /// The courier of all that was put until now is on its way.
  void close(Identifiers courier);
  /// This courier is about to be written: what is to be written before, in place of what `out` held. With what other
  /// couriers should have brought that were sent earlier, and never came by. Nothing when it is no courier.
  void take(Identifiers courier, Octets& out);
  [[nodiscard]] std::size_t octets() const;
  /// So many answers wait.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Mark {
    Identifiers courier;
    std::size_t end;    // of what it brings, in `answers_`
    std::size_t count;  // of these
  };
  mutable std::mutex mutex_;
  Octets answers_;
  std::size_t count_ = 0;
  std::deque<Mark> marks_;
};

}  // namespace hss::diameter
