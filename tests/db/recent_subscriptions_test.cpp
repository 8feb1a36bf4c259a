// What is remembered of subscriptions, what is let go first, and that nothing outlives the subscription it belongs to.
// SPDX-License-Identifier: MIT
#include "db/recent_subscriptions.h"

#include <gtest/gtest.h>

#include <string>

namespace hss::db {
namespace {

constexpr std::size_t kPlenty = std::size_t{1} << 20U;
constexpr KeySetId kKeySet = 1000;

std::string impi(SubscriptionId id) { return "somebody" + std::to_string(id) + "@ims.example.org"; }
std::string impu(SubscriptionId id) { return "sip:somebody" + std::to_string(id) + "@ims.example.org"; }

PublicIdentity identity(PublicIdentityId id, const std::string& impu) {
  PublicIdentity made;
  made.id = id;
  made.impu = impu;
  return made;
}

Registration served_by(const AssignedServer& server) {
  Registration made;
  made.server = server;
  return made;
}

RecentSubscriptions::Snapshot subscriber(SubscriptionId id) {
  auto made = std::make_shared<Subscription>();
  made->id = id;
  made->imsi = "00101" + std::to_string(1000000000 + id);
  made->usim = kKeySet + id;
  made->private_identities.push_back({.id = id, .impi = impi(id), .key_set = kKeySet + id});
  made->public_identities.push_back(identity(id, impu(id)));
  return made;
}

TEST(RecentSubscriptionsTest, FindsByEveryIdentity) {
  RecentSubscriptions recent(kPlenty);
  const auto one = subscriber(1);
  recent.remember(one);
  EXPECT_EQ(recent.find(1), one);
  EXPECT_EQ(recent.find_by_private_identity(impi(1)), one);
  EXPECT_EQ(recent.find_by_public_identity(impu(1)), one);
  EXPECT_EQ(recent.find_by_imsi(one->imsi), one);
  EXPECT_EQ(recent.find(2), nullptr);
  EXPECT_EQ(recent.find_by_private_identity(impi(2)), nullptr);
  EXPECT_EQ(recent.find_by_imsi(""), nullptr);
}

TEST(RecentSubscriptionsTest, StateIsRememberedWithItsSubscriptionOnly) {
  RecentSubscriptions recent(kPlenty);
  recent.remember(kKeySet + 1, SequenceState{.seq = 7, .issued = {}});
  recent.remember(1, Registration{});
  EXPECT_EQ(recent.sequence(kKeySet + 1), nullptr);
  EXPECT_EQ(recent.registration(1), nullptr);
  recent.remember(subscriber(1));
  EXPECT_EQ(recent.sequence(kKeySet + 1), nullptr);
  recent.remember(kKeySet + 1, SequenceState{.seq = 7, .issued = {}});
  recent.remember(1, served_by({"sip:s.example.org", "s.example.org", "example.org"}));
  auto keys = std::make_shared<KeySet>();
  keys->id = kKeySet + 1;
  recent.remember(keys);
  ASSERT_NE(recent.sequence(kKeySet + 1), nullptr);
  EXPECT_EQ(recent.sequence(kKeySet + 1)->seq, 7U);
  ASSERT_NE(recent.registration(1), nullptr);
  EXPECT_EQ(recent.registration(1)->server->diameter_host, "s.example.org");
  EXPECT_EQ(recent.key_set(kKeySet + 1), keys);
}

TEST(RecentSubscriptionsTest, WhoWasNotAskedForLongestIsLetGo) {
  RecentSubscriptions probe(kPlenty);
  probe.remember(subscriber(1));
  RecentSubscriptions recent(3 * probe.octets());
  for (SubscriptionId id = 1; id <= 3; ++id) recent.remember(subscriber(id));
  EXPECT_NE(recent.find_by_public_identity(impu(1)), nullptr);  // 2 is the oldest now
  recent.remember(subscriber(4));
  EXPECT_EQ(recent.size(), 3U);
  EXPECT_LE(recent.octets(), 3 * probe.octets());
  EXPECT_EQ(recent.find(2), nullptr);
  EXPECT_EQ(recent.find_by_private_identity(impi(2)), nullptr);
  EXPECT_EQ(recent.find_by_public_identity(impu(2)), nullptr);
  EXPECT_EQ(recent.find_by_imsi(subscriber(2)->imsi), nullptr);
  for (const SubscriptionId id : {1, 3, 4}) EXPECT_NE(recent.find(id), nullptr) << id;
}

TEST(RecentSubscriptionsTest, AnIdentityThatMovedIsOfItsNewSubscription) {
  RecentSubscriptions recent(kPlenty);
  recent.remember(subscriber(1));
  auto heir = std::make_shared<Subscription>(*subscriber(2));
  heir->public_identities.push_back(identity(9, impu(1)));
  recent.remember(heir);
  EXPECT_EQ(recent.find_by_public_identity(impu(1)), heir);
  EXPECT_EQ(recent.find(1), nullptr) << "what is remembered of it is wrong now";
  EXPECT_EQ(recent.find_by_private_identity(impi(1)), nullptr);
  EXPECT_EQ(recent.size(), 1U);
}

TEST(RecentSubscriptionsTest, NothingIsRememberedWithoutMemory) {
  RecentSubscriptions recent(0);
  recent.remember(subscriber(1));
  EXPECT_EQ(recent.size(), 0U);
  RecentSubscriptions small(10);
  small.remember(subscriber(1));
  EXPECT_EQ(small.find(1), nullptr);
  EXPECT_EQ(small.octets(), 0U);
}

TEST(RecentSubscriptionsTest, ForgetsAll) {
  RecentSubscriptions recent(kPlenty);
  recent.remember(subscriber(1));
  recent.remember(1, Registration{});
  recent.forget();
  EXPECT_EQ(recent.find(1), nullptr);
  EXPECT_EQ(recent.registration(1), nullptr);
  EXPECT_EQ(recent.find_by_public_identity(impu(1)), nullptr);
  EXPECT_EQ(recent.octets(), 0U);
}

}  // namespace
}  // namespace hss::db
