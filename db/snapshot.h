// One view of a database file for those who only look: nothing is written, migrated or folded, whatever others do to
// the file meanwhile.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "db/turnstile.h"

struct sqlite3;

namespace hss::db {

class Snapshot {
 public:
  enum class Of {
    kLive,    // a server's, which may run: its write-ahead log is read too
    kBackup,  // a file at rest, possibly on a medium that cannot be written
  };

  /// Throws DatabaseError for what is missing, is not ours, or is of a newer schema than this program knows; an older
  /// one is taken as it is.
  Snapshot(const std::filesystem::path& file, Of what);

  /// Inside a read transaction.
  [[nodiscard]] sqlite3* handle() const { return connection_.get(); }
  /// Of its schema.
  [[nodiscard]] std::int64_t version() const { return version_; }
  [[nodiscard]] std::int64_t subscribers() const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };

  BusyWait busy_;
  std::unique_ptr<sqlite3, Close> connection_;
  std::int64_t version_ = 0;
};

}  // namespace hss::db
