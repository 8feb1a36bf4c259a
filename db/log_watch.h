// Whether a log that other programs write as well is still what was read of it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "db/sqlite.h"

namespace hss::db {

/// Of a table whose rows have ascending ids and are removed from the front.
class LogWatch {
 public:
  LogWatch(sqlite3* connection, const std::string& table)
      : last_{connection, "SELECT max(id) FROM " + table}, data_version_{connection, "PRAGMA data_version"} {}

  /// The id of the last row; 0 when there is none.
  std::int64_t last() {
    Rows rows(last_);
    return rows.next() ? rows.integer(0) : 0;
  }
  /// True unless the log is what it was at the latest call, when it had this `last` row too.
  bool is_another(std::int64_t last) {
    std::int64_t version = 0;
    for (Rows rows(data_version_); rows.next();) version = rows.integer(0);
    if (version == version_found_ && last == last_found_) return false;
    version_found_ = version;
    last_found_ = last;
    return true;
  }
  /// The next is_another() is true: ids come again when a log was emptied.
  void forget() { version_found_ = -1; }

 private:
  Statement last_;
  Statement data_version_;  // another number when another connection has committed
  std::int64_t last_found_ = 0;
  std::int64_t version_found_ = -1;
};

}  // namespace hss::db
