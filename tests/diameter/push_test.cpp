// The sender of RTR and PPR against a store in memory and a network of the test's: nothing is lost, nothing is sent
// twice, and nobody is called when it is gone.
// SPDX-License-Identifier: MIT
#include "diameter/push.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>

#include "tests/diameter/harness.h"
#include "tests/support/memory_repository.h"

namespace hss::diameter::test {
namespace {

using hss::cx::PushAnswer;
using hss::test::MemoryRepository;
using testing::HasSubstr;

constexpr UnixTime kStart = 1'000'000;
const AssignedServer kServer{"sip:scscf.example.org:6060", "scscf.example.org", "example.org"};

std::shared_ptr<const Subscription> subscription() {
  auto out = std::make_shared<Subscription>();
  out->id = 1;
  PrivateIdentity impi;
  impi.id = 11;
  impi.impi = "alice@example.org";
  out->private_identities = {impi};
  PublicIdentity impu;
  impu.id = 21;
  impu.impu = "sip:alice@example.org";
  impu.implicit_set = 31;
  impu.service_profile = std::make_shared<const ServiceProfile>();
  out->public_identities = {impu};
  out->associations = {{11, 31}};
  return out;
}

/// Runs what it is given at once, as a store does that has nothing else to do.
class PromptQueue final : public TransactionQueue {
 public:
  explicit PromptQueue(MemoryRepository& repository) : repository_(repository) {}
  bool submit(std::unique_ptr<Transaction>& transaction) override {
    if (full) return false;
    held_.push_back(std::move(transaction));
    return true;
  }
  void run() {
    while (!held_.empty()) {
      auto all = std::move(held_);
      held_.clear();
      for (auto& transaction : all) {
        try {
          if (fail) throw StoreFault("disk full");
          transaction->run(repository_);
          transaction->committed();
        } catch (const std::exception& error) {
          transaction->failed(error.what());
        }
      }
    }
  }
  bool full = false;
  bool fail = false;

 private:
  MemoryRepository& repository_;
  std::vector<std::unique_ptr<Transaction>> held_;
};

struct Sent {
  RawMessage request;
  std::chrono::seconds patience;
  PushOutlet::Answered answered;
};

class PushTest : public CoreTest {
 protected:
  void SetUp() override {
    CoreTest::SetUp();
    repository_.add(subscription());
    Registration registration;
    registration.server = kServer;
    registration.pairs = {{31, 11, RegistrationStatus::kRegistered, std::nullopt}};
    repository_.save_registration(1, registration);
    PushOutlet outlet;
    outlet.anybody = [this] { return anybody_; };
    outlet.reaches = [this](std::string_view host) { return reachable_ && host == "scscf.example.org"; };
    outlet.send = [this](fd::MessagePtr request, std::chrono::seconds patience, PushOutlet::Answered answered) {
      if (send_error_ != 0) return send_error_;
      sent_.push_back({encoded(request.get()), patience, std::move(answered)});
      return 0;
    };
    outlet.record = [this](const log::TransactionRecord& record) {
      lines_.push_back(
          std::string(record.command) + " " + std::string(record.peer) + " " + std::string(record.private_identity) +
          " " + std::string(record.public_identity) + " " + std::string(record.detail) + " -> " +
          (record.result ? std::string(name_of(*record.result)) : "nothing") + " | " + std::string(record.remark));
    };
    outlet.now = [this] { return now_; };
    sender_.emplace(Services{queue_, settings_, random_}, outlet);
  }

  PushId add(DeregistrationReason reason = DeregistrationReason::kPermanentTermination) {
    Push push;
    push.server = kServer;
    push.private_identity = "alice@example.org";
    push.public_identities = {"sip:alice@example.org"};
    push.subscription = 1;
    push.implicit_set = 31;
    push.private_identity_id = 11;
    push.reason = reason;
    push.created = now_;
    push.next_attempt = now_;
    return repository_.add_push(push);
  }

  /// One round of the thread, with the store keeping up.
  void turn() {
    sender_->turn();
    queue_.run();
    sender_->turn();
    queue_.run();
  }
  void answer(std::size_t index, PushAnswer what) {
    sent_.at(index).answered(std::move(what));
    queue_.run();
  }
  RegistrationStatus status() {
    const auto pairs = repository_.registration(1).pairs;
    return pairs.empty() ? RegistrationStatus::kNotRegistered : pairs.at(0).status;
  }

  MemoryRepository repository_;
  PromptQueue queue_{repository_};
  Settings settings_;
  hss::test::CountingRandom random_;
  UnixTime now_ = kStart;
  bool anybody_ = true;
  bool reachable_ = true;
  int send_error_ = 0;
  std::vector<Sent> sent_;
  std::vector<std::string> lines_;
  std::optional<PushSender> sender_;
};

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
