// SPDX-License-Identifier: MIT
#include "diameter/peers.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "diameter/cancellation.h"
#include "diameter/fd.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "hss/ascii.h"

namespace hss::diameter {
namespace {

/// More addresses than any sensible number of peers: a realm's wildcard lets peers choose their names.
constexpr std::size_t kMostAddresses = 4096;

/// freeDiameter calls us with locks of its own held, and they are what registering takes: never register under `mutex`.
struct Peers {
  std::mutex mutex;
  std::vector<std::string> allowed;
  std::map<std::string, std::string> addresses;  // by Diameter identity, which is ASCII, in lower case
  // For the thread alone that starts and ends the extension.
  fd_hook_hdl* hook = nullptr;
  bool validator_registered = false;
};

Peers& peers() {
  static Peers instance;
  return instance;
}

std::string_view identity_of(const peer_info& info) { return {info.pi_diamid, info.pi_diamidlen}; }

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
  log::warn("peer " + named(host, address) + " refused: " + std::string(why));
}

/// Whether the peer's certificate, which freeDiameter has verified, was made out to `host` (RFC 6733 13.1):
/// freeDiameter itself would let the owner of any good certificate use any name.
bool certificate_names(const peer_info& info, std::string_view host) {
  if (info.runtime.pir_cert_list == nullptr || info.runtime.pir_cert_list_size == 0) return false;
  const gnutls_datum_t& leaf = info.runtime.pir_cert_list[0];
  const unsigned char* data = leaf.data;
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(d2i_X509(nullptr, &data, static_cast<long>(leaf.size)),
                                                                &X509_free);
  return certificate != nullptr && X509_check_host(certificate.get(), host.data(), host.size(),
                                                   X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
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
    std::vector<std::string> allowed;
    {
      const std::lock_guard lock(peers().mutex);
      allowed = peers().allowed;
    }
    if (!peer_allowed(host, allowed)) {
      refuse(host, connection.address,
             "it is not in the list of peers: add it to `peers` in hss.toml if it may connect");
      return 0;
    }
    if (connection.protocol.find("TLS") == std::string::npos) {
      info->config.pic_flags.sec = PI_SEC_NONE;  // else freeDiameter insists on TLS
    } else if (!certificate_names(*info, host)) {
      refuse(host, connection.address, "its certificate is for another name: it needs one with this name (dNSName)");
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
    if (peer == nullptr) {  // somebody who has not said who he is; the reason names the address
      log::warn("connection refused: " + log::without_contents(reason));
      return;
    }
    const Connection connection = connection_of(peer);
    const std::string kept = take_address(identity_of(peer->info));
    const std::string& address = connection.address.empty() ? kept : connection.address;
    const std::string line =
        "peer " + named(identity_of(peer->info), address) + " not connected: " + log::without_contents(reason);
    // The validator has said why it refused this one.
    reason == "DIAMETER_UNKNOWN_PEER" ? log::debug(line) : log::warn(line);
  } catch (...) {
    // Out of memory for a log line: nothing to do about it here.
  }
}

/// The address in the form freeDiameter wants; family AF_UNSPEC when it is none.
sockaddr_storage parse_address(const std::string& text, socklen_t& size) {
  sockaddr_storage storage{};
  sockaddr_in v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    std::memcpy(&storage, &v4, size = sizeof v4);
    return storage;
  }
  addrinfo hints{};  // takes a zone as well: fe80::1%eth0
  hints.ai_family = AF_INET6;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (getaddrinfo(text.c_str(), nullptr, &hints, &found) == 0) {
    std::memcpy(&storage, found->ai_addr, size = found->ai_addrlen);
    freeaddrinfo(found);
  }
  return storage;
}

/// freeDiameter binds later and then says only which of its calls failed: tried here, the reason can be told.
void check_bindable(sockaddr_storage address, socklen_t size, const std::string& text, std::uint16_t port) {
  if (port == 0 || fd_g_config->cnf_flags.no_tcp) return;
  const int socket = ::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int error = socket < 0 ? errno : 0;
  if (socket >= 0) {
    // The port is at the same place in both families.
    reinterpret_cast<sockaddr_in*>(&address)->sin_port = htons(port);
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.ss_family == AF_INET6) setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(socket, reinterpret_cast<const sockaddr*>(&address), size) != 0) error = errno;
    close(socket);
  }
  if (error != 0) {
    throw std::runtime_error(
        "cannot listen on " + log::field(text) + " port " + std::to_string(port) + ": " + std::strerror(error) +
        ": change `listen` in hss.toml or Port and SecPort in freeDiameter.conf, or end what holds it");
  }
}

}  // namespace

bool peer_allowed(std::string_view host, const std::vector<std::string>& allowed) {
  const std::string wanted = ascii::lower(host);
  return std::any_of(allowed.begin(), allowed.end(), [&wanted](const std::string& entry) {
    const std::string pattern = ascii::lower(entry);
    if (!pattern.starts_with("*.")) return pattern == wanted && !wanted.empty();
    const std::string_view realm = std::string_view(pattern).substr(1);  // with its dot
    return realm.size() > 1 && wanted.size() > realm.size() && wanted.ends_with(realm);
  });
}

void admit_peers(std::vector<std::string> allowed) {
  {
    const std::lock_guard lock(peers().mutex);
    peers().allowed = std::move(allowed);
  }
  if (std::exchange(peers().validator_registered, true)) return;
  fd::check(fd_peer_validate_register(&validate_peer), "fd_peer_validate_register");
}

void listen_on(const std::vector<std::string>& addresses) {
  for (const std::string& text : addresses) {
    socklen_t size = 0;
    sockaddr_storage address = parse_address(text, size);
    const auto flags = fd_g_config->cnf_flags;
    if (address.ss_family == AF_UNSPEC) {
      throw std::runtime_error("listen address " + log::field(text) +
                               " is no IPv4 or IPv6 address: write it in numbers, as 192.0.2.1 or 2001:db8::1");
    }
    if (address.ss_family == AF_INET6 ? flags.no_ip6 : flags.no_ip4) {
      throw std::runtime_error("listen address " + log::field(text) +
                               " is of a family that freeDiameter.conf turns off: "
                               "delete " +
                               (address.ss_family == AF_INET6 ? "No_IPv6" : "No_IP") + " there");
    }
    check_bindable(address, size, text, fd_g_config->cnf_port);
    check_bindable(address, size, text, fd_g_config->cnf_port_tls);
    fd::check(fd_ep_add_merge(&fd_g_config->cnf_endpoints, reinterpret_cast<sockaddr*>(&address), size,
                              EP_FL_CONF | EP_ACCEPTALL),
              "fd_ep_add_merge for a listen address");
  }
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
  peers().allowed.clear();
  peers().addresses.clear();
}

std::string peer_address(std::string_view host) {
  const std::lock_guard lock(peers().mutex);
  const auto found = peers().addresses.find(ascii::lower(host));
  return found == peers().addresses.end() ? std::string() : found->second;
}

std::string peer_at(std::string_view address) {
  const std::lock_guard lock(peers().mutex);
  const auto& addresses = peers().addresses;
  const auto found = std::find_if(addresses.begin(), addresses.end(),
                                  [address](const auto& entry) { return entry.second == address; });
  return found == addresses.end() ? std::string() : found->first;
}

namespace {

struct OpenPeers {
  bool any = false;
  bool relay = false;
  bool wanted = false;
};

OpenPeers open_peers(std::string_view host) {
  OpenPeers out;
  const std::string wanted = ascii::lower(host);
  const NoCancellation guard;
  if (pthread_rwlock_rdlock(&fd_g_peers_rw) != 0) return out;
  for (fd_list* at = fd_g_peers.next; at != &fd_g_peers; at = at->next) {
    auto* const peer = static_cast<peer_hdr*>(at->o);
    if (fd_peer_get_state(peer) != STATE_OPEN) continue;
    out.any = true;
    out.relay = out.relay || peer->info.runtime.pir_relay != 0;
    out.wanted = out.wanted || ascii::lower(identity_of(peer->info)) == wanted;
  }
  pthread_rwlock_unlock(&fd_g_peers_rw);
  return out;
}

}  // namespace

bool any_peer_open() { return open_peers({}).any; }

bool can_reach(std::string_view host) {
  const OpenPeers open = open_peers(host);
  if (open.wanted || open.relay) return true;
  if (!open.any) return false;
  std::vector<std::string> allowed;
  {
    const std::lock_guard lock(peers().mutex);
    allowed = peers().allowed;
  }
  return !peer_allowed(host, allowed);
}

}  // namespace hss::diameter
