// What every repository owes the domain about wildcarded public identities (TS 23.003 13.5).
// SPDX-License-Identifier: MIT
#include "tests/db/repository_contract.h"

namespace hss::db::test {
namespace {

template <typename World>
class WildcardContract : public RepositoryContract<World> {
 protected:
  /// A subscription with one wildcarded service identity.
  void provision(const std::string& impi, const std::string& expression) {
    SubscriptionDraft draft;
    draft.private_identities = {{.impi = impi, .key_set = std::nullopt}};
    draft.public_identities = {{.impu = expression, .display_name = {}, .type = IdentityType::kWildcardedPsi}};
    this->world_.provision(draft);
  }
  /// The expression that matches, with its owner's first private identity; empty: none does.
  std::string match(std::string_view impu) {
    std::string found;
    this->transact([&] {
      const WildcardMatch match = this->store().find_by_wildcard(impu);
      if (match.subscription == nullptr) return;
      const PublicIdentity* identity = match.subscription->public_by_id(match.public_identity);
      ASSERT_NE(identity, nullptr);
      EXPECT_TRUE(identity->is_wildcarded());
      found = match.subscription->private_identities[0].impi + " " + identity->impu;
    });
    return found;
  }
};
TYPED_TEST_SUITE(WildcardContract, Worlds, WorldNames);

TYPED_TEST(WildcardContract, NothingMatchesWhenThereIsNone) {
  EXPECT_EQ(this->match("sip:chat-1@example.com"), "");
  EXPECT_EQ(this->match(""), "");
}

TYPED_TEST(WildcardContract, AnInstanceIsFoundByItsExpressionAlone) {
  this->provision("a@x.test", "sip:chat-!.*!@example.com");
  this->provision("b@x.test", "tel:+1555!.*!");
  EXPECT_EQ(this->match("sip:chat-1@example.com"), "a@x.test sip:chat-!.*!@example.com");
  EXPECT_EQ(this->match("sip:chat-@example.com"), "a@x.test sip:chat-!.*!@example.com");
  EXPECT_EQ(this->match("tel:+15551234"), "b@x.test tel:+1555!.*!");
  for (const char* other : {"sip:chat-1@example.org", "sip:chat-1@example.com.test", "xsip:chat-1@example.com",
                            "sip:chat@example.com", "tel:+1554", "tel:+155", ""}) {
    EXPECT_EQ(this->match(other), "") << other;
  }
  this->transact([&] {
    EXPECT_EQ(this->store().find_by_public_identity("sip:chat-1@example.com"), nullptr) << "no exact one";
    EXPECT_NE(this->store().find_by_public_identity("sip:chat-!.*!@example.com"), nullptr);
  });
}

TYPED_TEST(WildcardContract, AnOrdinaryIdentityIsNoExpression) {
  SubscriptionDraft draft;
  draft.private_identities = {{.impi = "a@x.test", .key_set = std::nullopt}};
  draft.public_identities = {{.impu = "sip:chat-!.*!@example.com", .display_name = {}}};
  this->world_.provision(draft);
  EXPECT_EQ(this->match("sip:chat-1@example.com"), "");
}

TYPED_TEST(WildcardContract, TheLongestLiteralWins) {
  this->provision("a@x.test", "sip:!.*!@example.com");
  this->provision("b@x.test", "sip:chat-!.*!@example.com");
  this->provision("c@x.test", "sip:chat-room-!.*!@example.com");
  this->provision("d@x.test", "sip:chat!(-room-[0-9]+)!@example.com");
  EXPECT_EQ(this->match("sip:chat-room-1@example.com"), "c@x.test sip:chat-room-!.*!@example.com");
  EXPECT_EQ(this->match("sip:chat-1@example.com"), "b@x.test sip:chat-!.*!@example.com");
  EXPECT_EQ(this->match("sip:other@example.com"), "a@x.test sip:!.*!@example.com");
}

TYPED_TEST(WildcardContract, OfTwoEquallyLongTheFirstByTextWins) {
  this->provision("z@x.test", "sip:ab!.*!@example.com");
  this->provision("y@x.test", "sip:!.*!bc@example.com");
  this->provision("x@x.test", "sip:ab!.+!@example.com");
  EXPECT_EQ(this->match("sip:ab-bc@example.com"), "y@x.test sip:!.*!bc@example.com");
  EXPECT_EQ(this->match("sip:ab-@example.com"), "z@x.test sip:ab!.*!@example.com");
}

TYPED_TEST(WildcardContract, WhatIsRemovedMatchesNoMore) {
  this->provision("a@x.test", "sip:chat-!.*!@example.com");
  this->provision("b@x.test", "sip:!.*!@example.com");
  EXPECT_EQ(this->match("sip:chat-1@example.com"), "a@x.test sip:chat-!.*!@example.com");
  this->world_.remove(this->store().find_by_private_identity("a@x.test")->id);
  EXPECT_EQ(this->match("sip:chat-1@example.com"), "b@x.test sip:!.*!@example.com");
}

TYPED_TEST(WildcardContract, MoreExpressionsThanAreKeptCompiled) {
  SubscriptionDraft draft;
  draft.private_identities = {{.impi = "a@x.test", .key_set = std::nullopt}};
  for (int i = 0; i < 1030; ++i) {
    draft.public_identities.push_back({.impu = "sip:room!" + std::to_string(i) + "-.*!@example.com",
                                       .display_name = {},
                                       .type = IdentityType::kWildcardedPsi});
  }
  this->world_.provision(draft);
  for (const char* number : {"29", "1029", "29"}) {
    EXPECT_EQ(this->match(std::string("sip:room") + number + "-a@example.com"),
              std::string("a@x.test sip:room!") + number + "-.*!@example.com");
  }
}

}  // namespace
}  // namespace hss::db::test
