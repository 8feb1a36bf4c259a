// What is remembered of subscriptions and in how much memory, who is let go, and that nothing outlives the subscription
// it belongs to.
// SPDX-License-Identifier: MIT
#include "db/recent_subscriptions.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

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

/// The number of a subscription that was found; 0: none was.
SubscriptionId id_of(const RecentSubscriptions::Snapshot& found) { return found == nullptr ? 0 : found->id; }

TEST(RecentSubscriptionsTest, FindsByEveryIdentity) {
  RecentSubscriptions recent(kPlenty);
  const auto one = subscriber(1);
  recent.remember(one);
  recent.remember(subscriber(2));
  const std::array asked{Subject{Subject::Kind::kPrivateIdentity, impi(1)},
                         Subject{Subject::Kind::kPublicIdentity, impu(2)}, Subject{Subject::Kind::kImsi, one->imsi},
                         Subject{Subject::Kind::kPrivateIdentity, impi(3)}, Subject{}};
  for (int round = 0; round < 2; ++round) {  // as it was given, and unpacked
    recent.prefetch(asked);
    EXPECT_EQ(id_of(recent.find(1)), 1);
    EXPECT_EQ(id_of(recent.find_by_private_identity(impi(2))), 2);
    EXPECT_EQ(id_of(recent.find_by_private_identity(impi(1))), 1);
    EXPECT_EQ(id_of(recent.find_by_public_identity(impu(2))), 2);
    EXPECT_EQ(id_of(recent.find_by_public_identity(impu(1))), 1);
    EXPECT_TRUE(recent.remembers({Subject::Kind::kPrivateIdentity, impi(1)}));
    EXPECT_TRUE(recent.remembers({Subject::Kind::kPublicIdentity, impu(2)}));
    EXPECT_TRUE(recent.remembers({Subject::Kind::kImsi, one->imsi}));
    EXPECT_FALSE(recent.remembers({Subject::Kind::kPrivateIdentity, impu(1)}));
    EXPECT_FALSE(recent.remembers({Subject::Kind::kPublicIdentity, impu(3)}));
    EXPECT_FALSE(recent.remembers({}));
    EXPECT_EQ(id_of(recent.find_by_imsi(subscriber(2)->imsi)), 2);
    EXPECT_EQ(id_of(recent.find_by_imsi(one->imsi)), 1);
  }
  EXPECT_EQ(recent.find(3), nullptr);
  EXPECT_EQ(recent.find_by_private_identity(impi(3)), nullptr);
  EXPECT_EQ(recent.find_by_private_identity(impu(1)), nullptr) << "a public one";
  EXPECT_EQ(recent.find_by_imsi(""), nullptr);
  const auto found = recent.find(2);
  ASSERT_EQ(found->private_identities.size(), 1U);
  EXPECT_EQ(found->private_identities[0].impi, impi(2));
  EXPECT_EQ(found->public_identities[0].impu, impu(2));
  EXPECT_EQ(found->usim, kKeySet + 2);
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
  KeySet keys;
  keys.id = kKeySet + 1;
  keys.amf = {0x12, 0x34};
  recent.remember(keys);
  ASSERT_NE(recent.sequence(kKeySet + 1), nullptr);
  EXPECT_EQ(recent.sequence(kKeySet + 1)->seq, 7U);
  ASSERT_NE(recent.registration(1), nullptr);
  EXPECT_EQ(recent.registration(1)->server->diameter_host, "s.example.org");
  ASSERT_NE(recent.key_set(kKeySet + 1), nullptr);
  EXPECT_EQ(recent.key_set(kKeySet + 1)->id, keys.id);
  EXPECT_EQ(recent.key_set(kKeySet + 1)->amf, keys.amf);
}

TEST(RecentSubscriptionsTest, StateIsReplacedAndGoesWithItsSubscription) {
  RecentSubscriptions recent(kPlenty);
  recent.remember(subscriber(1));
  recent.remember(subscriber(2));
  recent.remember(kKeySet + 1, SequenceState{.seq = 7, .issued = {}});
  recent.remember(kKeySet + 1, SequenceState{.seq = 8, .issued = {{1}, {2}}});
  recent.remember(1, served_by({"sip:first.example.org", "first.example.org", "example.org"}));
  recent.remember(2, served_by({"sip:first.example.org", "first.example.org", "example.org"}));
  recent.remember(1, served_by({"sip:second.example.org", "second.example.org", "example.org"}));
  EXPECT_EQ(recent.sequence(kKeySet + 1)->seq, 8U);
  EXPECT_EQ(recent.sequence(kKeySet + 1)->issued, (RecentChallenges{{1}, {2}}));
  EXPECT_EQ(recent.sequence(kKeySet + 2), nullptr);
  EXPECT_EQ(recent.registration(1)->server->name, "sip:second.example.org");
  EXPECT_EQ(recent.registration(2)->server->name, "sip:first.example.org");
  const std::size_t octets = recent.octets();
  recent.remember(subscriber(1));  // as it was changed
  EXPECT_EQ(recent.registration(1), nullptr);
  EXPECT_EQ(recent.sequence(kKeySet + 1), nullptr);
  EXPECT_LT(recent.octets(), octets);
}

TEST(RecentSubscriptionsTest, AKeySetOfSeveralUsesIsOne) {
  RecentSubscriptions recent(kPlenty);
  auto many = std::make_shared<Subscription>(*subscriber(1));
  many->private_identities.push_back({.id = 2, .impi = impi(2), .key_set = kKeySet + 2});
  many->private_identities.push_back({.id = 3, .impi = impi(3), .key_set = kKeySet + 1});
  recent.remember(many);
  recent.remember(subscriber(9));
  for (const KeySetId id : {kKeySet + 1, kKeySet + 2, kKeySet + 9}) {
    recent.remember(id, SequenceState{.seq = static_cast<std::uint64_t>(id), .issued = {}});
  }
  for (const SubscriptionId asked_before : {1, 9}) {
    EXPECT_EQ(id_of(recent.find(asked_before)), asked_before);
    for (const KeySetId id : {kKeySet + 1, kKeySet + 2, kKeySet + 9}) {
      EXPECT_EQ(recent.sequence(id)->seq, static_cast<std::uint64_t>(id)) << asked_before;
    }
  }
  recent.remember(subscriber(2));  // has key set 2 now
  EXPECT_EQ(recent.find(1), nullptr);
  EXPECT_EQ(recent.sequence(kKeySet + 1), nullptr);
  EXPECT_EQ(recent.sequence(kKeySet + 2), nullptr);
  EXPECT_EQ(recent.sequence(kKeySet + 9)->seq, static_cast<std::uint64_t>(kKeySet + 9));
}

/// As much as belongs to a subscription, as a transaction loop remembers it.
void remember_all(RecentSubscriptions& recent, SubscriptionId id) {
  recent.remember(subscriber(id));
  KeySet keys;
  keys.id = kKeySet + id;
  keys.k = keys.opc = SecretOctets<32>(Secret<16>());
  recent.remember(keys);
  recent.remember(id, served_by({"sip:scscf.example.org:6060", "scscf.example.org", "ims.example.org"}));
  recent.remember(kKeySet + id, SequenceState{.seq = 1, .issued = {{}, {}, {}, {}, {}, {}, {}, {}}});
}

TEST(RecentSubscriptionsTest, NeverTakesMoreThanItsLimit) {
  constexpr std::size_t kLimit = std::size_t{64} << 10U;
  RecentSubscriptions recent(kLimit);
  for (SubscriptionId id = 1; id <= 1000; ++id) {
    remember_all(recent, id);
    ASSERT_LE(recent.octets(), kLimit);
  }
  EXPECT_GT(recent.octets(), kLimit * 9 / 10);
  std::size_t found = 0;
  for (SubscriptionId id = 1; id <= 1000; ++id) {
    const bool there = recent.find(id) != nullptr;
    found += there ? 1U : 0U;
    ASSERT_EQ(id_of(recent.find_by_private_identity(impi(id))), there ? id : 0);
    ASSERT_EQ(id_of(recent.find_by_public_identity(impu(id))), there ? id : 0);
    ASSERT_EQ(id_of(recent.find_by_imsi(subscriber(id)->imsi)), there ? id : 0);
    if (!there) {
      ASSERT_EQ(recent.key_set(kKeySet + id), nullptr);
      ASSERT_EQ(recent.sequence(kKeySet + id), nullptr);
      ASSERT_EQ(recent.registration(id), nullptr);
    }
  }
  EXPECT_EQ(found, recent.size());
}

/// Of users of whom a quarter too many come, each as often as any other, how many are found.
template <typename NextRound>
double rate_of_hits(NextRound&& next_round) {
  constexpr std::size_t kLimit = std::size_t{1} << 20U;
  RecentSubscriptions recent(kLimit, 42);
  std::vector<SubscriptionId> users;
  for (SubscriptionId id = 1; recent.size() == users.size(); ++id) {  // until one is let go
    users.push_back(id);
    remember_all(recent, id);
  }
  for (std::size_t wanted = users.size() * 5 / 4; users.size() < wanted;) users.push_back(users.back() + 1);
  std::size_t hits = 0, asked = 0;
  for (int round = 0; round < 12; ++round) {
    next_round(users);
    for (const SubscriptionId id : users) {
      const bool hit = recent.find_by_private_identity(impi(id)) != nullptr;
      if (!hit) remember_all(recent, id);
      if (round < 4) continue;  // until it does not matter how it began
      hits += hit ? 1U : 0U;
      ++asked;
    }
  }
  return static_cast<double>(hits) / static_cast<double>(asked);
}

TEST(RecentSubscriptionsTest, UsersWhoComeRoundAreFoundMostOfTheTime) {
  EXPECT_GT(rate_of_hits([](std::vector<SubscriptionId>&) {}), 0.6) << "always in the same order";
  std::mt19937 chance(7);
  EXPECT_GT(rate_of_hits([&](std::vector<SubscriptionId>& users) { std::ranges::shuffle(users, chance); }), 0.6)
      << "in another order each time";
}

TEST(RecentSubscriptionsTest, CountsWhatMallocGives) {
  const auto in_use = [] {
    const auto info = mallinfo2();  // zeros under a sanitizer, whose malloc is another
    return info.uordblks + info.hblkhd;
  };
  constexpr SubscriptionId kSubscribers = 4000;
  RecentSubscriptions recent(std::size_t{1} << 30U);
  const std::size_t before = in_use();
  for (SubscriptionId id = 1; id <= kSubscribers; ++id) remember_all(recent, id);
  const std::size_t taken = in_use() - before;
  EXPECT_LE(taken, recent.octets() + recent.octets() / 100) << "it takes more than it says";
  EXPECT_LE(recent.octets(), kSubscribers * 500);
}

/// Identities move between subscriptions at random; what is found is what a plain map says.
TEST(RecentSubscriptionsTest, IsExactWhateverMoves) {
  RecentSubscriptions recent(kPlenty);
  std::map<std::string, SubscriptionId> owners;  // of public identities
  std::map<SubscriptionId, std::vector<std::string>> identities;
  std::minstd_rand chance(3);
  for (int step = 0; step < 3000; ++step) {
    const SubscriptionId id = 1 + static_cast<SubscriptionId>(chance() % 40);
    auto made = std::make_shared<Subscription>(*subscriber(id));
    made->public_identities.clear();
    std::vector<SubscriptionId> gone{id};
    for (int i = 0; i < 3; ++i) {
      const std::string text = impu(static_cast<SubscriptionId>(chance() % 90));
      if (made->find_public(text) != nullptr) continue;
      made->public_identities.push_back(identity(step, text));
      if (owners.contains(text)) gone.push_back(owners[text]);
    }
    for (const SubscriptionId one : gone) {
      for (const std::string& text : identities[one]) owners.erase(text);
      identities.erase(one);
    }
    for (const PublicIdentity& its : made->public_identities) {
      owners[its.impu] = id;
      identities[id].push_back(its.impu);
    }
    recent.remember(made);
    if (step % 8 != 0) continue;
    for (SubscriptionId other = 0; other < 90; ++other) {
      const auto owner = owners.find(impu(other));
      ASSERT_EQ(id_of(recent.find_by_public_identity(impu(other))), owner == owners.end() ? 0 : owner->second);
    }
  }
  EXPECT_EQ(recent.size(), identities.size());
}

TEST(RecentSubscriptionsTest, AnIdentityThatMovedIsOfItsNewSubscription) {
  RecentSubscriptions recent(kPlenty);
  recent.remember(subscriber(1));
  auto heir = std::make_shared<Subscription>(*subscriber(2));
  heir->public_identities.push_back(identity(9, impu(1)));
  recent.remember(heir);
  EXPECT_EQ(id_of(recent.find_by_public_identity(impu(1))), 2);
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
  recent.remember(subscriber(1));
  EXPECT_EQ(id_of(recent.find_by_public_identity(impu(1))), 1);
}

}  // namespace
}  // namespace hss::db
