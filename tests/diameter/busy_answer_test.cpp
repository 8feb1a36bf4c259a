// What is made of octets alone is what a transaction answers; and what it is not made for.
// SPDX-License-Identifier: MIT
#include "diameter/busy_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "diameter/command_table.h"
#include "diameter/wire_guard.h"
#include "tests/diameter/harness.h"
#include "tests/support/memory_repository.h"

namespace hss::diameter::test {
namespace {

using ::testing::IsEmpty;

constexpr std::uint32_t kDestinationRealm = 283;
constexpr std::uint32_t kDestinationHost = 293;
constexpr std::uint32_t kRouteRecord = 282;
constexpr std::uint32_t kProxyInfo = 284;

std::vector<RawMessage> requests() {
  return {user_authorization_request(), multimedia_auth_request(),     server_assignment_request(),
          location_info_request(),      swx_multimedia_auth_request(), swx_server_assignment_request()};
}

RawAvp proxy_info(const char* host, const std::string& state) {
  return group(kProxyInfo, {text(280, host), text(33, state)});
}

class BusyAnswerTest : public CoreTest {
 protected:
  /// The answer, or nothing.
  std::string answer_to(const std::string& octets) {
    std::vector<std::uint8_t> out{1, 2, 3, 4};
    const bool answered = answers_.append({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()}, out);
    EXPECT_EQ(answered, out.size() > 4);
    return {out.begin() + 4, out.end()};
  }
  std::string answer_to(const RawMessage& request) { return answer_to(request.octets()); }

  /// What a transaction answers when the queue is full.
  std::string transaction_answer(const RawMessage& request) {
    queue_.known_full = true;
    const auto commands = diameter::commands();
    const auto command = std::ranges::find_if(commands, [&](const CommandEntry& one) {
      return one.application == request.application && one.code == request.code;
    });
    const fd::MessagePtr answer =
        take_request(parse(request), *command, {queue_, settings_, random_}, recorder_.outlet());
    return encoded(answer.get()).octets();
  }

  BusyAnswers answers_{kHost, kRealm, commands(), Settings{}};
  const LiveSettings settings_{Settings{}};
  hss::test::CountingRandom random_;
  FakeQueue queue_;
  Recorder recorder_;
};

TEST_F(BusyAnswerTest, EveryCommandIsAnsweredAsATransactionAnswersIt) {
  for (RawMessage request : requests()) {
    request.hop_by_hop = 0xDEADBEEF;
    request.end_to_end = 0x01020304;
    EXPECT_EQ(answer_to(request), transaction_answer(request)) << request.code;
    request.flags = 0x90;  // R, T
    EXPECT_EQ(answer_to(request), transaction_answer(request)) << request.code;
  }
}

TEST_F(BusyAnswerTest, OctetByOctet) {
  RawMessage expected;
  expected.flags = 0x60;  // P, E
  expected.code = 302;
  expected.avps = {text(263, "icscf.example.org;1;4"),
                   group(260, {number(266, k3gpp), number(258, 16777216)}),
                   number(268, 3004),
                   number(277, 1),
                   text(264, kHost),
                   text(296, kRealm)};
  EXPECT_EQ(answer_to(location_info_request()), expected.octets());
}

TEST_F(BusyAnswerTest, ProxyInfoIsCopiedInItsOrderAndEndsTheAnswer) {
  RawMessage request = multimedia_auth_request();
  request.avps.insert(request.avps.begin(), proxy_info("one.example.org", "abcde"));
  request.avps.push_back(proxy_info("two.example.org", std::string(3000, 'x')));
  request.avps.push_back(proxy_info("three.example.org", ""));
  const RawMessage answer = RawMessage::from(answer_to(request));
  const auto copied = answer.all(kProxyInfo);
  ASSERT_EQ(copied.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(copied[i].data, request.all(kProxyInfo)[i].data);
    EXPECT_EQ(copied[i].flags, 0x40);
  }
  EXPECT_THAT(answer.order(), ::testing::EndsWith("284 284 284"));
  EXPECT_EQ(answer.avps[0].data, request.one(263).data);  // Session-Id comes first, wherever it was
}

TEST_F(BusyAnswerTest, AHostOrRealmThatIsOursInAnySpelling) {
  const RawMessage good = multimedia_auth_request();
  EXPECT_THAT(answer_to(with(good, text(kDestinationHost, "HSS.Example.ORG"))), Not(IsEmpty()));
  EXPECT_THAT(answer_to(replaced(good, text(kDestinationRealm, "Example.ORG"))), Not(IsEmpty()));
  EXPECT_THAT(answer_to(with(good, text(kRouteRecord, "agent.example.org"))), Not(IsEmpty()));
  // Some vendor's AVPs of these codes say nothing.
  EXPECT_THAT(answer_to(with(good, text(kDestinationHost, "another.example.org", 99))), Not(IsEmpty()));
}

TEST_F(BusyAnswerTest, AllElseGoesTheUsualWay) {
  const RawMessage good = multimedia_auth_request();
  const auto changed = [&good](const std::function<void(RawMessage&)>& change) {
    RawMessage out = good;
    change(out);
    return out;
  };
  for (const RawMessage& message : {
           changed([](RawMessage& m) { m.flags = 0x40; }),  // an answer
           changed([](RawMessage& m) { m.flags = 0xE0; }),  // R and E
           changed([](RawMessage& m) { m.application = 0; }),
           changed([](RawMessage& m) { m.application = 16777217; }),
           changed([](RawMessage& m) { m.code = 304; }),
           changed([](RawMessage& m) { m.code = 280; }),
           without(good, 263),
           without(good, kDestinationRealm),
           replaced(good, text(kDestinationRealm, "other.example")),
           with(good, text(kDestinationHost, "another.example.org")),
           with(good, text(kRouteRecord, kHost)),
           replaced(good, text(1, "home.example.org!alice@example.org")),
       }) {
    EXPECT_THAT(answer_to(message), IsEmpty()) << message.order();
  }
}

TEST_F(BusyAnswerTest, AnApplicationThatIsNotServedIsNotRefusedEither) {
  Settings settings;
  settings.applications = {"swx"};
  const BusyAnswers answers(kHost, kRealm, commands(), settings);
  std::vector<std::uint8_t> out;
  for (const RawMessage& request : requests()) {
    const std::string octets = request.octets();
    EXPECT_EQ(answers.append({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()}, out),
              request.application == 16777265);
  }
}

/// Whatever comes: an answer that is a message, or nothing. Whoever calls has had inspect() look at it.
TEST_F(BusyAnswerTest, MutatedFrames) {
  std::mt19937 random(1);
  std::size_t answered = 0;
  RawMessage seed = multimedia_auth_request();
  seed.avps.push_back(proxy_info("one.example.org", "abcde"));
  const std::string good = seed.octets();
  for (int round = 0; round < 20000; ++round) {
    std::string octets = good;
    for (unsigned change = random() % 4; change != 0; --change)
      octets[random() % octets.size()] = static_cast<char>(random());
    if (random() % 8 == 0) octets.resize(random() % octets.size());
    const auto* const begin = reinterpret_cast<const std::uint8_t*>(octets.data());
    const std::string answer = answer_to(octets);
    if (!inspect({begin, octets.size()}).refusal.empty() || answer.empty()) continue;
    ++answered;
    EXPECT_EQ(value_of(RawMessage::from(answer).one(268)), 3004U);
  }
  EXPECT_GT(answered, 1000U);
}

}  // namespace
}  // namespace hss::diameter::test
