// What a change of a subscription asks for on SWx, by what changed and by the state (TS 29.273 8.1.2.2.3, 8.1.2.3).
// SPDX-License-Identifier: MIT
#include <functional>

#include "hss/swx/push_profile.h"
#include "tests/hss/swx/pushes.h"

namespace hss::swx::test {
namespace {

const std::string kImsi = imsi_of(kPlain);

std::shared_ptr<const Non3gppSubscription> with(const std::function<void(Non3gppSubscription&)>& change) {
  auto subscription = plain_non_3gpp();
  change(subscription);
  return std::make_shared<const Non3gppSubscription>(std::move(subscription));
}
std::shared_ptr<const Non3gppSubscription> plain() {
  return with([](Non3gppSubscription&) {});
}
std::shared_ptr<const Non3gppSubscription> barred() {
  return with([](Non3gppSubscription& s) { s.access_allowed = false; });
}

struct Row {
  const char* clause;
  Non3gppRegistration given;
  std::shared_ptr<const Non3gppSubscription> before;
  std::optional<UserRecord> after;
  std::string expected;  // empty: nothing
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class SwxAnnouncement : public testing::TestWithParam<Row> {};

TEST_P(SwxAnnouncement, WritesWhatTheChangeAsksFor) {
  const Row& row = GetParam();
  World world;
  world.given(kPlain, row.given);
  const auto announce = [&] {
    return announce_change(kPlain, {kImsi, row.before}, row.given, row.after, world.repository, world.context());
  };
  const auto ids = announce();
  EXPECT_EQ(outbox(world), row.expected.empty() ? std::vector<std::string>{} : std::vector{row.expected});
  EXPECT_EQ(ids.size(), row.expected.empty() ? 0U : 1U);
  EXPECT_EQ(world.after(kPlain), row.given) << "the state waits for the answer";
  if (row.expected.ends_with(" 1")) {
    EXPECT_EQ(announce(), ids) << "what waits is not written twice";
  }
}

UserRecord record(std::shared_ptr<const Non3gppSubscription> subscription) { return {kImsi, std::move(subscription)}; }
UserRecord changed(const std::function<void(Non3gppSubscription&)>& change) { return record(with(change)); }

const std::string kRtr = "RTR PERMANENT_TERMINATION " + kImsi + " aaa.example.org 1";
const std::string kRtrOfNobody = "RTR PERMANENT_TERMINATION " + kImsi + " aaa.example.org 0";
const std::string kPpr = "PPR data " + kImsi + " aaa.example.org 1";

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2, SwxAnnouncement,
    testing::Values(
        Row{"subscription removed", connected(), plain(), std::nullopt, kRtrOfNobody},
        Row{"another IMSI", registered(), plain(), UserRecord{"001019999999999", plain()}, kRtrOfNobody},
        Row{"no IMSI any more", registered(), plain(), UserRecord{"", nullptr}, kRtrOfNobody},
        Row{"no non-3GPP subscription any more", registered(), plain(), record(nullptr), kRtr},
        Row{"barred", registered(), plain(), record(barred()), kRtr},
        Row{"barred, and none any more", registered(), barred(), record(nullptr), kRtr},
        Row{"barred before and after", registered(), barred(), record(barred()), ""},
        Row{"allowed again", registered(), barred(), record(plain()), kPpr},
        Row{"emergency, provisioned since", registered(), nullptr, record(plain()), kPpr},
        Row{"emergency, barred since", registered(), nullptr, record(barred()), kPpr},
        Row{"emergency, nothing provisioned", registered(), nullptr, record(nullptr), ""},
        Row{"emergency, removed", registered(), nullptr, std::nullopt, kRtrOfNobody},
        Row{"nothing changed", connected(), plain(), record(plain()), ""},
        Row{"AMBR", registered(), plain(), changed([](auto& s) { s.ambr = Ambr{1, 2}; }), kPpr},
        Row{"RAT-Types", registered(), plain(), changed([](auto& s) { s.forbidden_rat_types = {kWlan}; }), kPpr},
        Row{"APNs disabled", registered(), plain(), changed([](auto& s) { s.apns_enabled = false; }), kPpr},
        Row{"an APN removed", connected(), plain(), changed([](auto& s) { s.apns.pop_back(); }), kPpr},
        Row{"an APN template", connected(), plain(), changed([](auto& s) { s.apns[0].configuration.qci = 1; }), kPpr},
        Row{"static gateway", connected(), plain(),
            changed([](auto& s) { s.apns[0].configuration.gateway = gateway(9); }), kPpr},
        Row{"MSISDN that is sent", registered(), plain(), changed([](auto& s) { s.msisdns = {"15550100077"}; }), kPpr},
        Row{"MSISDN that is not sent", registered(), plain(),
            changed([](auto& s) { s.msisdns.emplace_back("15550100077"); }), ""},
        Row{"networks to roam in", registered(), plain(), changed([](auto& s) { s.visited_networks = {kHome}; }), kPpr},
        Row{"authentication pending: removed", pending(), plain(), std::nullopt, ""},
        Row{"authentication pending: changed", pending(), plain(), changed([](auto& s) { s.ambr = Ambr{1, 2}; }), ""},
        Row{"with nobody: removed", nobody(), plain(), std::nullopt, ""},
        Row{"with nobody: barred", nobody(), plain(), record(barred()), ""}));
// clang-format on

TEST(SwxAnnouncementTest, WhatWasSentAlreadyDoesNotCarryTheNextChange) {
  World world;
  world.given(kPlain, registered());
  const auto announce = [&](std::uint32_t bit_rate) {
    return announce_change(kPlain, record(plain()), registered(), changed([&](auto& s) {
                             s.ambr = Ambr{bit_rate, bit_rate};
                           }),
                           world.repository, world.context());
  };
  const auto first = announce(1);
  EXPECT_EQ(announce(2), first);
  Push push = *world.repository.push(first.at(0));
  push.attempts = 1;
  world.repository.save_push(push);
  EXPECT_NE(announce(3), first);
  EXPECT_EQ(outbox(world), (std::vector{kPpr, kPpr}));
}

}  // namespace
}  // namespace hss::swx::test
