// Replacing a subscription: what stays keeps its state, what goes takes its state along.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/db/administration_fixture.h"

namespace hss::db::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(AdministrationTest, ReplacingMakesItWhatTheDraftSays) {
  const SubscriptionId id = add(usual_draft(1));
  replace(id, rich_draft());
  expect_same(read(id).draft, rich_draft());
  replace(id, usual_draft(1));
  expect_same(read(id).draft, usual_draft(1));
  EXPECT_EQ(query("SELECT count(*) FROM key_set"), 1);
  EXPECT_EQ(query("SELECT count(*) FROM implicit_set"), 1);
}

TEST_F(AdministrationTest, ReplacingWithTheSameChangesNothing) {
  const SubscriptionId id = add(rich_draft());
  use(id);
  const StoredSubscription before = read(id);
  ASSERT_EQ(before.states.size(), 3U);
  replace(id, before.draft);
  const StoredSubscription after = read(id);
  expect_same(after.draft, before.draft);
  EXPECT_EQ(after.server, before.server);
  EXPECT_EQ(after.non_3gpp.active_apns.size(), 3U);
  EXPECT_TRUE(after.non_3gpp == before.non_3gpp);
  EXPECT_EQ(after.states.size(), 3U);
  EXPECT_THAT(challenges(id), testing::Each(ElementsAre(Octets<16>{0x42})));
}

TEST_F(AdministrationTest, ReplacingKeepsStateOfWhatStays) {
  const SubscriptionId id = add(rich_draft());
  use(id);
  SubscriptionDraft draft = read(id).draft;
  // Alice's set grows and is renumbered, the other one goes; identities are turned around; one IMPI goes.
  draft.public_identities = {{.impu = "sip:new@example.org", .implicit_set = 9, .display_name = {}},
                             {.impu = "sip:a.l@example.org", .implicit_set = 9, .display_name = "Al"},
                             {.impu = "sip:alice@example.org", .implicit_set = 9, .display_name = {}}};
  draft.private_identities.erase(draft.private_identities.begin());
  draft.key_sets.pop_back();  // and its key set
  draft.associations.clear();
  replace(id, draft);
  const StoredSubscription after = read(id);
  expect_same(after.draft, draft);
  ASSERT_EQ(after.states.size(), 1U);
  EXPECT_EQ(after.states[0].impi, "alice@example.org");
  EXPECT_EQ(after.states[0].implicit_set, 9U);
  EXPECT_EQ(after.states[0].status, RegistrationStatus::kRegistered);
  EXPECT_TRUE(after.server.has_value());
}

TEST_F(AdministrationTest, ReplacingEndsStateOfWhatGoes) {
  const SubscriptionId id = add(usual_draft(1));
  use(id);
  SubscriptionDraft draft = usual_draft(1);
  draft.key_sets[0].seq = 101;
  draft.private_identities[0].impi = "other@example.org";
  replace(id, draft);
  const StoredSubscription after = read(id);
  EXPECT_TRUE(after.states.empty());
  EXPECT_EQ(after.server, std::nullopt) << "nothing is registered any more";
}

TEST_F(AdministrationTest, AKeySetThatStaysKeepsItsSequence) {
  const SubscriptionId id = add(usual_draft(1));
  use(id);
  SubscriptionDraft draft = read(id).draft;
  EXPECT_EQ(draft.key_sets[0].seq, 101U);
  draft.key_sets[0].amf = {0, 0};
  draft.key_sets[0].delta = 5;
  draft.key_sets.insert(draft.key_sets.begin(), {.k = key(0x77), .opc = key(0x78), .seq = 1});
  draft.private_identities[0].key_set = 1;
  draft.usim = 0;
  replace(id, draft);
  StoredSubscription after = read(id);
  ASSERT_EQ(after.draft.key_sets.size(), 2U);
  expect_same(after.draft.key_sets[0], draft.key_sets[1]);  // the older one has the lower id
  EXPECT_EQ(after.draft.usim, 1U);
  EXPECT_THAT(challenges(id), ElementsAre(ElementsAre(Octets<16>{0x42})));

  after.draft.key_sets[0].seq = 5000;
  replace(id, after.draft);
  EXPECT_EQ(read(id).draft.key_sets[0].seq, 5000U);
  EXPECT_THAT(challenges(id), ElementsAre(ElementsAre(Octets<16>{0x42})));
}

TEST_F(AdministrationTest, AKeySetWithOtherKeysIsAnother) {
  const SubscriptionId id = add(usual_draft(1));
  use(id);
  for (const bool opc : {false, true}) {
    SubscriptionDraft draft = read(id).draft;
    (opc ? draft.key_sets[0].opc : draft.key_sets[0].k) = key(0x99);
    draft.key_sets[0].seq = 3;
    replace(id, draft);
    EXPECT_EQ(read(id).draft.key_sets[0].seq, 3U);
    EXPECT_THAT(challenges(id), ElementsAre(testing::IsEmpty()));
    EXPECT_EQ(query("SELECT count(*) FROM key_set"), 1);
    use(id);
  }
}

TEST_F(AdministrationTest, AKeySetWithOtherParametersIsAnother) {
  const SubscriptionId id = add(usual_draft(1));
  use(id);
  SubscriptionDraft draft = read(id).draft;
  draft.key_sets[0].test = true;
  replace(id, draft);
  expect_same(read(id).draft, draft);
  EXPECT_THAT(challenges(id), ElementsAre(ElementsAre(Octets<16>{0x42}))) << "being a test card is no parameter";
  draft.key_sets[0].parameters.milenage.r[0] = 65;
  replace(id, draft);
  expect_same(read(id).draft, draft);
  EXPECT_THAT(challenges(id), ElementsAre(testing::IsEmpty()));
  use(id);
  draft.key_sets[0] = {.algorithm = AkaAlgorithm::kXor, .k = draft.key_sets[0].k, .opc = {}, .test = true, .seq = 9};
  replace(id, draft);
  expect_same(read(id).draft, draft);
  EXPECT_THAT(challenges(id), ElementsAre(testing::IsEmpty()));
  EXPECT_EQ(query("SELECT count(*) FROM key_set"), 1);
}

TEST_F(AdministrationTest, ReplacingChangesEveryFieldOfWhatStays) {
  const SubscriptionId id = add(usual_draft(1));
  use(id);
  SubscriptionDraft draft = read(id).draft;
  const auto expect_kept = [&] {
    expect_same(read(id).draft, draft);
    EXPECT_EQ(read(id).states.size(), 1U) << "its registration";
  };
  PrivateIdentityDraft& identity = draft.private_identities[0];
  identity.scheme = AuthScheme::kSipDigest;
  identity.sip_digest = SipDigest{"a.test", key(1), std::nullopt};
  identity.framed_address = parse_framed_address("192.0.2.1");
  identity.line_identifiers = {{1}, {2}};
  draft.charging.primary_event = "aaa://a.test";
  draft.public_identities[1].alias_group = "one";
  draft.public_identities[1].service_priority_level = 0;
  draft.public_identities[2].type = IdentityType::kDistinctPsi;
  draft.public_identities[2].psi_active = false;
  draft.public_identities[2].application_server = "sip:as.test";
  replace(id, draft);
  expect_kept();
  identity.sip_digest = SipDigest{"b.test", key(2), long_key(3)};
  identity.framed_address = parse_framed_address("2001:db8:1::/64");
  identity.line_identifiers = {{2}};
  draft.charging = {
      .primary_event = {}, .secondary_event = {}, .primary_collection = "aaa://c.test", .secondary_collection = {}};
  replace(id, draft);
  expect_kept();
  draft = usual_draft(1);
  draft.key_sets[0].seq = 101;
  replace(id, draft);
  expect_kept();
  for (const char* table : {"sip_digest", "line_identifier", "charging"}) {
    EXPECT_EQ(query(std::string("SELECT count(*) FROM ") + table), 0) << table;
  }
}

TEST_F(AdministrationTest, ReplacingIsRefusedAsAddingIs) {
  add(usual_draft(1));
  const SubscriptionId id = add(usual_draft(2));
  use(id);
  SubscriptionDraft draft = read(id).draft;
  draft.imsi = usual_draft(1).imsi;
  EXPECT_THAT(error_of<IdentityTaken>([&] { replace(id, draft); }), HasSubstr("IMSI"));
  draft = read(id).draft;
  draft.public_identities[0].service_profile = "gold";
  EXPECT_THROW(replace(id, draft), UnknownProfile);
  EXPECT_EQ(read(id).states.size(), 1U);
  EXPECT_THAT(error_of<std::runtime_error>([&] { replace(4711, usual_draft(3)); }), HasSubstr("4711"));
}

TEST_F(AdministrationTest, IdentitiesMoveFromOneSubscriptionToAnother) {
  const SubscriptionId one = add(usual_draft(1));
  const SubscriptionId two = add(usual_draft(2));
  SubscriptionDraft giving = read(one).draft;
  SubscriptionDraft taking = read(two).draft;
  taking.public_identities.push_back(giving.public_identities[2]);
  giving.public_identities.pop_back();
  database_->write([&] {
    administration_.replace(one, giving);
    administration_.replace(two, taking);
  });
  EXPECT_EQ(find(taking.public_identities[3].impu), two);
}

}  // namespace
}  // namespace hss::db::test
