// The versions of the schema (PRAGMA user_version), and the steps from each to the next.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

struct sqlite3;

namespace hss::db {

/// "mHSS": how a file says that it is ours (PRAGMA application_id).
inline constexpr std::int64_t kApplicationId = 0x6d485353;

/// The version that db/schema.sql describes.
inline constexpr std::int64_t kSchemaVersion = 7;

/// Brings a database of version `to - 1` to version `to`.
struct MigrationStep {
  std::int64_t to = 0;
  const char* sql = "";
  bool keeps_references = false;  // it can break none, and they are not looked at: of millions that takes minutes
};

/// The steps to kSchemaVersion, ascending. A change of schema.sql raises kSchemaVersion and adds its step here.
std::span<const MigrationStep> migration_steps();

/// Makes an empty database one of kSchemaVersion.
void create_schema(sqlite3* connection);

/// Applies the steps from the database's version on until it is of version `target`, each in a transaction of its own:
/// after a failure the database is of the last version that was reached. Does nothing when it is there already. Throws
/// DatabaseError when a step is missing or leaves a broken reference, SqliteError when one fails.
void migrate(sqlite3* connection, std::span<const MigrationStep> steps, std::int64_t target);

/// PRAGMA user_version.
std::int64_t schema_version(sqlite3* connection);

}  // namespace hss::db
