// Which answers go by themselves, which bring others along, and that none stays behind.
// SPDX-License-Identifier: MIT
#include "diameter/gathered_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "diameter/raw_avps.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Numbers = std::vector<std::uint32_t>;

constexpr std::size_t kHopByHopAt = 12;

class GatheredAnswersTest : public CoreTest {
 protected:
  /// An answer, as a transaction makes one, to a request of `peer`, with a number as its hop-by-hop identifier.
  static FinishedAnswer answer(std::uint32_t number, const std::string& peer = kPeer) {
    RawMessage request = location_info_request();
    request.hop_by_hop = number;
    fd::MessagePtr message = parse(request, peer);
    Answer made(message.get(), result::kSuccess);
    return {made.take(), std::move(message), std::chrono::steady_clock::now()};
  }
  void send(std::uint32_t number, const std::string& peer = kPeer) {
    EXPECT_EQ(gathered_.send(answer(number, peer)), 0);
  }
  GatheredAnswers::Core core() {
    return {[this](msg* request) {
              const auto found = connections_.find(std::string(fd::source_of(request)));
              return found == connections_.end() ? nullptr : found->second;
            },
            [this] { return may_have_to_wait_; },
            [this](msg** message) {
              if (error_ != 0) return error_;
              const fd::MessagePtr taken(std::exchange(*message, nullptr));
              sent_.push_back(fd::header(taken.get()).msg_hbhid);
              return 0;
            }};
  }
  /// What the thread that writes to the peer finds when it is about to write the answer `courier`.
  Numbers brought_along(std::uint32_t courier, const std::string& peer = kPeer) {
    std::vector<std::uint8_t> octets;
    connections_.at(peer)->answers.take({courier, location_info_request().end_to_end}, octets);
    Numbers out;
    for (std::size_t at = 0; at < octets.size(); at += u32(&octets[at]) & 0xFFFFFFU) {
      out.push_back(u32(&octets[at + kHopByHopAt]));
    }
    return out;
  }

  std::map<std::string, PlainConnectionPtr> connections_{{kPeer, std::make_shared<PlainConnection>()},
                                                         {kAaa, std::make_shared<PlainConnection>()}};
  bool may_have_to_wait_ = false;
  int error_ = 0;
  Numbers sent_;
  GatheredAnswers gathered_{core()};
};

TEST_F(GatheredAnswersTest, OneAloneGoesWhenNothingMoreComes) {
  send(1);
  EXPECT_THAT(sent_, IsEmpty());
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(1));
  EXPECT_THAT(brought_along(1), IsEmpty());
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(1));
}

TEST_F(GatheredAnswersTest, TheLastBringsTheOthersAlong) {
  for (const std::uint32_t number : {1, 2, 3}) send(number);
  EXPECT_THAT(sent_, IsEmpty());
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(3));
  EXPECT_THAT(brought_along(3), ElementsAre(1, 2));
}

TEST_F(GatheredAnswersTest, EachConnectionHasItsOwn) {
  send(1, kPeer);
  send(2, kAaa);
  send(3, kPeer);
  send(4, kAaa);
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(3, 4));
  EXPECT_THAT(brought_along(3, kPeer), ElementsAre(1));
  EXPECT_THAT(brought_along(4, kAaa), ElementsAre(2));
}

TEST_F(GatheredAnswersTest, ManyGoBeforeTheLastIsFinished) {
  for (std::uint32_t number = 0; number < 100; ++number) send(number);
  EXPECT_THAT(sent_, ElementsAre(32, 65, 98));
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(32, 65, 98, 99));
}

TEST_F(GatheredAnswersTest, WhatIsFinishedLaterIsNotWrittenBefore) {
  for (std::uint32_t number = 0; number < 100; ++number) send(number);
  Numbers order;
  for (const std::uint32_t courier : {32, 65, 98}) {
    for (const std::uint32_t number : brought_along(courier)) order.push_back(number);
    order.push_back(courier);
  }
  EXPECT_EQ(order.size(), 99U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST_F(GatheredAnswersTest, TheNextCourierBringsWhatALostOneDidNot) {
  for (const std::uint32_t number : {1, 2}) send(number);
  gathered_.flush();
  for (const std::uint32_t number : {3, 4}) send(number);
  gathered_.settle();
  EXPECT_THAT(brought_along(7), IsEmpty());  // another message
  EXPECT_THAT(brought_along(4), ElementsAre(1, 3));
  EXPECT_EQ(connections_.at(kPeer)->answers.octets(), 0U);
}

TEST_F(GatheredAnswersTest, WithoutSuchAConnectionEachGoesByItself) {
  send(1, "elsewhere.example.org");
  send(2, "elsewhere.example.org");
  EXPECT_THAT(sent_, ElementsAre(1, 2));
}

TEST_F(GatheredAnswersTest, WhenSomeMayHaveToWaitEachGoesByItself) {
  may_have_to_wait_ = true;
  send(1);
  send(2);
  EXPECT_THAT(sent_, ElementsAre(1, 2));
}

TEST_F(GatheredAnswersTest, APeerThatDoesNotReadHasToTakeOneByOne) {
  const std::vector<std::uint8_t> much((1U << 20U) + 1);
  connections_.at(kPeer)->answers.put(much);
  send(1);
  send(2);
  EXPECT_THAT(sent_, ElementsAre(1, 2));
}

TEST_F(GatheredAnswersTest, ANewConnectionGetsNoAnswersOfTheOneBefore) {
  FinishedAnswer late = answer(1);
  connections_[kPeer] = std::make_shared<PlainConnection>();
  connections_[kPeer]->since = std::chrono::steady_clock::now();
  EXPECT_EQ(gathered_.send(std::move(late)), ENOTCONN);
  send(2);
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(2));
  EXPECT_THAT(brought_along(2), IsEmpty());
}

TEST_F(GatheredAnswersTest, WhatIsBroughtAlongIsTheAnswer) {
  const AvpOctets::Buffer octets = answer(1).octets;
  send(1);
  send(2);
  gathered_.flush();
  std::vector<std::uint8_t> brought;
  connections_.at(kPeer)->answers.take({2, location_info_request().end_to_end}, brought);
  EXPECT_EQ(brought, octets);
}

TEST_F(GatheredAnswersTest, AnAnswerThatFreeDiameterDoesNotTakeIsFreed) {
  error_ = ENOMEM;
  send(1);
  gathered_.flush();  // the sanitizer sees to it
  EXPECT_THAT(sent_, IsEmpty());
  connections_.clear();
  EXPECT_EQ(gathered_.send(answer(2)), ENOMEM);
}

}  // namespace
}  // namespace hss::diameter::test
