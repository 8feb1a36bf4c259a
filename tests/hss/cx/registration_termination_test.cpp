// Registration-Termination: what is written to the outbox, and what each answer does (TS 29.228 6.1.3).
// SPDX-License-Identifier: MIT
#include "hss/cx/registration_termination.h"

#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

using Reason = DeregistrationReason;

State two_sets() { return {kServer, {pair(kSet1, kId1, kReg), pair(kSet2, kId1, kReg)}}; }

// ---- What is written ------------------------------------------------------------------------------------------------

struct RequestRow {
  const char* clause;
  State given;
  TerminationScope scope;
  Reason reason;
  std::vector<std::string> expected;  // "IMPI IMPU", one push each
};

void PrintTo(const RequestRow& row, std::ostream* out) { *out << row.clause; }

class TerminationRequest : public testing::TestWithParam<RequestRow> {};

TEST_P(TerminationRequest, WritesOnePushForEachIdentity) {
  const RequestRow& row = GetParam();
  World world;
  world.given(row.given);

  const auto ids =
      request_termination(*world.subscription, row.scope, row.reason, "bye", world.repository, world.context());

  std::vector<std::string> written;
  for (const Push& push : world.repository.pushes()) {
    EXPECT_EQ(push.kind, PushKind::kRegistrationTermination);
    EXPECT_EQ(push.reason, row.reason);
    EXPECT_EQ(push.reason_info, "bye");
    EXPECT_EQ(push.server, kServer);
    EXPECT_EQ(push.subscription, 1);
    EXPECT_EQ(push.created, kNow);
    EXPECT_NE(push.implicit_set, 0);
    ASSERT_EQ(push.public_identities.size(), 1U) << "what S-CSCFs in use understand";
    written.push_back(push.private_identity + ' ' + push.public_identities.front());
  }
  EXPECT_THAT(written, testing::UnorderedElementsAreArray(row.expected));
  EXPECT_EQ(ids.size(), row.expected.size());
  world.expect_state(row.given);
}

std::string line(const char* impi, const char* impu) { return std::string(impi) + ' ' + impu; }

const std::vector<std::string> kSet1OfId1{line(kImpi, kImpu), line(kImpi, kTel)};
const std::vector<std::string> kBothSets{line(kImpi, kImpu), line(kImpi, kTel), line(kImpi, kWork)};
const std::vector<std::string> kBothIdentities{line(kImpi, kImpu), line(kImpi, kTel), line(kImpi2, kImpu),
                                               line(kImpi2, kTel)};
const std::vector<std::string> kNothing;

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause6_1_3, TerminationRequest,
    testing::Values(
        RequestRow{"6: reason 0", registered(), {}, Reason::kPermanentTermination, kSet1OfId1},
        RequestRow{"6: reason 1", registered(), {}, Reason::kNewServerAssigned, kSet1OfId1},
        RequestRow{"6: reason 2", registered(), {}, Reason::kServerChange, kSet1OfId1},
        RequestRow{"6: reason 3, UNREGISTERED", unregistered(), {}, Reason::kRemoveScscf, kSet1OfId1},
        RequestRow{"6: scope, all", two_sets(), {}, Reason::kPermanentTermination, kBothSets},
        RequestRow{"6: scope, one IMPI with all its sets", two_sets(), {kId1, {}}, Reason::kPermanentTermination,
                   kBothSets},
        RequestRow{"6: scope, one set", two_sets(), {{}, kSet1}, Reason::kPermanentTermination, kSet1OfId1},
        RequestRow{"6: scope, one set of two IMPIs", both_registered(), {{}, kSet1}, Reason::kPermanentTermination,
                   kBothIdentities},
        RequestRow{"6: scope, one pair", both_registered(), {kId1, kSet1}, Reason::kPermanentTermination, kSet1OfId1},
        RequestRow{"6: scope, another IMPI", registered(), {kId2, {}}, Reason::kPermanentTermination, kNothing},
        RequestRow{"6: nothing registered", nothing(), {}, Reason::kPermanentTermination, kNothing},
        RequestRow{"6: auth-pending only", pending(), {}, Reason::kPermanentTermination, kNothing},
        RequestRow{"6: to the S-CSCF that serves, challenged elsewhere", challenged_elsewhere(), {},
                   Reason::kPermanentTermination, kBothSets},
        RequestRow{"6: an emergency registration of a set that is barred whole",
                   State{kServer, {pair(kSet3, kId1, kReg)}}, {}, Reason::kPermanentTermination,
                   {line(kImpi, kAllBarred)}}));
// clang-format on

TEST(TerminationRequestTest, WhatWaitsIsNotWrittenTwice) {
  World world;
  world.given(registered());
  const auto request = [&](Reason reason, std::string_view info) {
    return request_termination(*world.subscription, {}, reason, info, world.repository, world.context());
  };
  const auto first = request(Reason::kPermanentTermination, "one");
  EXPECT_EQ(request(Reason::kPermanentTermination, "two"), first);
  EXPECT_EQ(world.repository.pushes().size(), 2U);
  EXPECT_EQ(request(Reason::kServerChange, {}).size(), 2U) << "another reason is another request";
  EXPECT_EQ(world.repository.pushes().size(), 4U);
  finish(*world.repository.push(first[0]), PushStatus::kGivenUp, "x", world.repository, world.context());
  const auto again = request(Reason::kPermanentTermination, {});
  EXPECT_NE(again[0], first[0]) << "what is finished waits no more";
  EXPECT_EQ(again[1], first[1]);
}

// ---- What an answer does --------------------------------------------------------------------------------------------

struct AnswerRow {
  const char* clause;
  State given;
  Reason reason;
  std::optional<Result> result;
  std::vector<std::string> emergency;
  PushStatus status;
  std::optional<State> after{};  // absent: as it was
  AssignedServer asked = kServer;
};

void PrintTo(const AnswerRow& row, std::ostream* out) { *out << row.clause; }

class TerminationAnswer : public testing::TestWithParam<AnswerRow> {};

Push push_to(const AssignedServer& server, Reason reason) {
  Push push;
  push.server = server;
  push.private_identity = kImpi;
  push.private_identity_id = kId1;
  push.public_identities = {kImpu};
  push.subscription = 1;
  push.implicit_set = kSet1;
  push.reason = reason;
  push.created = kNow;
  return push;
}

Push sent(World& world, Push push) {
  push.id = world.repository.add_push(push);
  push.attempts = 1;
  world.repository.save_push(push);
  return *world.repository.push(push.id);
}

TEST_P(TerminationAnswer, MovesTheStateOnlyWhenItSaysSo) {
  const AnswerRow& row = GetParam();
  World world;
  world.given(row.given);
  const Push push = sent(world, push_to(row.asked, row.reason));

  apply_termination_answer(push, {row.result, "", row.emergency}, world.repository, world.context());

  const Push after = *world.repository.push(push.id);
  EXPECT_EQ(after.status, row.status) << after.outcome;
  EXPECT_EQ(after.result, row.result);
  EXPECT_EQ(after.finished.has_value(), row.status != PushStatus::kWaiting);
  EXPECT_FALSE(after.outcome.empty());
  EXPECT_EQ(after.next_attempt > kNow, row.status == PushStatus::kWaiting);
  world.expect_state(row.after.value_or(row.given));
}

State second_set() { return {kServer, {pair(kSet2, kId1, kReg)}}; }
State moved() { return {kOtherServer, {pair(kSet1, kId1, kReg)}}; }
const AssignedServer kSameHost{"sip:renamed.example.org", "SCSCF.example.org", "example.org"};
const std::vector<std::string> kNobody;

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Clause6_1_3_1, TerminationAnswer,
    testing::Values(
        AnswerRow{"6: 2001, reason 0", registered(), Reason::kPermanentTermination, result::kSuccess, kNobody,
                  PushStatus::kDone, nothing()},
        AnswerRow{"6: 2001, reason 1", registered(), Reason::kNewServerAssigned, result::kSuccess, kNobody,
                  PushStatus::kDone, nothing()},
        AnswerRow{"6: 2001, reason 2", registered(), Reason::kServerChange, result::kSuccess, kNobody,
                  PushStatus::kDone, nothing()},
        AnswerRow{"6: 2001, reason 3, UNREGISTERED", unregistered(), Reason::kRemoveScscf, result::kSuccess, kNobody,
                  PushStatus::kDone, nothing()},
        AnswerRow{"6: 2001, another set keeps the name", two_sets(), Reason::kPermanentTermination, result::kSuccess,
                  kNobody, PushStatus::kDone, second_set()},
        AnswerRow{"6: 2001, another IMPI stays", both_registered(), Reason::kPermanentTermination, result::kSuccess,
                  kNobody, PushStatus::kDone, State{kServer, {pair(kSet1, kId2, kReg)}}},
        AnswerRow{"6: 2001, de-registered already", second_set(), Reason::kPermanentTermination, result::kSuccess,
                  kNobody, PushStatus::kDone},
        AnswerRow{"6: 2001, nothing stored any more", nothing(), Reason::kPermanentTermination, result::kSuccess,
                  kNobody, PushStatus::kDone},
        AnswerRow{"6: 2001 of an S-CSCF whose user has moved", moved(), Reason::kPermanentTermination,
                  result::kSuccess, kNobody, PushStatus::kDone},
        AnswerRow{"6: 2001 of the same Diameter host", registered(), Reason::kPermanentTermination, result::kSuccess,
                  kNobody, PushStatus::kDone, nothing(), kSameHost},
        AnswerRow{"6: 2001 of the one that serves, challenged elsewhere", challenged_elsewhere(),
                  Reason::kPermanentTermination, result::kSuccess, kNobody, PushStatus::kDone,
                  State{kOtherServer, {pair(kSet1, kId1, kNot, kNow + 10), pair(kSet2, kId1, kReg)}, kServer}},
        AnswerRow{"6: 2001 of the one that only challenges", challenged_elsewhere(), Reason::kPermanentTermination,
                  result::kSuccess, kNobody, PushStatus::kDone, {}, kOtherServer},
        AnswerRow{"6: 2002 without emergency: de-registered", registered(), Reason::kPermanentTermination,
                  result::kLimitedSuccess, kNobody, PushStatus::kDone, nothing()},
        AnswerRow{"6: 2002, emergency of another IMPI", both_registered(), Reason::kPermanentTermination,
                  result::kLimitedSuccess, {kImpi2}, PushStatus::kDone, State{kServer, {pair(kSet1, kId2, kReg)}}},
        AnswerRow{"6: 2002, emergency: stays", registered(), Reason::kPermanentTermination, result::kLimitedSuccess,
                  {kImpi}, PushStatus::kDone},
        AnswerRow{"6: 2002, emergency, reason 3: stays", registered(), Reason::kRemoveScscf, result::kLimitedSuccess,
                  {kImpi}, PushStatus::kDone},
        AnswerRow{"6: 5012, emergency: stays", registered(), Reason::kPermanentTermination, result::kUnableToComply,
                  {kImpi}, PushStatus::kDone},
        AnswerRow{"6: 5012, emergency, reason 3: stays", registered(), Reason::kRemoveScscf, result::kUnableToComply,
                  {kImpi2, kImpi}, PushStatus::kDone},
        AnswerRow{"6: 5012: again", registered(), Reason::kPermanentTermination, result::kUnableToComply, kNobody,
                  PushStatus::kWaiting},
        AnswerRow{"6: experimental 5001: de-registered", registered(), Reason::kPermanentTermination,
                  result::kUserUnknown, kNobody, PushStatus::kDone, nothing()},
        AnswerRow{"6: experimental 5001, de-registered already", nothing(), Reason::kPermanentTermination,
                  result::kUserUnknown, kNobody, PushStatus::kDone},
        AnswerRow{"6: experimental 5001 of one whose user has moved", moved(), Reason::kPermanentTermination,
                  result::kUserUnknown, kNobody, PushStatus::kDone},
        AnswerRow{"6: base 5001 is something else: again", registered(), Reason::kPermanentTermination,
                  result::kAvpUnsupported, kNobody, PushStatus::kWaiting},
        AnswerRow{"6: 3002: again", registered(), Reason::kPermanentTermination, result::kUnableToDeliver, kNobody,
                  PushStatus::kWaiting},
        AnswerRow{"6: experimental 5008: again", registered(), Reason::kPermanentTermination, result::kTooMuchData,
                  kNobody, PushStatus::kWaiting},
        AnswerRow{"6: silence: again", registered(), Reason::kPermanentTermination, {}, kNobody,
                  PushStatus::kWaiting}));
// clang-format on

TEST(TerminationAnswerTest, EachIdentityOfASetIsHeardOnItsOwn) {
  World world;
  world.given(registered());
  const auto ids = request_termination(*world.subscription, {}, Reason::kPermanentTermination, {}, world.repository,
                                       world.context());
  ASSERT_EQ(ids.size(), 2U);
  apply_termination_answer(*world.repository.push(ids[0]), {result::kSuccess, "", {}}, world.repository,
                           world.context());
  world.expect_state(nothing());
  EXPECT_EQ(world.repository.push(ids[1])->status, PushStatus::kWaiting) << "the S-CSCF must hear of it too";
  apply_termination_answer(*world.repository.push(ids[1]), {result::kUserUnknown, "", {}}, world.repository,
                           world.context());
  EXPECT_EQ(world.repository.push(ids[1])->status, PushStatus::kDone);
}

TEST(TerminationAnswerTest, SilenceEndsWhenItIsNotRegisteredThereAnyMore) {
  const auto status_after = [](const State& given, unsigned attempts, ImplicitSetId implicit_set) {
    World world;
    world.given(given);
    Push push = push_to(kServer, Reason::kServerChange);
    push.implicit_set = implicit_set;
    push = sent(world, push);
    push.attempts = attempts;
    world.repository.save_push(push);
    apply_termination_answer(push, {std::nullopt, "no answer", {}}, world.repository, world.context());
    world.expect_state(given);
    return world.repository.push(push.id)->status;
  };
  EXPECT_EQ(status_after(nothing(), 2, kSet1), PushStatus::kWaiting) << "the S-CSCF should hear of it";
  EXPECT_EQ(status_after(nothing(), 3, kSet1), PushStatus::kObsolete);
  EXPECT_EQ(status_after(moved(), 3, kSet1), PushStatus::kObsolete);
  EXPECT_EQ(status_after(registered(), 3, kSet1), PushStatus::kWaiting);
  EXPECT_EQ(status_after(nothing(), 3, 0), PushStatus::kWaiting) << "no state tells";
}

TEST(TerminationAnswerTest, ASubscriptionThatIsGoneHasNoState) {
  World world;
  world.given(registered());
  for (const SubscriptionId gone : {0, 99}) {
    Push push = push_to(kServer, Reason::kPermanentTermination);
    push.subscription = gone;
    push = sent(world, push);
    apply_termination_answer(push, {result::kSuccess, "", {}}, world.repository, world.context());
    EXPECT_EQ(world.repository.push(push.id)->status, PushStatus::kDone);
  }
  Push taken = push_to(kServer, Reason::kPermanentTermination);
  taken.private_identity = "somebody@else";  // the number is another subscription's by now
  taken = sent(world, taken);
  apply_termination_answer(taken, {result::kSuccess, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(taken.id)->status, PushStatus::kDone);
  world.expect_state(registered());
}

TEST(TerminationAnswerTest, AFinishedPushStaysAsItIs) {
  World world;
  world.given(registered());
  Push push = sent(world, push_to(kServer, Reason::kPermanentTermination));
  finish(push, PushStatus::kGivenUp, "enough", world.repository, world.context());
  apply_termination_answer(push, {result::kSuccess, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(push.id)->outcome, "enough");
  push.id = 4711;
  EXPECT_NO_THROW(apply_termination_answer(push, {result::kSuccess, "", {}}, world.repository, world.context()));
  world.expect_state(registered());
}

TEST(TerminationAnswerTest, RestorationInformationGoesWithTheRegistration) {
  World world;
  world.repository.save_restoration(kSet1, kId1, Bytes{1});
  world.given(registered());
  apply_termination_answer(sent(world, push_to(kServer, Reason::kPermanentTermination)), {result::kSuccess, "", {}},
                           world.repository, world.context());
  EXPECT_TRUE(world.repository.restoration(kSet1).empty());
}

// ---- Pushes of SWx --------------------------------------------------------------------------------------------------

TEST(TerminationOfCxTest, LooksPastThePushesOfSwx) {
  World world;
  world.given(registered());
  Push alike = push_to(kServer, Reason::kPermanentTermination);
  alike.application = Application::kSwx;
  alike = sent(world, alike);

  const auto ids = request_termination(*world.subscription, {}, Reason::kPermanentTermination, {}, world.repository,
                                       world.context());
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_THAT(ids, testing::Not(testing::Contains(alike.id)));

  apply_termination_answer(alike, {result::kSuccess, "", {}}, world.repository, world.context());
  EXPECT_EQ(world.repository.push(alike.id), alike);
  EXPECT_FALSE(end_registration(alike, world.repository, world.context()));
  world.expect_state(registered());
}

}  // namespace
}  // namespace hss::cx::test
