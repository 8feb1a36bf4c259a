// A Diameter message as octets, written and read by these few lines alone, so that tests see what is really on the
// wire.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hss::diameter::test {

inline constexpr std::uint32_t k3gpp = 10415;

struct RawAvp {
  std::uint32_t code = 0;
  std::uint32_t vendor = 0;  // written when the V flag is set
  std::uint8_t flags = 0;
  std::string data;
};

/// M, and V when there is a vendor.
RawAvp text(std::uint32_t code, std::string data, std::uint32_t vendor = 0);
RawAvp number(std::uint32_t code, std::uint32_t value, std::uint32_t vendor = 0);
RawAvp group(std::uint32_t code, const std::vector<RawAvp>& members, std::uint32_t vendor = 0);
/// The same with other flags.
RawAvp with_flags(RawAvp avp, std::uint8_t flags);

std::string encode(const std::vector<RawAvp>& avps);
/// Throws std::runtime_error for octets that are no sequence of AVPs, padding and lengths included.
std::vector<RawAvp> decode(const std::string& octets);

struct RawMessage {
  std::uint8_t flags = 0xC0;  // R, P
  std::uint32_t code = 0;
  std::uint32_t application = 16777216;
  std::uint32_t hop_by_hop = 0x11223344;
  std::uint32_t end_to_end = 0x55667788;
  std::vector<RawAvp> avps;

  [[nodiscard]] std::string octets() const;
  static RawMessage from(const std::string& octets);

  [[nodiscard]] std::vector<RawAvp> all(std::uint32_t avp_code, std::uint32_t vendor = 0) const;
  /// The only one of its kind. Throws std::runtime_error when there is none, or more than one.
  [[nodiscard]] RawAvp one(std::uint32_t avp_code, std::uint32_t vendor = 0) const;
  /// "263 260 268 277 264 296 601@10415": the order on the wire.
  [[nodiscard]] std::string order() const;
};

/// The only member of a group of that kind; as RawMessage::one.
RawAvp member(const RawAvp& group, std::uint32_t code, std::uint32_t vendor = 0);
std::uint32_t value_of(const RawAvp& avp);

}  // namespace hss::diameter::test
