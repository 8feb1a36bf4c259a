// One answer and one log line for every request, whatever becomes of it.
// SPDX-License-Identifier: MIT
#include "diameter/transaction.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <functional>

#include "diameter/cx/location_info.h"
#include "diameter/cx/multimedia_auth.h"
#include "diameter/swx/multimedia_auth.h"
#include "tests/diameter/harness.h"
#include "tests/support/memory_repository.h"

namespace hss::diameter::test {
namespace {

std::function<hss::cx::MultimediaAuthAnswer()> next_answer;
hss::cx::MultimediaAuthRequest seen_request;
UnixTime seen_time = 0;

const auto& kReal = cx::kMultimediaAuth;

hss::cx::MultimediaAuthAnswer procedure(const hss::cx::MultimediaAuthRequest& request, Repository& /*repository*/,
                                        const Context& context) {
  seen_request = request;
  seen_time = context.now;
  return next_answer();
}

/// The real command with a procedure of the test's.
const Command<hss::cx::MultimediaAuthRequest, hss::cx::MultimediaAuthAnswer>& command() {
  static const Command<hss::cx::MultimediaAuthRequest, hss::cx::MultimediaAuthAnswer> kCommand{
      kReal.application, kReal.code, kReal.name,   kReal.echo,    kReal.rules,
      kReal.decode,      procedure,  kReal.encode, kReal.describe};
  return kCommand;
}

const CommandEntry& entry_of_test() {
  static const CommandEntry kEntry{kReal.application, kReal.code, kReal.name, kReal.echo,
                                   [] { return detail::begin(command()); }};
  return kEntry;
}

hss::cx::MultimediaAuthAnswer refusal(Result result, std::optional<RequestField> failed, std::string remark) {
  return {Verdict{result, failed, std::move(remark)}, {}};
}

class TransactionTest : public CoreTest {
 protected:
  fd::MessagePtr take(const RawMessage& request) {
    return take_request(parse(request), entry_of_test(), {queue_, settings_, random_}, recorder_.outlet());
  }
  std::unique_ptr<Transaction> submitted(const RawMessage& request) {
    EXPECT_EQ(take(request), nullptr);
    auto out = std::move(queue_.waiting.at(0));
    queue_.waiting.clear();
    return out;
  }
  const LiveSettings settings_{Settings{}};
  SystemRandom random_;
  Recorder recorder_;
  FakeQueue queue_;  // goes first: what waits in it is answered then
  hss::test::MemoryRepository repository_;
};

TEST_F(TransactionTest, AnsweredAfterTheCommitOnly) {
  next_answer = [] { return refusal(result::kUserUnknown, {}, "no such identity"); };
  const auto transaction = submitted(multimedia_auth_request());
  EXPECT_TRUE(recorder_.sent.empty());
  transaction->run(repository_);
  EXPECT_EQ(seen_request.user_name, "alice@example.org");
  EXPECT_GT(seen_time, 0);
  EXPECT_TRUE(recorder_.sent.empty());
  EXPECT_TRUE(recorder_.lines.empty());
  transaction->committed();
  ASSERT_EQ(recorder_.sent.size(), 1U);
  EXPECT_EQ(value_of(member(recorder_.sent[0].one(297), 298)), 5001U);
  ASSERT_EQ(recorder_.lines.size(), 1U);
  const auto& line = recorder_.lines[0];
  EXPECT_EQ(line.command, "MAR");
  EXPECT_EQ(line.peer, kPeer);
  EXPECT_EQ(line.origin_host, kPeer);
  EXPECT_EQ(line.session_id, "scscf.example.org;1;2");
  EXPECT_EQ(line.private_identity, "alice@example.org");
  EXPECT_EQ(line.public_identity, "sip:alice@example.org");
  EXPECT_EQ(line.public_identities, 1U);
  EXPECT_EQ(line.server_name, "sip:scscf.example.org:6060");
  EXPECT_EQ(line.detail, "Digest-AKAv1-MD5 x1");
  EXPECT_EQ(line.remark, "no such identity");
  EXPECT_EQ(line.result, result::kUserUnknown);
}

TEST_F(TransactionTest, SaysWhomItIsAbout) {
  const auto subject_of = [this](const CommandEntry& command, const RawMessage& request, const char* peer) {
    EXPECT_EQ(take_request(parse(request, peer), command, {queue_, settings_, random_}, recorder_.outlet()), nullptr);
    const auto transaction = std::move(queue_.waiting.at(0));
    queue_.waiting.clear();
    return transaction->subject();
  };
  using Kind = Subject::Kind;
  EXPECT_EQ(subject_of(entry_of_test(), multimedia_auth_request(), kPeer),
            (Subject{Kind::kPrivateIdentity, "alice@example.org"}));
  EXPECT_EQ(subject_of(entry<cx::kLocationInfo>(), location_info_request(), kPeer),
            (Subject{Kind::kPublicIdentity, "sip:alice@example.org"}));
  EXPECT_EQ(subject_of(entry<swx::kMultimediaAuth>(), swx_multimedia_auth_request(), kAaa),
            (Subject{Kind::kImsi, "001010000000001"}));
}

TEST_F(TransactionTest, FailedAvpOfTheProcedure) {
  next_answer = [] { return refusal(result::kInvalidAvpValue, RequestField::kSipNumberAuthItems, ""); };
  const auto transaction = submitted(multimedia_auth_request());
  transaction->run(repository_);
  transaction->committed();
  EXPECT_EQ(value_of(member(recorder_.sent.at(0).one(279), 607, k3gpp)), 1U);
}

TEST_F(TransactionTest, AFaultIsAnsweredUnableToComply) {
  next_answer = []() -> hss::cx::MultimediaAuthAnswer { throw StoreFault("disk full"); };
  const auto transaction = submitted(multimedia_auth_request());
  EXPECT_THROW(transaction->run(repository_), StoreFault);
  transaction->failed("disk full");
  ASSERT_EQ(recorder_.sent.size(), 1U);
  EXPECT_EQ(value_of(recorder_.sent[0].one(268)), 5012U);
  EXPECT_EQ(recorder_.sent[0].one(1).data, "alice@example.org");
  EXPECT_EQ(recorder_.sent[0].one(601, k3gpp).data, "sip:alice@example.org");
  EXPECT_EQ(recorder_.lines.at(0).remark, "disk full");
  EXPECT_EQ(recorder_.lines.at(0).result, result::kUnableToComply);
}

TEST_F(TransactionTest, AnsweredOnceWhateverIsCalled) {
  next_answer = [] { return refusal(result::kUserUnknown, {}, ""); };
  {
    const auto transaction = submitted(multimedia_auth_request());
    transaction->run(repository_);
    transaction->committed();
    transaction->committed();
    transaction->failed("again");
  }
  EXPECT_EQ(recorder_.sent.size(), 1U);
  EXPECT_EQ(recorder_.lines.size(), 1U);
}

TEST_F(TransactionTest, ATransactionThatNobodyFinishesIsAnswered) {
  submitted(multimedia_auth_request()).reset();
  ASSERT_EQ(recorder_.sent.size(), 1U);
  EXPECT_EQ(value_of(recorder_.sent[0].one(268)), 5012U);
  EXPECT_EQ(recorder_.lines.size(), 1U);
}

TEST_F(TransactionTest, CommittedWithoutARunIsAnswered) {
  submitted(multimedia_auth_request())->committed();
  ASSERT_EQ(recorder_.sent.size(), 1U);
  EXPECT_EQ(value_of(recorder_.sent[0].one(268)), 5012U);
}

TEST_F(TransactionTest, AFullQueueIsTooBusy) {
  queue_.full = true;
  const fd::MessagePtr answer = take(multimedia_auth_request());
  ASSERT_NE(answer, nullptr);
  const RawMessage raw = encoded(answer.get());
  EXPECT_EQ(value_of(raw.one(268)), 3004U);
  EXPECT_EQ(raw.flags, 0x60);  // P, E
  EXPECT_EQ(raw.one(1).data, "alice@example.org");
  EXPECT_EQ(raw.one(601, k3gpp).data, "sip:alice@example.org");
  EXPECT_TRUE(recorder_.sent.empty());
  ASSERT_EQ(recorder_.lines.size(), 1U);
  EXPECT_EQ(recorder_.lines[0].result, result::kTooBusy);
}

TEST_F(TransactionTest, WhatComesToAFullQueueIsNotEvenRead) {
  queue_.known_full = true;
  RawMessage request = multimedia_auth_request();
  request.avps.pop_back();
  const fd::MessagePtr answer = take(request);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(value_of(encoded(answer.get()).one(268)), 3004U);
  EXPECT_TRUE(queue_.waiting.empty());
  ASSERT_EQ(recorder_.lines.size(), 1U);
  EXPECT_EQ(recorder_.lines[0].result, result::kTooBusy);
  EXPECT_EQ(recorder_.lines[0].private_identity, "alice@example.org");
}

TEST_F(TransactionTest, ARefusedRequestIsNotSubmitted) {
  RawMessage request = multimedia_auth_request();
  request.avps.pop_back();
  const fd::MessagePtr answer = take(request);
  ASSERT_NE(answer, nullptr);
  EXPECT_TRUE(queue_.waiting.empty());
  ASSERT_EQ(recorder_.lines.size(), 1U);
  EXPECT_EQ(recorder_.lines[0].result, result::kMissingAvp);
  EXPECT_EQ(recorder_.lines[0].remark, "Server-Name is missing");
}

TEST_F(TransactionTest, AnAnswerThatCannotBeSentIsSaidSo) {
  next_answer = [] { return refusal(result::kUserUnknown, {}, "first"); };
  recorder_.send_error = EINVAL;
  const auto transaction = submitted(multimedia_auth_request());
  transaction->run(repository_);
  transaction->committed();
  EXPECT_TRUE(recorder_.sent.empty());
  ASSERT_EQ(recorder_.lines.size(), 1U);
  EXPECT_EQ(recorder_.lines[0].remark, "first; the answer could not be sent: Invalid argument");
}

TEST_F(TransactionTest, TheDispatcherRegistersAndUnregisters) {
  for (int i = 0; i < 2; ++i) {
    const Dispatcher dispatcher({queue_, settings_, random_});
    fd_app* application = nullptr;
    ASSERT_EQ(fd_app_check(&fd_g_config->cnf_apps, 16777216, &application), 0);
    ASSERT_NE(application, nullptr);
    EXPECT_EQ(application->vndid, k3gpp);
    EXPECT_EQ(application->flags.auth, 1U);
    EXPECT_EQ(application->flags.acct, 0U);

    // Through freeDiameter's own dispatch, as a routing thread does it.
    for (const RawMessage& request : {user_authorization_request(), server_assignment_request(),
                                      location_info_request(), multimedia_auth_request()}) {
      msg* message = parse(request).release();
      disp_action action = DISP_ACT_ERROR;
      char* code = nullptr;
      char* reason = nullptr;
      msg* dropped = nullptr;
      EXPECT_EQ(fd_msg_dispatch(&message, nullptr, &action, &code, &reason, &dropped), 0);
      EXPECT_EQ(message, nullptr);
      EXPECT_EQ(action, DISP_ACT_CONT);
      ASSERT_EQ(queue_.waiting.size(), 1U);
      // Finished after the test would need a running core to send: it is given up here.
      queue_.waiting.clear();
    }
    // Refused at once: handed back to be sent.
    RawMessage bad = location_info_request();
    bad.avps.pop_back();
    msg* message = parse(bad).release();
    disp_action action = DISP_ACT_CONT;
    char* code = nullptr;
    char* reason = nullptr;
    msg* dropped = nullptr;
    EXPECT_EQ(fd_msg_dispatch(&message, nullptr, &action, &code, &reason, &dropped), 0);
    EXPECT_EQ(action, DISP_ACT_SEND);
    const fd::MessagePtr answer(message);
    EXPECT_EQ(value_of(encoded(answer.get()).one(268)), 5005U);
  }
}

}  // namespace
}  // namespace hss::diameter::test
