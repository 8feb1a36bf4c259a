// SPDX-License-Identifier: MIT
#include "diameter/listening.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "diameter/fd.h"
#include "diameter/log_text.h"

namespace hss::diameter {
namespace {

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

/// As check_bindable: later it would only be said which call failed.
void check_transports() {
  const auto& config = *fd_g_config;
  if (config.cnf_port != 0 && config.cnf_port == config.cnf_port_tls) {
    throw std::runtime_error("Port and SecPort in freeDiameter.conf are both " + std::to_string(config.cnf_port) +
                             ": give each its own, or set the one that is not wanted to 0");
  }
  if (config.cnf_flags.no_sctp) return;
  const int socket = ::socket(config.cnf_flags.no_ip4 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
  if (socket >= 0) {
    close(socket);
    return;
  }
  throw std::runtime_error(std::string("this kernel has no SCTP, which freeDiameter.conf asks for (") +
                           std::strerror(errno) + "): load the module (modprobe sctp), or write No_SCTP; there");
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

void listen_on(const std::vector<std::string>& addresses) {
  check_transports();
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

}  // namespace hss::diameter
