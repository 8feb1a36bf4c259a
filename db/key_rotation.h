// A new master key in the place of the old one, while a server runs.
//
// 1. The new key is put beside the old one's FILE, whole, as FILE.next. From then on every program seals under it: each
//    looks for it whenever it seals (key_vault.h), which is inside a write transaction. Whoever cannot open a value
//    looks too. So no program needs to be told, and none to be started again.
// 2. Whatever is not under the new key is sealed again, some rows a transaction, until a whole pass finds nothing. What
//    another program sealed under the old key it has committed before the first of these transactions began.
// 3. meta's check value is sealed under the new key; then FILE is kept as FILE.old, and FILE.next gets the name FILE.
// Killed anywhere, both keys lie there under names that every program looks at, and the same command goes on: it is in
// step 2 or 3 when FILE.next is there. FILE.old is for backups of before, and nothing reads it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "db/database.h"

namespace hss::db {

class KeyRotation {
 public:
  /// Throws KeyVaultError when FILE.old of an earlier rotation is still there, or FILE is not the key of the database.
  KeyRotation(Database& database, std::filesystem::path key_file);

  /// True when an earlier run did not come to its end, and this one goes on.
  [[nodiscard]] bool goes_on() const { return goes_on_; }

  /// Records sealed again so far, in this run; false: stop here.
  using Progress = std::function<bool(std::uint64_t done)>;
  /// Steps 1 to 3. False when `progress` stopped it. Throws StoreFault for a value that opens under neither key.
  bool run(const Progress& progress);

  [[nodiscard]] std::uint64_t done() const { return done_; }
  /// Where the old key lies in the end.
  [[nodiscard]] const std::filesystem::path& old_file() const { return old_; }

 private:
  void keep_old() const;

  Database& database_;
  std::filesystem::path file_, next_, old_;
  bool goes_on_;
  std::uint64_t done_ = 0;
};

}  // namespace hss::db
