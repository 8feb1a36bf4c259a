// The numbers in the records of a log: eight octets each, big-endian.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "hss/bytes.h"

namespace hss::db {

constexpr std::size_t kLoggedNumber = 8;

inline void append_number(Bytes& content, std::uint64_t number) {
  for (std::size_t i = kLoggedNumber; i-- > 0;) content.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

/// The one that `octets`, of which there are enough, begin with.
inline std::uint64_t number_at(BytesView octets) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < kLoggedNumber; ++i) number = number << 8U | octets[i];
  return number;
}

}  // namespace hss::db
