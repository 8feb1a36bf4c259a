// How the outbox goes on with a push: tried again, given up, finished.
// SPDX-License-Identifier: MIT
#include "hss/push_answer.h"

#include "tests/hss/cx/fixture.h"

namespace hss {
namespace {

using cx::test::kNow;
using cx::test::World;

Push written(World& world, UnixTime created) {
  Push push;
  push.created = created;
  return *world.repository.push(world.repository.add_push(push));
}

TEST(PushAnswerTest, TroubleThatMayPass) {
  for (const Result result :
       {result::kUnableToDeliver, result::kRealmNotServed, result::kTooBusy, result::kLoopDetected,
        result::kUnableToComply, result::kOutOfSpace, Result{kVendorBase, 4000}, Result{kVendorBase, 4999}}) {
    EXPECT_TRUE(may_pass(result)) << result.code;
  }
  for (const Result result : {result::kCommandUnsupported, result::kRedirectIndication, result::kApplicationUnsupported,
                              result::kAvpUnsupported, result::kUserUnknown, result::kTooMuchData,
                              Result{kVendorBase, 3999}, Result{kVendorBase, 5000}, Result{kVendor3gpp, 5012}}) {
    EXPECT_FALSE(may_pass(result)) << result.vendor << ' ' << result.code;
  }
}

TEST(PushAnswerTest, WhatIsFinishedIsSavedWithItsTimeAndOutcome) {
  World world;
  Push push = written(world, kNow - 7);
  push.result = result::kSuccess;
  finish(push, PushStatus::kDone, "all well", world.repository, world.context());
  const Push after = *world.repository.push(push.id);
  EXPECT_EQ(after.status, PushStatus::kDone);
  EXPECT_EQ(after.finished, kNow);
  EXPECT_EQ(after.result, result::kSuccess);
  EXPECT_EQ(after.outcome, "all well");
  EXPECT_TRUE(world.repository.due_pushes(kNow, 10).empty());
}

TEST(RetryLater, WaitsForTheAnswerThenTwiceAsLongEachTime) {
  World world;
  world.settings.push = {10, 5, 30, 1, 7};
  Push push = written(world, kNow);
  const auto next = [&](unsigned attempts, const char* outcome) {
    push.attempts = attempts;
    retry_later(push, outcome, world.repository, world.context());
    return world.repository.push(push.id)->next_attempt - kNow;
  };
  EXPECT_EQ(next(1, ""), 10) << "just sent: the answer is awaited";
  EXPECT_EQ(next(9, ""), 10);
  EXPECT_EQ(next(0, "no connection"), 5);
  EXPECT_EQ(next(1, "no answer"), 5);
  EXPECT_EQ(next(2, "no answer"), 10);
  EXPECT_EQ(next(3, "no answer"), 20);
  EXPECT_EQ(next(4, "no answer"), 30);
  EXPECT_EQ(next(4'000'000'000U, "no answer"), 30);
  EXPECT_EQ(world.repository.push(push.id)->outcome, "no answer");
}

TEST(RetryLater, GivesUpAfterTheHoursOfTheSettings) {
  World world;
  world.settings.push.give_up_hours = 1;
  Push push = written(world, kNow - 3599);
  retry_later(push, "no answer", world.repository, world.context());
  EXPECT_EQ(world.repository.push(push.id)->status, PushStatus::kWaiting);
  push = written(world, kNow - 3600);
  retry_later(push, "", world.repository, world.context());
  EXPECT_EQ(world.repository.push(push.id)->status, PushStatus::kWaiting) << "its answer may come yet";
  retry_later(push, "no answer", world.repository, world.context());
  const Push after = *world.repository.push(push.id);
  EXPECT_EQ(after.status, PushStatus::kGivenUp);
  EXPECT_EQ(after.finished, kNow);
  EXPECT_EQ(after.outcome, "given up: no answer");
}

}  // namespace
}  // namespace hss
