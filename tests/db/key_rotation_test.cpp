// A new master key under a running server: stopped anywhere it goes on, and vaults that were open before follow it.
// SPDX-License-Identifier: MIT
#include "db/key_rotation.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "db/administration.h"
#include "db/key_vault.h"
#include "db/sealed_keys.h"
#include "db/sqlite.h"
#include "fixtures.h"

namespace hss::db::test {
namespace {

using testing::HasSubstr;

constexpr int kSubscribers = 200;  // of several transactions

class KeyRotationTest : public testing::Test {
 protected:
  KeyRotationTest() {
    KeyVault::create_key_file(key_file_);
    database_ = std::make_unique<Database>(directory_ / "hss.db", Database::Open::kCreate);
    const KeyVault vault = KeyVault::open(key_file_);
    check_master_key(*database_, vault);
    for (int i = 1; i <= kSubscribers; ++i) add(vault, i);
  }

  static Bytes text_of(const SecretOctets<32>& key) { return {key.reveal().begin(), key.reveal().end()}; }
  /// A key set of a subscription of its own, K all `id`.
  void add(const KeyVault& vault, int id) {
    const Bytes k(16, static_cast<std::uint8_t>(id));
    database_->write([&] {
      const Bytes sealed = seal_keys(vault, id, SecretOctets<32>(k), SecretOctets<32>(k));
      Statement subscription(database_->handle(), "INSERT INTO subscription (id) VALUES (?)");
      hss::db::run(subscription, id);
      Statement insert(database_->handle(),
                       "INSERT INTO key_set (id, subscription, algorithm, sealed, amf, ind_bits, delta)"
                       " VALUES (?1, ?1, 0, ?2, 0, 5, 1)");
      hss::db::run(insert, id, BytesView(sealed));
    });
  }
  Bytes stored(int id) {
    Statement find(database_->handle(), "SELECT sealed FROM key_set WHERE id = ?");
    Rows rows(find, id);
    EXPECT_TRUE(rows.next());
    return {rows.blob(0).begin(), rows.blob(0).end()};
  }
  /// How many key sets open with it to what they are.
  int opened_with(const KeyVault& vault, int last = kSubscribers) {
    int count = 0;
    for (int id = 1; id <= last; ++id) {
      SecretOctets<32> k;
      SecretOctets<32> opc;
      try {
        open_keys(vault, id, stored(id), k, opc);
      } catch (const StoreFault&) {
        continue;
      }
      EXPECT_TRUE(text_of(k) == Bytes(16, static_cast<std::uint8_t>(id)));
      ++count;
    }
    return count;
  }
  /// The key of a file and no other.
  KeyVault alone(const std::filesystem::path& file) {
    Secret<32> key;
    EXPECT_TRUE(parse_hex(std::string_view(read_file(file)).substr(0, 64), key.overwrite()));
    return KeyVault(key);
  }
  static bool always(std::uint64_t) { return true; }

  TemporaryDirectory directory_;
  std::filesystem::path key_file_ = directory_ / "master.key";
  std::filesystem::path next_file_ = directory_ / "master.key.next";
  std::filesystem::path old_file_ = directory_ / "master.key.old";
  std::unique_ptr<Database> database_;
};

TEST_F(KeyRotationTest, EverythingIsUnderTheNewKey) {
  const std::string before = read_file(key_file_);
  const KeyVault server = KeyVault::open(key_file_);
  KeyRotation rotation(*database_, key_file_);
  EXPECT_FALSE(rotation.goes_on());
  EXPECT_TRUE(rotation.run(always));
  EXPECT_EQ(rotation.done(), static_cast<std::uint64_t>(kSubscribers));
  EXPECT_NE(read_file(key_file_), before);
  EXPECT_EQ(read_file(old_file_), before);
  EXPECT_FALSE(std::filesystem::exists(next_file_));
  struct stat status {};
  ASSERT_EQ(::stat(key_file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);

  EXPECT_EQ(opened_with(alone(key_file_)), kSubscribers);
  EXPECT_EQ(opened_with(alone(old_file_)), 0);
  EXPECT_EQ(match_master_key(database_->handle(), alone(key_file_)), MasterKeyMatch::kSame);
  EXPECT_EQ(match_master_key(database_->handle(), alone(old_file_)), MasterKeyMatch::kOther);
  EXPECT_EQ(opened_with(server), kSubscribers) << "it had the old key, and slept through the rotation";
  add(server, kSubscribers + 1);
  EXPECT_EQ(opened_with(alone(key_file_), kSubscribers + 1), kSubscribers + 1) << "and seals under the new one";
}

TEST_F(KeyRotationTest, GoesOnWhereverItStopped) {
  const KeyVault server = KeyVault::open(key_file_);
  const std::string before = read_file(key_file_);
  EXPECT_FALSE(KeyRotation(*database_, key_file_).run([](std::uint64_t) { return false; }));
  EXPECT_EQ(read_file(key_file_), before);
  const int moved = opened_with(alone(next_file_));
  EXPECT_GT(moved, 0);
  EXPECT_LT(moved, kSubscribers);
  EXPECT_EQ(opened_with(server), kSubscribers);
  EXPECT_EQ(opened_with(KeyVault::open(key_file_)), kSubscribers) << "a server that starts now";
  check_master_key(*database_, KeyVault::open(key_file_));
  add(server, kSubscribers + 1);
  EXPECT_EQ(opened_with(alone(next_file_), kSubscribers + 1), moved + 1);

  KeyRotation rotation(*database_, key_file_);
  EXPECT_TRUE(rotation.goes_on());
  EXPECT_TRUE(rotation.run(always));
  EXPECT_EQ(rotation.done(), static_cast<std::uint64_t>(kSubscribers - moved));
  EXPECT_EQ(opened_with(alone(key_file_), kSubscribers + 1), kSubscribers + 1);
}

TEST_F(KeyRotationTest, GoesOnWhenOnlyTheNamesWereMissing) {
  const KeyVault server = KeyVault::open(key_file_);
  EXPECT_TRUE(KeyRotation(*database_, key_file_).run(always));
  // As if it had been killed before the last rename, after the old key had got its second name.
  std::filesystem::rename(key_file_, next_file_);
  std::filesystem::create_hard_link(old_file_, key_file_);
  check_master_key(*database_, KeyVault::open(key_file_));
  EXPECT_EQ(opened_with(server), kSubscribers);
  EXPECT_TRUE(KeyRotation(*database_, key_file_).run(always));
  EXPECT_EQ(opened_with(alone(key_file_)), kSubscribers);
  EXPECT_TRUE(std::filesystem::exists(old_file_));
}

TEST_F(KeyRotationTest, AnOldKeyIsNotOverwritten) {
  EXPECT_TRUE(KeyRotation(*database_, key_file_).run(always));
  EXPECT_THAT(error_of<KeyVaultError>([this] { KeyRotation(*database_, key_file_); }),
              HasSubstr("key of an earlier rotation"));
  std::filesystem::remove(old_file_);
  EXPECT_TRUE(KeyRotation(*database_, key_file_).run(always));
  EXPECT_EQ(opened_with(alone(key_file_)), kSubscribers);
}

TEST_F(KeyRotationTest, AValueUnderNeitherKeyStopsIt) {
  execute(database_->handle(), "UPDATE key_set SET sealed = zeroblob(62) WHERE id = 150");
  EXPECT_THROW(KeyRotation(*database_, key_file_).run(always), StoreFault);
  EXPECT_EQ(opened_with(KeyVault::open(key_file_)), kSubscribers - 1) << "the others are as they were";
}

TEST_F(KeyRotationTest, AnotherKeyFileIsRefused) {
  std::filesystem::remove(key_file_);
  KeyVault::create_key_file(key_file_);
  EXPECT_THAT(error_of<KeyVaultError>([this] { KeyRotation(*database_, key_file_); }), HasSubstr("another master key"));
  EXPECT_FALSE(std::filesystem::exists(next_file_));
}

}  // namespace
}  // namespace hss::db::test
