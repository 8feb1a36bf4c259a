// Files beside the database that hold nothing but locks.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace hss::db {

/// Opens `file` for reading and writing, mode 0600; makes it when it is missing, for the user whose database it is, as
/// SQLite does with its own: root's hssctl must not lock the server's user out. The caller closes the descriptor.
/// Throws DatabaseError.
int open_lock_file(const std::filesystem::path& file, const std::filesystem::path& database);

}  // namespace hss::db
