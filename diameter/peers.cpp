// SPDX-License-Identifier: MIT
#include "diameter/peers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "diameter/cancellation.h"
#include "diameter/fd.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/newcomers.h"
#include "diameter/peer_table.h"
#include "diameter/repeated_lines.h"
#include "diameter/shown_certificate.h"
#include "diameter/tls_reports.h"
#include "hss/ascii.h"

namespace hss::diameter {
namespace {

/// More addresses than any sensible number of peers: a realm's wildcard lets peers choose their names.
constexpr std::size_t kMostAddresses = 4096;

/// Orders Diameter identities, which are ASCII, without regard to case, and without a copy of the one that is sought.
struct BeforeWithoutCase {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const {
    return std::ranges::lexicographical_compare(
        a, b, [](char x, char y) { return static_cast<unsigned char>(x) < static_cast<unsigned char>(y); },
        [](char c) { return ascii::lower(c); }, [](char c) { return ascii::lower(c); });
  }
};

/// freeDiameter calls us with locks of its own held, and they are what registering takes: never register under `mutex`.
struct Peers {
  std::mutex mutex;
  const LiveSettings* settings = nullptr;                           // null: nobody is admitted
  std::map<std::string, std::string, BeforeWithoutCase> addresses;  // by Diameter identity, in lower case
  // For the thread alone that starts and ends the extension.
  fd_hook_hdl* hook = nullptr;
  bool validator_registered = false;
};

Peers& peers() {
  static Peers instance;
  return instance;
}

std::string_view identity_of(const peer_info& info) { return {info.pi_diamid, info.pi_diamidlen}; }

/// "192.0.2.1:3868", "[2001:db8::1]:3868".
std::string with_port(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    if (inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size()) == nullptr) return {};
    return std::string(text.data()) + ':' + std::to_string(ntohs(v4.sin_port));
  }
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    if (inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size()) == nullptr) return {};
    return '[' + std::string(text.data()) + "]:" + std::to_string(ntohs(v6.sin6_port));
  }
  return {};
}

/// What with_port() wrote, without brackets and port.
std::string_view without_port(std::string_view address) {
  address = address.substr(0, address.rfind(':'));
  return address.starts_with('[') ? address.substr(1, address.size() - 2) : address;
}

struct Connection {
  std::string protocol;  // "TCP", "TCP,TLS", "SCTP" ...; empty when there is none
  std::string address;   // empty when it is not known
};

/// freeDiameter keeps connections to itself but describes them: "TCP,soc#12", "TCP,TLS,soc#12". Only for the thread
/// that owns the connection (hooks and the validator run on it): elsewhere the socket may be another's already.
Connection connection_of(peer_hdr* peer) {
  std::array<char, 64> text{};
  if (fd_peer_cnx_proto_info(peer, text.data(), text.size()) != 0) return {};
  constexpr std::string_view kMark = ",soc#";
  const std::string_view description(text.data());
  const std::size_t mark = description.find(kMark);
  if (mark == std::string_view::npos) return {};
  Connection connection{std::string(description.substr(0, mark)), {}};
  const std::string_view number = description.substr(mark + kMark.size());
  int socket = -1;
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (std::from_chars(number.data(), number.data() + number.size(), socket).ec == std::errc() &&
      getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    connection.address = with_port(address);
  }
  return connection;
}

/// "host [127.0.0.1:51234]", for the log.
std::string named(std::string_view host, const std::string& address) {
  return log::field(host) + " [" + (address.empty() ? "address unknown" : address) + ']';
}

void refuse(std::string_view host, const std::string& address, std::string_view why) {
  repeated_warnings().tell("refused " + std::string(without_port(address)) + ' ' + ascii::lower(host),
                           "peer " + named(host, address) + " refused: " + std::string(why));
}

bool over_tls(const Connection& connection) { return connection.protocol.find("TLS") != std::string::npos; }

/// freeDiameter itself would let the owner of any good certificate use any name.
bool certificate_names_peer(const peer_info& info, std::string_view host) {
  return info.runtime.pir_cert_list != nullptr && info.runtime.pir_cert_list_size > 0 &&
         certificate_names(info.runtime.pir_cert_list[0], host);
}

Access::Entry entry_of(std::string_view host, std::string_view address) {
  const std::lock_guard lock(peers().mutex);
  if (peers().settings == nullptr) return Access::Entry::kUnknown;
  return peers().settings->now().access.entry(host, without_port(address));
}

/// freeDiameter asks for every peer that connects and that its own configuration does not name (ConnectPeer).
int validate_peer(peer_info* info, int* auth, int (** /*after_handshake*/)(peer_info*)) {
  const NoCancellation guard;
  *auth = -1;
  try {
    // The information is the public part of a peer_hdr, always (libfdcore.h): the way to the connection.
    auto* const peer = reinterpret_cast<peer_hdr*>(reinterpret_cast<char*>(info) - offsetof(peer_hdr, info));
    const std::string_view host = identity_of(*info);
    const Connection connection = connection_of(peer);
    const std::string own(fd_g_config->cnf_diamid, fd_g_config->cnf_diamid_len);
    if (ascii::lower(host) == ascii::lower(own)) {
      refuse(host, connection.address, "it uses this server's own identity: give it another");
      return 0;
    }
    switch (entry_of(host, connection.address)) {
      case Access::Entry::kAdmitted:
        break;
      case Access::Entry::kUnknown:
        refuse(host, connection.address,
               "it is not in the list of peers: add it to `peers` in hss.toml if it may connect");
        return 0;
      case Access::Entry::kFromElsewhere:
        refuse(host, connection.address,
               "it may not come from there: add the address to its entry of `peers` in hss.toml if it may");
        return 0;
    }
    if (!over_tls(connection)) {
      info->config.pic_flags.sec = PI_SEC_NONE;  // else freeDiameter insists on TLS
    } else if (!certificate_names_peer(*info, host)) {
      refuse(host, connection.address, kOtherName);
      return 0;
    }
    *auth = 1;
  } catch (...) {
    *auth = -1;
  }
  return 0;
}

void keep_address(std::string_view host, const std::string& address) {
  const std::lock_guard lock(peers().mutex);
  auto& addresses = peers().addresses;
  if (addresses.size() >= kMostAddresses) addresses.clear();  // those in use come back with their next connection
  addresses.insert_or_assign(ascii::lower(host), address);
}

std::string take_address(std::string_view host) {
  const std::lock_guard lock(peers().mutex);
  auto node = peers().addresses.extract(ascii::lower(host));
  return node.empty() ? std::string() : node.mapped();
}

/// Somebody who has not said who he is, or not been believed.
void refuse_stranger(std::string_view reason) {
  const std::string cause = take_tls_cause();
  const std::string address = address_in(reason);
  const std::string line = (address.empty() ? "connection" : "connection from " + address) +
                           " refused: " + (cause.empty() ? log::without_contents(reason) : cause);
  if (told_of_newcomer()) {
    log::debug(line);
    return;
  }
  // Anybody who reaches the port can bring it about, as often as he likes.
  repeated_warnings().tell("refused " + address.substr(0, address.rfind(':')) + ' ' + cause, line);
}

void on_peer(fd_hook_type type, msg* /*message*/, peer_hdr* peer, void* other, fd_hook_permsgdata* /*data*/,
             void* /*registered*/) {
  const NoCancellation guard;
  try {
    if (type == HOOK_PEER_CONNECT_SUCCESS) {
      if (peer == nullptr) return;
      const Connection connection = connection_of(peer);
      keep_address(identity_of(peer->info), connection.address);
      log::info("peer " + named(identity_of(peer->info), connection.address) + " connected over " +
                connection.protocol);
      return;
    }
    const std::string_view reason = other == nullptr ? "no reason given" : static_cast<const char*>(other);
    if (peer == nullptr) {
      refuse_stranger(reason);
      return;
    }
    const Connection connection = connection_of(peer);
    const std::string kept = take_address(identity_of(peer->info));
    const std::string& address = connection.address.empty() ? kept : connection.address;
    const std::string cause = take_tls_cause();
    const std::string line = "peer " + named(identity_of(peer->info), address) +
                             " not connected: " + log::without_contents(reason) + (cause.empty() ? "" : ": ") + cause;
    if (reason == "DIAMETER_UNKNOWN_PEER") {  // the validator has said why it refused this one
      log::debug(line);
    } else {
      repeated_warnings().tell(without_digits(line), line);
    }
  } catch (...) {
    // Out of memory for a log line: nothing to do about it here.
  }
}

}  // namespace

void admit_peers(const LiveSettings& settings) {
  {
    const std::lock_guard lock(peers().mutex);
    peers().settings = &settings;
  }
  if (std::exchange(peers().validator_registered, true)) return;
  fd::check(fd_peer_validate_register(&validate_peer), "fd_peer_validate_register");
}

void track_peer_addresses() {
  if (peers().hook != nullptr) return;
  constexpr std::uint32_t kTypes = (1U << HOOK_PEER_CONNECT_SUCCESS) | (1U << HOOK_PEER_CONNECT_FAILED);
  fd::check(fd_hook_register(kTypes, &on_peer, nullptr, nullptr, &peers().hook), "fd_hook_register for peers");
}

void forget_peers() {
  fd_hook_hdl* const hook = std::exchange(peers().hook, nullptr);
  if (hook != nullptr) fd_hook_unregister(hook);
  const std::lock_guard lock(peers().mutex);
  peers().settings = nullptr;
  peers().addresses.clear();
}

void append_peer_address(std::string& out, std::string_view host) {
  const std::lock_guard lock(peers().mutex);
  const auto found = peers().addresses.find(host);
  if (found != peers().addresses.end()) out += found->second;
}

std::string peer_address(std::string_view host) {
  std::string out;
  append_peer_address(out, host);
  return out;
}

std::string address_in(std::string_view text) {
  constexpr std::string_view kFrom = " from [";
  const std::size_t begin = text.find(kFrom);
  const std::size_t bracket = begin == std::string_view::npos ? begin : text.find("]:", begin);
  if (bracket == std::string_view::npos) return {};
  const std::string host(text.substr(begin + kFrom.size(), bracket - begin - kFrom.size()));
  const std::string port(text.substr(bracket + 2, text.find(' ', bracket) - bracket - 2));
  return (host.find(':') == std::string::npos ? host : '[' + host + ']') + ':' + port;
}

std::string peer_at(std::string_view address) {
  const std::lock_guard lock(peers().mutex);
  const auto& addresses = peers().addresses;
  const auto found = std::find_if(addresses.begin(), addresses.end(),
                                  [address](const auto& entry) { return entry.second == address; });
  return found == addresses.end() ? std::string() : found->first;
}

namespace {

template <class Visit>
void for_each_open_peer(Visit visit) {
  for_each_peer([&visit](peer_hdr* peer) {
    if (fd_peer_get_state(peer) == STATE_OPEN) visit(peer->info);
  });
}

}  // namespace

std::vector<std::string> not_admitted_by(const Access& access) {
  std::vector<std::string> connected;
  for_each_open_peer([&connected](const peer_info& info) {
    if (info.config.pic_flags.persist == PI_PRST_NONE) connected.emplace_back(identity_of(info));
  });
  std::erase_if(connected, [&access](const std::string& host) {
    return access.entry(host, without_port(peer_address(host))) == Access::Entry::kAdmitted;
  });
  return connected;
}

bool any_peer_open() {
  bool any = false;
  for_each_open_peer([&any](const peer_info&) { any = true; });
  return any;
}

bool can_reach(std::string_view host) {
  bool any = false;
  bool direct = false;  // or by a relay
  for_each_open_peer([&](const peer_info& info) {
    any = true;
    direct = direct || info.runtime.pir_relay != 0 || ascii::same_without_case(identity_of(info), host);
  });
  if (!any || direct) return direct;
  const std::lock_guard lock(peers().mutex);
  return peers().settings == nullptr || !peers().settings->now().access.knows(host);
}

}  // namespace hss::diameter
