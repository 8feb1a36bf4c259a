// What the baselines answer: for each command of Cx the same AVPs every time, in the kinds and sizes that the HSS
// sends.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hss::bench {

inline constexpr std::uint32_t kCx = 16777216;
inline constexpr std::uint32_t kVendor3gpp = 10415;

/// A constant AVP of an answer. Its value as it stands on the wire; a grouped one has members instead.
struct ConstantAvp {
  std::uint32_t code = 0;
  std::uint32_t vendor = 0;
  std::string value{};
  std::vector<ConstantAvp> members{};
};

struct ConstantAnswer {
  std::uint32_t command = 0;
  /// What of the request goes back, after Session-Id.
  bool user_name = false;
  bool public_identity = false;
  /// What follows Origin-Host and Origin-Realm.
  std::vector<ConstantAvp> content{};
};

/// UAA, SAA, LIA, MAA.
const std::vector<ConstantAnswer>& constant_answers();
/// Vendor-Specific-Application-Id and Auth-Session-State, which every answer has.
const std::vector<ConstantAvp>& common_content();

/// Every AVP of 3GPP that the requests of a load and these answers hold.
struct DefinedAvp {
  std::uint32_t code = 0;
  const char* name = "";
  enum class Type : std::uint8_t { kOctets, kUnsigned32, kGrouped } type = Type::kOctets;
};
const std::vector<DefinedAvp>& defined_avps();

}  // namespace hss::bench
