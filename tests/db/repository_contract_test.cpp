// What every repository owes the domain: the same suite runs on SQLite and on the one in memory, so that the double
// cannot lie.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <algorithm>

#include "db/sqlite_repository.h"
#include "tests/db/fixtures.h"
#include "tests/support/memory_repository.h"

namespace hss::db::test {
namespace {

class SqliteWorld {
 public:
  Repository& repository() { return repository_; }
  void provision(const SubscriptionDraft& draft) {
    database_.write([&] { administration_.add(draft); });
  }
  void transact(const std::function<void()>& work) { database_.write(work); }
  std::optional<ResynchronisationRecord> resynchronisation(std::string_view impi) {
    std::optional<ResynchronisationRecord> found;
    database_.read([&] {
      const auto stored = administration_.read(administration_.find(impi).value(), false).value();
      if (!stored.resynchronisations.empty()) found = stored.resynchronisations.front().record;
    });
    return found;
  }

 private:
  TemporaryDirectory directory_;
  Database database_{directory_ / "hss.db", Database::Open::kCreate};
  KeyVault vault_{master_key()};
  Administration administration_{database_, vault_};
  SqliteRepository repository_{database_, vault_};
};

class MemoryWorld {
 public:
  Repository& repository() { return repository_; }
  void provision(const SubscriptionDraft& draft);
  void transact(const std::function<void()>& work) { repository_.transact(work); }
  std::optional<ResynchronisationRecord> resynchronisation(std::string_view impi) {
    const auto* identity = repository_.find_by_private_identity(impi)->find_private(impi);
    const auto* record = repository_.resynchronisation(identity->key_set.value());
    return record == nullptr ? std::nullopt : std::optional(*record);
  }

 private:
  hss::test::MemoryRepository repository_;
  std::int64_t last_id_ = 0;
};

void MemoryWorld::provision(const SubscriptionDraft& draft) {
  auto subscription = std::make_shared<Subscription>();
  subscription->id = ++last_id_;
  std::vector<KeySetId> key_sets;
  for (const KeySetDraft& keys : draft.key_sets) {
    repository_.add({.id = ++last_id_,
                     .algorithm = keys.algorithm,
                     .k = keys.k,
                     .opc = keys.opc,
                     .amf = keys.amf,
                     .ind_bits = keys.ind_bits,
                     .delta = keys.delta},
                    {.seq = keys.seq, .issued = {}});
    key_sets.push_back(last_id_);
  }
  for (const auto& identity : draft.private_identities) {
    auto& copy = subscription->private_identities.emplace_back();
    copy.id = ++last_id_;
    copy.impi = identity.impi;
    copy.scheme = identity.scheme;
    if (identity.key_set) copy.key_set = key_sets[*identity.key_set];
  }
  for (const auto& identity : draft.public_identities) {
    auto profile = std::make_shared<ServiceProfile>();
    profile->name = identity.service_profile;
    subscription->public_identities.push_back({.id = ++last_id_,
                                               .impu = identity.impu,
                                               .barred = identity.barred,
                                               .registration_allowed = identity.registration_allowed,
                                               .implicit_set = static_cast<ImplicitSetId>(identity.implicit_set),
                                               .service_profile = profile,
                                               .display_name = identity.display_name});
  }
  for (const auto& [identity, set] : draft.associations) {
    subscription->associations.push_back(
        {subscription->private_identities[identity].id, static_cast<ImplicitSetId>(set)});
  }
  if (draft.associations.empty()) {
    for (const auto& identity : subscription->private_identities)
      subscription->associations.push_back({identity.id, 0});
  }
  subscription->capabilities = draft.capabilities;
  subscription->visited_networks = draft.visited_networks;
  subscription->loose_route_required = draft.loose_route_required;
  repository_.add(subscription);
}

template <typename World>
class RepositoryContract : public testing::Test {
 protected:
  void SetUp() override {
    world_.provision(usual_draft(1));
    world_.provision(usual_draft(2));
    world_.provision(rich_draft());
  }
  Repository& store() { return world_.repository(); }
  void transact(const std::function<void()>& work) { world_.transact(work); }

  std::shared_ptr<const Subscription> usual(unsigned number) {
    return store().find_by_private_identity(usual_draft(number).private_identities[0].impi);
  }
  PairState pair_of(const Subscription& subscription, RegistrationStatus status,
                    std::optional<UnixTime> until = std::nullopt) {
    return {subscription.public_identities[0].implicit_set, subscription.private_identities[0].id, status, until};
  }
  /// As saved, whatever the order in which pairs come back.
  Registration state_of(SubscriptionId id) {
    Registration state = store().registration(id);
    std::sort(state.pairs.begin(), state.pairs.end(), [](const PairState& a, const PairState& b) {
      return std::pair(a.implicit_set, a.private_identity) < std::pair(b.implicit_set, b.private_identity);
    });
    return state;
  }
  World world_;
};

using Worlds = testing::Types<SqliteWorld, MemoryWorld>;
class WorldNames {
 public:
  template <typename World>
  static std::string GetName(int) {
    return std::is_same_v<World, SqliteWorld> ? "Sqlite" : "Memory";
  }
};
TYPED_TEST_SUITE(RepositoryContract, Worlds, WorldNames);

const AssignedServer kServer{"sip:scscf.test:6060", "scscf.test", "test"};
const AssignedServer kOther{"sip:scscf2.test:6060", "scscf2.test", "test"};

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
      EXPECT_EQ(found->private_identities[i].scheme, AuthScheme::kDigestAkaV1Md5);
      EXPECT_EQ(found->private_identities[i].key_set.has_value(), draft.private_identities[i].key_set.has_value());
    }
    ASSERT_EQ(found->public_identities.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
      const PublicIdentity& identity = found->public_identities[i];
      EXPECT_EQ(identity.impu, draft.public_identities[i].impu);
      EXPECT_EQ(identity.barred, draft.public_identities[i].barred);
      EXPECT_EQ(identity.registration_allowed, draft.public_identities[i].registration_allowed);
      EXPECT_EQ(identity.display_name, draft.public_identities[i].display_name);
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

    const auto plain = this->usual(1);
    EXPECT_TRUE(plain->capabilities.empty());
    EXPECT_TRUE(plain->visited_networks.empty());
    EXPECT_EQ(plain->loose_route_required, std::nullopt);
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
      EXPECT_EQ(keys->amf, wanted.amf);
      EXPECT_EQ(keys->ind_bits, wanted.ind_bits);
      EXPECT_EQ(keys->delta, wanted.delta);
      EXPECT_EQ(this->store().sequence(id), (SequenceState{wanted.seq, {}}));
    }
    EXPECT_EQ(this->store().key_set(4711), nullptr);
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
    state.issued.insert(state.issued.begin(), rand);
    --state.seq;
  }
  this->transact([&] { EXPECT_EQ(this->store().sequence(other), (SequenceState{100, {}})); });
}

TYPED_TEST(RepositoryContract, ASequenceThatIsNotThereIsAFault) {
  EXPECT_THROW(this->transact([&] { this->store().sequence(4711); }), std::exception);
  EXPECT_THROW(this->transact([&] { this->store().save_sequence(4711, {1, {}}); }), std::exception);
}

TYPED_TEST(RepositoryContract, RegistrationIsEmptyAtFirst) {
  this->transact([&] { EXPECT_EQ(this->store().registration(this->usual(1)->id), Registration{}); });
}

TYPED_TEST(RepositoryContract, RegistrationIsReplacedWhole) {
  const auto one = this->usual(1);
  const auto two = this->usual(2);
  const Registration pending{kServer, {this->pair_of(*one, RegistrationStatus::kNotRegistered, 1234)}};
  const Registration registered{kServer, {this->pair_of(*one, RegistrationStatus::kRegistered)}};
  const Registration moved{kOther, {this->pair_of(*one, RegistrationStatus::kRegistered, 99)}};
  const Registration unregistered{kOther, {this->pair_of(*one, RegistrationStatus::kUnregistered)}};
  this->transact([&] {
    this->store().save_registration(two->id, {kServer, {this->pair_of(*two, RegistrationStatus::kRegistered)}});
  });
  for (const auto& state : {pending, registered, moved, unregistered, Registration{}, registered, Registration{}}) {
    this->transact([&] {
      this->store().save_registration(one->id, state);
      EXPECT_EQ(this->store().registration(one->id), state) << "reads see the writes before them";
    });
    this->transact([&] { EXPECT_EQ(this->store().registration(one->id), state); });
  }
  this->transact([&] {
    EXPECT_EQ(this->store().registration(two->id),
              (Registration{kServer, {this->pair_of(*two, RegistrationStatus::kRegistered)}}));
  });
}

TYPED_TEST(RepositoryContract, PairsAreKeptApart) {
  const auto rich = this->store().find_by_private_identity("zoe@example.org");
  std::vector<PairState> pairs;
  for (const auto& [identity, set] : rich->associations) {
    pairs.push_back({set, identity, RegistrationStatus::kRegistered, static_cast<UnixTime>(pairs.size())});
  }
  ASSERT_EQ(pairs.size(), 3U);
  this->transact([&] { this->store().save_registration(rich->id, {kServer, pairs}); });
  pairs[1] = {pairs[1].implicit_set, pairs[1].private_identity, RegistrationStatus::kUnregistered, std::nullopt};
  const PairState gone = pairs[2];
  pairs[2].status = RegistrationStatus::kNotRegistered;
  pairs[2].auth_pending_until.reset();
  this->transact([&] { this->store().save_registration(rich->id, {kServer, pairs}); });
  this->transact([&] {
    const Registration state = this->state_of(rich->id);
    ASSERT_EQ(state.pairs.size(), 2U) << "a pair without state is not kept";
    EXPECT_THAT(state.pairs, testing::UnorderedElementsAre(pairs[0], pairs[1]));
    EXPECT_THAT(state.pairs, testing::Not(testing::Contains(gone)));
  });
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
  const Registration registered{kServer, {this->pair_of(*one, RegistrationStatus::kRegistered)}};
  this->transact([&] {
    this->store().save_sequence(id, sequence);
    this->store().save_registration(one->id, registered);
    this->store().save_ind_slot(Application::kCx, "s1.test", 1);
  });
  EXPECT_THROW(this->transact([&] {
    this->store().save_sequence(id, {300, {}});
    this->store().save_registration(one->id, {kOther, {}});
    this->store().save_ind_slot(Application::kCx, "s1.test", 2);
    this->store().save_ind_slot(Application::kCx, "s2.test", 3);
    this->store().save_resynchronisation(id, {});
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  this->transact([&] {
    EXPECT_EQ(this->store().sequence(id), sequence);
    EXPECT_EQ(this->store().registration(one->id), registered);
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
