// One row of the table of AVPs: what an AVP is called, its type, and its flags.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>

#include "hss/result.h"

namespace hss::diameter {

inline constexpr std::uint32_t kVendorEtsi = 13019;

enum class AvpType : std::uint8_t {
  kOctetString,
  kUtf8String,
  kDiameterIdentity,
  kDiameterUri,
  kAddress,
  kTime,
  kUnsigned32,
  kUnsigned64,
  kEnumerated,
  kGrouped,
};

/// Flags of an AVP as RFC 6733 4.1 numbers the bits.
inline constexpr std::uint8_t kFlagV = 0x80;
inline constexpr std::uint8_t kFlagM = 0x40;

/// One row. An AVP is known by vendor and code: numbers and names are used again by other vendors (621, 623, 650; the
/// SIP-* names of RFC 4740).
struct AvpDefinition {
  std::uint32_t vendor = 0;
  std::uint32_t code = 0;
  const char* name = nullptr;
  AvpType type = AvpType::kOctetString;
  std::uint8_t flags = 0;       // as we send it
  std::int32_t last_value = 0;  // Enumerated: the values run from 0 to this one

  /// What the specification does not mark M is informational: a value that cannot be used is ignored.
  [[nodiscard]] constexpr bool mandatory() const { return (flags & kFlagM) != 0; }
};

namespace avp_table {

using enum AvpType;
inline constexpr std::uint32_t kBase = kVendorBase;
inline constexpr std::uint32_t k3gpp = kVendor3gpp;
inline constexpr std::uint32_t kEtsi = kVendorEtsi;
inline constexpr std::uint8_t kNone = 0;
inline constexpr std::uint8_t kM = kFlagM;
inline constexpr std::uint8_t kV = kFlagV;
inline constexpr std::uint8_t kMV = kFlagM | kFlagV;
/// last_value of an enumeration with gaps that grows with every release: what is unknown is for its reader to judge.
inline constexpr std::int32_t kOpen = std::numeric_limits<std::int32_t>::max();

}  // namespace avp_table
}  // namespace hss::diameter
