// SPDX-License-Identifier: MIT
#include "diameter/waiting_frames.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "diameter/raw_avps.h"

namespace hss::diameter {
namespace {

constexpr std::size_t kAtOnce = 65536;

/// Length of the frame that `octets` begins with, whole or not; 0 when too few are there to know; nothing when it is
/// none, or too long to be seen whole.
std::optional<std::size_t> length_of(BytesView octets) {
  if (octets.size() < 4) return 0;
  const std::size_t length = u32(octets.data()) & 0xFFFFFFU;
  if (octets[0] != 1 || length < kMessageHeader || length > kAtOnce) return std::nullopt;
  return length;
}

}  // namespace

WaitingFrames::Seen WaitingFrames::look(int socket) {
  seen_.resize(kAtOnce);
  size_ = 0;
  done_ = 0;
  const ssize_t got = recv(socket, seen_.data(), seen_.size(), MSG_PEEK | MSG_DONTWAIT);
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR) ? Seen::kNothing : Seen::kGone;
  size_ = static_cast<std::size_t>(got);
  return Seen::kSomething;
}

std::optional<BytesView> WaitingFrames::next() const {
  const BytesView rest(seen_.data() + done_, size_ - done_);
  const auto length = length_of(rest);
  if (!length || *length == 0 || *length > rest.size()) return std::nullopt;
  return rest.first(*length);
}

bool WaitingFrames::begins_with_none() const { return !length_of({seen_.data() + done_, size_ - done_}); }

bool WaitingFrames::may_be_more() const noexcept { return size_ == kAtOnce; }

bool WaitingFrames::remove_taken(int socket) {
  read_.resize(kAtOnce);
  std::size_t read = 0;
  while (read < done_) {
    const ssize_t got = recv(socket, read_.data() + read, done_ - read, MSG_DONTWAIT);
    if (got <= 0) return false;
    read += static_cast<std::size_t>(got);
  }
  return std::equal(read_.begin(), read_.begin() + static_cast<std::ptrdiff_t>(read), seen_.begin());
}

}  // namespace hss::diameter
