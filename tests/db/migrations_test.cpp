// SPDX-License-Identifier: MIT
#include "db/migrations.h"

#include <gmock/gmock.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/administration.h"
#include "db/sqlite.h"
#include "db/sqlite_repository.h"
#include "tests/db/fixtures.h"

namespace hss::db::test {
namespace {

using testing::HasSubstr;

class MigrationsTest : public StoreTest {
 protected:
  /// A database of version 5 with one table, as an imaginary earlier program left it.
  void SetUp() override { execute(handle(), "CREATE TABLE step (name TEXT NOT NULL) STRICT; PRAGMA user_version = 5"); }
  [[nodiscard]] sqlite3* handle() const { return database_->handle(); }
  std::vector<std::string> steps_taken() {
    std::vector<std::string> names;
    Statement statement(handle(), "SELECT name FROM step ORDER BY rowid");
    for (Rows rows(statement); rows.next();) names.push_back(rows.text(0));
    return names;
  }
};

constexpr std::array kSteps{MigrationStep{4, "INSERT INTO step VALUES ('never again')"},
                            MigrationStep{5, "INSERT INTO step VALUES ('never again')"},
                            MigrationStep{6, "INSERT INTO step VALUES ('to 6'); CREATE TABLE six (n INTEGER) STRICT"},
                            MigrationStep{7, "INSERT INTO step VALUES ('to 7'); INSERT INTO six VALUES (1)"},
                            MigrationStep{8, "INSERT INTO step VALUES ('to 8')"}};

TEST_F(MigrationsTest, TakesEveryStepOnceAndInOrder) {
  migrate(handle(), kSteps, 8);
  EXPECT_THAT(steps_taken(), testing::ElementsAre("to 6", "to 7", "to 8"));
  EXPECT_EQ(schema_version(handle()), 8);
  migrate(handle(), kSteps, 8);
  EXPECT_EQ(steps_taken().size(), 3U);
  EXPECT_EQ(query("PRAGMA foreign_keys"), 1);
}

TEST_F(MigrationsTest, StopsAtTheTarget) {
  migrate(handle(), kSteps, 6);
  EXPECT_EQ(schema_version(handle()), 6);
  EXPECT_THAT(steps_taken(), testing::ElementsAre("to 6"));
}

TEST_F(MigrationsTest, AFailedStepIsUndoneAndTheOnesBeforeItStay) {
  const std::array steps{kSteps[2], MigrationStep{7, "INSERT INTO step VALUES ('half'); SELECT no_such_function()"}};
  EXPECT_THROW(migrate(handle(), steps, 7), SqliteError);
  EXPECT_EQ(schema_version(handle()), 6);
  EXPECT_THAT(steps_taken(), testing::ElementsAre("to 6"));
  EXPECT_EQ(query("PRAGMA foreign_keys"), 1);
  migrate(handle(), kSteps, 8);
  EXPECT_THAT(steps_taken(), testing::ElementsAre("to 6", "to 7", "to 8"));
}

TEST_F(MigrationsTest, AMissingStepIsNamed) {
  const std::array steps{kSteps[2], kSteps[4]};
  EXPECT_THAT(error_of<DatabaseError>([&] { migrate(handle(), steps, 8); }),
              testing::AllOf(HasSubstr(file_.string()), HasSubstr("version 6")));
}

TEST_F(MigrationsTest, AStepMayRebuildATableThatOthersReferTo) {
  execute(handle(),
          "CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT; INSERT INTO parent VALUES (1);"
          "CREATE TABLE child (parent INTEGER REFERENCES parent) STRICT; INSERT INTO child VALUES (1)");
  const std::array steps{MigrationStep{6,
                                       "CREATE TABLE parent2 (id INTEGER PRIMARY KEY, more TEXT) STRICT;"
                                       "INSERT INTO parent2 SELECT id, 'x' FROM parent; DROP TABLE parent;"
                                       "ALTER TABLE parent2 RENAME TO parent"}};
  migrate(handle(), steps, 6);
  EXPECT_EQ(query("SELECT count(*) FROM child JOIN parent ON parent.id = child.parent WHERE more = 'x'"), 1);
}

TEST_F(MigrationsTest, AStepThatBreaksAReferenceIsUndone) {
  execute(handle(),
          "CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT; INSERT INTO parent VALUES (1);"
          "CREATE TABLE child (parent INTEGER REFERENCES parent) STRICT; INSERT INTO child VALUES (1)");
  const std::array steps{MigrationStep{6, "DELETE FROM parent"}};
  EXPECT_THAT(error_of<DatabaseError>([&] { migrate(handle(), steps, 6); }), HasSubstr("broken references"));
  EXPECT_EQ(schema_version(handle()), 5);
  EXPECT_EQ(query("SELECT count(*) FROM parent"), 1);
}

TEST_F(MigrationsTest, AStepThatOnlyAddsDoesNotLookAtAllRows) {
  execute(handle(),
          "PRAGMA foreign_keys = OFF; CREATE TABLE child (parent INTEGER REFERENCES service_profile) STRICT;"
          "INSERT INTO child VALUES (77); PRAGMA foreign_keys = ON");
  const std::array steps{MigrationStep{6, "CREATE TABLE six (n INTEGER) STRICT", true}};
  migrate(handle(), steps, 6);
  EXPECT_EQ(schema_version(handle()), 6);
}

/// Brings a new database to what one of version 4 is.
constexpr const char* kBackToVersion4 =
    "DROP TRIGGER association_is_gone; DROP TABLE auth_pending_log; DROP TABLE auth_pending; DROP TABLE registration;"
    "CREATE TABLE registration (implicit_set INTEGER NOT NULL, private_identity INTEGER NOT NULL,"
    " status INTEGER NOT NULL CHECK (status IN (0, 1, 2)), auth_pending_until INTEGER,"
    " PRIMARY KEY (implicit_set, private_identity),"
    " FOREIGN KEY (implicit_set, private_identity) REFERENCES association ON DELETE CASCADE) STRICT, WITHOUT ROWID;"
    "PRAGMA user_version = 4";

class OlderDatabaseTest : public StoreTest {};

TEST_F(OlderDatabaseTest, OfVersion2IsUpgradedWithItsSubscribers) {
  {
    Administration administration(*database_, vault_);
    database_->write([&] { administration.add(usual_draft(1)); });
    database_->write([&] { administration.add(usual_draft(2)); });
  }
  execute(database_->handle(), kBackToVersion4);
  execute(database_->handle(),
          "DROP TRIGGER key_set_is_gone; DROP TABLE last_key_set; DROP TABLE change_journal;"
          "PRAGMA user_version = 2");
  database_ = connect();
  EXPECT_EQ(query("PRAGMA user_version"), kSchemaVersion);
  const std::int64_t last = query("SELECT max(id) FROM key_set");
  Administration administration(*database_, vault_);
  database_->write([&] {
    EXPECT_TRUE(administration.remove(administration.find(usual_draft(2).imsi).value()));
    administration.add(usual_draft(3));
  });
  EXPECT_EQ(query("SELECT max(id) FROM key_set"), last + 1) << "a number is not given twice";
  EXPECT_EQ(query("SELECT count(*) FROM change_journal"), 1);
}

TEST_F(OlderDatabaseTest, TheFirstProfileLeavesItsIndex) {
  {
    Administration administration(*database_, vault_);
    database_->write([&] { administration.add(usual_draft(1)); });
  }
  execute(database_->handle(), kBackToVersion4);
  execute(database_->handle(),
          "DROP INDEX public_identity_of_profile;"
          "CREATE INDEX public_identity_of_profile ON public_identity (service_profile);"
          "PRAGMA user_version = 3");
  database_ = connect();
  EXPECT_EQ(query("PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(query("SELECT count(*) FROM sqlite_schema WHERE name = 'public_identity_of_profile'"
                  " AND sql LIKE '%WHERE service_profile <> 1'"),
            1);
  EXPECT_EQ(query("PRAGMA foreign_keys"), 1);
}

TEST_F(OlderDatabaseTest, RegistrationsAndWhatIsPendingGetTablesOfTheirOwn) {
  std::vector<SubscriptionId> ids;
  {
    Administration administration(*database_, vault_);
    for (const unsigned number : {1U, 2U, 3U, 4U}) {
      database_->write([&] { ids.push_back(administration.add(usual_draft(number))); });
    }
  }
  execute(database_->handle(), kBackToVersion4);
  execute(database_->handle(),
          "INSERT INTO server (id, name, diameter_host, diameter_realm)"
          " VALUES (1, 'sip:one', 'one', 'test'), (2, 'sip:two', 'two', 'test')");
  const char* const states[] = {"1, NULL", "2, 77", "0, 88"};  // and one without
  const char* const servers[] = {"1, NULL", "2, 1", "2, NULL", "1, 2"};
  for (std::size_t i = 0; i < std::size(servers); ++i) {
    execute(database_->handle(), ("UPDATE subscription SET (s_cscf, previous_s_cscf) = (SELECT " +
                                  std::string(servers[i]) + ") WHERE id = " + std::to_string(ids[i]))
                                     .c_str());
  }
  for (std::size_t i = 0; i < std::size(states); ++i) {
    execute(database_->handle(),
            ("INSERT INTO registration SELECT a.implicit_set, a.private_identity, " + std::string(states[i]) +
             " FROM association a JOIN implicit_set s"
             " ON s.id = a.implicit_set WHERE s.subscription = " +
             std::to_string(ids[i]))
                .c_str());
  }
  database_ = connect();
  std::vector<std::pair<RegistrationStatus, std::optional<UnixTime>>> found;
  std::vector<std::pair<std::string, std::string>> found_servers;
  database_->read([&] {
    SqliteRepository repository(*database_, vault_);
    for (const SubscriptionId id : ids) {
      const Registration state = repository.registration(id);
      for (const PairState& pair : state.pairs) found.emplace_back(pair.status, pair.auth_pending_until);
      const auto name_of = [](const std::optional<AssignedServer>& server) { return server ? server->name : ""; };
      found_servers.emplace_back(name_of(state.server), name_of(state.previous_server));
    }
  });
  EXPECT_THAT(found, testing::ElementsAre(testing::Pair(RegistrationStatus::kRegistered, std::nullopt),
                                          testing::Pair(RegistrationStatus::kUnregistered, 77),
                                          testing::Pair(RegistrationStatus::kNotRegistered, 88)));
  EXPECT_THAT(found_servers, testing::ElementsAre(testing::Pair("sip:one", ""), testing::Pair("sip:two", "sip:one"),
                                                  testing::Pair("sip:two", ""), testing::Pair("sip:one", "sip:two")));
  EXPECT_EQ(query("SELECT count(*) FROM subscription WHERE s_cscf IS NOT NULL"), 1) << "where no pair says so";
  EXPECT_EQ(query("SELECT count(*) FROM registration"), 2);
  EXPECT_EQ(query("SELECT count(*) FROM auth_pending"), 2);
  Administration administration(*database_, vault_);
  database_->write([&] { EXPECT_TRUE(administration.remove(ids[1])); });
  EXPECT_EQ(query("SELECT count(*) FROM registration"), 1) << "goes with its pair";
  EXPECT_EQ(query("SELECT count(*) FROM auth_pending"), 1) << "goes with its pair";
}

TEST_F(OlderDatabaseTest, WhatTheLogOfVersion6SaysIsPendingAfterwards) {
  std::vector<SubscriptionId> ids;
  std::vector<std::string> pairs;
  for (const auto& one : add_usual(1, 4)) {
    ids.push_back(one->id);
    pairs.push_back(std::to_string(one->public_identities[0].implicit_set) + ", " +
                    std::to_string(one->private_identities[0].id) + ", ");
  }
  execute(database_->handle(),
          "DROP TRIGGER association_is_gone; DROP TABLE auth_pending_log;"
          "CREATE TABLE auth_pending_log (id INTEGER PRIMARY KEY, implicit_set INTEGER NOT NULL,"
          " private_identity INTEGER NOT NULL, until INTEGER, server INTEGER) STRICT;"
          "CREATE TRIGGER association_is_gone AFTER DELETE ON association BEGIN INSERT INTO auth_pending_log"
          " (implicit_set, private_identity) VALUES (old.implicit_set, old.private_identity); END;"
          "INSERT INTO server VALUES (1, 'sip:one', 'one', 'test')");
  execute(database_->handle(), ("INSERT INTO auth_pending VALUES (" + pairs[1] + "66, NULL), (" + pairs[2] +
                                "55, NULL), (" + pairs[3] + "44, NULL)")
                                   .c_str());
  execute(
      database_->handle(),
      ("INSERT INTO auth_pending_log (implicit_set, private_identity, until, server) VALUES (" + pairs[0] +
       "77, 1), (" + pairs[1] + "NULL, NULL), (" + pairs[2] + "56, NULL), (" + pairs[2] + "57, 1), (999, 999, 1, NULL)")
          .c_str());
  execute(database_->handle(), "PRAGMA user_version = 6");
  database_ = connect();
  EXPECT_EQ(query("PRAGMA user_version"), kSchemaVersion);
  std::vector<std::pair<std::optional<UnixTime>, bool>> found;
  database_->read([&] {
    SqliteRepository repository(*database_, vault_);
    for (const SubscriptionId id : ids) {
      const Registration state = repository.registration(id);
      found.emplace_back(state.pairs.empty() ? std::nullopt : state.pairs[0].auth_pending_until,
                         state.server.has_value());
    }
  });
  EXPECT_THAT(found, testing::ElementsAre(testing::Pair(77, true), testing::Pair(std::nullopt, false),
                                          testing::Pair(57, true), testing::Pair(44, false)));
  EXPECT_EQ(query("SELECT count(*) FROM auth_pending"), 3);
  EXPECT_EQ(query("SELECT count(*) FROM auth_pending_log"), 0);
}

TEST(MigrationSteps, LeadToTheSchemaOfThisProgramWithoutAGap) {
  const auto steps = migration_steps();
  EXPECT_EQ(static_cast<std::int64_t>(steps.size()), kSchemaVersion - 1);
  for (std::size_t i = 0; i < steps.size(); ++i) EXPECT_EQ(steps[i].to, static_cast<std::int64_t>(i) + 2);
}

}  // namespace
}  // namespace hss::db::test
