// Whole Diameter messages that have come to a socket, looked at before they are taken out: what is not taken is read by
// freeDiameter's receiving thread. For that thread, which calls us between two messages that it reads.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "hss/bytes.h"

namespace hss::diameter {

class WaitingFrames {
 public:
  enum class Seen : std::uint8_t { kSomething, kNothing, kGone };  // kGone: the connection is over, or has an error

  /// Looks at what is there, at most 64 KiB, without waiting.
  Seen look(int socket);
  /// The first frame that was not taken yet; nothing when there is none, only a part of one, or what is none.
  [[nodiscard]] std::optional<BytesView> next() const;
  /// Takes what next() returned.
  void take(BytesView frame) { done_ += frame.size(); }
  /// True when what is behind the taken ones is no frame, nor a part of one.
  [[nodiscard]] bool begins_with_none() const;
  /// Octets that were seen and not taken.
  [[nodiscard]] std::size_t left() const noexcept { return size_ - done_; }
  /// True when look() may not have seen everything.
  [[nodiscard]] bool may_be_more() const noexcept;
  /// Takes what was taken out of the socket. False when that is not what was looked at, as a peer with urgent data can
  /// bring about: nothing that comes from there can be trusted.
  bool remove_taken(int socket);

 private:
  std::vector<std::uint8_t> seen_;
  std::vector<std::uint8_t> read_;
  std::size_t size_ = 0;  // of what was seen
  std::size_t done_ = 0;  // of that, taken
};

}  // namespace hss::diameter
