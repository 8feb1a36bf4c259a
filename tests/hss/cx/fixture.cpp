// SPDX-License-Identifier: MIT
#include "tests/hss/cx/fixture.h"

#include "hss/bytes.h"

namespace hss::cx::test {

KeySet test_key_set(KeySetId id) {
  // TS 35.208 test sets 1 and 3.
  const auto k =
      from_hex_exact<16>(id == kKeys1 ? "465b5ce8b199b49faa5f0a2ee238a6bc" : "fec86ba6eb707ed08905757b1bb44b8f");
  const auto opc =
      from_hex_exact<16>(id == kKeys1 ? "cd63cb71954a9f4e48a5994e37a02baf" : "1006020f0a478bf6b699f15c062e42b3");
  KeySet key_set;
  key_set.id = id;
  key_set.k = Secret<16>(*k);
  key_set.opc = Secret<16>(*opc);
  return key_set;
}

World::World() {
  settings.cx.scscf_pool = {kPool1, kPool2};
  auto plain = std::make_shared<ServiceProfile>();
  plain->name = "plain";
  auto voicemail = std::make_shared<ServiceProfile>();
  voicemail->name = "voicemail";
  voicemail->criteria.push_back({1, {}, {"sip:vm.example.org", {}, {}, false, false}, ProfilePart::kUnregistered});

  subscription = std::make_shared<Subscription>();
  subscription->id = 1;
  subscription->private_identities = {{kId1, kImpi, AuthScheme::kDigestAkaV1Md5, kKeys1},
                                      {kId2, kImpi2, AuthScheme::kDigestAkaV1Md5, kKeys2},
                                      {kIdWithoutKeys, kImpiWithoutKeys, AuthScheme::kDigestAkaV1Md5, {}}};
  subscription->public_identities = {
      {1, kBarred, true, true, kSet1, plain, {}},        {2, kImpu, false, true, kSet1, plain, {}},
      {3, kTel, false, true, kSet1, plain, {}},          {4, kWork, false, true, kSet2, plain, {}},
      {5, kAllBarred, true, true, kSet3, plain, {}},     {6, kNotAllowed, false, false, kSet4, plain, {}},
      {7, kVoicemail, false, true, kSet5, voicemail, {}}};
  const auto add = [&](PublicIdentityId id, const char* impu, ImplicitSetId set, IdentityType type) -> PublicIdentity& {
    PublicIdentity identity;
    identity.id = id;
    identity.impu = impu;
    identity.implicit_set = set;
    identity.type = type;
    identity.service_profile = type == IdentityType::kDistinctPsi ? voicemail : plain;
    return subscription->public_identities.emplace_back(std::move(identity));
  };
  add(31, kService, kSet6, IdentityType::kDistinctPsi);
  add(32, kDirectService, kSet7, IdentityType::kDistinctPsi).application_server = kAs;
  add(33, kInactiveService, kSet8, IdentityType::kDistinctPsi).psi_active = false;
  add(34, kWildService, kSet9, IdentityType::kWildcardedPsi).service_profile = voicemail;
  add(35, kWildUser, kSet10, IdentityType::kWildcardedPublicUserIdentity);
  add(36, kWildUser2, kSet10, IdentityType::kWildcardedPublicUserIdentity);
  add(37, kReception, kSet10, IdentityType::kPublicUserIdentity);
  subscription->associations = {{kId1, kSet1}, {kId1, kSet2}, {kId2, kSet1}, {kIdWithoutKeys, kSet1},
                                {kId1, kSet3}, {kId1, kSet4}, {kId1, kSet5}, {kId1, kSet6},
                                {kId1, kSet7}, {kId1, kSet8}, {kId1, kSet9}, {kId1, kSet10}};
  repository.add(subscription);

  auto other = std::make_shared<Subscription>();
  other->id = 2;
  other->private_identities = {{201, kOtherImpi, AuthScheme::kDigestAkaV1Md5, {}}};
  other->public_identities = {{21, kOtherImpu, false, true, 11, plain, {}}};
  other->associations = {{201, 11}};
  repository.add(other);

  repository.add(test_key_set(kKeys1));
  repository.add(test_key_set(kKeys2));
}

void World::expect_state(const State& expected) {
  const Registration stored = after();
  EXPECT_EQ(stored.server, expected.server);
  EXPECT_EQ(stored.previous_server, expected.previous);
  EXPECT_EQ(stored.reassignment_pending, expected.reassignment_pending);
  EXPECT_THAT(stored.pairs, testing::UnorderedElementsAreArray(expected.pairs));
}

}  // namespace hss::cx::test
