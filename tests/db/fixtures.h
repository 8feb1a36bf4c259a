// What the tests of the store share: a directory that goes away, a database with its key, and subscribers to put in.
// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "db/administration.h"
#include "db/database.h"
#include "db/key_vault.h"

struct sqlite3;

namespace hss::db::test {

/// A new empty directory, removed with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Secret<32> master_key(std::uint8_t fill = 0x4d);
Secret<16> key(std::uint8_t fill);
Secret<32> long_key(std::uint8_t fill);

/// What a new store has ("ims"), and two more, of which one uses everything that a template has and one is for any
/// network.
std::vector<Administration::NamedApn> apn_templates();

/// A subscription as hssctl makes it from an IMSI and an MSISDN: one key set, one private identity, a barred identity
/// from the IMSI, sip: and tel: from the MSISDN, all in one implicit set, and the APN "ims".
SubscriptionDraft usual_draft(unsigned number);

/// One that uses everything that users can be provisioned with: two key sets, three private identities, two implicit
/// sets, the APNs of apn_templates().
SubscriptionDraft rich_draft();

/// One of services: distinct and wildcarded, and identities of a PBX.
SubscriptionDraft psi_draft();

std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, std::string_view text);

/// Runs SQL on a connection of its own, as another program would.
void run_sql(const std::filesystem::path& file, const std::string& sql);

/// The text of the Error that `work` throws; a test failure when it throws none, or one of several lines.
template <typename Error>
std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    EXPECT_FALSE(text.empty());
    return text;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

/// Runs `work` in a child process and returns what it returned (0 to 125), 126 when it threw. Not to be called while
/// other threads run.
int in_child(const std::function<int()>& work);

/// A database in a temporary directory.
class StoreTest : public testing::Test {
 protected:
  StoreTest() : file_(directory_ / "hss.db"), database_(create()) {}

  /// Another connection.
  [[nodiscard]] std::unique_ptr<Database> connect() const {
    return std::make_unique<Database>(file_, Database::Open::kExisting);
  }
  std::int64_t query(const std::string& sql);
  /// So many of usual_draft(), from this one on.
  std::vector<std::shared_ptr<const Subscription>> add_usual(unsigned first, unsigned count);

  TemporaryDirectory directory_;
  std::filesystem::path file_;
  std::unique_ptr<Database> database_;
  KeyVault vault_{master_key()};

 private:
  [[nodiscard]] std::unique_ptr<Database> create() const {
    return std::make_unique<Database>(file_, Database::Open::kCreate);
  }
};

}  // namespace hss::db::test
