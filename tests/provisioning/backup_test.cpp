// hssctl backup, check and restore: a copy is whole or not there, what is damaged is named, and what comes back issues
// no SQN again.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <stdlib.h>

#include <algorithm>

#include "db/new_database_file.h"
#include "db/replaced_database.h"
#include "db/sequence_log.h"
#include "db/snapshot.h"
#include "db/sqlite.h"
#include "served.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::uint64_t kJump = std::uint64_t{1} << 20U;

class BackupTest : public ServedTest {
 protected:
  void SetUp() override {
    ServedTest::SetUp();
    backup_ = root_ / "backup.db";
  }

  void back_up() { done({"backup", backup_.string()}); }
  /// Must fail, and say so in one line.
  std::string refused(const std::vector<std::string>& arguments) {
    const Outcome outcome = hssctl(arguments);
    EXPECT_EQ(outcome.code, 1);
    return outcome.err;
  }
  std::string restore_refused(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"restore", backup_.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return refused(arguments);
  }
  /// Runs SQL on the database of the directory, references unchecked.
  void sql(const std::string& text) {
    db::Database writer(database(), db::Database::Open::kExisting);
    db::execute(writer.handle(), "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    db::execute(writer.handle(), text.c_str());
  }
  SequenceState sequence(const std::string& identity = kSubscriber) {
    Store store(directory_.string());
    SequenceState state;
    store.database().read([&] {
      const auto key_set = db::query_integer(store.database().handle(), "SELECT id FROM key_set WHERE subscription = " +
                                                                            std::to_string(store.require(identity)));
      state = store.administration().repository().sequence(key_set);
    });
    return state;
  }
  [[nodiscard]] std::filesystem::path database() const { return directory_ / "hss.db"; }
  /// The names of all that lies where the backups do.
  [[nodiscard]] std::vector<std::string> beside() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(root_)) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }

  std::filesystem::path backup_;
};

TEST_F(BackupTest, IsOneFileForItsOwnerAlone) {
  const std::string told = done({"backup", backup_.string()}).out;
  EXPECT_THAT(told, AllOf(HasSubstr("wrote 1 subscriber to"), HasSubstr("The master key is not in it"),
                          HasSubstr("master.key")));
  EXPECT_EQ(mode_of(backup_), 0600U);
  EXPECT_THAT(beside(), testing::ElementsAre("backup.db", "hss", "hss.fdx"));
  EXPECT_THAT(done({"--json", "backup", (root_ / "other.db").string()}).out,
              AllOf(HasSubstr(R"("subscribers":1)"), HasSubstr(R"("holds_master_key":false)")));
}

TEST_F(BackupTest, IsMadeOfOneMomentBesideTheServer) {
  // As a server does: its numbers stand in the log of sequences only, and it goes on writing.
  db::Database server(database(), db::Database::Open::kExisting);
  db::SequenceLog log(server.handle());
  server.write_batch([&] { log.append({{1, {.seq = 700, .issued = {}}}}); });
  back_up();
  server.write_batch([&] { EXPECT_FALSE(log.empty()) << "a backup writes nothing"; });
  EXPECT_THAT(done({"check", backup_.string()}).out, HasSubstr("good, 1 subscriber"));
  db::Database copy(backup_, db::Database::Open::kExisting);
  copy.fold_logs();
  EXPECT_EQ(db::query_integer(copy.handle(), "SELECT seq FROM sequence WHERE key_set = 1"), 700);
}

TEST_F(BackupTest, OverwritesNothing) {
  file("backup.db", "something dear");
  EXPECT_THAT(refused({"backup", backup_.string()}), HasSubstr("exists already"));
  EXPECT_EQ(read_file(backup_), "something dear");
  EXPECT_THAT(refused({"backup", (root_ / "no" / "b.db").string()}), HasSubstr("cannot be created"));
  EXPECT_THAT(beside(), testing::ElementsAre("backup.db", "hss", "hss.fdx"));
}

TEST_F(BackupTest, NothingIsLeftOfOneThatWasGivenUp) {
  const db::Snapshot live(database(), db::Snapshot::Of::kLive);
  {
    db::NewDatabaseFile copy(backup_);
    EXPECT_FALSE(copy.fill(live.handle(), [](std::int64_t, std::int64_t) { return false; }));
  }
  {
    db::NewDatabaseFile copy(backup_);
    EXPECT_TRUE(copy.fill(live.handle(), [](std::int64_t, std::int64_t) { return true; }));
    file("backup.db", "somebody was faster");
    EXPECT_THROW(copy.keep(), db::DatabaseError);
  }
  EXPECT_EQ(read_file(backup_), "somebody was faster");
  EXPECT_THAT(beside(), testing::ElementsAre("backup.db", "hss", "hss.fdx"));
}

TEST_F(BackupTest, ComesBackWithEverySqnAhead) {
  const std::uint64_t before = sequence().seq;
  back_up();
  add("001010000000002", "491510000002");
  EXPECT_THAT(restore_refused(), AllOf(HasSubstr("exists"), HasSubstr("--replace")));
  const std::string told = done({"restore", backup_.string(), "--replace"}).out;
  EXPECT_THAT(told, AllOf(HasSubstr("restored 1 subscriber; SEQ of 1 key set went forward by 1048576"),
                          HasSubstr("hss.db-replaced")));
  EXPECT_EQ(sequence().seq, before + kJump);
  EXPECT_EQ(mode_of(database()), 0600U);
  EXPECT_EQ(hssctl({"subscriber", "show", "001010000000002"}).code, 1) << "came after the backup";
  EXPECT_THAT(done({"subscriber", "show", kSubscriber}).out,
              AllOf(HasSubstr("registered"), HasSubstr("scscf.example")));
  EXPECT_THAT(done({"check"}).out, HasSubstr("good"));
  EXPECT_THAT(restore_refused({"--replace"}), HasSubstr("kept from an earlier restore"));
  EXPECT_EQ(sequence().seq, before + kJump);
}

TEST_F(BackupTest, TheLogOfTheServerCountsAndChallengesAreForgotten) {
  {
    db::Database server(database(), db::Database::Open::kExisting);
    db::SequenceLog log(server.handle());
    server.write_batch([&] { log.append({{1, {.seq = 5000, .issued = {Octets<16>{1}, Octets<16>{2}}}}}); });
    back_up();
  }
  std::filesystem::remove(database());
  done({"restore", backup_.string(), "--seq-jump", "7"});
  EXPECT_EQ(sequence().seq, 5007U);
  EXPECT_THAT(sequence().issued, IsEmpty()) << "an AUTS of that time must not take SEQ back";
}

TEST_F(BackupTest, NamesWhoCannotGoThatFar) {
  add("001010000000002", "491510000002");
  add("001010000000003", "491510000003");
  sql("UPDATE key_set SET delta = 1000 WHERE id = 2; UPDATE sequence SET seq = 8796093022000 WHERE key_set = 3");
  back_up();
  const std::string told = done({"restore", backup_.string(), "--replace"}).out;
  EXPECT_THAT(told, AllOf(HasSubstr("1 key set went forward by half of the delta of the card only (the first: key set "
                                    "2 of 001010000000002)"),
                          HasSubstr("key set 3 of 001010000000003: SEQ stands at its end")));
  EXPECT_EQ(sequence("001010000000002").seq, 500U);
  EXPECT_EQ(sequence("001010000000003").seq, (std::uint64_t{1} << 43U) - 2);
  EXPECT_THAT(refused({"check"}), HasSubstr("1 finding"));
}

TEST_F(BackupTest, NobodyMayHaveTheDatabaseOpen) {
  back_up();
  {
    const db::Database server(database(), db::Database::Open::kExisting);
    EXPECT_THAT(restore_refused({"--replace"}), HasSubstr("is in use by a server or another hssctl"));
    std::filesystem::remove(database());
    EXPECT_THAT(restore_refused(), HasSubstr("is in use by a server")) << "it goes on with the file that was removed";
  }
  done({"restore", backup_.string()});
  const db::ReplacedDatabase restoring(database());
  EXPECT_THAT(refused({"subscriber", "list"}), HasSubstr("is being restored"));
}

TEST_F(BackupTest, WhatIsNoBackupIsRefused) {
  const std::string before = read_file(database());
  EXPECT_THAT(restore_refused({"--replace"}), HasSubstr("does not exist"));
  file("backup.db", std::string(5000, 'x'));
  EXPECT_THAT(restore_refused({"--replace"}), HasSubstr("not a database"));
  file("backup.db", "");
  EXPECT_THAT(restore_refused({"--replace"}), HasSubstr("not a database"));
  EXPECT_EQ(read_file(database()), before);
}

TEST_F(BackupTest, OneOfAnotherMasterKeyIsRefused) {
  back_up();
  const auto first = directory_;
  directory_ = root_ / "second";
  init();
  EXPECT_THAT(restore_refused({"--replace"}), HasSubstr("filled under another one"));
  EXPECT_THAT(done({"subscriber", "list"}).out, IsEmpty());
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("hss.db."))) << "left behind";
  }
}

TEST_F(BackupTest, ADamagedOneIsRefused) {
  sql("UPDATE key_set SET sealed = x'00'");
  back_up();
  const std::string err = restore_refused({"--replace"});
  EXPECT_THAT(err, AllOf(HasSubstr("cannot be decrypted"), HasSubstr("1 finding, nothing was restored")));
}

struct Damage {
  const char* name;
  const char* sql;
  const char* line;
};

class CheckTest : public BackupTest, public testing::WithParamInterface<Damage> {};

TEST_P(CheckTest, NamesIt) {
  EXPECT_EQ(hssctl({"check"}).code, 0);
  sql(GetParam().sql);
  const std::string before = read_file(database());
  const Outcome outcome = hssctl({"check"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr(GetParam().line));
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 1) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("1 finding"));
  EXPECT_EQ(read_file(database()), before) << "it changes nothing";
  EXPECT_THAT(hssctl({"--json", "check"}).out, HasSubstr(R"({"where":")"));
}

INSTANTIATE_TEST_SUITE_P(
    Findings, CheckTest,
    testing::Values(
        Damage{"Orphan", "UPDATE subscription SET usim = 77", "table subscription, row 1: an orphan"},
        Damage{"OlderSchema", "PRAGMA user_version = 1", "database: schema version 1"},
        Damage{"OtherMasterKey", "UPDATE meta SET value = x'00' WHERE name = 'master_key_check'",
               "master key: the database was filled under another one"},
        Damage{"NoMasterKeyCheck", "DELETE FROM meta", "check value of their master key"},
        Damage{"KeySet", "UPDATE key_set SET sealed = zeroblob(60)",
               "key set 1 of 001010000000001: key set 1 cannot be decrypted"},
        Damage{"Parameters", "UPDATE key_set SET parameters = x'07'", "has parameters that cannot be read"},
        Damage{"SipDigest", "INSERT INTO sip_digest VALUES (1, 'r', zeroblob(45))", "SIP Digest"},
        Damage{"SeqBeyond", "UPDATE sequence SET seq = 281474976710655", "beyond the highest of 5 IND bits"},
        Damage{"SeqUsedUp", "UPDATE sequence SET seq = 8796093022206", "SEQ is used up"},
        Damage{"NoSequence", "DELETE FROM sequence", "it has no sequence number"},
        Damage{"Challenges", "UPDATE sequence SET issued = zeroblob(17)", "CHECK constraint failed in sequence"},
        Damage{"SequenceLog", "INSERT INTO sequence_log (content) VALUES (x'00')", "sequence_log: the latest"},
        Damage{"PendingLog", "INSERT INTO auth_pending_log (content) VALUES (x'00')", "auth_pending_log: which"},
        Damage{"Profile", "UPDATE service_profile SET xml = '<x'", "service profile \"default\""},
        Damage{"SharedSet", "INSERT INTO shared_ifc_set VALUES (1, 'v', '<x')", "shared iFC set \"v\""},
        Damage{"NoServer", "UPDATE registration SET server = NULL", "it is registered, and no S-CSCF is stored"},
        Damage{"EmptySet", "INSERT INTO implicit_set VALUES (9, 1, 9)", "implicit set 9: it has no public identity"}),
    [](const auto& named) { return std::string(named.param.name); });

TEST_F(BackupTest, ANewMasterKeyIsMade) {
  back_up();
  const std::string old = read_file(directory_ / "master.key");
  EXPECT_THAT(done({"key", "rotate"}).out, AllOf(HasSubstr("1 record sealed under a new master key"),
                                                 HasSubstr("master.key.old"), Not(HasSubstr(old.substr(0, 64)))));
  EXPECT_THAT(done({"check"}).out, HasSubstr("good"));
  EXPECT_EQ(read_file(directory_ / "master.key.old"), old);
  EXPECT_THAT(restore_refused({"--replace"}), HasSubstr("filled under another one")) << "of before: with its own key";
  EXPECT_THAT(refused({"key", "rotate"}), HasSubstr("key of an earlier rotation"));
  file("hss/master.key.next", old);
  EXPECT_THAT(refused({"backup", (root_ / "x.db").string()}), HasSubstr("a rotation is under way"));
}

TEST_F(BackupTest, AMasterKeyOfTheEnvironmentIsNotRotated) {
  const std::string key = read_file(directory_ / "master.key").substr(0, 64);
  std::filesystem::remove(directory_ / "master.key");
  ::setenv("MINIHSS_MASTER_KEY", key.c_str(), 1);
  const Outcome checked = hssctl({"check"});
  const Outcome rotated = hssctl({"key", "rotate"});
  ::unsetenv("MINIHSS_MASTER_KEY");
  EXPECT_EQ(checked.code, 0) << checked.out;
  EXPECT_EQ(rotated.code, 1);
  EXPECT_THAT(rotated.err, HasSubstr("credential or the environment"));
}

TEST_F(BackupTest, CheckSaysThatTheMasterKeyIsMissing) {
  std::filesystem::remove(directory_ / "master.key");
  const Outcome outcome = hssctl({"check"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("master key: "));
}

}  // namespace
}  // namespace hss::provisioning
