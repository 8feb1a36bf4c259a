// The order in which S-CSCFs are offered: stable for one subscription, by weight over many.
// SPDX-License-Identifier: MIT
#include "hss/cx/server_selection.h"

#include <map>

#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

using Names = std::vector<std::string>;

Names order(World& world, SubscriptionId id) {
  Subscription subscription;
  subscription.id = id;
  return server_capabilities(subscription, world.context())->server_names;
}

/// How often each comes first.
std::map<std::string, int> firsts(World& world, int subscriptions) {
  std::map<std::string, int> count;
  for (int id = 1; id <= subscriptions; ++id) ++count[order(world, id).front()];
  return count;
}

TEST(ServerSelection, IsStableForOneSubscription) {
  World world;
  world.settings.cx.scscf_pool = {"sip:a 3", "sip:b 2", "sip:c"};
  const Names first = order(world, 77);
  EXPECT_THAT(first, testing::UnorderedElementsAre("sip:a", "sip:b", "sip:c")) << "each once, without its weight";
  world.settings.cx.scscf_pool = {"sip:c", "sip:a 3", "sip:b 2"};
  EXPECT_EQ(order(world, 77), first) << "the order in the file means nothing";
}

TEST(ServerSelection, SpreadsByWeight) {
  World world;
  world.settings.cx.scscf_pool = {"sip:a 6", "sip:b 3", "sip:c"};
  const auto count = firsts(world, 10'000);
  EXPECT_NEAR(count.at("sip:a"), 6000, 250);
  EXPECT_NEAR(count.at("sip:b"), 3000, 250);
  EXPECT_NEAR(count.at("sip:c"), 1000, 150);
}

TEST(ServerSelection, AServerThatGoesMovesOnlyItsOwn) {
  World world;
  world.settings.cx.scscf_pool = {"sip:a", "sip:b", "sip:c"};
  World smaller;
  smaller.settings.cx.scscf_pool = {"sip:a", "sip:b"};
  for (SubscriptionId id = 1; id <= 500; ++id) {
    Names expected = order(world, id);
    std::erase(expected, "sip:c");
    EXPECT_EQ(order(smaller, id), expected) << id;
  }
}

TEST(ServerSelection, APinComesInsteadOfThePool) {
  World world;
  world.subscription->capabilities.server_names = {"sip:mine", "sip:second"};
  EXPECT_EQ(server_capabilities(*world.subscription, world.context())->server_names, (Names{"sip:mine", "sip:second"}));
  const AssignedServer mine{"sip:mine", "h", "r"};
  EXPECT_EQ(server_capabilities(*world.subscription, world.context(), mine)->server_names,
            (Names{"sip:second", "sip:mine"}));
}

TEST(ServerSelection, NumbersKeepThePoolOut) {
  World world;
  world.subscription->capabilities.mandatory = {7};
  EXPECT_EQ(*server_capabilities(*world.subscription, world.context()), (ServerCapabilities{{7}, {}, {}}));
}

TEST(ServerSelection, NothingIsAbsent) {
  World world;
  world.settings.cx.scscf_pool.clear();
  EXPECT_FALSE(server_capabilities(*world.subscription, world.context()));
}

TEST(ServerSelection, TheOneToBeReplacedComesLast) {
  World world;
  world.settings.cx.scscf_pool = {"sip:a 100", "sip:b", "sip:c"};
  for (const char* name : {"sip:a", "sip:b", "sip:c"}) {
    const auto names =
        server_capabilities(*world.subscription, world.context(), AssignedServer{name, "h", "r"})->server_names;
    ASSERT_EQ(names.size(), 3U);
    EXPECT_EQ(names.back(), name);
  }
}

}  // namespace
}  // namespace hss::cx::test
