// AVPs as octets, for who looks at a frame before freeDiameter reads it.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hss/bytes.h"

namespace hss::diameter {

inline constexpr std::size_t kMessageHeader = 20;

inline std::uint32_t u32(const std::uint8_t* at) noexcept {
  return (std::uint32_t{at[0]} << 24U) | (std::uint32_t{at[1]} << 16U) | (std::uint32_t{at[2]} << 8U) | at[3];
}

struct OctetAvp {
  std::uint32_t code;
  std::uint32_t vendor;  // 0: none
  BytesView data;
  BytesView whole;  // header and data, without the padding
};

/// Calls `look` with each AVP until it or the form of one gives a reason.
template <typename Look>
std::string_view walk(BytesView octets, Look look) {
  while (!octets.empty()) {
    if (octets.size() < 8) return "what is left at the end is no AVP";
    const bool has_vendor = (octets[4] & 0x80U) != 0;
    const std::size_t header = has_vendor ? 12 : 8;
    const std::size_t length = u32(&octets[4]) & 0xFFFFFFU;
    if (length < header) return "the length of an AVP is less than its header's";
    if (length > octets.size()) return "the length of an AVP goes beyond the end";
    const std::uint32_t vendor = has_vendor ? u32(&octets[8]) : 0;
    if (has_vendor && vendor == 0) return "an AVP has a V flag and vendor 0";
    if (const std::string_view reason =
            look(OctetAvp{u32(octets.data()), vendor, octets.subspan(header, length - header), octets.first(length)});
        !reason.empty()) {
      return reason;
    }
    // freeDiameter takes a message whose last AVP lacks its padding.
    octets = octets.subspan(std::min((length + 3) / 4 * 4, octets.size()));
  }
  return {};
}

}  // namespace hss::diameter
