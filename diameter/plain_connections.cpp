// SPDX-License-Identifier: MIT
#include "diameter/plain_connections.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <exception>
#include <utility>

#include "diameter/cancellation.h"
#include "diameter/connection_watch.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/open_files.h"
#include "diameter/received_frames.h"
#include "hss/ascii.h"

namespace hss::diameter {
namespace {

using std::chrono::milliseconds;

/// Without an octet that the peer takes: as freeDiameter's MAX_HOTL_BLOCKING_TIME.
constexpr milliseconds kForWriting{1000};
constexpr milliseconds kStep{100};

std::string_view thread_name() {
  const auto* const name = static_cast<const char*>(pthread_getspecific(fd_log_thname));
  return name == nullptr ? "" : name;
}

/// The socket of a peer's connection when it is TCP without TLS, else -1. For the threads of the connection alone.
int plain_socket_of(peer_hdr* peer) {
  std::array<char, 64> text{};
  if (fd_peer_cnx_proto_info(peer, text.data(), text.size()) != 0) return -1;
  constexpr std::string_view kMark = "TCP,soc#";
  const std::string_view description(text.data());
  if (!description.starts_with(kMark)) return -1;
  int socket = -1;
  std::from_chars(description.data() + kMark.size(), description.data() + description.size(), socket);
  return socket;
}

/// Before a message that follows at once, which they share a segment with. A part of an answer would spoil all that
/// follows: then the connection is closed.
void write_before_message(int socket, BytesView octets) {
  constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE;
  auto until = PlainConnection::Clock::now() + kForWriting;
  for (std::size_t written = 0; written < octets.size();) {
    const ssize_t sent = send(socket, octets.data() + written, octets.size() - written, kFlags);
    if (sent > 0) {
      written += static_cast<std::size_t>(sent);
      if (written < octets.size()) until = PlainConnection::Clock::now() + kForWriting;
    } else if ((errno != EAGAIN && errno != EINTR) || PlainConnection::Clock::now() >= until) {
      shutdown(socket, SHUT_RDWR);
      return;
    } else {
      pollfd room{socket, POLLOUT, 0};
      poll(&room, 1, static_cast<int>(kStep.count()));
    }
  }
}

}  // namespace

bool PlainConnection::is_there() const noexcept { return socket_inode(socket) == inode; }

PlainConnections& PlainConnections::instance() {
  static PlainConnections connections;
  return connections;
}

void PlainConnections::connected(peer_hdr* peer) noexcept {
  if (peer == nullptr) return;
  try {
    const int socket = plain_socket_of(peer);
    const ino_t inode = socket < 0 ? 0 : socket_inode(socket);
    if (inode == 0) return;
    send_at_once(socket);
    auto made = std::make_shared<PlainConnection>();
    made->socket = socket;
    made->inode = inode;
    made->peer = peer;
    made->host.assign(peer->info.pi_diamid, peer->info.pi_diamidlen);
    made->address = remote_of(socket).address;
    made->since = PlainConnection::Clock::now();
    const std::lock_guard lock(mutex_);
    connections_.insert(connections_.begin(), std::move(made));
  } catch (const std::exception& fault) {
    log::error(std::string("a connection is left to freeDiameter alone, and not guarded against overload: ") +
               fault.what());
  }
}

PlainConnectionPtr PlainConnections::find(int socket) const {
  const ino_t inode = socket < 0 ? 0 : socket_inode(socket);
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(connections_, inode, &PlainConnection::inode);
  return found == connections_.end() ? nullptr : *found;
}

PlainConnection* PlainConnections::of_receiving_thread() const {
  thread_local PlainConnectionPtr mine;  // there is one receiving thread for each connection
  if (mine == nullptr && thread_name().ends_with(" TCP/noTLS)")) mine = find(receiving_socket());
  return mine.get();
}

PlainConnectionPtr PlainConnections::of_host(std::string_view host) const {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::ranges::find_if(connections_, [host](const auto& one) { return ascii::same_without_case(one->host, host); });
  return found == connections_.end() ? nullptr : *found;
}

std::vector<PlainConnectionPtr> PlainConnections::all() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void PlainConnections::forget(const PlainConnection& connection) {
  if (const std::size_t lost = connection.answers.size(); lost != 0) {
    log::warn(std::to_string(lost) + (lost == 1 ? " answer to " : " answers to ") + log::field(connection.host) + " [" +
              connection.address + "] lost: the connection is closed");
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(connections_, [&connection](const auto& one) { return one.get() == &connection; });
}

void PlainConnections::about_to_send(msg* message, peer_hdr* peer) noexcept {
  // In other states than OPEN any thread may send.
  thread_local const bool sends = thread_name().starts_with("OUT/");
  thread_local PlainConnectionPtr connection;
  thread_local bool looked = false;
  thread_local std::vector<std::uint8_t> octets;
  if (!sends || message == nullptr || peer == nullptr) return;
  const NoCancellation guard;
  try {
    if (!std::exchange(looked, true)) connection = find(plain_socket_of(peer));
    if (connection == nullptr) return;
    const msg_hdr& header = fd::header(message);
    octets.clear();
    if ((header.msg_flags & CMD_FLAG_REQUEST) == 0) {
      connection->answers.take({header.msg_hbhid, header.msg_eteid}, octets);
    }
    const RefusalOutbox::Octets refusals = connection->refusals.take();
    octets.insert(octets.end(), refusals.begin(), refusals.end());
    if (!octets.empty()) write_before_message(connection->socket, octets);
  } catch (const std::exception& fault) {
    log::error(std::string("answers are lost: ") + fault.what());
  }
}

}  // namespace hss::diameter
