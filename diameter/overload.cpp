// SPDX-License-Identifier: MIT
#include "diameter/overload.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "diameter/cancellation.h"
#include "diameter/command_table.h"
#include "diameter/core_traps.h"
#include "diameter/log.h"
#include "diameter/log_text.h"
#include "diameter/raw_avps.h"
#include "diameter/received_frames.h"
#include "diameter/refusal_sender.h"
#include "diameter/wire_guard.h"

namespace hss::diameter {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{100};  // of a request that is held back
constexpr milliseconds kLook{1};        // whether there is room
constexpr milliseconds kForWriting{
    1000};  // without an octet that the peer takes: as freeDiameter's MAX_HOTL_BLOCKING_TIME
constexpr milliseconds kBetweenLines{1000};
constexpr milliseconds kIdle{200};
constexpr std::size_t kReadAtOnce = 65536;
constexpr unsigned kFramesBetweenLooks = 16;

/// 0 when it is no socket.
ino_t inode_of(int file) {
  struct stat found {};
  return fstat(file, &found) == 0 && S_ISSOCK(found.st_mode) ? found.st_ino : 0;
}

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

/// Length of the whole frame that `octets` begins with; 0 for a part of one; nothing when it is none.
std::optional<std::size_t> frame_in(BytesView octets, std::size_t room) {
  if (octets.size() < 4) return 0;
  const std::size_t length = u32(octets.data()) & 0xFFFFFFU;
  if (octets[0] != 1 || length < kMessageHeader || length > room) return std::nullopt;
  return octets.size() < length ? 0 : length;
}

/// False when what is read is not what was looked at, which a peer with urgent data can bring about.
bool consume(int socket, BytesView looked_at, std::vector<std::uint8_t>& room) {
  std::size_t read = 0;
  while (read < looked_at.size()) {
    const ssize_t got = recv(socket, room.data() + read, looked_at.size() - read, MSG_DONTWAIT);
    if (got <= 0) return false;
    read += static_cast<std::size_t>(got);
  }
  return std::equal(looked_at.begin(), looked_at.end(), room.begin());
}

fd::MessagePtr parsed(const RefusalOutbox::Octets& octets) {
  auto* copy = static_cast<std::uint8_t*>(std::malloc(octets.size()));
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, octets.data(), octets.size());
  msg* message = nullptr;
  const int error = fd_msg_parse_buffer(&copy, octets.size(), &message);  // the octets become the message's
  if (error != 0) std::free(copy);
  fd::check(error, "read a request");
  return fd::MessagePtr(message);
}

/// What a receiving thread keeps, of which there is one for each connection.
struct Receiving {
  std::shared_ptr<void> connection;
  unsigned frames = 0;
  bool too_much = false;  // at the last look
  std::vector<std::uint8_t> seen;
  std::vector<std::uint8_t> read;
  std::vector<std::uint8_t> answers;
};

Receiving& receiving() {
  thread_local Receiving instance;
  return instance;
}

}  // namespace

std::atomic<Overload*>& Overload::current() {
  static std::atomic<Overload*> instance{nullptr};
  return instance;
}

Overload::Overload(const TransactionQueue& queue, const Settings& settings)
    : queue_(queue),
      answers_(std::string(fd::own_host()), std::string(fd::own_realm()), commands(), settings),
      most_(static_cast<long>(settings.queue_limit - settings.queue_limit / 8)),
      few_(most_ - most_ / 8) {
  current() = this;
}

Overload::~Overload() { current() = nullptr; }

void Overload::connected(peer_hdr* peer) noexcept {
  Overload* const self = current();
  if (self == nullptr || peer == nullptr) return;
  try {
    const int socket = plain_socket_of(peer);
    const ino_t inode = socket < 0 ? 0 : inode_of(socket);
    if (inode == 0) return;
    auto made = std::make_shared<Connection>();
    made->socket = socket;
    made->inode = inode;
    made->peer = peer;
    made->host.assign(peer->info.pi_diamid, peer->info.pi_diamidlen);
    made->address = remote_of(socket).address;
    const std::lock_guard lock(self->mutex_);
    self->connections_.insert_or_assign(inode, std::move(made));
  } catch (const std::exception& fault) {
    log::error(std::string("a connection is not guarded against overload: ") + fault.what());
  }
}

Overload::ConnectionPtr Overload::find(int socket) const {
  const ino_t inode = socket < 0 ? 0 : inode_of(socket);
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(inode);
  return found == connections_.end() ? nullptr : found->second;
}

void Overload::put_frames(Connection& connection, long frames) {
  frames_ += frames - connection.frames.exchange(frames);
}

long Overload::waiting(Connection& connection) {
  int frames = 0;
  fd_stat_getstats(STAT_P_PSM, connection.peer, &frames, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  put_frames(connection, frames);
  connection.looked = Clock::now();
  return frames_ + static_cast<long>(queue_.waiting());
}

void Overload::received(const fd_cnx_rcvdata& data) noexcept {
  Overload* const self = current();
  if (self == nullptr || self->silent_) return;
  Receiving& mine = receiving();
  if (++mine.frames % kFramesBetweenLooks != 0 && !mine.too_much) return;
  const NoCancellation guard;
  try {
    if (!self->answers_.concerns({data.buffer, data.length})) return;
    if (mine.connection == nullptr) {
      if (!thread_name().ends_with(" TCP/noTLS)")) return;
      mine.connection = self->find(receiving_socket());
      if (mine.connection == nullptr) return;  // not admitted, or about to be
    }
    auto& connection = *static_cast<Connection*>(mine.connection.get());
    mine.too_much = self->waiting(connection) >= self->most_;
    if (mine.too_much) self->hold_back(connection);
  } catch (const std::exception& fault) {
    log::error(std::string("requests cannot be held back: ") + fault.what());
  }
}

void Overload::hold_back(Connection& connection) {
  const auto until = Clock::now() + kPatience;
  while (!silent_ && waiting(connection) >= few_ && fd_peer_get_state(connection.peer) == STATE_OPEN) {
    const Found found = connection.outbox.is_full() ? Found::kPart : refuse_what_follows(connection);
    if (found == Found::kOther || Clock::now() >= until) break;
    if (found == Found::kRequests) continue;
    send_courier(connection);
    // Not until something comes: that would be for each request.
    std::this_thread::sleep_for(kLook);
  }
  send_courier(connection);
}

/// All whole requests of ours that have come, as long as there are too many.
Overload::Found Overload::refuse_what_follows(Connection& connection) {
  Receiving& mine = receiving();
  mine.seen.resize(kReadAtOnce);
  mine.read.resize(kReadAtOnce);
  mine.answers.clear();
  const ssize_t got = recv(connection.socket, mine.seen.data(), mine.seen.size(), MSG_PEEK | MSG_DONTWAIT);
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR) ? Found::kNothing : Found::kOther;
  const BytesView seen(mine.seen.data(), static_cast<std::size_t>(got));
  Found out = Found::kPart;
  BytesView last;
  std::size_t last_answer = 0;
  std::size_t done = 0;
  std::uint64_t count = 0;
  while (done < seen.size()) {
    const auto length = frame_in(seen.subspan(done), mine.seen.size());
    if (length == std::size_t{0}) break;
    const BytesView frame = length ? seen.subspan(done, *length) : BytesView();
    const std::size_t answer = mine.answers.size();
    if (frame.empty() || !inspect(frame).refusal.empty() || !answers_.append(frame, mine.answers)) {
      out = Found::kOther;
      break;
    }
    done += frame.size();
    last = frame;
    last_answer = answer;
    ++count;
    if (count % kFramesBetweenLooks == 0 && waiting(connection) < few_) break;
  }
  if (count == 0) return out;
  connection.outbox.put(mine.answers, last, last_answer, mine.answers.size());
  connection.refused += count;
  if (!consume(connection.socket, seen.first(done), mine.read)) {
    shutdown(connection.socket, SHUT_RDWR);
    return Found::kOther;
  }
  return out == Found::kOther ? out : Found::kRequests;
}

void Overload::send_courier(Connection& connection) const {
  if (silent_) return;
  const auto octets = connection.outbox.courier();
  if (!octets) return;
  try {
    const fd::MessagePtr request = parsed(*octets);
    if (RefusalSender::submit_to_instance(refusal_of(request.get(), connection.host, "DIAMETER_TOO_BUSY", ""))) return;
  } catch (const std::exception& fault) {
    log::error(std::string("a request is refused later: ") + fault.what());
  }
  RefusalOutbox::Octets answer;
  answers_.append(*octets, answer);
  connection.outbox.put(answer, *octets, 0, answer.size());
}

void Overload::about_to_send(peer_hdr* peer) noexcept {
  // In other states than OPEN any thread may send.
  thread_local const bool sends = thread_name().starts_with("OUT/");
  thread_local ConnectionPtr connection;
  thread_local bool looked = false;
  Overload* const self = current();
  if (self == nullptr || !sends || peer == nullptr) return;
  const NoCancellation guard;
  try {
    if (!std::exchange(looked, true)) connection = self->find(plain_socket_of(peer));
    if (connection == nullptr) return;
    const RefusalOutbox::Octets octets = connection->outbox.take();
    if (!octets.empty()) write(connection->socket, octets);
  } catch (const std::exception& fault) {
    log::error(std::string("refused requests get no answer: ") + fault.what());
  }
}

/// A part of an answer would spoil all that follows: then the connection is closed.
void Overload::write(int socket, const RefusalOutbox::Octets& octets) {
  const auto until = Clock::now() + kForWriting;
  for (std::size_t written = 0; written < octets.size();) {
    const ssize_t sent = send(socket, octets.data() + written, octets.size() - written, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      written += static_cast<std::size_t>(sent);
    } else if ((errno != EAGAIN && errno != EINTR) || Clock::now() >= until) {
      shutdown(socket, SHUT_RDWR);
      return;
    } else {
      pollfd room{socket, POLLOUT, 0};
      poll(&room, 1, static_cast<int>(kPatience.count()));
    }
  }
}

void Overload::tell(Connection& connection, Clock::time_point now) {
  const std::uint64_t refused = connection.refused.exchange(0);
  if (refused == 0) return;
  connection.told = now;
  log::warn(std::to_string(refused) + (refused == 1 ? " request of " : " requests of ") + log::field(connection.host) +
            " [" + connection.address + "] -> DIAMETER_TOO_BUSY 3004: more come than can be answered");
}

void Overload::settle(Clock::time_point now) noexcept {
  Overload* const self = current();
  if (self == nullptr) return;
  try {
    std::vector<ConnectionPtr> connections;
    {
      const std::lock_guard lock(self->mutex_);
      for (const auto& [inode, connection] : self->connections_) connections.push_back(connection);
    }
    for (const ConnectionPtr& connection : connections) {
      const bool gone = inode_of(connection->socket) != connection->inode;
      // One that receives nothing does not look either.
      if (gone || now - connection->looked.load() >= kIdle) self->put_frames(*connection, 0);
      if (gone || now - connection->told >= kBetweenLines) tell(*connection, now);
      if (gone) {
        const std::lock_guard lock(self->mutex_);
        self->connections_.erase(connection->inode);
      } else {
        self->send_courier(*connection);  // should one not have been sent
      }
    }
  } catch (const std::exception& fault) {
    log::error(std::string("refused requests cannot be told of: ") + fault.what());
  }
}

}  // namespace hss::diameter
