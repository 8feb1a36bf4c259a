// What systemd would read on its socket.
// SPDX-License-Identifier: MIT
#include "diameter/supervision.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

namespace hss::diameter {
namespace {

using testing::StartsWith;

/// NOTIFY_SOCKET and WATCHDOG_USEC as systemd sets them.
class Manager {
 public:
  explicit Manager(const char* watchdog_microseconds) {
    std::array<char, 32> name{"/tmp/minihss-notify-XXXXXX"};
    directory_ = ::mkdtemp(name.data());
    const std::string path = directory_ / "socket";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    ::setenv("WATCHDOG_USEC", watchdog_microseconds, 1);
  }
  ~Manager() {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::close(socket_);
    std::filesystem::remove_all(directory_);
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  /// The next datagram; empty when none came for `milliseconds`.
  std::string next(int milliseconds = 30'000) const {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, milliseconds) != 1) return {};
    std::array<char, 256> text{};
    const auto size = ::recv(socket_, text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }

 private:
  std::filesystem::path directory_;
  int socket_ = -1;
};

/// Commits at once, refuses, or keeps what it is given.
class Queue final : public TransactionQueue {
 public:
  bool submit(std::unique_ptr<Transaction>& transaction) override {
    if (refuse > 0) return --refuse, false;
    ++taken;
    if (keep) {
      kept.push_back(std::move(transaction));
    } else {
      std::exchange(transaction, nullptr)->committed();
    }
    return true;
  }
  std::atomic<int> refuse = 0;
  std::atomic<int> taken = 0;
  std::atomic<bool> keep = false;
  std::vector<std::unique_ptr<Transaction>> kept;
};

TEST(Supervision, TellsWhenPeersCanConnectAndOfTheEnd) {
  const Manager manager("0");
  Queue queue;
  std::promise<bool> served;
  {
    Supervision supervision(queue, [&] { return served.get_future().get(); });
    supervision.start();
    EXPECT_EQ(manager.next(50), "") << "not yet";
    served.set_value(true);
    EXPECT_THAT(manager.next(), StartsWith("READY=1"));
  }
  EXPECT_EQ(manager.next(), "STOPPING=1");
  EXPECT_EQ(queue.taken, 0) << "nobody watches";
}

TEST(Supervision, AServerThatEndsBeforeItServesIsNotReady) {
  const Manager manager("1000000");
  Queue queue;
  {
    Supervision supervision(queue, [] { return false; });
    supervision.start();
  }
  EXPECT_EQ(manager.next(), "STOPPING=1");
}

TEST(Supervision, FeedsTheWatchdogWhileTheStoreAnswers) {
  const Manager manager("20000");
  Queue queue;
  queue.refuse = 3;  // a queue that is full now and then
  {
    Supervision supervision(queue, [] { return true; });
    supervision.start();
    EXPECT_THAT(manager.next(), StartsWith("READY=1"));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(manager.next(), "WATCHDOG=1");
  }
  EXPECT_EQ(queue.refuse, 0);
}

TEST(Supervision, AStoreThatStandsStillGetsOneProbeAndTheWatchdogNothing) {
  const Manager manager("20000");
  Queue queue;
  queue.keep = true;
  {
    Supervision supervision(queue, [] { return true; });
    supervision.start();
    EXPECT_THAT(manager.next(), StartsWith("READY=1"));
    EXPECT_EQ(manager.next(200), "");
    EXPECT_EQ(queue.taken, 1);
  }
  EXPECT_EQ(manager.next(), "STOPPING=1");
  ASSERT_EQ(queue.kept.size(), 1U);
  queue.kept.front()->failed("the disk is full");  // after the end of the supervision: no harm
  EXPECT_EQ(manager.next(), "WATCHDOG=1") << "a store that says what is wrong is alive";
}

}  // namespace
}  // namespace hss::diameter
