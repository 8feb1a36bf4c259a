// Frames in a socket: seen without being taken, and taken without what is behind them.
// SPDX-License-Identifier: MIT
#include "diameter/waiting_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

namespace hss::diameter::test {
namespace {

using Seen = WaitingFrames::Seen;

/// A frame of that many octets in all, its contents `fill`.
std::string frame(std::size_t size, char fill) {
  std::string out(size, fill);
  out[0] = 1;
  out[1] = static_cast<char>(size >> 16U);
  out[2] = static_cast<char>(size >> 8U);
  out[3] = static_cast<char>(size);
  return out;
}

class WaitingFramesTest : public testing::Test {
 protected:
  WaitingFramesTest() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0); }
  ~WaitingFramesTest() override {
    for (const int end : ends_) {
      if (end >= 0) close(end);
    }
  }
  void arrive(const std::string& octets) {
    ASSERT_EQ(send(ends_[0], octets.data(), octets.size(), 0), static_cast<ssize_t>(octets.size()));
  }
  void hang_up() {
    close(ends_[0]);
    ends_[0] = -1;
  }
  Seen look() { return frames_.look(ends_[1]); }
  /// Takes the next frame; empty when there is none.
  std::string take() {
    const auto next = frames_.next();
    if (!next) return {};
    frames_.take(*next);
    return {next->begin(), next->end()};
  }
  std::string what_is_left() {
    std::string out(1U << 18U, 0);
    const ssize_t got = recv(ends_[1], out.data(), out.size(), MSG_DONTWAIT);
    out.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return out;
  }
  bool remove_taken() { return frames_.remove_taken(ends_[1]); }

  std::array<int, 2> ends_{-1, -1};
  WaitingFrames frames_;
};

TEST_F(WaitingFramesTest, NothingIsThere) {
  EXPECT_EQ(look(), Seen::kNothing);
  EXPECT_EQ(take(), "");
  EXPECT_TRUE(remove_taken());
}

TEST_F(WaitingFramesTest, AConnectionThatIsOver) {
  hang_up();
  EXPECT_EQ(look(), Seen::kGone);
}

TEST_F(WaitingFramesTest, WhatIsTakenIsRemovedAndNothingElse) {
  const std::string first = frame(20, 'a');
  const std::string second = frame(32, 'b');
  const std::string third = frame(24, 'c');
  arrive(first + second + third);
  ASSERT_EQ(look(), Seen::kSomething);
  EXPECT_EQ(take(), first);
  EXPECT_EQ(take(), second);
  EXPECT_FALSE(frames_.begins_with_none());
  EXPECT_TRUE(remove_taken());
  EXPECT_EQ(what_is_left(), third);
}

TEST_F(WaitingFramesTest, WhatIsOnlySeenStays) {
  arrive(frame(20, 'a'));
  ASSERT_EQ(look(), Seen::kSomething);
  EXPECT_TRUE(frames_.next());
  EXPECT_TRUE(remove_taken());
  EXPECT_EQ(what_is_left(), frame(20, 'a'));
}

TEST_F(WaitingFramesTest, APartOfAFrameIsNoneYet) {
  const std::string whole = frame(40, 'p');
  for (const std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{4}, std::size_t{39}}) {
    arrive(whole.substr(0, size));
    ASSERT_EQ(look(), Seen::kSomething);
    EXPECT_EQ(take(), "") << size;
    EXPECT_FALSE(frames_.begins_with_none()) << size;
    EXPECT_EQ(frames_.left(), size);
    EXPECT_EQ(what_is_left().size(), size);
  }
  arrive(frame(20, 'a') + whole.substr(0, 25));
  ASSERT_EQ(look(), Seen::kSomething);
  EXPECT_EQ(take(), frame(20, 'a'));
  EXPECT_EQ(take(), "");
  EXPECT_EQ(frames_.left(), 25U);
  EXPECT_TRUE(remove_taken());
  EXPECT_EQ(what_is_left(), whole.substr(0, 25));
}

TEST_F(WaitingFramesTest, WhatIsNoFrameIsLeft) {
  std::string other_version = frame(20, 'v');
  other_version[0] = 2;
  for (const std::string& none :
       {frame(19, 's'), frame(0xFFFFFF & 70000, 'l'), other_version, std::string("GET /\r\n")}) {
    arrive(frame(20, 'a') + none);
    ASSERT_EQ(look(), Seen::kSomething);
    EXPECT_EQ(take(), frame(20, 'a'));
    EXPECT_EQ(take(), "");
    EXPECT_TRUE(frames_.begins_with_none());
    EXPECT_TRUE(remove_taken());
    EXPECT_EQ(what_is_left(), none);
  }
}

TEST_F(WaitingFramesTest, ManyAreSeenPartByPart) {
  std::string all;
  for (int i = 0; i < 100; ++i) all += frame(1000, static_cast<char>('a' + i % 26));
  arrive(all);
  std::string taken;
  int looks = 0;
  while (look() == Seen::kSomething) {
    ++looks;
    EXPECT_EQ(frames_.may_be_more(), looks == 1);
    for (std::string one = take(); !one.empty(); one = take()) taken += one;
    ASSERT_TRUE(remove_taken());
  }
  EXPECT_EQ(looks, 2);
  EXPECT_EQ(taken, all);
}

TEST_F(WaitingFramesTest, WhatSomebodyElseHasTakenIsMissed) {
  arrive(frame(20, 'a') + frame(20, 'b'));
  ASSERT_EQ(look(), Seen::kSomething);
  take();
  std::array<char, 20> stolen{};
  ASSERT_EQ(recv(ends_[1], stolen.data(), stolen.size(), 0), 20);
  EXPECT_FALSE(remove_taken());
}

}  // namespace
}  // namespace hss::diameter::test
