// Which answers go by themselves, which bring others along, and that none stays behind.
// SPDX-License-Identifier: MIT
#include "diameter/gathered_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
    return {made.take(), std::move(message)};
  }
  void send(std::uint32_t number, const std::string& peer = kPeer) {
    EXPECT_EQ(gathered_.send(answer(number, peer)), 0);
  }
  GatheredAnswers::Core core() {
    return {[this](msg* request) {
              const auto found = connections_.find(std::string(fd::source_of(request)));
              return found == connections_.end() ? nullptr : found->second;
            },
            [this](msg** message) {
              if (error_ != 0) return error_;
              const fd::MessagePtr taken(std::exchange(*message, nullptr));
              sent_.push_back(fd::header(taken.get()).msg_hbhid);
              return 0;
            }};
  }
  /// What the thread that writes to the peer finds.
  Numbers brought_along(const std::string& peer = kPeer) {
    std::vector<std::uint8_t> octets;
    connections_.at(peer)->answers.take(octets);
    Numbers out;
    for (std::size_t at = 0; at < octets.size(); at += u32(&octets[at]) & 0xFFFFFFU) {
      out.push_back(u32(&octets[at + kHopByHopAt]));
    }
    return out;
  }

  std::map<std::string, PlainConnectionPtr> connections_{{kPeer, std::make_shared<PlainConnection>()},
                                                         {kAaa, std::make_shared<PlainConnection>()}};
  int error_ = 0;
  Numbers sent_;
  GatheredAnswers gathered_{core()};
};

TEST_F(GatheredAnswersTest, OneAloneGoesWhenNothingMoreComes) {
  send(1);
  EXPECT_THAT(sent_, IsEmpty());
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(1));
  EXPECT_THAT(brought_along(), IsEmpty());
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(1));
}

TEST_F(GatheredAnswersTest, TheFirstBringsTheOthersAlong) {
  for (const std::uint32_t number : {1, 2, 3}) send(number);
  EXPECT_THAT(sent_, IsEmpty());
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(1));
  EXPECT_THAT(brought_along(), ElementsAre(2, 3));
}

TEST_F(GatheredAnswersTest, EachConnectionHasItsOwn) {
  send(1, kPeer);
  send(2, kAaa);
  send(3, kPeer);
  send(4, kAaa);
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(1, 2));
  EXPECT_THAT(brought_along(kPeer), ElementsAre(3));
  EXPECT_THAT(brought_along(kAaa), ElementsAre(4));
}

TEST_F(GatheredAnswersTest, ManyGoBeforeTheLastIsFinished) {
  for (std::uint32_t number = 0; number < 100; ++number) send(number);
  EXPECT_THAT(sent_, ElementsAre(0, 33, 66));
  gathered_.flush();
  EXPECT_THAT(sent_, ElementsAre(0, 33, 66, 99));
  EXPECT_EQ(brought_along().size(), 96U);
}

TEST_F(GatheredAnswersTest, WithoutSuchAConnectionEachGoesByItself) {
  send(1, "elsewhere.example.org");
  send(2, "elsewhere.example.org");
  EXPECT_THAT(sent_, ElementsAre(1, 2));
}

TEST_F(GatheredAnswersTest, APeerThatDoesNotReadHasToTakeOneByOne) {
  const std::vector<std::uint8_t> much((1U << 20U) + 1);
  connections_.at(kPeer)->answers.put(much);
  send(1);
  send(2);
  EXPECT_THAT(sent_, ElementsAre(1, 2));
}

TEST_F(GatheredAnswersTest, WhatIsBroughtAlongIsTheAnswer) {
  send(1);
  const AvpOctets::Buffer octets = answer(2).octets;
  send(2);
  std::vector<std::uint8_t> brought;
  connections_.at(kPeer)->answers.take(brought);
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
