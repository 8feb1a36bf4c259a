// What every repository owes the domain: what was provisioned is found and whole, counters are kept, what throws leaves
// nothing.
// SPDX-License-Identifier: MIT
#include "tests/db/repository_contract.h"

namespace hss::db::test {
namespace {

TYPED_TEST_SUITE(RepositoryContract, Worlds, WorldNames);

TYPED_TEST(RepositoryContract, FindsASubscriptionByAnyOfItsIdentities) {
  this->transact([&] {
    const SubscriptionDraft draft = rich_draft();
    const auto found = this->store().find_by_private_identity(draft.private_identities[0].impi);
    ASSERT_NE(found, nullptr);
    for (const auto& identity : draft.private_identities) {
      const auto again = this->store().find_by_private_identity(identity.impi);
      ASSERT_NE(again, nullptr) << identity.impi;
      EXPECT_EQ(again->id, found->id);
    }
    for (const auto& identity : draft.public_identities) {
      const auto again = this->store().find_by_public_identity(identity.impu);
      ASSERT_NE(again, nullptr) << identity.impu;
      EXPECT_EQ(again->id, found->id);
    }
    EXPECT_NE(this->usual(1)->id, this->usual(2)->id);
  });
}

TYPED_TEST(RepositoryContract, FindsNothingForWhatIsNotThere) {
  this->transact([&] {
    for (const char* identity : {"", "nobody@example.org", "sip:zoe@example.org", "ZOE@example.org"}) {
      EXPECT_EQ(this->store().find_by_private_identity(identity), nullptr) << identity;
    }
    for (const char* identity : {"", "sip:nobody@example.org", "zoe@example.org", "SIP:zoe@example.org"}) {
      EXPECT_EQ(this->store().find_by_public_identity(identity), nullptr) << identity;
    }
  });
}

TYPED_TEST(RepositoryContract, ASubscriptionIsWhole) {
  this->transact([&] {
    const SubscriptionDraft draft = rich_draft();
    const auto found = this->store().find_by_public_identity("sip:zoe@example.org");
    ASSERT_NE(found, nullptr);
    ASSERT_EQ(found->private_identities.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(found->private_identities[i].impi, draft.private_identities[i].impi);
      EXPECT_EQ(found->private_identities[i].scheme, draft.private_identities[i].scheme);
      EXPECT_EQ(found->private_identities[i].key_set.has_value(), draft.private_identities[i].key_set.has_value());
      EXPECT_EQ(found->private_identities[i].sip_digest, draft.private_identities[i].sip_digest.has_value());
      EXPECT_EQ(found->private_identities[i].framed_address, draft.private_identities[i].framed_address);
      EXPECT_EQ(found->private_identities[i].line_identifiers, draft.private_identities[i].line_identifiers);
    }
    ASSERT_EQ(found->public_identities.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
      const PublicIdentity& identity = found->public_identities[i];
      EXPECT_EQ(identity.impu, draft.public_identities[i].impu);
      EXPECT_EQ(identity.barred, draft.public_identities[i].barred);
      EXPECT_EQ(identity.registration_allowed, draft.public_identities[i].registration_allowed);
      EXPECT_EQ(identity.display_name, draft.public_identities[i].display_name);
      EXPECT_EQ(identity.type, IdentityType::kPublicUserIdentity);
      EXPECT_EQ(identity.alias_group, draft.public_identities[i].alias_group);
      EXPECT_EQ(identity.service_priority_level, draft.public_identities[i].service_priority_level);
      ASSERT_NE(identity.service_profile, nullptr);
      EXPECT_EQ(identity.service_profile->name, "default");
    }
    const ImplicitSetId zoes = found->public_identities[0].implicit_set;
    const ImplicitSetId alices = found->public_identities[1].implicit_set;
    EXPECT_NE(zoes, alices);
    EXPECT_EQ(found->public_identities[2].implicit_set, zoes);
    EXPECT_EQ(found->public_identities[3].implicit_set, alices);
    EXPECT_EQ(found->associations.size(), 3U);
    const auto id = [&](std::size_t i) { return found->private_identities[i].id; };
    EXPECT_TRUE(found->associated(id(0), zoes));
    EXPECT_FALSE(found->associated(id(0), alices));
    EXPECT_TRUE(found->associated(id(1), zoes));
    EXPECT_TRUE(found->associated(id(1), alices));
    EXPECT_FALSE(found->associated(id(2), zoes));
    EXPECT_EQ(found->capabilities, draft.capabilities);
    EXPECT_EQ(found->visited_networks, draft.visited_networks);
    EXPECT_EQ(found->loose_route_required, draft.loose_route_required);
    EXPECT_EQ(found->charging, draft.charging);

    const auto plain = this->usual(1);
    EXPECT_TRUE(plain->capabilities.empty());
    EXPECT_TRUE(plain->visited_networks.empty());
    EXPECT_EQ(plain->loose_route_required, std::nullopt);
    EXPECT_TRUE(plain->charging.empty());
    EXPECT_TRUE(plain->associated(plain->private_identities[0].id, plain->public_identities[2].implicit_set));
  });
}

TYPED_TEST(RepositoryContract, KeySetsAreWhatWasProvisioned) {
  this->transact([&] {
    const SubscriptionDraft draft = rich_draft();
    const auto found = this->store().find_by_private_identity("zoe@example.org");
    for (const auto& [identity, index] : {std::pair{0, 1}, std::pair{1, 0}}) {
      const KeySetDraft& wanted = draft.key_sets[static_cast<std::size_t>(index)];
      const KeySetId id = found->private_identities[static_cast<std::size_t>(identity)].key_set.value();
      const auto keys = this->store().key_set(id);
      ASSERT_NE(keys, nullptr);
      EXPECT_EQ(keys->id, id);
      EXPECT_TRUE(keys->k.equals(wanted.k));
      EXPECT_TRUE(keys->opc.equals(wanted.opc));
      EXPECT_EQ(keys->algorithm, wanted.algorithm);
      EXPECT_EQ(keys->parameters, wanted.parameters);
      EXPECT_EQ(keys->test, wanted.test);
      EXPECT_EQ(keys->amf, wanted.amf);
      EXPECT_EQ(keys->ind_bits, wanted.ind_bits);
      EXPECT_EQ(keys->delta, wanted.delta);
      EXPECT_EQ(this->store().sequence(id), (SequenceState{wanted.seq, {}}));
    }
    EXPECT_EQ(this->store().key_set(4711), nullptr);
  });
}

TYPED_TEST(RepositoryContract, ASubscriptionIsFoundByItsNumber) {
  this->transact([&] {
    const auto one = this->usual(1);
    const auto again = this->store().subscription(one->id);
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->id, one->id);
    EXPECT_EQ(again->private_identities[0].impi, one->private_identities[0].impi);
    EXPECT_EQ(this->store().subscription(4711), nullptr);
  });
  const SubscriptionId gone = this->usual(1)->id;
  this->world_.remove(gone);
  this->transact([&] {
    EXPECT_EQ(this->store().subscription(gone), nullptr);
    EXPECT_EQ(this->usual(1), nullptr);
  });
}

TYPED_TEST(RepositoryContract, ServiceIdentitiesAreWhole) {
  const SubscriptionDraft draft = psi_draft();
  this->world_.provision(draft);
  this->transact([&] {
    const auto found = this->store().find_by_private_identity(draft.private_identities[0].impi);
    ASSERT_NE(found, nullptr);
    ASSERT_EQ(found->public_identities.size(), draft.public_identities.size());
    for (std::size_t i = 0; i < draft.public_identities.size(); ++i) {
      const PublicIdentityDraft& wanted = draft.public_identities[i];
      const PublicIdentity& identity = found->public_identities[i];
      EXPECT_EQ(identity.impu, wanted.impu);
      EXPECT_EQ(identity.type, wanted.type);
      EXPECT_EQ(identity.psi_active, wanted.psi_active);
      EXPECT_EQ(identity.application_server, wanted.application_server);
      EXPECT_EQ(this->store().find_by_public_identity(wanted.impu)->id, found->id) << "by its expression";
    }
  });
}

TYPED_TEST(RepositoryContract, SipDigestsAreWhatWasProvisioned) {
  this->transact([&] {
    const SubscriptionDraft draft = rich_draft();
    const auto found = this->store().find_by_private_identity(draft.private_identities[0].impi);
    for (std::size_t i = 0; i < draft.private_identities.size(); ++i) {
      const auto& wanted = draft.private_identities[i].sip_digest;
      const auto digest = this->store().sip_digest(found->private_identities[i].id);
      ASSERT_EQ(digest.has_value(), wanted.has_value());
      if (!wanted) continue;
      EXPECT_EQ(digest->realm, wanted->realm);
      EXPECT_TRUE(digest->ha1.equals(wanted->ha1));
      ASSERT_EQ(digest->alternate_sha256.has_value(), wanted->alternate_sha256.has_value());
      if (!wanted->alternate_sha256) continue;
      EXPECT_TRUE(digest->alternate_sha256->equals(*wanted->alternate_sha256));
    }
    EXPECT_FALSE(this->store().sip_digest(4711).has_value());
  });
}

TYPED_TEST(RepositoryContract, ASequenceIsReadAsItWasSaved) {
  const KeySetId id = this->usual(1)->private_identities[0].key_set.value();
  const KeySetId other = this->usual(2)->private_identities[0].key_set.value();
  SequenceState state{(std::uint64_t{1} << 48U) - 1, {}};
  for (std::uint8_t count = 0; count <= kRememberedChallenges; ++count) {
    this->transact([&] {
      this->store().save_sequence(id, state);
      EXPECT_EQ(this->store().sequence(id), state) << "reads see the writes before them";
    });
    this->transact([&] { EXPECT_EQ(this->store().sequence(id), state); });
    Octets<16> rand{};
    rand[0] = count;
    rand[15] = 0xff;
    state.issued.push_front(rand);
    --state.seq;
  }
  this->transact([&] { EXPECT_EQ(this->store().sequence(other), (SequenceState{100, {}})); });
}

TYPED_TEST(RepositoryContract, ASequenceThatIsNotThereIsAFault) {
  EXPECT_THROW(this->transact([&] { this->store().sequence(4711); }), std::exception);
  EXPECT_THROW(this->transact([&] { this->store().save_sequence(4711, {1, {}}); }), std::exception);
}

TYPED_TEST(RepositoryContract, IndSlotsAreByApplicationAndHost) {
  using Slot = std::pair<std::string, unsigned>;
  this->transact([&] {
    EXPECT_TRUE(this->store().ind_slots(Application::kCx).empty());
    this->store().save_ind_slot(Application::kCx, "s1.test", 0);
    this->store().save_ind_slot(Application::kCx, "s2.test", 15);
    this->store().save_ind_slot(Application::kSwx, "s1.test", 16);
    this->store().save_ind_slot(Application::kCx, "s2.test", 3);
  });
  this->transact([&] {
    EXPECT_THAT(this->store().ind_slots(Application::kCx),
                testing::UnorderedElementsAre(Slot{"s1.test", 0}, Slot{"s2.test", 3}));
    EXPECT_THAT(this->store().ind_slots(Application::kSwx), testing::ElementsAre(Slot{"s1.test", 16}));
  });
}

TYPED_TEST(RepositoryContract, TheLatestResynchronisationIsKept) {
  const auto one = this->usual(1);
  const std::string& impi = one->private_identities[0].impi;
  const KeySetId id = one->private_identities[0].key_set.value();
  EXPECT_EQ(this->world_.resynchronisation(impi), std::nullopt);
  const ResynchronisationRecord first{1, "a.test", 2, 3, ResynchronisationRecord::Action::kRaised};
  const ResynchronisationRecord second{2, "b.test", 1ULL << 47U, 4, ResynchronisationRecord::Action::kLowered};
  this->transact([&] { this->store().save_resynchronisation(id, first); });
  EXPECT_EQ(this->world_.resynchronisation(impi), first);
  this->transact([&] { this->store().save_resynchronisation(id, second); });
  EXPECT_EQ(this->world_.resynchronisation(impi), second);
}

TYPED_TEST(RepositoryContract, WhatThrowsLeavesNothing) {
  const auto one = this->usual(1);
  const std::string& impi = one->private_identities[0].impi;
  const KeySetId id = one->private_identities[0].key_set.value();
  const SequenceState sequence{200, {Octets<16>{1}}};
  const PairState pair = this->pair_of(*one, RegistrationStatus::kRegistered);
  const Registration registered{kServer, {pair}};
  const Bytes info{1, 2, 3};
  Push new_push;
  new_push.server = kServer;
  new_push.subscription = one->id;
  PushId pushed = 0;
  this->transact([&] {
    this->store().save_sequence(id, sequence);
    this->store().save_registration(one->id, registered);
    this->store().save_restoration(pair.implicit_set, pair.private_identity, info);
    pushed = this->store().add_push(new_push);
    this->store().save_ind_slot(Application::kCx, "s1.test", 1);
  });
  EXPECT_THROW(this->transact([&] {
    this->store().save_sequence(id, {300, {}});
    this->store().save_registration(one->id, {kOther, {}, kServer, true});
    Push push = this->store().push(pushed).value();
    push.status = PushStatus::kDone;
    push.finished = 1;
    this->store().save_push(push);
    this->store().forget_pushes(2);
    this->store().add_push(new_push);
    this->store().save_ind_slot(Application::kCx, "s1.test", 2);
    this->store().save_ind_slot(Application::kCx, "s2.test", 3);
    this->store().save_resynchronisation(id, {});
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  this->transact([&] {
    EXPECT_EQ(this->store().sequence(id), sequence);
    EXPECT_EQ(this->store().registration(one->id), registered);
    EXPECT_THAT(this->store().restoration(pair.implicit_set),
                testing::ElementsAre(RestorationInfo{pair.private_identity, info}));
    ASSERT_EQ(this->store().waiting_pushes(one->id).size(), 1U);
    EXPECT_EQ(this->store().waiting_pushes(one->id)[0].id, pushed);
    EXPECT_THAT(this->store().ind_slots(Application::kCx), testing::ElementsAre(testing::Pair("s1.test", 1)));
  });
  EXPECT_EQ(this->world_.resynchronisation(impi), std::nullopt);
}

TYPED_TEST(RepositoryContract, HostileTextIsJustText) {
  const auto one = this->usual(1);
  const AssignedServer hostile{"'; DROP TABLE subscription; --", std::string("nul\0inside", 10), "\xff\xfe"};
  const Registration state{hostile, {this->pair_of(*one, RegistrationStatus::kRegistered)}};
  this->transact([&] {
    EXPECT_EQ(this->store().find_by_public_identity("' OR 1=1 --"), nullptr);
    this->store().save_registration(one->id, state);
    this->store().save_ind_slot(Application::kCx, "'\"", 1);
  });
  this->transact([&] {
    EXPECT_EQ(this->store().registration(one->id), state);
    EXPECT_EQ(this->store().ind_slots(Application::kCx).at(0).first, "'\"");
    EXPECT_NE(this->usual(2), nullptr);
  });
}

}  // namespace
}  // namespace hss::db::test
