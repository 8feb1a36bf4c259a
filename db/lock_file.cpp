// SPDX-License-Identifier: MIT
#include "db/lock_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "db/database.h"
#include "hss/error_text.h"

namespace hss::db {

int open_lock_file(const std::filesystem::path& file, const std::filesystem::path& database) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    throw DatabaseError(file.string() + " cannot be opened (" + error_text(errno) +
                        "); make it and its directory writable for this user");
  }
  struct stat owner {};
  const std::filesystem::path directory = database.has_parent_path() ? database.parent_path() : ".";
  if (::geteuid() == 0 && (::stat(database.c_str(), &owner) == 0 || ::stat(directory.c_str(), &owner) == 0) &&
      ::fchown(descriptor, owner.st_uid, owner.st_gid) != 0) {
    const int error = errno;
    ::close(descriptor);
    throw DatabaseError(file.string() + " cannot be given to the owner of the database (" + error_text(error) +
                        "); remove it and try again");
  }
  return descriptor;
}

}  // namespace hss::db
