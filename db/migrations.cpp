// SPDX-License-Identifier: MIT
#include "db/migrations.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>

#include "db/database.h"
#include "db/schema.h"
#include "db/sqlite.h"

namespace hss::db {

namespace {

std::string file_of(sqlite3* connection) {
  const char* file = sqlite3_db_filename(connection, "main");
  return file == nullptr ? "" : file;
}

/// Rolls back unless it was committed.
class ExclusiveTransaction {
 public:
  explicit ExclusiveTransaction(sqlite3* connection) : connection_(connection) {
    execute(connection, "BEGIN IMMEDIATE");
  }
  ~ExclusiveTransaction() {
    // Nothing to do about a failure: whatever threw is on its way, and closing the connection rolls back too.
    if (sqlite3_get_autocommit(connection_) == 0) sqlite3_exec(connection_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  ExclusiveTransaction(const ExclusiveTransaction&) = delete;
  ExclusiveTransaction& operator=(const ExclusiveTransaction&) = delete;
  void commit() { execute(connection_, "COMMIT"); }

 private:
  sqlite3* connection_;
};

/// A step may rebuild a table that others refer to, which SQLite allows only while foreign keys are not enforced; what
/// it left behind is then checked as a whole.
class ForeignKeysOff {
 public:
  explicit ForeignKeysOff(sqlite3* connection) : connection_(connection) {
    execute(connection, "PRAGMA foreign_keys = OFF");
  }
  ~ForeignKeysOff() { sqlite3_exec(connection_, "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr); }
  ForeignKeysOff(const ForeignKeysOff&) = delete;
  ForeignKeysOff& operator=(const ForeignKeysOff&) = delete;

 private:
  sqlite3* connection_;
};

void set_version(sqlite3* connection, std::int64_t version) {
  execute(connection, ("PRAGMA user_version = " + std::to_string(version)).c_str());
}

bool has_broken_references(sqlite3* connection) {
  Statement statement(connection, "PRAGMA foreign_key_check");
  return Rows(statement).next();
}

}  // namespace

std::span<const MigrationStep> migration_steps() {
  static constexpr std::array kSteps{
      MigrationStep{2, "CREATE TABLE sequence_log (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT"},
      MigrationStep{3,
                    "CREATE TABLE last_key_set (id INTEGER NOT NULL) STRICT;"
                    "INSERT INTO last_key_set (id) SELECT coalesce(max(id), 0) FROM key_set;"
                    "CREATE TRIGGER key_set_is_gone AFTER DELETE ON key_set BEGIN"
                    " UPDATE last_key_set SET id = old.id WHERE id < old.id; END;"
                    "CREATE TABLE change_journal (id INTEGER PRIMARY KEY, subscription INTEGER NOT NULL) STRICT"},
      MigrationStep{4,
                    "DROP INDEX public_identity_of_profile;"
                    "CREATE INDEX public_identity_of_profile ON public_identity (service_profile)"
                    " WHERE service_profile <> 1"},
      MigrationStep{
          5,
          "ALTER TABLE registration RENAME TO old_registration;"
          "CREATE TABLE registration (implicit_set INTEGER NOT NULL, private_identity INTEGER NOT NULL,"
          " status INTEGER NOT NULL CHECK (status IN (1, 2)), server INTEGER REFERENCES server,"
          " PRIMARY KEY (implicit_set, private_identity),"
          " FOREIGN KEY (implicit_set, private_identity) REFERENCES association ON DELETE CASCADE)"
          " STRICT, WITHOUT ROWID;"
          "CREATE TABLE auth_pending (implicit_set INTEGER NOT NULL, private_identity INTEGER NOT NULL,"
          " until INTEGER NOT NULL, server INTEGER REFERENCES server, PRIMARY KEY (implicit_set, private_identity),"
          " FOREIGN KEY (implicit_set, private_identity) REFERENCES association ON DELETE CASCADE)"
          " STRICT, WITHOUT ROWID;"
          "INSERT INTO registration SELECT o.implicit_set, o.private_identity, o.status,"
          " coalesce(s.previous_s_cscf, s.s_cscf) FROM old_registration o JOIN implicit_set i"
          " ON i.id = o.implicit_set JOIN subscription s ON s.id = i.subscription WHERE o.status <> 0;"
          "INSERT INTO auth_pending SELECT o.implicit_set, o.private_identity, o.auth_pending_until, s.s_cscf"
          " FROM old_registration o JOIN implicit_set i ON i.id = o.implicit_set"
          " JOIN subscription s ON s.id = i.subscription WHERE o.auth_pending_until IS NOT NULL;"
          "DROP TABLE old_registration;"
          // What the pairs say now. With another S-CSCF before it, only a challenge says so.
          "UPDATE subscription AS s SET s_cscf = NULL, previous_s_cscf = NULL WHERE s_cscf IS NOT NULL AND"
          " (EXISTS (SELECT 1 FROM implicit_set i JOIN auth_pending p ON p.implicit_set = i.id"
          "  WHERE i.subscription = s.id)"
          " OR (previous_s_cscf IS NULL AND EXISTS (SELECT 1 FROM implicit_set i JOIN registration r"
          "  ON r.implicit_set = i.id WHERE i.subscription = s.id)))"},
      MigrationStep{6,
                    "CREATE TABLE auth_pending_log (id INTEGER PRIMARY KEY, implicit_set INTEGER NOT NULL,"
                    " private_identity INTEGER NOT NULL, until INTEGER, server INTEGER) STRICT;"
                    "CREATE TRIGGER association_is_gone AFTER DELETE ON association"
                    " WHEN EXISTS (SELECT 1 FROM auth_pending_log) BEGIN INSERT INTO auth_pending_log"
                    " (implicit_set, private_identity) VALUES (old.implicit_set, old.private_identity); END",
                    true},
      MigrationStep{
          7,
          "CREATE TEMP TABLE latest AS SELECT implicit_set, private_identity, until, server, max(id)"
          " FROM auth_pending_log GROUP BY 1, 2;"
          "DELETE FROM auth_pending WHERE (implicit_set, private_identity) IN"
          " (SELECT implicit_set, private_identity FROM latest);"
          "INSERT INTO auth_pending SELECT l.implicit_set, l.private_identity, l.until, l.server FROM latest l"
          " JOIN association USING (implicit_set, private_identity) WHERE l.until IS NOT NULL;"
          "DROP TABLE latest; DROP TRIGGER association_is_gone; DROP TABLE auth_pending_log;"
          "CREATE TABLE auth_pending_log (id INTEGER PRIMARY KEY, content BLOB, implicit_set INTEGER,"
          " private_identity INTEGER, CHECK ((content IS NULL) ="
          " (implicit_set IS NOT NULL AND private_identity IS NOT NULL))) STRICT;"
          "CREATE TRIGGER association_is_gone AFTER DELETE ON association"
          " WHEN EXISTS (SELECT 1 FROM auth_pending_log) BEGIN INSERT INTO auth_pending_log"
          " (implicit_set, private_identity) VALUES (old.implicit_set, old.private_identity); END",
          true},
  };
  return kSteps;
}

std::int64_t schema_version(sqlite3* connection) { return query_integer(connection, "PRAGMA user_version"); }

void create_schema(sqlite3* connection) {
  ExclusiveTransaction transaction(connection);
  execute(connection, kSchemaSql);
  execute(connection, ("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  set_version(connection, kSchemaVersion);
  transaction.commit();
}

void migrate(sqlite3* connection, std::span<const MigrationStep> steps, std::int64_t target) {
  if (schema_version(connection) >= target) return;
  {
    ForeignKeysOff off(connection);
    for (;;) {
      ExclusiveTransaction transaction(connection);
      const std::int64_t version = schema_version(connection);  // another program may have been faster
      if (version >= target) break;
      const auto step = std::find_if(steps.begin(), steps.end(), [&](const auto& s) { return s.to == version + 1; });
      if (step == steps.end()) {
        throw DatabaseError(file_of(connection) + " is of schema version " + std::to_string(version) +
                            ", which this program cannot upgrade; upgrade it with the release before this one");
      }
      execute(connection, step->sql);
      if (!step->keeps_references && has_broken_references(connection)) {
        throw DatabaseError(file_of(connection) + " holds broken references, so its upgrade to schema version " +
                            std::to_string(step->to) + " was undone; restore it from a backup");
      }
      set_version(connection, step->to);
      transaction.commit();
    }
  }
  if (query_integer(connection, "PRAGMA foreign_keys") != 1) {
    throw DatabaseError(file_of(connection) + ": foreign keys cannot be turned on again; try again");
  }
}

}  // namespace hss::db
