// What every repository owes the domain about pushes (TS 29.228 6.1.3, 6.2): each is kept until it is finished and
// forgotten, and comes back when its time has come.
// SPDX-License-Identifier: MIT
#include "tests/db/repository_contract.h"

namespace hss::db::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <typename World>
class OutboxContract : public RepositoryContract<World> {
 protected:
  PushId add(const Push& push) {
    PushId id = 0;
    this->transact([&] { id = this->store().add_push(push); });
    return id;
  }
  Push get(PushId id) {
    Push found;
    this->transact([&] { found = this->store().push(id).value(); });
    return found;
  }
  void save(const Push& push) {
    this->transact([&] { this->store().save_push(push); });
  }
  std::vector<PushId> due(UnixTime now, std::size_t limit = 100) {
    std::vector<PushId> ids;
    this->transact([&] {
      for (const Push& push : this->store().due_pushes(now, limit)) ids.push_back(push.id);
    });
    return ids;
  }
  std::vector<PushId> waiting(SubscriptionId subscription) {
    std::vector<PushId> ids;
    this->transact([&] {
      for (const Push& push : this->store().waiting_pushes(subscription)) ids.push_back(push.id);
    });
    return ids;
  }
};
TYPED_TEST_SUITE(OutboxContract, Worlds, WorldNames);

Push termination() {
  Push push;
  push.server = kServer;
  push.private_identity = "zoe@example.org";
  push.public_identities = {"sip:zoe@example.org"};
  push.associated_identities = {"alice@example.org", "bob@example.org"};
  push.subscription = 5;
  push.implicit_set = 6;
  push.private_identity_id = 7;
  push.reason = DeregistrationReason::kServerChange;
  push.reason_info = "moved\nto \xff another";
  push.created = 1000;
  return push;
}

Push profile_change(UnixTime created = 1000) {
  Push push;
  push.kind = PushKind::kPushProfile;
  push.server = kOther;
  push.private_identity = "alice@example.org";
  push.public_identities = {"sip:alice@example.org", "tel:+49301234"};
  push.subscription = 5;
  push.user_data = true;
  push.created = created;
  return push;
}

/// To a 3GPP AAA server: by host, and no identity but the IMSI.
Push swx_profile_change() {
  Push push;
  push.kind = PushKind::kPushProfile;
  push.application = Application::kSwx;
  push.server = {.name = {}, .diameter_host = "aaa.test", .diameter_realm = "test"};
  push.private_identity = "262019876543210";
  push.subscription = 5;
  push.user_data = true;
  push.ppr_flags = 0x80000001U;
  push.created = 1000;
  return push;
}

TYPED_TEST(OutboxContract, APushIsReadAsItWasWritten) {
  std::vector<Push> pushes{termination(), profile_change(), Push{}};
  pushes[1].charging = true;
  pushes.push_back(profile_change());
  pushes[3].user_data = false;
  pushes[3].sip_digest = true;
  pushes[3].server = kServer;
  pushes.push_back(swx_profile_change());
  pushes.push_back(swx_profile_change());
  pushes[5].kind = PushKind::kRegistrationTermination;
  pushes[5].user_data = false;
  pushes[5].ppr_flags = 0;
  pushes[5].subscription = 0;
  for (Push& push : pushes) {
    push.id = this->add(push);
    push.next_attempt = push.created;  // due at once
    EXPECT_EQ(this->get(push.id), push);
  }
  for (const Push& push : pushes) EXPECT_EQ(this->get(push.id), push);
  this->transact([&] { EXPECT_EQ(this->store().push(4711), std::nullopt); });
}

TYPED_TEST(OutboxContract, ANewPushHasNoPast) {
  Push push = termination();
  push.id = 99;
  push.status = PushStatus::kGivenUp;
  push.attempts = 3;
  push.next_attempt = 9999;
  push.finished = 5;
  push.result = result::kSuccess;
  const PushId id = this->add(push);
  Push expected = termination();
  expected.id = id;
  expected.next_attempt = 1000;
  EXPECT_EQ(this->get(id), expected);
  EXPECT_EQ(this->due(1000), std::vector{id});
}

TYPED_TEST(OutboxContract, WhatBecomesOfAPushIsKept) {
  const PushId other = this->add(profile_change());
  Push push = this->get(this->add(termination()));
  push.attempts = 2;
  push.next_attempt = 1030;
  push.result = result::kTooBusy;
  push.outcome = "busy; again in 30 s";
  push.private_identity = "alice@example.org";
  push.private_identity_id = 8;
  push.public_identities = {"sip:zoe@example.org", "tel:+49301234"};
  this->save(push);
  EXPECT_EQ(this->get(push.id), push);
  for (const auto status : {PushStatus::kDone, PushStatus::kRefused, PushStatus::kGivenUp, PushStatus::kObsolete}) {
    push.status = status;
    push.finished = 1040;
    push.result = result::kUserUnknown;
    push.outcome = "";
    this->save(push);
    EXPECT_EQ(this->get(push.id), push);
    EXPECT_THAT(this->due(100000), ElementsAre(other));
  }
  push.result.reset();
  this->save(push);
  EXPECT_EQ(this->get(push.id), push);
  EXPECT_EQ(this->get(other).attempts, 0U);
}

TYPED_TEST(OutboxContract, APushThatIsNotThereIsNotSaved) {
  Push push = termination();
  push.id = 4711;
  EXPECT_THROW(this->save(push), StoreFault);
}

TYPED_TEST(OutboxContract, WhatIsDueComesLongestDueFirst) {
  const PushId late = this->add(profile_change(30));
  const PushId early = this->add(profile_change(10));
  const PushId same = this->add(profile_change(10));
  const PushId retried = this->add(profile_change(1));
  Push push = this->get(retried);
  push.next_attempt = 20;
  this->save(push);
  EXPECT_THAT(this->due(9), IsEmpty());
  EXPECT_THAT(this->due(10), ElementsAre(early, same));
  EXPECT_THAT(this->due(29), ElementsAre(early, same, retried));
  EXPECT_THAT(this->due(30), ElementsAre(early, same, retried, late));
  EXPECT_THAT(this->due(30, 2), ElementsAre(early, same));
  EXPECT_THAT(this->due(30, 0), IsEmpty());
  push.status = PushStatus::kGivenUp;
  push.finished = 25;
  this->save(push);
  EXPECT_THAT(this->due(30), ElementsAre(early, same, late));
}

/// A push that would wait longer than any does was written by a clock that was wrong, years ahead perhaps.
TYPED_TEST(OutboxContract, WhoWaitsForAClockThatWasSetBackIsDue) {
  constexpr UnixTime kTwoDays = 2 * 86400;
  const PushId id = this->add(profile_change(10));
  Push push = this->get(id);
  push.next_attempt = 1000 + kTwoDays;
  this->save(push);
  EXPECT_THAT(this->due(1000), IsEmpty());
  EXPECT_THAT(this->due(999), ElementsAre(id));
  EXPECT_THAT(this->due(1001 + kTwoDays), ElementsAre(id));
}

TYPED_TEST(OutboxContract, WaitingPushesAreBySubscriptionInTheOrderOfWriting) {
  const PushId first = this->add(profile_change(50));
  const PushId second = this->add(profile_change(10));
  Push elsewhere = termination();
  elsewhere.subscription = 6;
  const PushId third = this->add(elsewhere);
  EXPECT_THAT(this->waiting(5), ElementsAre(first, second));
  EXPECT_THAT(this->waiting(6), ElementsAre(third));
  EXPECT_THAT(this->waiting(7), IsEmpty());
  Push push = this->get(first);
  push.status = PushStatus::kDone;
  push.finished = 60;
  this->save(push);
  EXPECT_THAT(this->waiting(5), ElementsAre(second));
}

TYPED_TEST(OutboxContract, WhatIsFinishedIsForgottenInTime) {
  std::vector<PushId> ids;
  for (const auto& finished : {std::optional<UnixTime>(100), std::optional<UnixTime>(101), std::optional<UnixTime>()}) {
    Push push = this->get(this->add(profile_change(1)));
    if (finished) push.status = PushStatus::kDone;
    push.finished = finished;
    this->save(push);
    ids.push_back(push.id);
  }
  const auto kept = [&](PushId id) {
    bool found = false;
    this->transact([&] { found = this->store().push(id).has_value(); });
    return found;
  };
  this->transact([&] { this->store().forget_pushes(100); });
  for (const PushId id : ids) EXPECT_TRUE(kept(id));
  this->transact([&] { this->store().forget_pushes(101); });
  EXPECT_FALSE(kept(ids[0]));
  EXPECT_TRUE(kept(ids[1]));
  this->transact([&] { this->store().forget_pushes(100000); });
  EXPECT_FALSE(kept(ids[1]));
  EXPECT_TRUE(kept(ids[2])) << "it waits, however old";
}

TYPED_TEST(OutboxContract, APushOutlivesItsSubscription) {
  const auto one = this->usual(1);
  Push push = termination();
  push.subscription = one->id;
  push.implicit_set = one->public_identities[0].implicit_set;
  push.private_identity_id = one->private_identities[0].id;
  push.id = this->add(push);
  this->world_.remove(one->id);
  push.next_attempt = push.created;
  push.subscription = 0;
  push.implicit_set = 0;
  push.private_identity_id = 0;
  EXPECT_EQ(this->get(push.id), push) << "who gets its numbers next is not taken for it";
  EXPECT_THAT(this->due(1000), ElementsAre(push.id));
}

}  // namespace
}  // namespace hss::db::test
