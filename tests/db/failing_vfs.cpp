// SPDX-License-Identifier: MIT
#include "tests/db/failing_vfs.h"

#include <new>
#include <stdexcept>
#include <utility>

namespace hss::db::test {

namespace {

/// What SQLite has of an open file; the real one lies behind it.
struct File {
  sqlite3_file base;
  FailingVfs* vfs;
  const char* name;  // null for a temporary one
};
constexpr std::size_t kHead = (sizeof(File) + 15) / 16 * 16;

FailingVfs& vfs_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->vfs; }
sqlite3_file* real_of(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kHead);
}
const sqlite3_io_methods& methods_of(sqlite3_file* file) { return *real_of(file)->pMethods; }

int close(sqlite3_file* file) { return methods_of(file).xClose(real_of(file)); }
int read(sqlite3_file* file, void* into, int count, sqlite3_int64 at) {
  if (vfs_of(file).fails(FailingVfs::kRead)) return SQLITE_IOERR_READ;
  return methods_of(file).xRead(real_of(file), into, count, at);
}
int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 at) {
  if (!vfs_of(file).fails(FailingVfs::kWrite)) return methods_of(file).xWrite(real_of(file), from, count, at);
  methods_of(file).xWrite(real_of(file), from, count / 2, at);  // torn, as it may be
  return vfs_of(file).write_error();
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (vfs_of(file).fails(FailingVfs::kTruncate)) return SQLITE_IOERR_TRUNCATE;
  return methods_of(file).xTruncate(real_of(file), size);
}
int sync(sqlite3_file* file, int flags) {
  if (vfs_of(file).fails(FailingVfs::kSync)) return SQLITE_IOERR_FSYNC;
  const char* const name = reinterpret_cast<File*>(file)->name;
  std::function<void()> synced;
  if (name != nullptr && vfs_of(file).syncing) synced = vfs_of(file).syncing(name);
  const int code = methods_of(file).xSync(real_of(file), flags);
  if (code == SQLITE_OK && synced) synced();
  return code;
}
int size(sqlite3_file* file, sqlite3_int64* found) { return methods_of(file).xFileSize(real_of(file), found); }
int lock(sqlite3_file* file, int level) { return methods_of(file).xLock(real_of(file), level); }
int unlock(sqlite3_file* file, int level) { return methods_of(file).xUnlock(real_of(file), level); }
int check_lock(sqlite3_file* file, int* found) { return methods_of(file).xCheckReservedLock(real_of(file), found); }
int control(sqlite3_file* file, int what, void* value) {
  return methods_of(file).xFileControl(real_of(file), what, value);
}
int sector(sqlite3_file* file) { return methods_of(file).xSectorSize(real_of(file)); }
int characteristics(sqlite3_file* file) { return methods_of(file).xDeviceCharacteristics(real_of(file)); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** at) {
  return methods_of(file).xShmMap(real_of(file), page, size, extend, at);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return methods_of(file).xShmLock(real_of(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { methods_of(file).xShmBarrier(real_of(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return methods_of(file).xShmUnmap(real_of(file), remove); }

constexpr sqlite3_io_methods kMethods{
    2,      close,           read,    write,    truncate,    sync,      size,    lock,   unlock, check_lock, control,
    sector, characteristics, shm_map, shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

int open(sqlite3_vfs* own, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto& vfs = *static_cast<FailingVfs*>(own->pAppData);
  file->pMethods = nullptr;
  if (vfs.fails(FailingVfs::kOpen)) return SQLITE_CANTOPEN;
  const int code = vfs.real()->xOpen(vfs.real(), name, real_of(file), flags, out_flags);
  if (code != SQLITE_OK) return code;
  new (file) File{{&kMethods}, &vfs, name};
  return SQLITE_OK;
}

}  // namespace

FailingVfs::FailingVfs() : real_(sqlite3_vfs_find(nullptr)), own_(*real_) {
  own_.zName = "failing";
  own_.szOsFile += static_cast<int>(kHead);
  own_.pNext = nullptr;
  own_.pAppData = this;
  own_.xOpen = open;
  if (sqlite3_vfs_register(&own_, 1) != SQLITE_OK) throw std::runtime_error("the failing VFS is not taken");
}

FailingVfs::~FailingVfs() {
  sqlite3_vfs_unregister(&own_);
  sqlite3_vfs_register(real_, 1);
}

void FailingVfs::fail(const Fault& fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  counted_ = failed_ = 0;
}

unsigned FailingVfs::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

bool FailingVfs::fails(Operation operation) {
  const std::lock_guard lock(mutex_);
  if ((fault_.operations & operation) == 0) return false;
  if (counted_ < fault_.after) {
    ++counted_;
    return false;
  }
  if (failed_ >= fault_.times) return false;
  ++failed_;
  return true;
}

int FailingVfs::write_error() const {
  const std::lock_guard lock(mutex_);
  return fault_.full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

}  // namespace hss::db::test
