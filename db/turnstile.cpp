// SPDX-License-Identifier: MIT
#include "db/turnstile.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "db/database.h"
#include "db/lock_file.h"
#include "db/sqlite.h"
#include "hss/error_text.h"

namespace hss::db {

Turnstile::Turnstile(const std::filesystem::path& database, Use use)
    : file_(database.string() + "-turn"), descriptor_(open_lock_file(file_, database)) {
  // A lock of this descriptor, of another kind than that of a turn: the two do not see each other.
  struct flock lock {};
  lock.l_type = use == Use::kAlone ? F_WRLCK : F_RDLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(descriptor_, F_OFD_SETLK, &lock) != 0) {
    const int error = errno;
    ::close(descriptor_);
    if (error != EAGAIN && error != EACCES) {
      throw DatabaseError(file_.string() + " cannot be locked (" + error_text(error) +
                          "); keep the database on a local disk");
    }
    throw DatabaseError(database.string() + (use == Use::kAlone
                                                 ? " is in use by a server or another hssctl; stop it first"
                                                 : " is being restored; try again when that is done"));
  }
}

Turnstile::~Turnstile() { ::close(descriptor_); }

bool Turnstile::is_taken() const {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) return errno == EWOULDBLOCK;
  ::flock(descriptor_, LOCK_UN);
  return false;
}

Turnstile::Turn::Turn(const Turnstile& turnstile) : descriptor_(turnstile.descriptor_) {
  while (::flock(descriptor_, LOCK_EX) != 0) {
    if (errno != EINTR) {
      throw DatabaseError(turnstile.file_.string() + " cannot be locked (" + error_text(errno) +
                          "); keep the database on a local disk");
    }
  }
}

Turnstile::Turn::~Turn() { ::flock(descriptor_, LOCK_UN); }

void BusyWait::attach(sqlite3* connection) { check(connection, sqlite3_busy_handler(connection, on_busy, this)); }

int BusyWait::on_busy(void* self, int count) {
  auto& wait = *static_cast<BusyWait*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (count == 0) wait.since_ = now;
  if (now - wait.since_ >= wait.limit_) return 0;
  std::this_thread::sleep_for(std::chrono::microseconds(std::min(200 + count * 50, 1000)));
  return 1;
}

}  // namespace hss::db
