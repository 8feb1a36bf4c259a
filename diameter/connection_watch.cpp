// freeDiameter tells nobody of a connection that it accepts: the watch finds them among the process's own files, by the
// port they came to. A socket is known by its inode; its number may be another's a moment later.
// SPDX-License-Identifier: MIT
#include "diameter/connection_watch.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "diameter/gathered_answers.h"
#include "diameter/log.h"
#include "diameter/open_files.h"
#include "diameter/overload.h"
#include "diameter/received_frames.h"
#include "diameter/repeated_lines.h"

namespace hss::diameter {
namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr std::chrono::seconds kPatienceInACrowd{1};
constexpr std::chrono::milliseconds kInterval{250};
constexpr int kBacklog = 128;
/// Of a connection, that wait unread; the system would let it be megabytes. Under overload the time that they take is
/// added to every request's: a full connection holds its peer up instead, which can then do something about it.
constexpr int kUnreadOctets = 128 * 1024;
constexpr rlim_t kMostFiles = 65536;

struct Registry {
  std::mutex mutex;
  ConnectionWatch* watch = nullptr;
};
Registry& registry() {
  static Registry instance;
  return instance;
}

/// The port of this side; 0 when there is none.
std::uint16_t local_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return 0;
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);  // at the same place in both families
}

bool listens(int socket) {
  int yes = 0;
  socklen_t size = sizeof yes;
  return getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &yes, &size) == 0 && yes != 0;
}

int unread(int socket) {
  int octets = 0;
  return ioctl(socket, FIONREAD, &octets) == 0 ? octets : 0;
}

/// Connections inherit what their listening socket says of them.
bool take_over(int listening) {
  setsockopt(listening, SOL_SOCKET, SO_RCVBUF, &kUnreadOctets, sizeof kUnreadOctets);
  send_at_once(listening);
  return listen(listening, kBacklog) == 0;
}

void allow_more_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min(limit.rlim_max, kMostFiles);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);  // if not, it stays as it was
}

}  // namespace

void send_at_once(int socket) noexcept {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // if not, answers are late, not lost
}

void note_identified(int socket) noexcept {
  if (socket < 0) return;
  try {
    const std::lock_guard lock(registry().mutex);
    ConnectionWatch* const watch = registry().watch;
    if (watch == nullptr) return;
    const ino_t connection = socket_inode(socket);
    const std::lock_guard inner(watch->mutex_);
    watch->identified_.insert(connection);
    watch->waiting_.erase(connection);
  } catch (const std::exception& fault) {
    log::error(std::string("a connection may be closed early: ") + fault.what());
  }
}

ConnectionWatch::ConnectionWatch(std::vector<std::uint16_t> ports, std::size_t threads)
    : ports_(std::move(ports)), threads_(threads) {
  std::erase(ports_, 0);  // one that is turned off; sockets of other kinds have port 0 too
  allow_more_files();
  const std::lock_guard lock(registry().mutex);
  registry().watch = this;
}

ConnectionWatch::~ConnectionWatch() {
  {
    const std::lock_guard lock(registry().mutex);
    registry().watch = nullptr;
  }
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ConnectionWatch::start() {
  thread_ = std::thread([this] { run(); });
}

void ConnectionWatch::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kInterval, [this] { return stop_; })) {
    lock.unlock();
    try {
      const auto now = Clock::now();
      sweep(now);
      repeated_warnings().settle(now);
      repeated_errors().settle(now);
      Overload::settle(now);
      GatheredAnswers::settle_instance();  // should one be left
    } catch (const std::exception& fault) {
      log::error(std::string("connections cannot be watched: ") + fault.what());
    }
    lock.lock();
  }
}

void ConnectionWatch::sweep(Clock::time_point now) {
  std::vector<ino_t> late;
  {
    const std::lock_guard lock(mutex_);
    look(now);
    late = overdue(now);
  }
  for (const ino_t connection : late) close_waiting(connection);
}

void ConnectionWatch::look(Clock::time_point now) {
  std::set<ino_t> listening;
  std::set<ino_t> identified;
  std::map<ino_t, Waiting> waiting;
  for (const int file : open_files()) {
    const ino_t inode = socket_inode(file);
    if (inode == 0 || std::find(ports_.begin(), ports_.end(), local_port(file)) == ports_.end()) continue;
    if (listens(file)) {
      // Until freeDiameter has called it, this is no listening socket, and afterwards it does not call it again.
      if (listening_.find(inode) != listening_.end() || take_over(file)) listening.insert(inode);
    } else if (identified_.find(inode) != identified_.end()) {
      identified.insert(inode);
    } else {
      const auto known = waiting_.find(inode);
      // Octets that nobody has read yet: no thread has come to this connection, which is not its fault.
      const bool silent = known != waiting_.end() && unread(file) == 0;
      waiting.emplace(inode, Waiting{silent ? known->second.since : now, file});
    }
  }
  listening_ = std::move(listening);
  identified_ = std::move(identified);
  waiting_ = std::move(waiting);
}

std::vector<ino_t> ConnectionWatch::overdue(Clock::time_point now) const {
  const bool crowd = waiting_.size() * 4 >= threads_ * 3;
  std::vector<ino_t> out;
  for (const auto& [inode, connection] : waiting_) {
    if (now - connection.since >= (crowd ? kPatienceInACrowd : kPatience)) out.push_back(inode);
  }
  return out;
}

bool ConnectionWatch::close_waiting(ino_t connection) {
  int copy = -1;
  {
    // A copy keeps the connection, whatever becomes of the number; and which one it is of is seen on the copy.
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(connection);
    if (found == waiting_.end()) return false;
    copy = fcntl(found->second.socket, F_DUPFD_CLOEXEC, 0);
  }
  if (copy < 0) return false;
  const bool same = socket_inode(copy) == connection;
  if (same) {
    const Remote remote = remote_of(copy);
    shutdown(copy, SHUT_RDWR);
    repeated_warnings().tell("connection " + remote.host,
                             "connection from " + remote.address + " closed: it has not said who it is (no CER)");
  }
  close(copy);
  return same;
}

}  // namespace hss::diameter
