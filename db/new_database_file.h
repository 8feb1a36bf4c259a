// A copy of a database that is there whole and on disk, or not at all.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

struct sqlite3;

namespace hss::db {

/// Made beside `file` under another name, with mode 0600; keep() gives it its name. Without keep() it is removed.
class NewDatabaseFile {
 public:
  /// kMayBeTaken: until keep(), which refuses it too.
  enum class Place { kMustBeFree, kMayBeTaken };

  /// Throws DatabaseError when `file` is there, or cannot be made there.
  explicit NewDatabaseFile(std::filesystem::path file, Place place = Place::kMustBeFree);
  ~NewDatabaseFile();
  NewDatabaseFile(const NewDatabaseFile&) = delete;
  NewDatabaseFile& operator=(const NewDatabaseFile&) = delete;

  /// Pages done, and of how many; false: give up.
  using Progress = std::function<bool(std::int64_t done, std::int64_t total)>;
  /// Copies what `source` sees in the read transaction that it is in, a MiB at a time: a server that writes meanwhile
  /// waits for nothing but its share of the disk. False when `progress` gave up.
  bool fill(sqlite3* source, const Progress& progress);

  /// Where it lies until then: one may open it and go on, and must have closed it before keep().
  [[nodiscard]] const std::filesystem::path& made() const { return made_; }
  /// Root's copy becomes its who owns `example`, so that the server's user is not locked out.
  void give_to_owner_of(const std::filesystem::path& example);
  /// Syncs it, puts it in its place unless somebody else has put something there meanwhile, and syncs the directory.
  void keep();

 private:
  std::filesystem::path file_;
  std::filesystem::path made_;
  int descriptor_ = -1;
};

/// Throws DatabaseError.
void sync_directory_of(const std::filesystem::path& file);

}  // namespace hss::db
