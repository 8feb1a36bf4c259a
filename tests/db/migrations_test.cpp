// SPDX-License-Identifier: MIT
#include "db/migrations.h"

#include <gmock/gmock.h>

#include <array>
#include <vector>

#include "db/administration.h"
#include "db/sqlite.h"
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

class OlderDatabaseTest : public StoreTest {};

TEST_F(OlderDatabaseTest, OfVersion2IsUpgradedWithItsSubscribers) {
  {
    Administration administration(*database_, vault_);
    database_->write([&] { administration.add(usual_draft(1)); });
    database_->write([&] { administration.add(usual_draft(2)); });
  }
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

TEST(MigrationSteps, LeadToTheSchemaOfThisProgramWithoutAGap) {
  const auto steps = migration_steps();
  EXPECT_EQ(static_cast<std::int64_t>(steps.size()), kSchemaVersion - 1);
  for (std::size_t i = 0; i < steps.size(); ++i) EXPECT_EQ(steps[i].to, static_cast<std::int64_t>(i) + 2);
}

}  // namespace
}  // namespace hss::db::test
