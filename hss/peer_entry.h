// A member of diameter.peers in hss.toml: whose Diameter identity is admitted, and where from.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hss {

/// The addresses that begin with the same bits.
struct AddressRange {
  std::array<std::uint8_t, 16> octets{};  // IPv6, or IPv4 as ::ffff:a.b.c.d
  unsigned bits = 128;                    // of `octets`, 0..128

  [[nodiscard]] bool contains(const AddressRange& other) const;
  friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

/// "192.0.2.1", "192.0.2.0/24", "2001:db8::1", "2001:db8::/32"; bits behind the prefix must be zero. nullopt for
/// anything else, names and zones included.
std::optional<AddressRange> parse_address_range(std::string_view text);

/// "scscf.example.org", "*.example.org": a Diameter identity, or any host of a realm and below it.
struct PeerName {
  std::string host;  // lower case; of a realm, the realm with a dot before it

  /// Compares without case.
  [[nodiscard]] bool matches(std::string_view identity) const;
  friend bool operator==(const PeerName&, const PeerName&) = default;
};
std::optional<PeerName> parse_peer_name(std::string_view text);

/// "scscf.example.org", "scscf.example.org 192.0.2.1 2001:db8::/32": a name, and after it, each after a space, where
/// its connection may come from; from anywhere when there is nothing.
struct PeerEntry {
  PeerName name;
  std::vector<AddressRange> addresses;
  friend bool operator==(const PeerEntry&, const PeerEntry&) = default;
};
std::optional<PeerEntry> parse_peer_entry(std::string_view text);

}  // namespace hss
