// SPDX-License-Identifier: MIT
#include "diameter/avp_octets.h"

#include <stdexcept>

namespace hss::diameter {
namespace {

constexpr std::uint8_t kVendorFlag = 0x80;
constexpr std::size_t kLengthAt = 5;

std::size_t size_of(const AvpHead& head) { return (head.flags & kVendorFlag) != 0 ? 12 : 8; }

}  // namespace

void AvpOctets::put(Buffer& out, std::uint32_t value) {
  const std::uint8_t octets[] = {static_cast<std::uint8_t>(value >> 24U), static_cast<std::uint8_t>(value >> 16U),
                                 static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
  out.insert(out.end(), octets, octets + 4);
}

void AvpOctets::put_head(const AvpHead& head, std::size_t data) {
  put(buffer_, head.code);
  put(buffer_, std::uint32_t{head.flags} << 24U | static_cast<std::uint32_t>(size_of(head) + data));
  if ((head.flags & kVendorFlag) != 0) put(buffer_, head.vendor);
}

void AvpOctets::append(std::size_t depth, const AvpHead& head, BytesView data) {
  close(depth);
  put_head(head, data.size());
  buffer_.insert(buffer_.end(), data.begin(), data.end());
  buffer_.resize((buffer_.size() + 3) / 4 * 4);
}

void AvpOctets::append(std::size_t depth, const AvpHead& head, std::uint32_t value) {
  close(depth);
  put_head(head, 4);
  put(buffer_, value);
}

void AvpOctets::open(std::size_t depth, const AvpHead& head) {
  close(depth);
  groups_.push_back(buffer_.size());
  put_head(head, 0);
}

void AvpOctets::close(std::size_t depth) {
  if (groups_.size() < depth) throw std::logic_error("a group of AVPs is written to that is no longer open");
  while (groups_.size() > depth) {
    std::uint8_t* const length = buffer_.data() + groups_.back() + kLengthAt;
    const std::size_t size = buffer_.size() - groups_.back();
    length[0] = static_cast<std::uint8_t>(size >> 16U);
    length[1] = static_cast<std::uint8_t>(size >> 8U);
    length[2] = static_cast<std::uint8_t>(size);
    groups_.pop_back();
  }
}

}  // namespace hss::diameter
