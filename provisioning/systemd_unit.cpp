// SPDX-License-Identifier: MIT
#include "provisioning/systemd_unit.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace hss::provisioning {
namespace {

constexpr std::string_view kText =
    R"unit(# Runs the HSS of this directory under systemd:
#   sudo systemctl enable --now @DIR@/minihss.service
# The user below must own the directory and all in it, and is the one to run hssctl as.
[Unit]
Description=minihss, an IMS HSS (Diameter Cx and SWx)
Documentation=man:hssctl(1)
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
# Ready when peers can connect; not alive any more when the store has moved nothing for so long.
Type=notify
WatchdogSec=60
ExecStart=/usr/bin/freeDiameterd -c @DIR@/freeDiameter.conf
ExecReload=/bin/kill -HUP $MAINPID
User=@USER@
# Always: freeDiameter ends with exit code 0 after a fatal error too.
Restart=always
RestartSec=1
TimeoutStopSec=30
# Throughput before the reaction of a single thread: messages pass through many.
CPUSchedulingPolicy=batch
LimitNOFILE=65536
LimitCORE=0

# The master key may come from systemd instead of a file in the directory, see hssctl(1) and systemd-creds(1):
#LoadCredentialEncrypted=minihss.master-key:/etc/credstore.encrypted/minihss.master-key

# The directory and the sockets are all it needs.
ReadWritePaths=@DIR@
ProtectSystem=strict
ProtectHome=@HOME@
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateIPC=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
KeyringMode=private
NotifyAccess=main
UMask=0077
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
@PEERS@
[Install]
WantedBy=multi-user.target
)unit";

constexpr std::string_view kLoopback =
    R"(# It listens on this machine alone. For peers elsewhere name their addresses: IPAddressAllow=192.0.2.0/24
IPAddressDeny=any
IPAddressAllow=localhost
)";

constexpr std::string_view kNetwork =
    R"(# Peers may come from anywhere. To name their addresses, take these lines in:
#IPAddressDeny=any
#IPAddressAllow=localhost 192.0.2.0/24
)";

bool is_below(const std::filesystem::path& path, const char* parent) {
  const auto [left, right] = std::ranges::mismatch(std::filesystem::path(parent), path);
  return left == std::filesystem::path(parent).end();
}

}  // namespace

std::string unit_problem(const UnitConfiguration& unit) {
  for (const std::string& text : {unit.directory.string(), unit.user}) {
    if (text.find_first_of(" \t\"'\\%$;\n\r") == std::string::npos && !text.empty()) continue;
    return text + ": a blank, quote, backslash, '%', '$' or ';' cannot be in a name of a systemd unit";
  }
  return {};
}

std::string write_systemd_unit(const UnitConfiguration& unit) {
  const bool at_home = std::ranges::any_of(std::array{"/home", "/root", "/run/user"},
                                           [&](const char* parent) { return is_below(unit.directory, parent); });
  const std::array<std::pair<std::string_view, std::string>, 4> values{
      {{"@DIR@", unit.directory.string()},
       {"@USER@", unit.user},
       {"@HOME@", at_home ? "read-only" : "yes"},
       {"@PEERS@", std::string(unit.loopback_only ? kLoopback : kNetwork)}}};
  std::string text(kText);
  for (const auto& [mark, value] : values) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

}  // namespace hss::provisioning
