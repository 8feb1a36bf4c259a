// What every repository owes the domain about registrations: state by pair, the S-CSCFs, restoration information.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <utility>

#include "tests/db/repository_contract.h"

namespace hss::db::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

template <typename World>
class RegistrationContract : public RepositoryContract<World> {
 protected:
  /// Every pair of the rich draft, registered.
  std::vector<PairState> registered_pairs(const Subscription& subscription) {
    std::vector<PairState> pairs;
    for (const auto& [identity, set] : subscription.associations) {
      pairs.push_back({set, identity, RegistrationStatus::kRegistered, std::nullopt});
    }
    return pairs;
  }
  using Left = std::set<std::pair<ImplicitSetId, PrivateIdentityId>>;
  /// The pairs of a subscription that have restoration information.
  Left restorations(const Subscription& subscription) {
    Left left;
    for (const auto& identity : subscription.public_identities) {
      for (const auto& info : this->store().restoration(identity.implicit_set)) {
        left.emplace(identity.implicit_set, info.private_identity);
      }
    }
    return left;
  }
  /// As saved, whatever the order in which pairs come back.
  Registration state_of(SubscriptionId id) {
    Registration state = this->store().registration(id);
    std::sort(state.pairs.begin(), state.pairs.end(), [](const PairState& a, const PairState& b) {
      return std::pair(a.implicit_set, a.private_identity) < std::pair(b.implicit_set, b.private_identity);
    });
    return state;
  }
};
TYPED_TEST_SUITE(RegistrationContract, Worlds, WorldNames);

TYPED_TEST(RegistrationContract, RegistrationIsEmptyAtFirst) {
  this->transact([&] { EXPECT_EQ(this->store().registration(this->usual(1)->id), Registration{}); });
}

TYPED_TEST(RegistrationContract, RegistrationIsReplacedWhole) {
  const auto one = this->usual(1);
  const auto two = this->usual(2);
  const Registration pending{kServer, {this->pair_of(*one, RegistrationStatus::kNotRegistered, 1234)}};
  const Registration registered{kServer, {this->pair_of(*one, RegistrationStatus::kRegistered)}};
  const Registration moved{kOther, {this->pair_of(*one, RegistrationStatus::kRegistered, 99)}};
  const Registration overwritten{kOther, {this->pair_of(*one, RegistrationStatus::kRegistered, 5)}, kServer, false};
  const Registration pending_move{kOther, {this->pair_of(*one, RegistrationStatus::kRegistered, 5)}, kOther, true};
  const Registration nobody{std::nullopt, {}, std::nullopt, true};
  const Registration unregistered{kOther, {this->pair_of(*one, RegistrationStatus::kUnregistered)}};
  this->transact([&] {
    this->store().save_registration(two->id, {kServer, {this->pair_of(*two, RegistrationStatus::kRegistered)}});
  });
  for (const auto& state : {pending, registered, moved, overwritten, pending_move, unregistered, nobody, Registration{},
                            registered, overwritten, Registration{}}) {
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

TYPED_TEST(RegistrationContract, PairsAreKeptApart) {
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

/// Also such states as no procedure leaves behind.
TYPED_TEST(RegistrationContract, WhateverWasSavedIsReadAfterWhateverWasBefore) {
  const auto rich = this->store().find_by_private_identity("zoe@example.org");
  std::mt19937 random(29228);
  const auto any_server = [&random]() -> std::optional<AssignedServer> {
    const auto choice = random() % 3;
    return choice == 0 ? std::nullopt : std::optional(choice == 1 ? kServer : kOther);
  };
  std::set<bool> with_previous;
  for (int round = 0; round < 300; ++round) {
    Registration state{any_server(), {}, any_server(), random() % 4 == 0};
    for (const auto& [identity, set] : rich->associations) {
      const auto status = static_cast<RegistrationStatus>(random() % 3);
      const auto until = random() % 2 == 0 ? std::optional<UnixTime>(random() % 3) : std::nullopt;
      if (status != RegistrationStatus::kNotRegistered || until) state.pairs.push_back({set, identity, status, until});
    }
    std::ranges::sort(state.pairs, {},
                      [](const PairState& pair) { return std::pair(pair.implicit_set, pair.private_identity); });
    with_previous.insert(state.previous_server.has_value());
    this->transact([&] { this->store().save_registration(rich->id, state); });
    this->transact([&] { ASSERT_EQ(this->state_of(rich->id), state) << "round " << round; });
  }
  EXPECT_EQ(with_previous.size(), 2U);
}

TYPED_TEST(RegistrationContract, RestorationInformationIsByPair) {
  const auto rich = this->store().find_by_private_identity("zoe@example.org");
  const auto pairs = this->registered_pairs(*rich);
  const ImplicitSetId zoes = rich->public_identities[0].implicit_set;
  const ImplicitSetId alices = rich->public_identities[1].implicit_set;
  const PrivateIdentityId zoe = rich->private_identities[0].id;
  const PrivateIdentityId alice = rich->private_identities[1].id;
  this->transact([&] {
    EXPECT_THAT(this->store().restoration(zoes), IsEmpty());
    this->store().save_registration(rich->id, {kServer, pairs});
    this->store().save_restoration(zoes, zoe, Bytes{1, 2, 3});
    this->store().save_restoration(zoes, alice, Bytes{0});
    this->store().save_restoration(alices, alice, Bytes(16384, 0xff));
  });
  this->transact([&] {
    EXPECT_THAT(this->store().restoration(zoes),
                UnorderedElementsAre(RestorationInfo{zoe, {1, 2, 3}}, RestorationInfo{alice, {0}}));
    EXPECT_THAT(this->store().restoration(alices), ElementsAre(RestorationInfo{alice, Bytes(16384, 0xff)}));
    this->store().save_restoration(zoes, zoe, Bytes{9});
    this->store().save_restoration(zoes, alice, {});
    this->store().save_restoration(zoes, alice, {});
    EXPECT_THAT(this->store().restoration(zoes), ElementsAre(RestorationInfo{zoe, {9}}));
  });
  this->transact([&] {
    EXPECT_THAT(this->store().restoration(zoes), ElementsAre(RestorationInfo{zoe, {9}}));
    EXPECT_EQ(this->store().restoration(alices).size(), 1U);
    EXPECT_THAT(this->store().restoration(4711), IsEmpty());
  });
}

TYPED_TEST(RegistrationContract, RestorationInformationGoesWithItsPair) {
  const auto rich = this->store().find_by_private_identity("zoe@example.org");
  auto pairs = this->registered_pairs(*rich);
  ASSERT_EQ(pairs.size(), 3U);
  this->transact([&] {
    this->store().save_registration(rich->id, {kServer, pairs});
    for (const auto& pair : pairs) {
      this->store().save_restoration(pair.implicit_set, pair.private_identity, Bytes{7});
    }
  });
  // One stays in another state, one loses its state, one is listed no more.
  pairs[0].status = RegistrationStatus::kUnregistered;
  pairs[1].status = RegistrationStatus::kNotRegistered;
  this->transact([&] { this->store().save_registration(rich->id, {kOther, {pairs[0], pairs[1]}}); });
  this->transact([&] {
    const typename TestFixture::Left only_first{{pairs[0].implicit_set, pairs[0].private_identity}};
    EXPECT_EQ(this->restorations(*rich), only_first);
    this->store().save_registration(rich->id, {kOther, pairs});
    EXPECT_EQ(this->restorations(*rich), only_first) << "what is gone does not come back with its pair";
  });
}

TYPED_TEST(RegistrationContract, RestorationInformationNeedsItsPair) {
  const auto rich = this->store().find_by_private_identity("zoe@example.org");
  const ImplicitSetId zoes = rich->public_identities[0].implicit_set;
  const PrivateIdentityId zoe = rich->private_identities[0].id;
  const PrivateIdentityId keyless = rich->private_identities[2].id;
  EXPECT_THROW(this->transact([&] { this->store().save_restoration(zoes, keyless, Bytes{1}); }), StoreFault);
  EXPECT_THROW(this->transact([&] { this->store().save_restoration(4711, zoe, Bytes{1}); }), StoreFault);
  EXPECT_THROW(this->transact([&] { this->store().save_restoration(zoes, zoe, Bytes(16385, 1)); }), StoreFault);
  this->transact([&] { EXPECT_THAT(this->store().restoration(zoes), IsEmpty()); });
}

}  // namespace
}  // namespace hss::db::test
