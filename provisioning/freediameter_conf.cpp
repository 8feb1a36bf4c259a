// SPDX-License-Identifier: MIT
#include "provisioning/freediameter_conf.h"

#include <string_view>

namespace hss::provisioning {
namespace {

constexpr std::string_view kText =
    R"conf(# The Diameter node that carries the HSS: names, ports, security. What the HSS itself does is set in hss.toml beside this
# file. freeDiameterd -c THIS_FILE starts the server. An unknown word here is fatal, so check the spelling after an edit.

# Who we are. CSCFs and 3GPP AAA servers must know us by this name; it need not resolve on this machine.
Identity = "@HOST@";
Realm = "@REALM@";

# Plain Diameter over TCP. The addresses to listen on are `listen` in hss.toml, not ListenOn: freeDiameter drops a
# ListenOn that names a loopback address and listens everywhere instead. Who may connect is `peers` in hss.toml.
Port = @PORT@;

# TLS is off. To turn it on, uncomment the three lines below: a port (the last SecPort counts), a certificate whose
# dNSName is the Identity above with its key (readable by this user alone), and the authority that signed it and the
# peers' certificates. Set Port = 0 as well, or peers may still come without TLS. Use absolute paths: relative ones
# count from where freeDiameterd is started. Step by step: docs/tls.md.
SecPort = 0;
#   SecPort = 5868;
#   TLS_Cred = "@DIR@/tls/cert.pem", "@DIR@/tls/key.pem";
#   TLS_CA = "@DIR@/tls/ca.pem";

# SCTP is off. To turn it on, load the kernel module (modprobe sctp) and delete this line; without the module the
# server does not start. It then listens with SCTP on the same addresses and ports as with TCP.
No_SCTP;

@IPV6@
# An HSS answers; it does not pass messages on to others.
NoRelay;

# Threads that read requests (the work behind them is done by one writer, so more threads give nothing), and threads
# for connections that have not said who they are yet.
AppServThreads = 2;
ThreadsPerServer = 16;

# A peer that is silent for this many seconds is sent a watchdog (at least 6).
TwTimer = 30;

# The HSS. Absolute paths; the second one is its settings.
LoadExtension = "@FDX@" : "@DIR@/hss.toml";

# Peers connect to us. To connect to one ourselves as well, name it here (No_TLS only if TLS is off there):
#   ConnectPeer = "scscf.@REALM@" { ConnectTo = "192.0.2.10"; Port = 3868; No_TLS; };
)conf";

constexpr std::string_view kIpv6Off =
    R"conf(# IPv6 is off. To listen on IPv6 addresses (`listen` in hss.toml), delete this line.
No_IPv6;
)conf";

constexpr std::string_view kIpv6On =
    R"conf(# IPv6 is on, for `listen` in hss.toml names an IPv6 address. No_IPv6; here turns it off.
)conf";

void replace_all(std::string& text, std::string_view name, const std::string& value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

}  // namespace

std::string write_freediameter_conf(const NodeConfiguration& node) {
  std::string text(kText);
  replace_all(text, "@IPV6@", std::string(node.ipv6 ? kIpv6On : kIpv6Off));
  replace_all(text, "@HOST@", node.host);
  replace_all(text, "@REALM@", node.realm);
  replace_all(text, "@PORT@", std::to_string(node.port));
  replace_all(text, "@FDX@", node.extension.string());
  replace_all(text, "@DIR@", node.directory.string());
  return text;
}

}  // namespace hss::provisioning
