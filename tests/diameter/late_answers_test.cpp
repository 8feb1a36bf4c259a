// Answers that wait until the peer that asked is open again, and those that need not.
// SPDX-License-Identifier: MIT
#include "diameter/late_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LateAnswersTest : public CoreTest {
 protected:
  /// An answer to a request of kPeer.
  static fd::MessagePtr answer(std::uint32_t number) {
    RawMessage request = location_info_request();
    request.hop_by_hop = number;
    msg* message = parse(request).release();
    fd::check(fd_msg_new_answer_from_req(fd_g_config->cnf_dict, &message, 0), "make an answer");
    return fd::MessagePtr(message);
  }
  int send(LateAnswers& late, std::uint32_t number) {
    msg* message = answer(number).release();
    const int error = late.send(&message);
    const fd::MessagePtr unsent(message);
    EXPECT_EQ(unsent == nullptr, error == 0);
    return error;
  }
  LateAnswers::Core core() {
    return {[this](std::string_view peer) {
              const std::lock_guard lock(mutex_);
              EXPECT_EQ(peer, kPeer);
              ++looks_;
              changed_.notify_all();
              return closed_;
            },
            [this](std::string_view) {
              const std::lock_guard lock(mutex_);
              return connection_;
            },
            [this](msg** message) {
              const std::lock_guard lock(mutex_);
              if (error_ != 0) return error_;
              const fd::MessagePtr taken(std::exchange(*message, nullptr));
              sent_.push_back(fd::header(fd::request_of(taken.get())).msg_hbhid);
              changed_.notify_all();
              return 0;
            }};
  }
  void set_closed(bool closed) {
    const std::lock_guard lock(mutex_);
    closed_ = closed;
  }
  template <typename Condition>
  bool comes_true(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes(1), condition);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = true;
  PlainConnectionPtr connection_ = std::make_shared<PlainConnection>();
  int error_ = 0;
  int looks_ = 0;
  std::vector<std::uint32_t> sent_;
};

TEST_F(LateAnswersTest, NobodyIsLookedAtUntilSomebodyIsExpected) {
  LateAnswers late(core());
  EXPECT_EQ(send(late, 1), 0);
  EXPECT_THAT(sent_, ElementsAre(1));
  EXPECT_EQ(looks_, 0);
}

TEST_F(LateAnswersTest, TheyWaitUntilThePeerIsOpen) {
  LateAnswers late(core());
  late.expect();
  for (std::uint32_t number = 1; number <= 20; ++number) EXPECT_EQ(send(late, number), 0);
  EXPECT_TRUE(comes_true([this] { return looks_ > 100; }));
  {
    const std::lock_guard lock(mutex_);
    EXPECT_THAT(sent_, IsEmpty());
    closed_ = false;
  }
  EXPECT_TRUE(comes_true([this] { return sent_.size() == 20; }));
  EXPECT_EQ(std::set(sent_.begin(), sent_.end()).size(), 20U);
  EXPECT_EQ(send(late, 21), 0);  // at once, from this thread
  EXPECT_EQ(sent_.back(), 21U);
}

TEST_F(LateAnswersTest, OneThatDoesNotComeBackInTimeIsGivenToTheCoreAllTheSame) {
  LateAnswers late(core());
  late.expect();
  EXPECT_EQ(send(late, 1), 0);
  EXPECT_TRUE(comes_true([this] { return sent_.size() == 1; }));  // which says that it drops it
}

TEST_F(LateAnswersTest, AnotherConnectionIsGivenNoAnswersOfTheOneBefore) {
  LateAnswers late(core());
  late.expect();
  EXPECT_EQ(send(late, 1), 0);
  EXPECT_TRUE(comes_true([this] { return looks_ > 2; }));
  {
    const std::lock_guard lock(mutex_);
    connection_ = std::make_shared<PlainConnection>();
  }
  EXPECT_EQ(send(late, 2), 0);
  const int looks = [this] {
    const std::lock_guard lock(mutex_);
    return looks_;
  }();
  EXPECT_TRUE(comes_true([this, looks] { return looks_ > looks + 2; }));
  set_closed(false);
  EXPECT_TRUE(comes_true([this] { return !sent_.empty(); }));
  EXPECT_EQ(send(late, 3), 0);
  EXPECT_THAT(sent_, ElementsAre(2, 3));
}

TEST_F(LateAnswersTest, ErrorsOfTheCoreAreTheCallers) {
  LateAnswers late(core());
  error_ = EINVAL;
  EXPECT_EQ(send(late, 1), EINVAL);
}

TEST_F(LateAnswersTest, ThoseThatStillWaitAtTheEndAreFreed) {
  LateAnswers late(core());
  late.expect();
  for (std::uint32_t number = 1; number <= 3; ++number) EXPECT_EQ(send(late, number), 0);
}

}  // namespace
}  // namespace hss::diameter::test
