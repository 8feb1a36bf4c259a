// Answers through a thread of their own, to a network of the test's.
// SPDX-License-Identifier: MIT
#include "diameter/refusal_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <utility>
#include <vector>

#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class RefusalSenderTest : public CoreTest {
 protected:
  static fd::MessagePtr message(std::uint32_t number) {
    RawMessage out = location_info_request();
    out.hop_by_hop = number;
    return parse_header(out);
  }
};

TEST_F(RefusalSenderTest, InTheirOrder) {
  std::vector<std::uint32_t> sent;
  std::promise<void> done;
  RefusalSender sender([&](const fd::MessagePtr& answer) {
    sent.push_back(fd::header(answer.get()).msg_hbhid);
    if (sent.size() == 3) done.set_value();
    if (sent.size() == 2) throw fd::Error("one that cannot be sent");
  });
  EXPECT_EQ(RefusalSender::instance(), &sender);
  for (const std::uint32_t number : {7U, 8U, 9U}) EXPECT_TRUE(sender.submit(message(number)));
  done.get_future().wait();
  EXPECT_THAT(sent, ::testing::ElementsAre(7U, 8U, 9U));
}

TEST_F(RefusalSenderTest, WhenTheNetworkIsStuckTheCallerIsNot) {
  std::promise<void> stuck;
  std::promise<void> go_on;
  std::size_t accepted = 0;
  {
    bool first = true;
    RefusalSender sender([&](const fd::MessagePtr&) {
      if (!std::exchange(first, false)) return;
      stuck.set_value();
      go_on.get_future().wait();
    });
    EXPECT_TRUE(sender.submit(message(0)));
    stuck.get_future().wait();
    while (sender.submit(message(1))) ++accepted;
    go_on.set_value();
  }
  EXPECT_EQ(accepted, 1000U);
  EXPECT_EQ(RefusalSender::instance(), nullptr);
}

}  // namespace
}  // namespace hss::diameter::test
