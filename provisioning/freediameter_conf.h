// The freeDiameter configuration that init writes: one that starts without root, without names that resolve, without
// TLS on loopback, and says how to turn each on.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace hss::provisioning {

struct NodeConfiguration {
  std::string host;   // Identity
  std::string realm;  // Realm
  std::uint16_t port = 3868;
  bool ipv6 = false;                // some address to listen on is an IPv6 one
  std::filesystem::path extension;  // hss.fdx, absolute
  std::filesystem::path directory;  // of hss.toml, absolute
};

std::string write_freediameter_conf(const NodeConfiguration& node);

}  // namespace hss::provisioning
