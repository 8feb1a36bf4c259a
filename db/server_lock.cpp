// SPDX-License-Identifier: MIT
#include "db/server_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "db/database.h"
#include "db/lock_file.h"
#include "hss/error_text.h"

namespace hss::db {
namespace {

std::filesystem::path lock_file(const std::filesystem::path& database) { return database.string() + "-server"; }

/// A lock of the process, not of the descriptor: whoever asks learns which process it is.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::string content_of(int descriptor) {
  std::string out;
  std::array<char, 4096> piece{};
  ssize_t size = 0;
  while ((size = ::pread(descriptor, piece.data(), piece.size(), static_cast<off_t>(out.size()))) > 0) {
    out.append(piece.data(), static_cast<std::size_t>(size));
  }
  return out;
}

}  // namespace

ServerLock::ServerLock(const std::filesystem::path& database)
    : file_(lock_file(database)), descriptor_(open_lock_file(file_, database)) {
  struct flock lock = whole_file();
  if (::fcntl(descriptor_, F_SETLK, &lock) != 0) {
    const bool taken = errno == EAGAIN || errno == EACCES;
    const std::string why = error_text(errno);
    std::string by;
    if (taken && ::fcntl(descriptor_, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0) {
      by = " (process " + std::to_string(lock.l_pid) + ")";
    }
    ::close(descriptor_);
    if (!taken)
      throw DatabaseError(file_.string() + " cannot be locked (" + why + "); keep the database on a local disk");
    throw DatabaseError(database.string() + " is served by another server" + by +
                        "; stop it first: two would issue the same SQNs");
  }
  if (::ftruncate(descriptor_, 0) != 0) {  // what the server before said
    const std::string why = error_text(errno);
    ::close(descriptor_);
    throw DatabaseError(file_.string() + " cannot be written (" + why + ")");
  }
}

ServerLock::~ServerLock() { ::close(descriptor_); }

void ServerLock::tell_reload(const std::string& report) {
  const std::string content = std::to_string(++reloads_) + '\n' + report;
  // Who reads in between finds nothing, and looks again.
  if (::ftruncate(descriptor_, 0) != 0 ||
      ::pwrite(descriptor_, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size())) {
    throw DatabaseError(file_.string() + " cannot be written (" + error_text(errno) + ")");
  }
}

std::optional<RunningServer> running_server(const std::filesystem::path& database) {
  const std::filesystem::path file = lock_file(database);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) {
    if (errno == ENOENT) return std::nullopt;
    throw DatabaseError(file.string() + " cannot be opened (" + error_text(errno) +
                        "); run this as the server's user, or as root");
  }
  struct flock lock = whole_file();
  const bool asked = ::fcntl(descriptor, F_GETLK, &lock) == 0;
  const std::string why = error_text(errno);
  const std::string content = content_of(descriptor);
  ::close(descriptor);
  if (!asked) throw DatabaseError(file.string() + ": its lock cannot be read (" + why + ")");
  if (lock.l_type == F_UNLCK) return std::nullopt;
  RunningServer out;
  out.process = lock.l_pid > 0 ? lock.l_pid : 0;
  const std::size_t line = content.find('\n');
  if (line == std::string::npos) return out;  // none yet, or it is just being written
  std::from_chars(content.data(), content.data() + line, out.reloads);
  out.report = content.substr(line + 1);
  return out;
}

}  // namespace hss::db
