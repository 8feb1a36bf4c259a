// The clock is set back and forward under the sender of RTR and PPR: everything is sent, and an answer counts.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "diameter/push.h"
#include "tests/diameter/push_fixture.h"

namespace hss::diameter::test {
namespace {

constexpr UnixTime kTenYears = 10LL * 365 * 86400;

TEST_F(PushTest, WrittenAndTriedYearsAheadItIsSentWhenTheClockIsRight) {
  now_ += kTenYears;
  const PushId id = add();
  turn();
  answer(0, {std::nullopt, "no answer in time", {}});
  EXPECT_GT(repository_.push(id)->next_attempt, kStart + kTenYears);
  now_ = kStart;
  turn();
  ASSERT_EQ(sent_.size(), 2U);
  turn();
  EXPECT_EQ(sent_.size(), 2U) << "it is on its way";
  answer(1, {result::kSuccess, {}, {}});
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
  EXPECT_EQ(status(), RegistrationStatus::kNotRegistered);
}

TEST_F(PushTest, AnHourBackDelaysARetryAndLosesNothing) {
  const PushId id = add();
  turn();
  answer(0, {std::nullopt, "no answer in time", {}});
  now_ -= 3600;
  turn();
  EXPECT_EQ(sent_.size(), 1U);
  now_ = repository_.push(id)->next_attempt;
  turn();
  ASSERT_EQ(sent_.size(), 2U);
  answer(1, {result::kSuccess, {}, {}});
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
}

TEST_F(PushTest, AnAnswerCountsWhereverTheClockWentMeanwhile) {
  for (const UnixTime step : {kTenYears, -kTenYears, UnixTime{0}}) {
    Registration registration;
    registration.server = kServer;
    registration.pairs = {{31, 11, RegistrationStatus::kRegistered, std::nullopt}};
    repository_.save_registration(1, registration);
    const PushId id = add();
    turn();
    now_ += step;
    answer(sent_.size() - 1, {result::kSuccess, {}, {}});
    EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone) << step;
    EXPECT_EQ(status(), RegistrationStatus::kNotRegistered) << step;
  }
}

}  // namespace
}  // namespace hss::diameter::test
