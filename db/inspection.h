// What can be wrong in a database, looked for without changing anything: damage, broken references, keys that do not
// open, sequence numbers that cannot be, profiles that cannot be read.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "db/key_vault.h"

struct sqlite3;

namespace hss::db {

struct Finding {
  std::string where;
  std::string what;
  std::string remedy;
};

using Tell = std::function<void(const Finding&)>;

/// Tells what it finds, in a read transaction of `connection`. Without a vault nothing that is sealed is looked at.
/// What cannot be read at all is a finding too.
void inspect(sqlite3* connection, const KeyVault* vault, const Tell& tell);

}  // namespace hss::db
