// The place of a database that another one is to take: nobody may have it open, and what stands there is kept.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "db/turnstile.h"

namespace hss::db {

/// While it lives, no server and no hssctl opens a database at `file`.
class ReplacedDatabase {
 public:
  /// Throws DatabaseError when somebody has it open, also when it was removed since.
  explicit ReplacedDatabase(std::filesystem::path file);

  [[nodiscard]] bool is_there() const;
  /// Gives it, with its write-ahead log, the name FILE-replaced, which is returned; empty when there is none. Throws
  /// DatabaseError when another program has it open, or that name is taken.
  ///
  /// A log without its database is moved too: SQLite would read it into the next one. After a crash in the middle there
  /// is no database, which a server refuses to start with, rather than one that lacks its latest transactions.
  std::filesystem::path set_aside();

 private:
  std::filesystem::path file_;
  Turnstile alone_;
};

}  // namespace hss::db
