// AVPs as the octets that go to the wire, in the making: each is appended, and a group is closed when something is
// written behind it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hss/bytes.h"

namespace hss::diameter {

/// RFC 6733 4.1.
struct AvpHead {
  std::uint32_t code = 0;
  std::uint8_t flags = 0;
  std::uint32_t vendor = 0;  // written when V is among the flags
};

class AvpOctets {
 public:
  using Buffer = std::vector<std::uint8_t>;

  /// What stands at the beginning already, such as the header of a message, is the caller's.
  Buffer& buffer() { return buffer_; }

  /// An AVP with its data, and padding, in the group that is `depth` groups deep; those in it end.
  void append(std::size_t depth, const AvpHead& head, BytesView data);
  void append(std::size_t depth, const AvpHead& head, std::uint32_t value);
  /// The same, a group without content; what is appended at `depth` + 1 from here on is its content.
  void open(std::size_t depth, const AvpHead& head);
  /// Ends the groups that are deeper.
  void close(std::size_t depth);

  static void put(Buffer& out, std::uint32_t value);

 private:
  void put_head(const AvpHead& head, std::size_t data);
  Buffer buffer_;
  std::vector<std::size_t> groups_;  // where those begin that are open, the outermost first
};

}  // namespace hss::diameter
