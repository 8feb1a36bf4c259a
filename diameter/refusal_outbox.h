// Answers to requests of one connection that were refused by their octets (overload.h), until the thread that writes to
// that connection takes them. Any thread.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace hss::diameter {

class RefusalOutbox {
 public:
  using Clock = std::chrono::steady_clock;
  using Octets = std::vector<std::uint8_t>;

  /// Whether there is no more room; then nothing is to be put in.
  [[nodiscard]] bool is_full() const;
  /// `answers` are to so many requests, one of which is `request`, answered by the octets `[begin, end)` of `answers`.
  void put(std::span<const std::uint8_t> answers, std::span<const std::uint8_t> request, std::size_t begin,
           std::size_t end, Clock::time_point now = Clock::now());
  /// All that is there, when it is time to write it: there is much, it has waited, or a courier is on its way.
  Octets take(Clock::time_point now = Clock::now());
  /// Nobody may come by for long. A request whose answer was here, and now is to be sent as any other message: whoever
  /// sends it comes by. Nothing when there is nothing here, or such a courier is on its way.
  std::optional<Octets> courier(Clock::time_point now = Clock::now());

 private:
  [[nodiscard]] bool courier_on_its_way(Clock::time_point now) const;

  mutable std::mutex mutex_;
  Octets answers_;
  Octets request_;  // empty, or a request whose answer is in `answers_`
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Clock::time_point since_;  // the oldest is here
  std::optional<Clock::time_point> courier_sent_;
};

}  // namespace hss::diameter
