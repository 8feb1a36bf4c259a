// One server to a database: the second one is refused, and hssctl finds the first. The lock is a process's own, so each
// server here is a process.
// SPDX-License-Identifier: MIT
#include "db/server_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <memory>

#include "db/database.h"
#include "tests/db/fixtures.h"

namespace hss::db::test {
namespace {

using testing::HasSubstr;

/// A process that does its work and then waits to be told to end.
class OtherProcess {
 public:
  explicit OtherProcess(const std::function<void()>& work) {
    std::array<int, 2> ready{};
    std::array<int, 2> end{};
    EXPECT_EQ(::pipe(ready.data()), 0);
    EXPECT_EQ(::pipe(end.data()), 0);
    id_ = ::fork();
    if (id_ == 0) {
      ::close(end[1]);
      work();
      char unused = 0;
      static_cast<void>(::write(ready[1], &unused, 1) == 1);
      static_cast<void>(::read(end[0], &unused, 1) == 1);  // until the other end is closed
      ::_exit(0);
    }
    ::close(ready[1]);
    ::close(end[0]);
    end_ = end[1];
    char unused = 0;
    EXPECT_EQ(::read(ready[0], &unused, 1), 1);
    ::close(ready[0]);
  }
  ~OtherProcess() { stop(); }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;

  void stop() {
    if (id_ == 0) return;
    ::close(end_);
    ::waitpid(id_, nullptr, 0);
    id_ = 0;
  }
  [[nodiscard]] pid_t id() const { return id_; }

 private:
  pid_t id_ = 0;
  int end_ = -1;
};

class ServerLockTest : public testing::Test {
 protected:
  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "hss.db";
};

TEST_F(ServerLockTest, TheSecondServerIsRefused) {
  std::unique_ptr<ServerLock> lock;
  OtherProcess first([&] { lock = std::make_unique<ServerLock>(file_); });
  try {
    const ServerLock second(file_);
    ADD_FAILURE() << "two servers";
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("is served by another server (process " + std::to_string(first.id()) + ")"));
  }
  first.stop();
  EXPECT_NO_THROW(ServerLock{file_});
}

TEST_F(ServerLockTest, ItIsFoundWithItsLatestReload) {
  EXPECT_FALSE(running_server(file_)) << "no file";
  std::unique_ptr<ServerLock> lock;
  {
    const OtherProcess server([&] { lock = std::make_unique<ServerLock>(file_); });
    const auto found = running_server(file_);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->process, server.id());
    EXPECT_EQ(found->reloads, 0U);
    EXPECT_EQ(found->report, "");
  }
  EXPECT_FALSE(running_server(file_)) << "nobody has the file";
  const OtherProcess server([&] {
    lock = std::make_unique<ServerLock>(file_);
    lock->tell_reload("a first report, which is longer than the second\n");
    lock->tell_reload("one\ntwo\n");
  });
  const auto found = running_server(file_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->reloads, 2U);
  EXPECT_EQ(found->report, "one\ntwo\n");
}

TEST_F(ServerLockTest, AKilledServerLeavesNothingThatHolds) {
  std::unique_ptr<ServerLock> lock;
  OtherProcess killed([&] {
    lock = std::make_unique<ServerLock>(file_);
    lock->tell_reload("of a life before\n");
  });
  ::kill(killed.id(), SIGKILL);
  killed.stop();
  EXPECT_FALSE(running_server(file_));
  const OtherProcess next([&] { lock = std::make_unique<ServerLock>(file_); });
  const auto found = running_server(file_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->reloads, 0U) << "the count begins anew";
}

TEST_F(ServerLockTest, ADirectoryThatIsNotThereIsNamed) {
  try {
    const ServerLock lock(directory_ / "none" / "hss.db");
    ADD_FAILURE();
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("hss.db-server cannot be opened"));
  }
}

}  // namespace
}  // namespace hss::db::test
