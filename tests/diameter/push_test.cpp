// The sender of RTR and PPR against a store in memory and a network of the test's: nothing is lost, nothing is sent
// twice, and nobody is called when it is gone.
// SPDX-License-Identifier: MIT
#include "diameter/push.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "tests/diameter/push_fixture.h"

namespace hss::diameter::test {
namespace {

using testing::HasSubstr;

TEST_F(PushTest, SentOnceAndAppliedWithTheAnswer) {
  const PushId id = add();
  turn();
  turn();
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0].request.code, 304U);
  EXPECT_EQ(sent_[0].request.one(293).data, "scscf.example.org");
  EXPECT_EQ(sent_[0].patience, std::chrono::seconds(settings_.push.answer_seconds));
  EXPECT_EQ(status(), RegistrationStatus::kRegistered);  // nothing changes before the answer
  EXPECT_EQ(repository_.push(id)->attempts, 1U);
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kWaiting);
  EXPECT_TRUE(lines_.empty());

  answer(0, {result::kSuccess, {}, {}});
  EXPECT_EQ(status(), RegistrationStatus::kNotRegistered);
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_THAT(lines_[0], HasSubstr("RTR scscf.example.org alice@example.org sip:alice@example.org "
                                   "PERMANENT_TERMINATION attempt 1 -> DIAMETER_SUCCESS | "));
}

TEST_F(PushTest, TheAttemptIsCommittedBeforeTheRequestLeaves) {
  const PushId id = add();
  sender_->turn();
  EXPECT_TRUE(sent_.empty());
  queue_.fail = true;
  queue_.run();  // the mark could not be written
  queue_.fail = false;
  sender_->turn();
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(repository_.push(id)->attempts, 0U);
  queue_.run();
  EXPECT_EQ(repository_.push(id)->attempts, 1U);
  sender_->turn();
  EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(PushTest, SilenceIsTriedAgainLater) {
  const PushId id = add();
  turn();
  answer(0, {std::nullopt, "no answer in time", {}});
  EXPECT_EQ(status(), RegistrationStatus::kRegistered);
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kWaiting);
  EXPECT_EQ(lines_.size(), 1U);
  EXPECT_THAT(lines_[0], HasSubstr("attempt 1 -> nothing | "));
  turn();
  EXPECT_EQ(sent_.size(), 1U);
  now_ += settings_.push.retry_seconds;
  turn();
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_EQ(repository_.push(id)->attempts, 2U);
  answer(1, {result::kUserUnknown, {}, {}});
  EXPECT_EQ(status(), RegistrationStatus::kNotRegistered);
}

TEST_F(PushTest, AnAnswerThatFindsTheQueueFullIsKept) {
  const PushId id = add();
  turn();
  queue_.full = true;
  answer(0, {result::kSuccess, {}, {}});
  sender_->turn();
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kWaiting);
  now_ += 100;  // due again, but its answer is at hand
  queue_.full = false;
  turn();
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
  EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(PushTest, AnAnswerThatCannotBeStoredIsAskedForAgain) {
  const PushId id = add();
  turn();
  queue_.fail = true;
  answer(0, {result::kSuccess, {}, {}});
  queue_.fail = false;
  EXPECT_THAT(lines_.at(0), HasSubstr("could not be stored: disk full"));
  EXPECT_EQ(status(), RegistrationStatus::kRegistered);
  now_ += 100;
  turn();
  ASSERT_EQ(sent_.size(), 2U);
  answer(1, {result::kSuccess, {}, {}});
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
}

TEST_F(PushTest, AnswersCountOnce) {
  const PushId id = add();
  turn();
  answer(0, {std::nullopt, "no answer in time", {}});
  answer(0, {result::kSuccess, {}, {}});  // the attempt is over
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kWaiting);
  EXPECT_EQ(lines_.size(), 1U);
}

TEST_F(PushTest, WhatWasEndedMeanwhileStaysEnded) {
  const PushId id = add();
  turn();
  Push ended = *repository_.push(id);
  ended.status = PushStatus::kObsolete;
  ended.finished = now_;
  repository_.save_push(ended);
  answer(0, {result::kSuccess, {}, {}});
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kObsolete);
  EXPECT_EQ(status(), RegistrationStatus::kRegistered);
}

TEST_F(PushTest, ARequestThatCannotBeSentIsNoted) {
  const PushId id = add();
  send_error_ = EINVAL;
  turn();
  EXPECT_THAT(lines_.at(0), HasSubstr("-> nothing | "));
  EXPECT_THAT(repository_.push(id)->outcome, HasSubstr("could not be sent: Invalid argument"));
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kWaiting);
}

TEST_F(PushTest, AnAbsentPeerIsWaitedForAndCostsNoAttempt) {
  const PushId id = add();
  reachable_ = false;
  turn();
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(repository_.push(id)->attempts, 0U);
  EXPECT_THAT(repository_.push(id)->outcome, HasSubstr("not connected"));
  reachable_ = true;
  turn();
  EXPECT_TRUE(sent_.empty());
  now_ += settings_.push.retry_seconds;
  turn();
  EXPECT_EQ(sent_.size(), 1U);
  EXPECT_EQ(repository_.push(id)->attempts, 1U);
}

TEST_F(PushTest, AnAbsentPeerIsGivenUpInTheEnd) {
  const PushId id = add();
  reachable_ = false;
  now_ += settings_.push.give_up_hours * 3600;
  turn();
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kGivenUp);
  EXPECT_EQ(repository_.push(id)->finished, now_);
  EXPECT_EQ(status(), RegistrationStatus::kRegistered);
}

TEST_F(PushTest, AnOldPushThatWasNeverSentIsStillTriedOnce) {
  add();
  now_ += settings_.push.give_up_hours * 3600;  // the server was not running
  turn();
  EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(PushTest, NothingIsAskedWhileNobodyIsConnected) {
  add();
  anybody_ = false;
  const std::size_t writes = repository_.writes();
  turn();
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(repository_.push(1)->attempts, 0U);
  EXPECT_LE(repository_.writes(), writes + 1);  // old outcomes are forgotten all the same
}

TEST_F(PushTest, ATerminationIsSentAlsoWhenTheStateHasChanged) {
  // One RTR of a set may be answered before the next is sent, and a replaced S-CSCF still holds what it had.
  add();
  add(DeregistrationReason::kNewServerAssigned);
  repository_.save_registration(1, {});
  turn();
  EXPECT_EQ(sent_.size(), 2U);
}

TEST_F(PushTest, AProfileIsReadWhenItIsSent) {
  Push push;
  push.kind = PushKind::kPushProfile;
  push.server = kServer;
  push.private_identity = "alice@example.org";
  push.subscription = 1;
  push.implicit_set = 31;
  push.private_identity_id = 11;
  push.user_data = true;
  push.created = push.next_attempt = now_;
  const PushId id = repository_.add_push(push);
  turn();
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0].request.code, 305U);
  EXPECT_THAT(sent_[0].request.one(606, k3gpp).data, HasSubstr("sip:alice@example.org"));
  answer(0, {result::kSuccess, {}, {}});
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kDone);
  EXPECT_THAT(lines_.at(0), HasSubstr("PPR scscf.example.org alice@example.org  user-data attempt 1"));

  // And not at all when there is nobody to be told.
  repository_.save_registration(1, {});
  const PushId late = repository_.add_push(push);
  turn();
  EXPECT_EQ(repository_.push(late)->status, PushStatus::kObsolete);
  EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(PushTest, SoManyAndNoMoreAreInFlight) {
  for (int i = 0; i < 100; ++i) add();
  for (int i = 0; i < 5; ++i) turn();
  EXPECT_EQ(sent_.size(), 64U);
  answer(0, {result::kUnableToComply, {}, {}});
  turn();
  EXPECT_EQ(sent_.size(), 65U);
}

TEST_F(PushTest, OldOutcomesAreForgotten) {
  Push old = *repository_.push(add());
  old.status = PushStatus::kDone;
  old.finished = now_ - 8 * 86400;
  repository_.save_push(old);
  turn();
  EXPECT_TRUE(repository_.pushes().empty());
}

TEST_F(PushTest, LateAnswersFindNobody) {
  const PushId id = add();
  turn();
  sender_->stop();
  answer(0, {result::kSuccess, {}, {}});
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kWaiting);
  sender_.reset();
  answer(0, {result::kSuccess, {}, {}});
  EXPECT_EQ(repository_.push(id)->status, PushStatus::kWaiting);
}

TEST_F(PushTest, TheStoreMayBeLateToo) {
  add();
  sender_->turn();
  sender_.reset();
  queue_.run();  // the collection finds the sender gone
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(repository_.push(1)->attempts, 1U);  // it is sent again when its time has come
}

TEST_F(PushTest, TheThreadStartsAndStops) {
  sender_->start();
  sender_->stop();
  sender_->stop();
  EXPECT_TRUE(sent_.empty());
}

}  // namespace
}  // namespace hss::diameter::test
