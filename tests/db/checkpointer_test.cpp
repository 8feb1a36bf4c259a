// The log is brought into the database beside a busy writer, and begun anew; who reads holds it up for as long as he
// does.
// SPDX-License-Identifier: MIT
#include "db/checkpointer.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/db/failing_vfs.h"
#include "tests/db/transaction_loop_fixture.h"

namespace hss::db::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kPages = 20;
constexpr std::uintmax_t kOctetsOfPage = 4096 + 24;  // in the log

class CheckpointerTest : public TransactionLoopTest {
 protected:
  CheckpointerTest() { checkpoint_pages_ = kPages; }

  [[nodiscard]] std::string log() const { return file_.string() + "-wal"; }
  /// Another one when the log was begun anew.
  [[nodiscard]] std::string salt() const {
    std::array<char, 32> header{};
    std::ifstream(log(), std::ios::binary).read(header.data(), header.size());
    return {header.data() + 16, 8};
  }
  /// What is there without the log.
  [[nodiscard]] std::string in_file() const {
    std::ifstream file(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Some batches, each of some pages.
  void work(unsigned batches) {
    for (; batches > 0; --batches) {
      EXPECT_EQ(run(next_seq(batches % 3)), std::nullopt);
      EXPECT_EQ(run(challenge(batches % 3, 1000 + batches)), std::nullopt);
      ++done_;
    }
  }
  /// Until the log is begun anew; false when that takes a minute.
  bool work_until_begun_anew() {
    const std::string before = salt();
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (salt() == before && std::chrono::steady_clock::now() < end) work(1);
    return salt() != before;
  }

  unsigned done_ = 0;
};

TEST_F(CheckpointerTest, TheLogIsBegunAnewAgainAndAgainAndAllIsThere) {
  start();
  for (unsigned i = 0; i < 5; ++i) ASSERT_TRUE(work_until_begun_anew());
  EXPECT_THAT(faults(), IsEmpty());
  // Without the log: what is in the file by now is a database that holds together.
  const auto copy = file_.string() + ".copy";
  std::filesystem::copy_file(file_, copy);
  {
    Database alone(copy, Database::Open::kExisting);
    EXPECT_EQ(
        query_integer(alone.handle(), "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
  }
  EXPECT_EQ(seq(0) + seq(1) + seq(2), 300U + done_);
}

TEST_F(CheckpointerTest, AReaderHoldsItUpForAsLongAsHeReads) {
  start();
  database_->read([&] {
    const std::int64_t before = query_integer(database_->handle(), "SELECT sum(seq) FROM sequence");
    const std::string begun = salt();
    work(3 * kPages);
    EXPECT_EQ(salt(), begun);
    EXPECT_GT(std::filesystem::file_size(log()), 3 * kPages * kOctetsOfPage);
    EXPECT_EQ(query_integer(database_->handle(), "SELECT sum(seq) FROM sequence"), before);
  });
  EXPECT_TRUE(work_until_begun_anew());
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(seq(0) + seq(1) + seq(2), 300U + done_);
}

TEST_F(CheckpointerTest, TheFileFollowsLongBeforeTheLogIsBegunAnew) {
  constexpr int kMany = 800;
  checkpoint_pages_ = kMany;
  start();
  for (int turn = 0; turn < 2; ++turn) {
    const std::string before = in_file();
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (in_file() == before && std::chrono::steady_clock::now() < end) work(1);
    EXPECT_NE(in_file(), before) << turn;
    EXPECT_LT(std::filesystem::file_size(log()), kMany / 2 * kOctetsOfPage) << turn;
    // Somebody else's doing: the next one is short again.
    int code = SQLITE_BUSY;
    while (code == SQLITE_BUSY && std::chrono::steady_clock::now() < end) {
      code = sqlite3_wal_checkpoint_v2(database_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    }
    EXPECT_EQ(code, SQLITE_OK) << turn;
  }
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(TransactionLoopTest, ACheckpointThatFailsIsToldAndTheServerGoesOn) {
  FailingVfs vfs;
  checkpoint_pages_ = 1;
  // Only what checkpoints sync is synced through it.
  sync_ = [] {};
  start();
  vfs.fail({.operations = FailingVfs::kSync});
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (faults().empty() && std::chrono::steady_clock::now() < end) EXPECT_EQ(run(next_seq(0)), std::nullopt);
  ASSERT_FALSE(faults().empty());
  EXPECT_THAT(faults()[0], HasSubstr("the write-ahead log cannot be brought into the database, and grows: "));
  vfs.heal();
  EXPECT_EQ(run(next_seq(0)), std::nullopt);
  loop_.reset();
}

}  // namespace
}  // namespace hss::db::test
