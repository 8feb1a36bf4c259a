// The outbox as an administrator meets it: listed, and outliving what it is about.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/db/administration_fixture.h"

namespace hss::db::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PushesTest : public AdministrationTest {
 protected:
  /// A push about the n-th association of a subscription.
  PushId push(SubscriptionId id, std::size_t association = 0) {
    PushId added = 0;
    database_->write([&] {
      const auto [identity, set] = administration_.repository().subscription(id)->associations.at(association);
      Push about;
      about.server = {"sip:scscf.test", "scscf.test", "test"};
      about.private_identity = "somebody@example.org";
      about.subscription = id;
      about.implicit_set = set;
      about.private_identity_id = identity;
      about.created = 1;
      added = administration_.repository().add_push(about);
    });
    return added;
  }
  Push get(PushId id) {
    Push found;
    database_->read([&] { found = repository_.push(id).value(); });
    return found;
  }
  std::vector<PushId> list(std::optional<SubscriptionId> subscription, bool waiting_only, std::size_t limit = 100) {
    std::vector<PushId> ids;
    database_->read([&] {
      for (const Push& each : administration_.pushes(subscription, waiting_only, limit)) ids.push_back(each.id);
    });
    return ids;
  }
};

TEST_F(PushesTest, AreListedNewestFirst) {
  const SubscriptionId one = add(usual_draft(1));
  const SubscriptionId two = add(usual_draft(2));
  EXPECT_THAT(list(std::nullopt, false), IsEmpty());
  const PushId first = push(one);
  const PushId second = push(two);
  const PushId third = push(one);
  database_->write([&] {
    Push done = repository_.push(third).value();
    done.status = PushStatus::kDone;
    done.finished = 5;
    repository_.save_push(done);
  });
  EXPECT_THAT(list(std::nullopt, false), ElementsAre(third, second, first));
  EXPECT_THAT(list(std::nullopt, false, 2), ElementsAre(third, second));
  EXPECT_THAT(list(std::nullopt, true), ElementsAre(second, first));
  EXPECT_THAT(list(one, false), ElementsAre(third, first));
  EXPECT_THAT(list(one, true), ElementsAre(first));
  EXPECT_THAT(list(two, true, 0), IsEmpty());
}

/// No state follows from it, and yet a person who asks about the subscriber wants to see it.
TEST_F(PushesTest, WhatIsAboutTheImsiIsListedWithTheSubscriber) {
  const SubscriptionId one = add(usual_draft(1));
  const SubscriptionId two = add(usual_draft(2));
  PushId release = 0;
  database_->write([&] {
    Push about;
    about.kind = PushKind::kRegistrationTermination;
    about.application = Application::kSwx;
    about.server = {"", "aaa.test", "test"};
    about.private_identity = usual_draft(1).imsi;
    release = repository_.add_push(about);
  });
  EXPECT_THAT(list(one, false), ElementsAre(release));
  EXPECT_THAT(list(two, false), IsEmpty());
}

TEST_F(PushesTest, TheServerIsWrittenOnce) {
  const SubscriptionId id = add(usual_draft(1));
  use(id);  // at the same server
  push(id);
  push(id);
  EXPECT_EQ(query("SELECT count(*) FROM server WHERE diameter_host = 'scscf.test'"), 1);
}

TEST_F(PushesTest, WhatARemovedSubscriptionWasIsForgottenAndThePushesStay) {
  const SubscriptionId id = add(usual_draft(1));
  const PushId about = push(id);
  EXPECT_TRUE(remove(id));
  EXPECT_EQ(add(usual_draft(2)), id) << "a number is used again";
  EXPECT_EQ(get(about).subscription, 0);
  EXPECT_EQ(get(about).implicit_set, 0);
  EXPECT_EQ(get(about).private_identity_id, 0);
  EXPECT_EQ(get(about).private_identity, "somebody@example.org");
  EXPECT_THAT(list(id, false), IsEmpty());
  EXPECT_THAT(list(std::nullopt, true), ElementsAre(about));
}

TEST_F(PushesTest, WhatAReplacementTakesAwayIsForgottenAndThePushesStay) {
  const SubscriptionId id = add(rich_draft());
  // In the order of sets and private identities: alice's set, then zoe's with zoe and with alice.
  const PushId alices = push(id, 0);
  const PushId of_zoe = push(id, 1);
  const PushId of_alice = push(id, 2);
  const Push before = get(of_alice);
  SubscriptionDraft draft = read(id).draft;
  replace(id, draft);
  EXPECT_EQ(get(of_alice), before);

  draft.private_identities.erase(draft.private_identities.begin());  // zoe
  draft.key_sets.pop_back();
  draft.public_identities.erase(draft.public_identities.begin() + 3);
  draft.public_identities.erase(draft.public_identities.begin() + 1);  // alice's set
  draft.associations.clear();
  replace(id, draft);
  EXPECT_EQ(get(of_alice), before);
  EXPECT_EQ(get(alices).subscription, id);
  EXPECT_EQ(get(alices).implicit_set, 0);
  EXPECT_EQ(get(of_zoe).implicit_set, 0);
  EXPECT_EQ(get(of_zoe).private_identity_id, 0);
  EXPECT_EQ(get(of_zoe).subscription, id);
}

}  // namespace
}  // namespace hss::db::test
