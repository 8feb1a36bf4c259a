// SPDX-License-Identifier: MIT
#include "diameter/received_frames.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <charconv>
#include <exception>
#include <string_view>

#include "diameter/cancellation.h"
#include "diameter/connection_watch.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/peers.h"
#include "diameter/raw_avps.h"
#include "diameter/repeated_lines.h"
#include "diameter/wire_guard.h"

namespace hss::diameter {
namespace {

std::atomic<bool>& decorated() {
  static std::atomic<bool> seen{false};
  return seen;
}

/// The first frame of a connection says that somebody is there.
void greet() noexcept {
  thread_local bool known = false;  // freeDiameter starts a receiving thread for each connection
  if (known) return;
  known = true;
  note_identified(receiving_socket());
}

void tell(std::string_view why) {
  const Remote remote = remote_of(receiving_socket());
  const std::string peer = peer_at(remote.address);
  repeated_warnings().tell("frame " + remote.host,
                           "frame from " + (peer.empty() ? std::string("a peer without a name") : log::field(peer)) +
                               " [" + remote.address + "] refused: " + std::string(why) + "; the connection is closed");
}

}  // namespace

void take_frame(fd_cnx_rcvdata& data) noexcept {
  greet();
  const Inspection found = inspect({data.buffer, data.length});
  if (found.decorated_user_name) decorated().store(true, std::memory_order_relaxed);
  if (found.refusal.empty()) return;
  // Version 0: the first thing that freeDiameter's parser looks at. Of less than a header there is no octet to write
  // to.
  if (data.length >= kMessageHeader) data.buffer[0] = 0;
  const NoCancellation guard;
  try {
    tell(found.refusal);
  } catch (const std::exception& fault) {
    log::error(std::string("a frame was refused, and its log line failed: ") + fault.what());
  }
}

bool was_stopped(const fd_cnx_rcvdata& data) { return data.length < kMessageHeader || data.buffer[0] == 0; }

bool decorated_user_name_seen() noexcept { return decorated().load(std::memory_order_relaxed); }

int receiving_socket() noexcept {
  // The hook is not given the connection. But each receiving thread is named for its socket, "Receiver (12)
  // TCP/noTLS)", and ends before that is closed.
  const auto* const name = static_cast<const char*>(pthread_getspecific(fd_log_thname));
  constexpr std::string_view kMark = "Receiver (";
  const std::string_view text(name == nullptr ? "" : name);
  if (!text.starts_with(kMark)) return -1;
  int socket = -1;
  const auto [end, error] = std::from_chars(text.data() + kMark.size(), text.data() + text.size(), socket);
  return error == std::errc() ? socket : -1;
}

Remote remote_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (getpeername(socket, generic, &size) != 0 || getnameinfo(generic, size, host.data(), host.size(), port.data(),
                                                              port.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {"", "address unknown"};
  }
  const std::string text(host.data());
  return {text, (address.ss_family == AF_INET6 ? '[' + text + ']' : text) + ':' + port.data()};
}

}  // namespace hss::diameter
