// SPDX-License-Identifier: MIT
#include "tests/lab/load/fleet.h"

#include <algorithm>

#include "hss/identity.h"
#include "provisioning/aka/card.h"
#include "provisioning/command_line.h"

namespace hss::lab {

void declare_fleet(cli::App& app, FleetOptions& options) {
  app.add_option("--users", options.users, "number of subscribers; they are provisioned before")
      ->type_name("N")
      ->between(1U, 10'000'000U)
      ->required();
  app.add_option("--first-imsi", options.first_imsi, "IMSI of the first; the others count up from it")
      ->type_name("IMSI")
      ->required();
  app.add_option("--connections", options.connections,
                 "connections of each node that is played; left out: 1. The second comes from scscf2.REALM, the third "
                 "from scscf3.REALM ...: let them in ('hssctl init --peer *.REALM')")
      ->type_name("C")
      ->between(1U, 1000U);
  declare_common(app, options.common);
  // Thousands of users have no ladder and no page.
  for (const char* name :
       {"--aaa-host", "--aaa-realm", "--html", "--pcap", "--seed", "--show-secrets", "--no-colour"}) {
    app.remove_option(name);
  }
  app.describe_option("--json", "print the result as JSON");
  app.describe_option("--scscf-name", "Server-Name; left out: sip:SCSCF-HOST:6060");
}

Fleet read_fleet(const FleetOptions& options) {
  const CommonOptions& common = options.common;
  Fleet fleet;
  const auto target = parse_target(common.hss);
  if (!target) throw LabUsageError("--hss: must be HOST, HOST:PORT or [IPv6]:PORT");
  fleet.target = *target;
  if (!is_imsi(options.first_imsi)) throw LabUsageError("--first-imsi: must be 6 to 15 digits");
  fleet.subscribers = {options.first_imsi, options.users};
  if (!last_imsi(fleet.subscribers))
    throw LabUsageError("--users: the last IMSI would have more digits than the first");
  if (options.connections > options.users) throw LabUsageError("--connections: more than --users");
  fleet.home_domain =
      common.realm.empty() ? home_domain_of(options.first_imsi, mnc_digits(options.first_imsi, "")) : common.realm;
  fleet.icscf_host = common.icscf_host.empty() ? "icscf." + fleet.home_domain : common.icscf_host;
  fleet.scscf_host = common.scscf_host.empty() ? "scscf." + fleet.home_domain : common.scscf_host;
  fleet.server_name = common.scscf_name.empty() ? "sip:" + fleet.scscf_host + ":6060" : common.scscf_name;
  return fleet;
}

std::string host_of(const std::string& first, std::uint32_t index) {
  if (index == 0) return first;
  const std::size_t label = std::min(first.find('.'), first.size());
  return first.substr(0, label) + std::to_string(index + 1) + first.substr(label);
}

KeySet read_fleet_keys(provisioning::KeyFields& fields, const provisioning::KeyFiles& files, Environment& environment) {
  provisioning::read_key_files(files, environment.in, fields);
  if (!fields.has_keys()) throw LabUsageError("the cards need their keys: give --k with --opc or --op, or --keys-file");
  provisioning::Command command{
      .in = environment.in, .out = environment.out, .err = environment.err, .executable = {}, .directory = {}};
  provisioning::aka::CardOptions typed{{}, fields, {}};
  try {
    return provisioning::aka::read_card(typed, command).suspect.keys;
  } catch (const provisioning::UsageError& error) {
    throw LabUsageError(error.what());
  }
}

}  // namespace hss::lab
