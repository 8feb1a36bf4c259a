// SPDX-License-Identifier: MIT
#include "db/new_database_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "db/database.h"
#include "db/sqlite.h"
#include "hss/error_text.h"

namespace hss::db {

namespace {

constexpr std::int64_t kStep = 1 << 20;          // octets
constexpr std::int64_t kStepsBetweenSyncs = 16;  // else the system writes it all at once, in the way of the server
constexpr std::chrono::milliseconds kBreak{1};   // after each step: the disk is for the server first

struct Close {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
struct Finish {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

/// Without a journal and without waiting for the disk: a copy that is not whole is of no use.
std::unique_ptr<sqlite3, Close> connect(const std::filesystem::path& file) {
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<sqlite3, Close> connection(raw);
  check(raw, code);
  execute(raw, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096");
  return connection;
}

[[noreturn]] void refuse_existing(const std::filesystem::path& file) {
  throw DatabaseError(file.string() + " exists already and is not overwritten; name another file, or remove it first");
}

[[noreturn]] void not_on_disk(const std::filesystem::path& file) {
  throw DatabaseError(file.string() + " cannot be brought to disk (" + error_text(errno) +
                      "); make room, or look at the disk and the system's log");
}

}  // namespace

void sync_directory_of(const std::filesystem::path& file) {
  const std::filesystem::path directory = file.has_parent_path() ? file.parent_path() : ".";
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) throw DatabaseError(directory.string() + " cannot be synced to disk (" + error_text(error) + ")");
}

NewDatabaseFile::NewDatabaseFile(std::filesystem::path file, Place place) : file_(std::move(file)) {
  std::error_code ignored;
  if (place == Place::kMustBeFree &&
      std::filesystem::symlink_status(file_, ignored).type() != std::filesystem::file_type::not_found)
    refuse_existing(file_);
  std::string name = file_.string() + ".XXXXXX";
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);  // mode 0600
  if (descriptor_ < 0) {
    throw DatabaseError(file_.string() + " cannot be created (" + error_text(errno) +
                        "); name a file in a directory that exists and is writable for this user");
  }
  made_ = name;
}

NewDatabaseFile::~NewDatabaseFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (made_.empty()) return;
  for (const char* suffix : {"", "-wal", "-shm", "-journal", "-turn"}) {
    std::error_code ignored;
    std::filesystem::remove(made_.string() + suffix, ignored);
  }
}

bool NewDatabaseFile::fill(sqlite3* source, const Progress& progress) {
  const auto target = connect(made_);
  const std::unique_ptr<sqlite3_backup, Finish> backup(sqlite3_backup_init(target.get(), "main", source, "main"));
  if (!backup) throw SqliteError(target.get(), sqlite3_extended_errcode(target.get()));
  const auto pages = static_cast<int>(kStep / query_integer(source, "PRAGMA page_size"));
  for (std::int64_t steps = 1;; ++steps) {
    const int code = sqlite3_backup_step(backup.get(), pages);
    const std::int64_t total = sqlite3_backup_pagecount(backup.get());
    if (code == SQLITE_DONE) return progress(total, total);
    if (code != SQLITE_OK) {
      const bool full = (code & 0xff) == SQLITE_FULL;
      throw DatabaseError("the database cannot be copied to " + file_.string() + " (" + sqlite3_errstr(code) + "); " +
                          (full ? "make room on its disk" : "look at the disks and the system's log"));
    }
    if (!progress(total - sqlite3_backup_remaining(backup.get()), total)) return false;
    if (steps % kStepsBetweenSyncs == 0 && ::fdatasync(descriptor_) != 0) not_on_disk(file_);
    std::this_thread::sleep_for(kBreak);
  }
}

void NewDatabaseFile::give_to_owner_of(const std::filesystem::path& example) {
  struct stat owner {};
  if (::geteuid() != 0 || ::stat(example.c_str(), &owner) != 0) return;
  if (::fchown(descriptor_, owner.st_uid, owner.st_gid) != 0) {
    throw DatabaseError(file_.string() + " cannot be given to the owner of " + example.string() + " (" +
                        error_text(errno) + "); run as the user of the server");
  }
}

void NewDatabaseFile::keep() {
  if (::fsync(descriptor_) != 0) not_on_disk(file_);
  if (::renameat2(AT_FDCWD, made_.c_str(), AT_FDCWD, file_.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) refuse_existing(file_);
    // Not every file system can refuse by itself.
    if ((errno != EINVAL && errno != ENOSYS) || ::rename(made_.c_str(), file_.c_str()) != 0) {
      throw DatabaseError(file_.string() + " cannot be put in its place (" + error_text(errno) +
                          "); name another file");
    }
  }
  std::error_code ignored;
  std::filesystem::remove(made_.string() + "-turn", ignored);
  made_.clear();
  sync_directory_of(file_);
}

}  // namespace hss::db
