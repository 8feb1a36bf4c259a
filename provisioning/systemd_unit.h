// The systemd unit that init writes beside the configuration: restarts the server whatever it ended with, watches the
// store's thread, and leaves the process nothing but its own directory and its sockets.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace hss::provisioning {

struct UnitConfiguration {
  std::filesystem::path directory;  // of freeDiameter.conf and hss.toml, absolute
  std::string user;                 // who owns it, and runs the server
  bool loopback_only = true;        // every address to listen on is one of this machine's own
};

/// Why systemd could not run a server in this directory, or nothing: a unit is lines of words, and names in it stand
/// for others when they hold '%'.
std::string unit_problem(const UnitConfiguration& unit);

std::string write_systemd_unit(const UnitConfiguration& unit);

}  // namespace hss::provisioning
