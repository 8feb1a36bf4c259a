// SPDX-License-Identifier: MIT
#include "db/database.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

#include <sqlite3.h>

#include "db/migrations.h"
#include "db/sqlite.h"
#include "db/turnstile.h"
#include "tests/db/fixtures.h"

namespace hss::db::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status {};
  EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
  return status.st_mode & 07777U;
}

class DatabaseTest : public StoreTest {
 protected:
  void add_slot(Database& database, const std::string& host) {
    execute(database.handle(), ("INSERT INTO ind_slot VALUES (0, '" + host + "', 1)").c_str());
  }
  std::int64_t slots() { return query("SELECT count(*) FROM ind_slot"); }
};

TEST_F(DatabaseTest, IsSetUpForDurability) {
  EXPECT_EQ(query("PRAGMA synchronous"), 2);
  EXPECT_EQ(query("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(query("PRAGMA application_id"), kApplicationId);
  EXPECT_EQ(query("PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(query("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
}

TEST_F(DatabaseTest, EveryTableIsStrict) {
  EXPECT_GT(query("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'"), 10);
  EXPECT_EQ(query("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'"
                  " AND strict = 0"),
            0);
}

TEST_F(DatabaseTest, IsForItsOwnerAlone) {
  database_->write([&] { add_slot(*database_, "a"); });
  for (const char* suffix : {"", "-wal", "-shm", "-turn"}) EXPECT_EQ(mode_of(file_.string() + suffix), 0600U) << suffix;
}

TEST_F(DatabaseTest, ANewOneHasTheDefaultProfile) {
  EXPECT_EQ(query("SELECT count(*) FROM service_profile WHERE name = 'default' AND xml = ''"), 1);
}

TEST_F(DatabaseTest, ANewOneDoesNotOverwrite) {
  EXPECT_THAT(error_of<DatabaseError>([&] { Database(file_, Database::Open::kCreate); }),
              AllOf(HasSubstr(file_.string()), HasSubstr("exists already")));
  EXPECT_EQ(query("SELECT count(*) FROM service_profile"), 1);
}

TEST_F(DatabaseTest, NeedsItsDirectory) {
  EXPECT_THAT(error_of<DatabaseError>([&] { Database(directory_ / "no/hss.db", Database::Open::kCreate); }),
              HasSubstr("cannot be created"));
}

TEST_F(DatabaseTest, WritesAreThereForOthersAfterTheCommit) {
  const auto other = connect();
  database_->write([&] {
    add_slot(*database_, "a");
    EXPECT_EQ(query_integer(other->handle(), "SELECT count(*) FROM ind_slot"), 0);
  });
  EXPECT_EQ(query_integer(other->handle(), "SELECT count(*) FROM ind_slot"), 1);
}

TEST_F(DatabaseTest, WhatThrowsIsRolledBackAndThrownOn) {
  EXPECT_THROW(database_->write([&] {
    add_slot(*database_, "a");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(slots(), 0);
  database_->write([&] { add_slot(*database_, "b"); });
  EXPECT_EQ(slots(), 1);
}

TEST_F(DatabaseTest, ARead) {
  database_->write([&] { add_slot(*database_, "a"); });
  const auto other = connect();
  database_->read([&] {
    EXPECT_EQ(slots(), 1);
    other->write([&] { add_slot(*other, "b"); });
    EXPECT_EQ(slots(), 1) << "one snapshot";
  });
  EXPECT_EQ(slots(), 2);
}

TEST_F(DatabaseTest, TransactionsDoNotNest) {
  EXPECT_THROW(database_->write([&] { database_->write([] {}); }), std::logic_error);
  EXPECT_THROW(database_->read([&] { database_->write([] {}); }), std::logic_error);
  EXPECT_THROW(database_->write([&] { database_->read([] {}); }), std::logic_error);
  database_->write([&] { add_slot(*database_, "a"); });
  EXPECT_EQ(slots(), 1);
}

TEST_F(DatabaseTest, AFailedCommitIsRolledBackAndToldAndNotTheEnd) {
  std::atomic<int> refusal = 1;
  sqlite3_commit_hook(
      database_->handle(), [](void* code) { return static_cast<std::atomic<int>*>(code)->load(); }, &refusal);
  const auto text = error_of<SqliteError>([&] { database_->write([&] { add_slot(*database_, "a"); }); });
  EXPECT_THAT(text, HasSubstr(file_.string()));
  EXPECT_EQ(slots(), 0);
  refusal = 0;
  database_->write([&] { add_slot(*database_, "a"); });
  EXPECT_EQ(slots(), 1);
}

TEST_F(DatabaseTest, AnUpgradeUnderARunningProgramStopsIt) {
  const std::string next = std::to_string(kSchemaVersion + 1);
  run_sql(file_, "PRAGMA user_version = " + next);
  EXPECT_THAT(error_of<DatabaseError>([&] { database_->write([] {}); }), HasSubstr("version " + next));
}

TEST_F(DatabaseTest, OtherWritersWaitTheirTurn) {
  constexpr int kWriters = 4;
  constexpr int kEach = 50;
  std::vector<std::thread> threads;
  std::atomic<int> faults = 0;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      try {
        const auto own = connect();
        for (int i = 0; i < kEach; ++i) {
          own->write([&] { add_slot(*own, std::to_string(writer) + "." + std::to_string(i)); });
        }
      } catch (const std::exception&) {
        ++faults;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(faults, 0);
  EXPECT_EQ(slots(), kWriters * kEach);
}

TEST_F(DatabaseTest, WaitingForALockIsBounded) {
  const auto other = connect();
  BusyWait short_wait(std::chrono::milliseconds(20));
  short_wait.attach(other->handle());
  std::string text;
  database_->write([&] { text = error_of<SqliteError>([&] { other->write([] {}); }); });
  EXPECT_THAT(text, AllOf(HasSubstr(file_.string()), HasSubstr("locked"), HasSubstr("another program")));
  other->write([&] { add_slot(*other, "a"); });
  EXPECT_EQ(slots(), 1);
}

TEST_F(DatabaseTest, WhatACrashedProgramHadNotCommittedIsGone) {
  database_.reset();
  const int code = in_child([&] {
    const auto own = connect();
    own->write([&] { add_slot(*own, "committed"); });
    own->write([&] {
      add_slot(*own, "not committed");
      ::_exit(42);
    });
    return 0;
  });
  ASSERT_EQ(code, 42);
  database_ = connect();
  EXPECT_EQ(slots(), 1);
  EXPECT_EQ(query("SELECT count(*) FROM ind_slot WHERE origin_host = 'committed'"), 1);
  EXPECT_EQ(query("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
}

class OpenTest : public testing::Test {
 protected:
  std::string refusal() {
    const auto text = error_of<DatabaseError>([this] { Database(file_, Database::Open::kExisting); });
    EXPECT_THAT(text, HasSubstr(file_.filename().string()));
    return text;
  }
  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "hss.db";
};

TEST_F(OpenTest, MissingIsNamedAndNotCreated) {
  EXPECT_THAT(refusal(), AllOf(HasSubstr("does not exist"), HasSubstr("hssctl init DIR")));
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_FALSE(std::filesystem::exists(file_.string() + "-turn"));
}

TEST_F(OpenTest, EmptyIsNamed) {
  write_file(file_, "");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("is empty"), HasSubstr("hssctl init DIR")));
}

TEST_F(OpenTest, ADirectoryIsNamed) {
  std::filesystem::create_directory(file_);
  EXPECT_THAT(refusal(), HasSubstr("is a directory"));
}

TEST_F(OpenTest, TextIsNoDatabase) {
  write_file(file_, std::string(5000, 'x'));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("is not a database"), HasSubstr("hssctl init DIR")));
  EXPECT_FALSE(std::filesystem::exists(file_.string() + "-turn"));
}

TEST_F(OpenTest, AnotherProgramsDatabaseIsLeftAlone) {
  run_sql(file_, "CREATE TABLE theirs (n INTEGER); PRAGMA user_version = 1");
  const std::string before = read_file(file_);
  EXPECT_THAT(refusal(), HasSubstr("of another program"));
  EXPECT_EQ(read_file(file_), before);
}

TEST_F(OpenTest, ANewerOneIsRefused) {
  Database(file_, Database::Open::kCreate);
  run_sql(file_, "PRAGMA user_version = 99");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("schema version 99"), HasSubstr("later one")));
}

TEST_F(OpenTest, OneBeforeTheFirstIsRefused) {
  Database(file_, Database::Open::kCreate);
  run_sql(file_, "PRAGMA user_version = 0");
  EXPECT_THAT(refusal(), HasSubstr("version 0"));
}

TEST_F(OpenTest, AHalfWrittenOneIsRefused) {
  Database(file_, Database::Open::kCreate);
  std::filesystem::resize_file(file_, 2000);
  EXPECT_FALSE(refusal().empty());
}

/// Whether the tests run as root or not, this is told to somebody who is not.
TEST_F(OpenTest, WhatCannotBeWrittenIsNamed) {
  Database(file_, Database::Open::kCreate);
  for (const bool in_closed_directory : {false, true}) {
    ASSERT_EQ(::chmod(directory_.path().c_str(), in_closed_directory ? 0555 : 0777), 0);
    ASSERT_EQ(::chmod(file_.c_str(), in_closed_directory ? 0666 : 0444), 0);
    EXPECT_EQ(in_child([&] {
                constexpr uid_t kNobody = 65534;
                if (::geteuid() == 0 && ::setuid(kNobody) != 0) return 1;
                return refusal().find("this user") != std::string::npos && !testing::Test::HasFailure() ? 42 : 2;
              }),
              42)
        << in_closed_directory;
  }
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0700), 0);
}

TEST(Sqlite, AStatementIsNotBegunTwice) {
  TemporaryDirectory directory;
  Database database(directory / "hss.db", Database::Open::kCreate);
  Statement statement(database.handle(), "SELECT 1 UNION SELECT 2");
  {
    Rows rows(statement);
    ASSERT_TRUE(rows.next());
    EXPECT_THROW(Rows again(statement), std::logic_error);
  }
  Rows rows(statement);
  EXPECT_TRUE(rows.next());
}

TEST(Sqlite, EmptyIsNotNull) {
  TemporaryDirectory directory;
  Database database(directory / "hss.db", Database::Open::kCreate);
  Statement statement(database.handle(), "SELECT ? IS NULL, ? IS NULL, ? IS NULL, ?");
  Rows rows(statement, std::string_view(), BytesView(), std::optional<std::string>(), std::string("a\0b", 3));
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 0);
  EXPECT_EQ(rows.integer(1), 0);
  EXPECT_EQ(rows.integer(2), 1);
  EXPECT_EQ(rows.text(3), std::string("a\0b", 3));
}

}  // namespace
}  // namespace hss::db::test
