// One server to a database: two would count SQNs beside each other. The file FILE-server beside it is locked as long as
// a server runs, and tells hssctl which process that is and what became of its latest reload.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace hss::db {

class ServerLock {
 public:
  /// Throws DatabaseError when another server has the database, or when the file cannot be made. Not to be made twice
  /// for a database in one process: the lock is the process's.
  explicit ServerLock(const std::filesystem::path& database);
  /// The file stays.
  ~ServerLock();
  ServerLock(const ServerLock&) = delete;
  ServerLock& operator=(const ServerLock&) = delete;

  /// Tells of a reload. `report` is free text of any number of lines. Throws DatabaseError.
  void tell_reload(const std::string& report);

 private:
  std::filesystem::path file_;
  int descriptor_;
  std::uint64_t reloads_ = 0;
};

/// The server that runs on a database, as another process sees it.
struct RunningServer {
  pid_t process = 0;  // 0: of another container, whose processes cannot be seen from here
  std::uint64_t reloads = 0;
  std::string report;  // of the latest
};
/// nullopt when none runs. Throws DatabaseError when that cannot be found out. Not from the server's own process.
std::optional<RunningServer> running_server(const std::filesystem::path& database);

}  // namespace hss::db
