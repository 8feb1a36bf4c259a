// Registration-Termination on SWx: what is written to the outbox, and what each answer does (TS 29.273 8.1.2.2.3).
// SPDX-License-Identifier: MIT
#include "hss/swx/registration_termination.h"

#include <functional>

#include "tests/hss/swx/pushes.h"

namespace hss::swx::test {
namespace {

using Reason = DeregistrationReason;

const std::string kImsi = imsi_of(kPlain);

// ---- What is written ------------------------------------------------------------------------------------------------

struct RequestRow {
  const char* clause;
  Non3gppRegistration given;
  TerminationOrder order;
  std::vector<std::string> expected;
};

void PrintTo(const RequestRow& row, std::ostream* out) { *out << row.clause; }

class SwxTerminationRequest : public testing::TestWithParam<RequestRow> {};

TEST_P(SwxTerminationRequest, IsWrittenForARegisteredUser) {
  const RequestRow& row = GetParam();
  World world;
  world.given(kPlain, row.given);
  Steps steps;

  const auto id = request_termination(kPlain, kImsi, row.given, row.order, world.repository, world.context(&steps));

  EXPECT_EQ(outbox(world), row.expected);
  ASSERT_EQ(id.has_value(), !row.expected.empty());
  EXPECT_EQ(steps.lines.size(), row.expected.size());
  EXPECT_EQ(world.after(kPlain), row.given) << "nothing else changes";
  if (!id) return;
  const Push push = *world.repository.push(*id);
  EXPECT_EQ(push.server, (AssignedServer{"", kAaa.host, kAaa.realm}));
  EXPECT_EQ(push.reason_info, row.order.reason_info);
  EXPECT_EQ(push.created, kNow);
  EXPECT_EQ(push.status, PushStatus::kWaiting);
  EXPECT_EQ(push.implicit_set, 0);
  EXPECT_EQ(push.private_identity_id, 0);
  EXPECT_TRUE(push.public_identities.empty());
}

std::string rtr(const char* reason, int subscription) {
  return std::string("RTR ") + reason + ' ' + kImsi + " aaa.example.org " + std::to_string(subscription);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2_2_3, SwxTerminationRequest,
    testing::Values(
        RequestRow{"registered", registered(), {}, {rtr("PERMANENT_TERMINATION", 1)}},
        RequestRow{"registered, with a reason and words", connected(), {Reason::kServerChange, "moved", false},
                   {rtr("SERVER_CHANGE", 1)}},
        RequestRow{"subscription gone: no state follows", registered(), {Reason::kPermanentTermination, "", true},
                   {rtr("PERMANENT_TERMINATION", 0)}},
        RequestRow{"authentication pending", pending(), {}, {}},
        RequestRow{"with nobody", nobody(), {}, {}}));
// clang-format on

TEST(SwxTerminationRequestTest, WhatWaitsIsNotWrittenTwice) {
  World world;
  world.given(kPlain, registered());
  // Alike in all else: one of Cx, and a PPR.
  Push cx = push_to(kAaa, PushKind::kRegistrationTermination);
  cx.application = Application::kCx;
  const PushId of_cx = world.repository.add_push(cx);
  const PushId ppr = world.repository.add_push(push_to(kAaa, PushKind::kPushProfile));
  const auto request = [&](const Non3gppRegistration& registration, Reason reason, const std::string& imsi = kImsi) {
    return *request_termination(kPlain, imsi, registration, {reason}, world.repository, world.context());
  };
  const PushId first = request(registered(), Reason::kPermanentTermination);
  EXPECT_THAT(first, testing::AllOf(testing::Ne(of_cx), testing::Ne(ppr)));
  EXPECT_EQ(request(registered(), Reason::kPermanentTermination), first);
  EXPECT_EQ(request(registered({"AAA.example.ORG", "x"}), Reason::kPermanentTermination), first);
  EXPECT_NE(request(registered(), Reason::kServerChange), first) << "another reason";
  EXPECT_NE(request(registered(kOtherAaa), Reason::kPermanentTermination), first) << "another server";
  EXPECT_NE(request(registered(), Reason::kPermanentTermination, "001019999999999"), first) << "another IMSI";
  finish(*world.repository.push(first), PushStatus::kGivenUp, "x", world.repository, world.context());
  EXPECT_NE(request(registered(), Reason::kPermanentTermination), first) << "what is finished waits no more";
}

TEST(SwxTerminationRequestTest, AReleaseMovesNoState) {
  World world;
  world.given(kPlain, registered(kOtherAaa));
  const PushId id = request_release(kImsi, kAaa, world.repository, world.context());
  EXPECT_EQ(outbox(world), std::vector{rtr("NEW_SERVER_ASSIGNED", 0)});
  const Push push = *world.repository.push(id);
  EXPECT_FALSE(overtaken(push, world.repository, world.context()));
  apply_termination_answer(push, {result::kSuccess, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(id)->status, PushStatus::kDone);
  EXPECT_EQ(world.after(kPlain), registered(kOtherAaa));
}

// ---- What an answer does --------------------------------------------------------------------------------------------

struct AnswerRow {
  const char* clause;
  Non3gppRegistration given;
  std::optional<Result> result;
  PushStatus status;
  Non3gppRegistration after;
  const char* outcome;  // part of it
  unsigned attempts = 1;
  std::function<void(World&, Push&)> change{};  // before the push is put into the outbox
};

void PrintTo(const AnswerRow& row, std::ostream* out) { *out << row.clause; }

class SwxTerminationAnswer : public testing::TestWithParam<AnswerRow> {};

TEST_P(SwxTerminationAnswer, MovesTheStateOnlyWhenItSaysSo) {
  const AnswerRow& row = GetParam();
  World world;
  Push push = push_to(kAaa, PushKind::kRegistrationTermination);
  world.given(kPlain, row.given);
  if (row.change) row.change(world, push);
  push = sent(world, push, row.attempts);

  apply_termination_answer(push, {row.result, row.result ? "" : "no answer in time", {}}, world.repository,
                           world.context());

  const Push after = *world.repository.push(push.id);
  EXPECT_EQ(name_of(after.status), name_of(row.status));
  EXPECT_THAT(after.outcome, testing::HasSubstr(row.outcome));
  EXPECT_EQ(after.result, row.result);
  EXPECT_EQ(after.finished.has_value(), row.status != PushStatus::kWaiting);
  if (row.status == PushStatus::kWaiting) {
    EXPECT_GT(after.next_attempt, kNow);
  }
  EXPECT_EQ(world.after(kPlain), row.after);
}

void host_in_capitals(World&, Push& push) { push.server.diameter_host = "AAA.EXAMPLE.ORG"; }
void imsi_changed(World& world, Push&) { world.subscription(kPlain).imsi = "001019999999999"; }
void number_of_another(World&, Push& push) { push.private_identity = "001019999999999"; }
void subscription_removed(World& world, Push& push) {
  world.repository.remove(kPlain);
  push.subscription = 0;
}
void number_gone(World&, Push& push) { push.subscription = 4711; }
void no_state_follows(World&, Push& push) { push.subscription = 0; }

const PushStatus kDone = PushStatus::kDone;
const PushStatus kWaiting = PushStatus::kWaiting;
const PushStatus kObsolete = PushStatus::kObsolete;

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause8_1_2_2_3, SwxTerminationAnswer,
    testing::Values(
        AnswerRow{"2001: forgotten, connections too", connected(), result::kSuccess, kDone, nobody(),
                  "has de-registered the user; NOT_REGISTERED now"},
        AnswerRow{"2002: forgotten", connected(), result::kLimitedSuccess, kDone, nobody(), "NOT_REGISTERED now"},
        AnswerRow{"experimental 5001: forgotten", connected(), result::kUserUnknown, kDone, nobody(),
                  "did not know the user; NOT_REGISTERED now"},
        AnswerRow{"2001, host in other letters", registered(), result::kSuccess, kDone, nobody(),
                  "NOT_REGISTERED now", 1, host_in_capitals},
        AnswerRow{"2001, with another server meanwhile", connected(kOtherAaa), result::kSuccess, kDone,
                  connected(kOtherAaa), "has de-registered the user"},
        AnswerRow{"experimental 5001, with another server meanwhile", connected(kOtherAaa), result::kUserUnknown,
                  kDone, connected(kOtherAaa), "did not know the user"},
        AnswerRow{"2001, de-registered meanwhile", nobody(), result::kSuccess, kDone, nobody(), "has de-registered"},
        AnswerRow{"2001, authentication pending there anew", pending(), result::kSuccess, kDone, pending(),
                  "has de-registered"},
        AnswerRow{"2001, IMSI changed meanwhile", connected(), result::kSuccess, kDone, connected(),
                  "has de-registered", 1, imsi_changed},
        AnswerRow{"2001, the number is another's by now", connected(), result::kSuccess, kDone, connected(),
                  "has de-registered", 1, number_of_another},
        AnswerRow{"2001, subscription removed", connected(), result::kSuccess, kDone, nobody(), "has de-registered",
                  1, subscription_removed},
        AnswerRow{"2001, no such number", connected(), result::kSuccess, kDone, connected(), "has de-registered", 1,
                  number_gone},
        AnswerRow{"3002: again", connected(), result::kUnableToDeliver, kWaiting, connected(),
                  "answered DIAMETER_UNABLE_TO_DELIVER 3002"},
        AnswerRow{"3003: again", connected(), result::kRealmNotServed, kWaiting, connected(), "3003"},
        AnswerRow{"3004: again", connected(), result::kTooBusy, kWaiting, connected(), "3004"},
        AnswerRow{"3005: again", connected(), result::kLoopDetected, kWaiting, connected(), "3005"},
        AnswerRow{"3001: again", connected(), result::kCommandUnsupported, kWaiting, connected(), "3001"},
        AnswerRow{"4002: again", connected(), result::kOutOfSpace, kWaiting, connected(), "4002"},
        AnswerRow{"5012: again", connected(), result::kUnableToComply, kWaiting, connected(), "5012"},
        AnswerRow{"base 5001 is something else: again", connected(), result::kAvpUnsupported, kWaiting, connected(),
                  "DIAMETER_AVP_UNSUPPORTED 5001"},
        AnswerRow{"experimental 5003: again", connected(), result::kIdentityNotRegistered, kWaiting, connected(),
                  "5003"},
        AnswerRow{"silence: again", connected(), {}, kWaiting, connected(), "no answer in time"},
        AnswerRow{"silence to the third, registered there: again", connected(), {}, kWaiting, connected(),
                  "no answer in time", 3},
        AnswerRow{"silence to the second, with another: again", connected(kOtherAaa), {}, kWaiting,
                  connected(kOtherAaa), "no answer in time", 2},
        AnswerRow{"silence to the third, with another: over", connected(kOtherAaa), {}, kObsolete,
                  connected(kOtherAaa), "not registered there any more", 3},
        AnswerRow{"silence to the third, with nobody: over", nobody(), {}, kObsolete, nobody(),
                  "not registered there any more", 3},
        AnswerRow{"silence to the third, no state tells: again", nobody(), {}, kWaiting, nobody(),
                  "no answer in time", 3, no_state_follows},
        AnswerRow{"5012 to a release, the user is back: over", registered(), result::kUnableToComply, kObsolete,
                  registered(), "with that server again", 1, no_state_follows},
        AnswerRow{"silence to a release, the user is back: over", pending(), {}, kObsolete, pending(),
                  "with that server again", 1, no_state_follows}));
// clang-format on

TEST(SwxTerminationAnswerTest, ChangesNothingThatIsFinishedOrOfCx) {
  World world;
  world.given(kPlain, connected());
  const Push done = sent(world, push_to(kAaa, PushKind::kRegistrationTermination));
  finish(done, PushStatus::kGivenUp, "enough", world.repository, world.context());
  apply_termination_answer(done, {result::kSuccess, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(done.id)->outcome, "enough");

  Push cx = push_to(kAaa, PushKind::kRegistrationTermination);
  cx.application = Application::kCx;
  cx = sent(world, cx);
  apply_termination_answer(cx, {result::kSuccess, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(cx.id), cx);
  EXPECT_FALSE(end_registration(cx, world.repository, world.context()));
  cx.subscription = 0;
  EXPECT_FALSE(overtaken(cx, world.repository, world.context()));

  Push unknown = done;
  unknown.id = 4711;
  EXPECT_NO_THROW(apply_termination_answer(unknown, {result::kSuccess, "", {}}, world.repository, world.context()));
  EXPECT_EQ(world.after(kPlain), connected());
}

TEST(SwxTerminationAnswerTest, IsOvertakenByANewRegistrationThereAlone) {
  const auto over = [](const Non3gppRegistration& given, PushKind kind, SubscriptionId subscription) {
    World world;
    world.given(kPlain, given);
    Push push = push_to(kAaa, kind);
    push.subscription = subscription;
    return overtaken(push, world.repository, world.context());
  };
  EXPECT_TRUE(over(registered(), PushKind::kRegistrationTermination, 0));
  EXPECT_TRUE(over(pending(), PushKind::kRegistrationTermination, 0));
  EXPECT_FALSE(over(lapsed(), PushKind::kRegistrationTermination, 0));
  EXPECT_FALSE(over(registered(kOtherAaa), PushKind::kRegistrationTermination, 0));
  EXPECT_FALSE(over(nobody(), PushKind::kRegistrationTermination, 0));
  EXPECT_FALSE(over(registered(), PushKind::kRegistrationTermination, kPlain)) << "that is what it is to end";
  EXPECT_FALSE(over(registered(), PushKind::kPushProfile, 0));
}

}  // namespace
}  // namespace hss::swx::test
