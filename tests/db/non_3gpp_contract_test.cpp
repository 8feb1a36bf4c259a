// What every repository owes the domain about access over non-3GPP networks: what was provisioned, the USIM, and the
// state on SWx, which has nothing to do with that on Cx.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "tests/db/repository_contract.h"

namespace hss::db::test {
namespace {

template <typename World>
class Non3gppContract : public RepositoryContract<World> {
 protected:
  Non3gppRegistration saved(SubscriptionId id) {
    Non3gppRegistration found;
    this->transact([&] { found = this->store().non_3gpp_registration(id); });
    return found;
  }
  void save(SubscriptionId id, const Non3gppRegistration& registration) {
    this->transact([&] { this->store().save_non_3gpp_registration(id, registration); });
  }
};
TYPED_TEST_SUITE(Non3gppContract, Worlds, WorldNames);

const AaaServer kAaa{"aaa.test", "test"};

ActiveApn connection(std::string name, std::uint32_t context_identifier = 1) {
  return {.name = std::move(name), .context_identifier = context_identifier, .gateway = {}, .visited_network = {}};
}

/// Registered, with everything that can be known of connections; they are in the order of their names.
Non3gppRegistration full_registration() {
  ActiveApn bare = connection("a");
  ActiveApn by_address = connection("b", 4294967295U);
  by_address.gateway.ipv4 = Octets<4>{0, 0, 0, 0};
  by_address.gateway.ipv6 = Octets<16>{0x20};
  by_address.visited_network = std::string("\xff\0visited", 9);
  ActiveApn by_name = connection("ims");
  by_name.gateway.host = "pgw.test";
  by_name.gateway.realm = "test";
  return {.server = kAaa, .registered = true, .pending_until = {}, .active_apns = {bare, by_address, by_name}};
}

TYPED_TEST(Non3gppContract, FindsASubscriptionByItsImsi) {
  this->transact([&] {
    const auto found = this->store().find_by_imsi(rich_draft().imsi);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->id, this->rich()->id);
    EXPECT_EQ(found->imsi, rich_draft().imsi);
    EXPECT_EQ(this->store().find_by_imsi(usual_draft(2).imsi)->id, this->usual(2)->id);
  });
  SubscriptionDraft without = psi_draft();
  this->world_.provision(without);
  this->transact([&] {
    EXPECT_EQ(this->store().find_by_private_identity("services@example.org")->imsi, "");
    for (const char* imsi : {"", "262019876543211", "26201987654321", "491712345678", "zoe@example.org"}) {
      EXPECT_EQ(this->store().find_by_imsi(imsi), nullptr) << imsi;
    }
  });
}

TYPED_TEST(Non3gppContract, TheUsimIsTheProvisionedKeySetOrTheFirstOne) {
  SubscriptionDraft second = usual_draft(3);
  second.private_identities.insert(second.private_identities.begin(), {.impi = "keyless@a.test", .key_set = {}});
  second.private_identities.push_back({.impi = "last@a.test", .key_set = 1});
  second.key_sets.push_back({.k = key(8), .opc = key(9)});
  this->world_.provision(second);
  SubscriptionDraft own = usual_draft(4);
  own.key_sets.push_back({.k = key(8), .opc = key(9), .seq = 4711});
  own.usim = 1;
  this->world_.provision(own);
  this->world_.provision(psi_draft());
  this->transact([&] {
    EXPECT_EQ(this->rich()->usim, this->rich()->private_identities[1].key_set) << "provisioned, and not the first";
    EXPECT_EQ(this->usual(1)->usim, this->usual(1)->private_identities[0].key_set);
    const auto found = this->store().find_by_imsi(second.imsi);
    ASSERT_TRUE(found->usim.has_value());
    EXPECT_EQ(found->usim, found->private_identities[1].key_set) << "of the first who has one";
    const auto card = this->store().find_by_imsi(own.imsi)->usim;
    ASSERT_TRUE(card.has_value());
    EXPECT_NE(card, this->usual(4)->private_identities[0].key_set);
    EXPECT_EQ(this->store().sequence(*card).seq, 4711U);
    EXPECT_EQ(this->store().find_by_private_identity("services@example.org")->usim, std::nullopt);
  });
}

TYPED_TEST(Non3gppContract, WhatWasProvisionedIsWhole) {
  this->world_.provision(psi_draft());
  this->transact([&] {
    const auto templates = apn_templates();
    const Non3gppDraft draft = rich_draft().non_3gpp.value();
    const auto found = this->store().non_3gpp(this->rich()->id);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->msisdns, rich_draft().msisdns);
    EXPECT_FALSE(found->access_allowed);
    EXPECT_FALSE(found->apns_enabled);
    EXPECT_EQ(found->forbidden_rat_types, draft.forbidden_rat_types);
    EXPECT_EQ(found->visited_networks, draft.visited_networks);
    EXPECT_EQ(found->session_timeout, 0U);
    EXPECT_TRUE(found->ambr == draft.ambr);
    EXPECT_EQ(found->charging_characteristics, "0800");
    ASSERT_EQ(found->apns.size(), 3U);
    // gold, ims, any
    for (const auto& [position, index] : {std::pair{0U, 1U}, std::pair{1U, 2U}, std::pair{2U, 0U}}) {
      EXPECT_TRUE(found->apns[position].configuration == templates[index].configuration) << templates[index].name;
      EXPECT_EQ(found->apns[position].ipv4, draft.apns[position].ipv4);
      EXPECT_EQ(found->apns[position].ipv6, draft.apns[position].ipv6);
    }

    Non3gppSubscription plain;
    plain.msisdns = usual_draft(1).msisdns;
    plain.apns = {{.configuration = templates[2].configuration}};
    const auto usual = this->store().non_3gpp(this->usual(1)->id);
    ASSERT_NE(usual, nullptr);
    EXPECT_TRUE(*usual == plain) << "whoever has nothing but the default";
    EXPECT_EQ(this->store().non_3gpp(this->store().find_by_private_identity("services@example.org")->id), nullptr);
    EXPECT_EQ(this->store().non_3gpp(4711), nullptr);
  });
}

TYPED_TEST(Non3gppContract, StateIsReadAsItWasSaved) {
  const SubscriptionId one = this->usual(1)->id;
  const SubscriptionId two = this->usual(2)->id;
  EXPECT_TRUE(this->saved(one) == Non3gppRegistration{});
  Non3gppRegistration moved = full_registration();
  moved.server = AaaServer{"AAA2.test", "other.test"};
  moved.active_apns.erase(moved.active_apns.begin());
  moved.active_apns[1].gateway = {};
  moved.active_apns.push_back(connection("z"));
  const Non3gppRegistration pending{.server = kAaa, .registered = false, .pending_until = 77, .active_apns = {}};
  Non3gppRegistration later = pending;
  later.pending_until = 78;
  for (const auto& state : {pending, later, full_registration(), moved, pending, full_registration()}) {
    this->transact([&] {
      this->store().save_non_3gpp_registration(one, state);
      EXPECT_TRUE(this->store().non_3gpp_registration(one) == state) << "reads see the writes before them";
    });
    EXPECT_TRUE(this->saved(one) == state);
    EXPECT_TRUE(this->saved(two) == Non3gppRegistration{});
  }
}

TYPED_TEST(Non3gppContract, StateWithoutAServerIsNone) {
  const SubscriptionId one = this->usual(1)->id;
  this->save(one, full_registration());
  Non3gppRegistration nobody = full_registration();
  nobody.server.reset();
  this->save(one, nobody);
  EXPECT_TRUE(this->saved(one) == Non3gppRegistration{});
  this->save(one, {});
  this->save(4711, {});
  EXPECT_TRUE(this->saved(one) == Non3gppRegistration{});
}

TYPED_TEST(Non3gppContract, ConnectionsComeInTheOrderOfTheirNames) {
  Non3gppRegistration state = full_registration();
  std::reverse(state.active_apns.begin(), state.active_apns.end());
  this->save(this->usual(1)->id, state);
  EXPECT_TRUE(this->saved(this->usual(1)->id) == full_registration());
}

TYPED_TEST(Non3gppContract, StateThatCannotBeIsAFaultAndWritesNothing) {
  const SubscriptionId one = this->usual(1)->id;
  this->save(one, full_registration());
  std::vector<Non3gppRegistration> wrong(3, full_registration());
  wrong[0].pending_until = 5;   // and registered
  wrong[1].registered = false;  // and nothing is pending
  wrong[2].active_apns.push_back(connection("a", 5));
  for (const auto& state : wrong) EXPECT_THROW(this->save(one, state), StoreFault);
  EXPECT_THROW(this->save(4711, full_registration()), StoreFault);
  EXPECT_TRUE(this->saved(one) == full_registration());
}

TYPED_TEST(Non3gppContract, CxAndSwxHaveNothingToDoWithEachOther) {
  const auto one = this->usual(1);
  const Registration on_cx{kServer, {this->pair_of(*one, RegistrationStatus::kRegistered)}};
  this->transact([&] {
    this->store().save_registration(one->id, on_cx);
    this->store().save_non_3gpp_registration(one->id, full_registration());
  });
  this->transact([&] { this->store().save_registration(one->id, {}); });
  EXPECT_TRUE(this->saved(one->id) == full_registration());
  this->transact([&] {
    this->store().save_registration(one->id, on_cx);
    this->store().save_non_3gpp_registration(one->id, {});
    EXPECT_EQ(this->store().registration(one->id), on_cx);
  });
}

TYPED_TEST(Non3gppContract, StateThatThrowsIsUndoneAndGoesWithTheSubscription) {
  const SubscriptionId one = this->usual(1)->id;
  this->save(one, full_registration());
  EXPECT_THROW(this->transact([&] {
    this->store().save_non_3gpp_registration(one, {});
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_TRUE(this->saved(one) == full_registration());
  this->world_.remove(one);
  EXPECT_TRUE(this->saved(one) == Non3gppRegistration{});
  this->transact([&] {
    EXPECT_EQ(this->store().non_3gpp(one), nullptr);
    EXPECT_EQ(this->store().find_by_imsi(usual_draft(1).imsi), nullptr);
  });
}

}  // namespace
}  // namespace hss::db::test
