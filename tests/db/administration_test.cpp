// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/db/administration_fixture.h"

namespace hss::db::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(AdministrationTest, ReadsBackWhatWasAdded) {
  for (const SubscriptionDraft& draft : {usual_draft(1), rich_draft()}) {
    const StoredSubscription stored = read(add(draft));
    expect_same(stored.draft, draft);
    EXPECT_EQ(stored.server, std::nullopt);
    EXPECT_TRUE(stored.states.empty());
    EXPECT_TRUE(stored.resynchronisations.empty());
  }
}

TEST_F(AdministrationTest, ReadsWithoutKeysWithoutDecrypting) {
  const SubscriptionId id = add(rich_draft());
  run_sql(file_, "UPDATE key_set SET sealed = x'00'; UPDATE sip_digest SET sealed = zeroblob(29 + 48)");
  const StoredSubscription stored = read(id, false);
  ASSERT_EQ(stored.draft.key_sets.size(), 2U);
  EXPECT_TRUE(stored.draft.key_sets[0].k.empty());
  EXPECT_TRUE(stored.draft.key_sets[0].opc.empty());
  EXPECT_EQ(stored.draft.key_sets[0].seq, 7U);
  const auto& digest = stored.draft.private_identities[0].sip_digest;
  ASSERT_TRUE(digest.has_value());
  EXPECT_EQ(digest->realm, "example.org");
  EXPECT_TRUE(digest->ha1.equals(key(0)));
  EXPECT_TRUE(digest->alternate_sha256.has_value());
  EXPECT_THROW(read(id, true), StoreFault);
}

TEST_F(AdministrationTest, KeysAreNotInTheFile) {
  SubscriptionDraft draft = usual_draft(1);
  draft.key_sets[0].k = key(0xa7);
  draft.key_sets[0].opc = key(0xb8);
  draft.private_identities[0].sip_digest = SipDigest{"x.test", key(0xc9), long_key(0xda)};
  add(draft);
  const std::string everything = read_file(file_) + read_file(file_.string() + "-wal");
  EXPECT_NE(everything.find(draft.imsi), std::string::npos);
  EXPECT_EQ(everything.find(std::string(16, '\xa7')), std::string::npos);
  EXPECT_EQ(everything.find(std::string(16, '\xb8')), std::string::npos);
  EXPECT_EQ(everything.find(std::string(16, '\xc9')), std::string::npos);
  EXPECT_EQ(everything.find(std::string(32, '\xda')), std::string::npos);
}

TEST_F(AdministrationTest, FindsByEveryIdentity) {
  const SubscriptionId other = add(usual_draft(1));
  const SubscriptionId id = add(rich_draft());
  for (const char* identity : {"262019876543210", "491712345678", "+491712345678", "49301234", "alice@example.org",
                               "sip:a.l@example.org", "tel:+49301234"}) {
    EXPECT_EQ(find(identity), id) << identity;
  }
  EXPECT_EQ(find(usual_draft(1).imsi), other);
  for (const char* identity : {"", "+", "4930123", "nobody@example.org"}) EXPECT_EQ(find(identity), std::nullopt);
}

TEST_F(AdministrationTest, ListsInPages) {
  std::vector<SubscriptionId> ids;
  for (unsigned i = 0; i < 5; ++i) ids.push_back(add(usual_draft(i)));
  database_->read([&] {
    EXPECT_EQ(administration_.count(), 5U);
    EXPECT_THAT(administration_.list(0, 2), ElementsAre(ids[0], ids[1]));
    EXPECT_THAT(administration_.list(ids[1], 9), ElementsAre(ids[2], ids[3], ids[4]));
    EXPECT_TRUE(administration_.list(ids[4], 9).empty());
  });
}

TEST_F(AdministrationTest, TheOwnerOfAnIdentityIsOfItsKindAndExact) {
  using Kind = Administration::IdentityKind;
  const SubscriptionId id = add(usual_draft(1));
  const SubscriptionId services = add(psi_draft());
  const SubscriptionDraft draft = usual_draft(1);
  database_->read([&] {
    EXPECT_EQ(administration_.owner(Kind::kImsi, draft.imsi), id);
    EXPECT_EQ(administration_.owner(Kind::kMsisdn, draft.msisdns[0]), id);
    EXPECT_EQ(administration_.owner(Kind::kPrivate, draft.private_identities[0].impi), id);
    EXPECT_EQ(administration_.owner(Kind::kPublic, draft.public_identities[1].impu), id);
    EXPECT_EQ(administration_.owner(Kind::kMsisdn, draft.imsi), std::nullopt);
    EXPECT_EQ(administration_.owner(Kind::kImsi, draft.msisdns[0]), std::nullopt);
    EXPECT_EQ(administration_.find("sip:chat-7@example.org"), services);
    EXPECT_EQ(administration_.owner(Kind::kPublic, "sip:chat-7@example.org"), std::nullopt);
    EXPECT_THAT(administration_.list_with_services(), ElementsAre(services));
  });
}

TEST_F(AdministrationTest, ListsThoseWithATextInAnIdentity) {
  std::vector<SubscriptionId> ids;
  for (unsigned i = 0; i < 5; ++i) ids.push_back(add(usual_draft(i)));
  const SubscriptionId rich = add(rich_draft());
  const auto with = [&](SubscriptionId after, SubscriptionId last, const char* text) {
    std::vector<SubscriptionId> found;
    database_->read([&] { found = administration_.list_with_text(after, last, text); });
    return found;
  };
  EXPECT_THAT(with(0, rich, "001010000000003"), ElementsAre(ids[3])) << "in an IMSI";
  EXPECT_THAT(with(0, rich, "49301234"), ElementsAre(rich)) << "in an MSISDN";
  EXPECT_THAT(with(0, rich, "alice@"), ElementsAre(rich)) << "in an IMPI";
  EXPECT_THAT(with(0, rich, "sip:a.l@"), ElementsAre(rich)) << "in an IMPU";
  EXPECT_THAT(with(ids[1], ids[3], "00101"), ElementsAre(ids[2], ids[3]));
  EXPECT_TRUE(with(0, rich, "nobody").empty());
}

TEST_F(AdministrationTest, AnIdentityOfAnotherSubscriptionIsRefusedByName) {
  add(usual_draft(1));
  const SubscriptionDraft first = usual_draft(1);
  SubscriptionDraft draft = usual_draft(2);
  draft.imsi = first.imsi;
  EXPECT_THAT(taken(draft), HasSubstr("IMSI " + first.imsi + " belongs to another subscription"));
  draft = usual_draft(2);
  draft.msisdns.push_back(first.msisdns[0]);
  EXPECT_THAT(taken(draft), HasSubstr("MSISDN " + first.msisdns[0] + " belongs to another"));
  draft = usual_draft(2);
  draft.private_identities[0].impi = first.private_identities[0].impi;
  EXPECT_THAT(taken(draft), HasSubstr("private identity " + first.private_identities[0].impi + " belongs to another"));
  draft = usual_draft(2);
  draft.public_identities[2].impu = first.public_identities[2].impu;
  EXPECT_THAT(taken(draft), HasSubstr("public identity " + first.public_identities[2].impu + " belongs to another"));
  database_->read([&] { EXPECT_EQ(administration_.count(), 1U); });
  add(usual_draft(2));
}

TEST_F(AdministrationTest, AnIdentityGivenTwiceIsRefusedByName) {
  SubscriptionDraft draft = usual_draft(1);
  draft.msisdns.push_back(draft.msisdns[0]);
  EXPECT_THAT(taken(draft), HasSubstr("MSISDN " + draft.msisdns[0] + " is given twice"));
  draft = usual_draft(1);
  draft.private_identities.push_back(draft.private_identities[0]);
  EXPECT_THAT(taken(draft), AllOf(HasSubstr("private identity"), HasSubstr("is given twice")));
  draft = usual_draft(1);
  draft.public_identities.push_back(draft.public_identities[1]);
  EXPECT_THAT(taken(draft), AllOf(HasSubstr("public identity"), HasSubstr("is given twice")));
}

TEST_F(AdministrationTest, AnUnknownProfileIsRefusedByName) {
  SubscriptionDraft draft = usual_draft(1);
  draft.public_identities[1].service_profile = "gold";
  EXPECT_THAT(error_of<UnknownProfile>([&] { add(draft); }), HasSubstr("\"gold\""));
  database_->read([&] { EXPECT_EQ(administration_.count(), 0U); });
}

TEST_F(AdministrationTest, ADraftThatContradictsItselfIsRefused) {
  std::vector<SubscriptionDraft> drafts(27, usual_draft(1));
  drafts[0].private_identities.clear();
  drafts[1].public_identities.clear();
  drafts[2].private_identities[0].key_set = 1;
  drafts[3].associations = {{1, 0}};
  drafts[4].associations = {{0, 5}};
  drafts[5].key_sets[0].k = long_key(1);
  drafts[6].key_sets[0].opc = {};
  drafts[7].key_sets[0].parameters.res_octets = 4;
  drafts[8].key_sets[0].algorithm = AkaAlgorithm::kTuak;  // with an OPc instead of a TOPc
  drafts[9].key_sets[0] = {.algorithm = AkaAlgorithm::kTuak, .k = key(1), .opc = long_key(1)};
  drafts[9].key_sets[0].parameters.res_octets = 5;
  drafts[10].key_sets[0] = {.algorithm = AkaAlgorithm::kXor, .k = key(1), .opc = {}};  // and no test card
  drafts[11].key_sets[0] = {.algorithm = AkaAlgorithm::kXor, .k = key(1), .opc = {}, .test = true};
  drafts[11].key_sets[0].parameters.res_octets = 17;
  drafts[12].key_sets[0].parameters.tuak_iterations = 0;
  drafts[13].private_identities[0].line_identifiers = std::vector<Bytes>(9, Bytes{1});
  drafts[14].private_identities[0].line_identifiers = {{}};
  drafts[15].private_identities[0].line_identifiers = {Bytes(256, 1)};
  drafts[16].public_identities[0].application_server = "sip:as.test";
  drafts[17].public_identities[0].psi_active = false;
  drafts[18].public_identities[0].service_priority_level = 5;
  drafts[19].usim = 1;
  drafts[20].key_sets.push_back(drafts[20].key_sets[0]);  // which nobody uses
  drafts[21].imsi.clear();                                // the user of non-3GPP access
  drafts[22].non_3gpp->apns.clear();
  drafts[23].non_3gpp->apns.push_back(drafts[23].non_3gpp->apns[0]);
  drafts[24].non_3gpp->apns[0].ipv6 = Octets<16>{0, 0, 0, 0, 0, 0, 0, 0, 1};  // not a prefix of 64 bits
  drafts[25].non_3gpp->charging_characteristics = "080";
  drafts[26].non_3gpp->charging_characteristics = "08af";
  for (const auto& draft : drafts) EXPECT_THROW(add(draft), std::invalid_argument);
}

TEST_F(AdministrationTest, SubscriptionsWithoutImsiAreSeveral) {
  for (unsigned i = 0; i < 2; ++i) {
    SubscriptionDraft draft = usual_draft(i);
    draft.imsi.clear();
    draft.non_3gpp.reset();
    EXPECT_EQ(read(add(draft)).draft.imsi, "");
  }
}

TEST_F(AdministrationTest, RemovingLeavesNothing) {
  const SubscriptionId id = add(rich_draft());
  const SubscriptionId other = add(usual_draft(1));
  use(id);
  use(other);
  EXPECT_TRUE(remove(id));
  EXPECT_FALSE(remove(id));
  for (const char* table : {"subscription", "msisdn", "key_set", "sequence", "private_identity", "implicit_set",
                            "association", "registration", "non_3gpp", "non_3gpp_registration", "active_apn"}) {
    EXPECT_EQ(query(std::string("SELECT count(*) FROM ") + table), 1) << table;
  }
  EXPECT_EQ(query("SELECT count(*) FROM public_identity"), 3);
  for (const char* table :
       {"server_capability", "visited_network", "charging", "sip_digest", "line_identifier", "non_3gpp_apn"}) {
    EXPECT_EQ(query(std::string("SELECT count(*) FROM ") + table), 0) << table;
  }
  add(rich_draft());
  EXPECT_TRUE(read(find("alice@example.org").value()).non_3gpp == Non3gppRegistration{});
}

TEST_F(AdministrationTest, ResynchronisationsAreRead) {
  const SubscriptionId id = add(rich_draft());
  const ResynchronisationRecord record{77, "scscf.test", 5, 6, ResynchronisationRecord::Action::kRaised};
  database_->write([&] {
    const KeySetId key_set = repository_.subscription(id)->private_identities[0].key_set.value();
    repository_.save_resynchronisation(key_set, record);
  });
  const StoredSubscription stored = read(id);
  ASSERT_EQ(stored.resynchronisations.size(), 1U);
  EXPECT_EQ(stored.resynchronisations[0].key_set, 1U) << "zoe uses the second key set";
  EXPECT_EQ(stored.resynchronisations[0].record, record);
}

TEST_F(AdministrationTest, ASubscriptionOfServicesIsReadBack) {
  const SubscriptionId id = add(psi_draft());
  expect_same(read(id).draft, psi_draft());
  replace(id, rich_draft());
  expect_same(read(id).draft, rich_draft());
  replace(id, psi_draft());
  expect_same(read(id).draft, psi_draft());
}

TEST_F(AdministrationTest, EveryKindOfKeySetIsReadBack) {
  SubscriptionDraft draft = usual_draft(1);
  draft.key_sets = {{.k = key(1), .opc = key(2)},
                    {.algorithm = AkaAlgorithm::kTuak, .k = key(1), .opc = long_key(2)},
                    {.algorithm = AkaAlgorithm::kTuak, .k = long_key(1), .opc = long_key(2)},
                    {.algorithm = AkaAlgorithm::kXor, .k = key(1), .opc = {}, .test = true}};
  draft.key_sets[1].parameters.res_octets = 4;
  draft.key_sets[3].parameters.res_octets = 16;
  draft.usim = 1;
  draft.private_identities.push_back({.impi = "second@example.org", .key_set = 2});
  draft.private_identities.push_back({.impi = "third@example.org", .key_set = 3});
  expect_same(read(add(draft)).draft, draft);
}

TEST_F(AdministrationTest, EveryFramedAddressIsReadBack) {
  SubscriptionDraft draft = usual_draft(1);
  const SubscriptionId id = add(draft);
  for (const char* text : {"192.0.2.1", "2001:db8:1::/64", "2001:db8::1/128"}) {
    draft.private_identities[0].framed_address = parse_framed_address(text).value();
    replace(id, draft);
    EXPECT_EQ(to_text(read(id).draft.private_identities[0].framed_address.value()), text);
  }
}

TEST_F(AdministrationTest, WildcardedIdentitiesAreStoredInCanonicalForm) {
  SubscriptionDraft draft = psi_draft();
  draft.public_identities[1].impu = "SIP:chat-!.*!@EXAMPLE.org";
  draft.public_identities[3].impu = "tel:+49-30-555!.*!";
  const SubscriptionId id = add(draft);
  expect_same(read(id).draft, psi_draft());
  use(id);
  replace(id, draft);
  expect_same(read(id).draft, psi_draft());
  EXPECT_EQ(read(id).states.size(), 3U) << "it is the same as before";
  draft.public_identities[1].impu = "sip:chat-!(!@example.org";
  EXPECT_THAT(error_of<std::invalid_argument>([&] { replace(id, draft); }), HasSubstr("sip:chat-!(!@example.org"));
  SubscriptionDraft other = usual_draft(1);
  other.public_identities.push_back(psi_draft().public_identities[1]);
  other.public_identities.back().impu = "sip:chat-!.*!@Example.ORG";
  EXPECT_THAT(taken(other), HasSubstr("sip:chat-!.*!@example.org belongs to another"));
}

TEST_F(AdministrationTest, FindsWildcardedIdentitiesAndWhatMatchesThem) {
  const SubscriptionId id = add(psi_draft());
  const SubscriptionId exact = add(usual_draft(1));
  SubscriptionDraft draft = usual_draft(1);
  draft.public_identities[1].impu = "sip:chat-exact@example.org";
  replace(exact, draft);
  for (const char* identity : {"sip:chat-!.*!@example.org", "SIP:chat-!.*!@example.ORG", "sip:chat-1@example.org",
                               "tel:+4930555!.*!", "tel:+493055501"}) {
    EXPECT_EQ(find(identity), id) << identity;
  }
  EXPECT_EQ(find("sip:chat-exact@example.org"), exact) << "exact before wildcard, TS 23.003 13.5";
  EXPECT_EQ(find("sip:other@example.org"), std::nullopt);
}

TEST_F(AdministrationTest, StateIsRead) {
  const SubscriptionId id = add(rich_draft());
  const AssignedServer server{"sip:new.test", "new.test", "test"};
  const AssignedServer previous{"sip:old.test", "old.test", "test"};
  database_->write([&] {
    const auto subscription = repository_.subscription(id);
    const auto& [identity, set] = subscription->associations[0];
    const PairState pair{set, identity, RegistrationStatus::kRegistered, 77};
    repository_.save_registration(id, {server, {pair}, previous, true});
    repository_.save_restoration(set, identity, Bytes(300, 1));
  });
  const StoredSubscription stored = read(id);
  EXPECT_EQ(stored.server, server);
  EXPECT_EQ(stored.previous_server, previous);
  EXPECT_TRUE(stored.reassignment_pending);
  ASSERT_EQ(stored.states.size(), 1U);
  EXPECT_EQ(stored.states[0].auth_pending_until, 77);
  EXPECT_EQ(stored.states[0].restoration_octets, 300U);
  replace(id, stored.draft);
  EXPECT_EQ(read(id).states[0].restoration_octets, 300U);
  EXPECT_TRUE(read(id).reassignment_pending);
  replace(id, usual_draft(1));
  EXPECT_TRUE(read(id).states.empty());
  EXPECT_EQ(read(id).server, std::nullopt);
  EXPECT_EQ(read(id).previous_server, std::nullopt);
  EXPECT_FALSE(read(id).reassignment_pending);
  EXPECT_EQ(query("SELECT count(*) FROM restoration"), 0);
}

TEST_F(AdministrationTest, ASubscriberCostsLessThan900Octets) {
  constexpr unsigned kSubscribers = 10'000;
  database_->write([&] {
    for (unsigned i = 0; i < kSubscribers; ++i) administration_.add(usual_draft(i * 7919U));
  });
  const auto octets = query("PRAGMA page_count") * query("PRAGMA page_size");
  RecordProperty("octets_per_subscriber", static_cast<int>(octets / kSubscribers));
  EXPECT_LT(octets / kSubscribers, 900);
}

}  // namespace
}  // namespace hss::db::test
