// What load and storm share: many subscribers with consecutive IMSIs, and the nodes that serve them.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "hss/subscriber.h"
#include "tests/lab/lab.h"
#include "tests/lab/load/mix.h"

namespace hss::lab {

/// As typed.
struct FleetOptions {
  CommonOptions common;
  std::string first_imsi;
  std::uint32_t users = 0;
  std::uint32_t connections = 1;
};
/// The options of declare_common() that mean something for thousands of users, and those of the users.
void declare_fleet(cli::App& app, FleetOptions& options);

struct Fleet {
  Target target;
  Subscribers subscribers;
  std::string home_domain;
  std::string icscf_host;  // of the first connection, see host_of
  std::string scscf_host;
  std::string server_name;
};
/// Throws LabUsageError.
Fleet read_fleet(const FleetOptions& options);

/// The node of connection `index` (from 0): "scscf.example.org", "scscf2.example.org", "scscf3.example.org"...
std::string host_of(const std::string& first, std::uint32_t index);

/// The key set that all users have; what the files hold is read into `fields`. Throws LabUsageError, and what
/// read_key_files() throws.
KeySet read_fleet_keys(provisioning::KeyFields& fields, const provisioning::KeyFiles& files, Environment& environment);

}  // namespace hss::lab
