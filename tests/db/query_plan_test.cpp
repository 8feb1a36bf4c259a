// Every statement finds its rows through an index: none reads a whole table, which would be a matter of minutes with
// millions of subscribers.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <set>

#include "db/sqlite.h"
#include "db/sqlite_repository.h"
#include "tests/db/fixtures.h"

namespace hss::db::test {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::Not;

class QueryPlanTest : public StoreTest {
 protected:
  /// The statements that are prepared on the connection.
  std::set<std::string> statements() {
    std::set<std::string> texts;
    sqlite3_stmt* each = sqlite3_next_stmt(database_->handle(), nullptr);
    for (; each != nullptr; each = sqlite3_next_stmt(database_->handle(), each)) texts.insert(sqlite3_sql(each));
    return texts;
  }
  /// The steps of a statement that read a table or an index from its beginning. For a new row that others may refer to,
  /// SQLite plans a search for those that already do, which it makes only while a reference is broken.
  std::vector<std::string> scans(const std::string& sql) {
    std::vector<std::string> found;
    if (sql.starts_with("INSERT INTO server")) return found;
    Statement plan(database_->handle(), "EXPLAIN QUERY PLAN " + sql);
    for (Rows rows(plan); rows.next();) {
      if (rows.text(3).starts_with("SCAN") && rows.text(3) != "SCAN CONSTANT ROW") found.push_back(rows.text(3));
    }
    return found;
  }
  /// All of them of all statements but those of the connection itself, each with its statement.
  std::vector<std::string> all_scans() {
    std::vector<std::string> found;
    for (const std::string& sql : statements()) {
      if (own_.contains(sql)) continue;
      for (const std::string& scan : scans(sql)) found.push_back(scan + " in " + sql);
    }
    return found;
  }
  std::set<std::string> own_ = statements();
};

TEST_F(QueryPlanTest, ATestOfTheTest) {
  EXPECT_THAT(scans("SELECT * FROM subscription WHERE loose_route = ?"), testing::ElementsAre("SCAN subscription"));
  EXPECT_THAT(scans("SELECT * FROM subscription WHERE id = ?"), IsEmpty());
}

TEST_F(QueryPlanTest, ARequestReadsNoWholeTable) {
  const SqliteRepository repository(*database_, vault_);
  EXPECT_GT(statements().size(), own_.size() + 35);
  // The wildcarded identities are the few rows of an index of their own.
  EXPECT_THAT(all_scans(), Each(testing::StartsWith("SCAN public_identity USING COVERING INDEX wildcarded_identity")));
}

TEST_F(QueryPlanTest, ARequestOnCxReadsNothingOfNon3gppAccess) {
  const SqliteRepository repository(*database_, vault_);
  std::size_t of_swx = 0;
  for (const std::string& sql : statements()) {
    if (sql.find("non_3gpp") == std::string::npos && sql.find("active_apn") == std::string::npos) continue;
    ++of_swx;
    for (const char* table : {"subscription s", "private_identity", "public_identity", "implicit_set"}) {
      EXPECT_EQ(sql.find(table), std::string::npos) << sql;
    }
  }
  EXPECT_EQ(of_swx, 8U);
}

TEST_F(QueryPlanTest, ARequestSortsNothingBig) {
  const SqliteRepository repository(*database_, vault_);
  // What belongs to one subscription may be sorted; the outbox comes in the order of its index.
  for (const std::string& sql : statements()) {
    if (sql.find("FROM push") == std::string::npos) continue;
    Statement plan(database_->handle(), "EXPLAIN QUERY PLAN " + sql);
    for (Rows rows(plan); rows.next();) EXPECT_THAT(rows.text(3), Not(testing::HasSubstr("TEMP B-TREE"))) << sql;
  }
}

TEST_F(QueryPlanTest, AnAdministratorReadsWholeTablesWhereHeAsksForThem) {
  const Administration administration(*database_, vault_);
  // Counting all, listing all, listing all services, the newest of all pushes.
  const std::array allowed{
      "count(*) FROM subscription", "FROM public_identity p CROSS JOIN implicit_set s",
      "FROM service_profile ORDER BY name", "FROM shared_ifc_set ORDER BY name", "FROM push p",
      "INDEXED BY wildcarded_identity",
      // Who has the profile that nearly everybody has: somebody is found soon, or all who are registered.
      "service_profile = 1",
      // Who refers to a profile: not looked for when one is removed (ForeignKeysTrusted), nor, as long as no reference
      // is broken, when one is written.
      "DELETE FROM service_profile WHERE id", "INSERT INTO service_profile (name",
      // A handful of APN templates; all who are registered on SWx, and their connections when a
      // template becomes another network.
      "FROM apn", "FROM non_3gpp_registration r", "active_apn"};
  for (const std::string& scan : all_scans()) {
    EXPECT_TRUE(std::ranges::any_of(allowed, [&](const char* text) { return scan.find(text) != std::string::npos; }))
        << scan;
  }
}

}  // namespace
}  // namespace hss::db::test
