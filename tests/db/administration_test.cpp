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
  run_sql(file_, "UPDATE key_set SET sealed = x'00'");
  const StoredSubscription stored = read(id, false);
  ASSERT_EQ(stored.draft.key_sets.size(), 2U);
  EXPECT_TRUE(stored.draft.key_sets[0].k.equals(key(0)));
  EXPECT_TRUE(stored.draft.key_sets[0].opc.equals(key(0)));
  EXPECT_EQ(stored.draft.key_sets[0].seq, 7U);
  EXPECT_THROW(read(id, true), StoreFault);
}

TEST_F(AdministrationTest, KeysAreNotInTheFile) {
  SubscriptionDraft draft = usual_draft(1);
  draft.key_sets[0].k = key(0xa7);
  draft.key_sets[0].opc = key(0xb8);
  add(draft);
  const std::string everything = read_file(file_) + read_file(file_.string() + "-wal");
  EXPECT_NE(everything.find(draft.imsi), std::string::npos);
  EXPECT_EQ(everything.find(std::string(16, '\xa7')), std::string::npos);
  EXPECT_EQ(everything.find(std::string(16, '\xb8')), std::string::npos);
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
  std::vector<SubscriptionDraft> drafts(5, usual_draft(1));
  drafts[0].private_identities.clear();
  drafts[1].public_identities.clear();
  drafts[2].private_identities[0].key_set = 1;
  drafts[3].associations = {{1, 0}};
  drafts[4].associations = {{0, 5}};
  for (const auto& draft : drafts) EXPECT_THROW(add(draft), std::invalid_argument);
}

TEST_F(AdministrationTest, SubscriptionsWithoutImsiAreSeveral) {
  for (unsigned i = 0; i < 2; ++i) {
    SubscriptionDraft draft = usual_draft(i);
    draft.imsi.clear();
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
                            "association", "registration"}) {
    EXPECT_EQ(query(std::string("SELECT count(*) FROM ") + table), 1) << table;
  }
  EXPECT_EQ(query("SELECT count(*) FROM public_identity"), 3);
  EXPECT_EQ(query("SELECT count(*) FROM server_capability"), 0);
  EXPECT_EQ(query("SELECT count(*) FROM visited_network"), 0);
  add(rich_draft());
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

constexpr const char* kXml =
    "<ServiceProfile><InitialFilterCriteria><Priority>4</Priority><ApplicationServer><ServerName>sip:as.test"
    "</ServerName></ApplicationServer></InitialFilterCriteria></ServiceProfile>";

TEST_F(AdministrationTest, ProfilesAreSavedListedAndRemoved) {
  database_->write([&] {
    EXPECT_THAT(administration_.profiles(), ElementsAre("default"));
    EXPECT_EQ(administration_.profile("gold"), std::nullopt);
    EXPECT_EQ(administration_.profile("default"), "");
    administration_.save_profile("gold", "<one/>");
    administration_.save_profile("gold", kXml);
    EXPECT_EQ(administration_.profile("gold"), kXml);
    EXPECT_THAT(administration_.profiles(), ElementsAre("default", "gold"));
  });
  SubscriptionDraft draft = usual_draft(1);
  draft.public_identities[1].service_profile = "gold";
  const SubscriptionId id = add(draft);
  EXPECT_THAT(error_of<std::runtime_error>([&] { database_->write([&] { administration_.remove_profile("gold"); }); }),
              AllOf(HasSubstr("\"gold\""), HasSubstr("in use")));
  remove(id);
  database_->write([&] {
    EXPECT_TRUE(administration_.remove_profile("gold"));
    EXPECT_FALSE(administration_.remove_profile("gold"));
  });
}

TEST_F(AdministrationTest, ARepositorySeesAProfileThatAnotherProgramChanged) {
  SubscriptionDraft draft = usual_draft(1);
  draft.public_identities[1].service_profile = "gold";
  database_->write([&] {
    administration_.save_profile("gold", "");
    administration_.add(draft);
  });
  const auto criteria = [&] {
    std::size_t count = 0;
    database_->read([&] {
      const auto subscription = repository_.find_by_public_identity(draft.public_identities[1].impu);
      EXPECT_EQ(subscription->public_identities[1].service_profile->name, "gold");
      count = subscription->public_identities[1].service_profile->criteria.size();
    });
    return count;
  };
  EXPECT_EQ(criteria(), 0U);
  const auto other = connect();
  Administration elsewhere(*other, vault_);
  other->write([&] { elsewhere.save_profile("gold", kXml); });
  EXPECT_EQ(criteria(), 1U);

  // What is rolled back is not remembered, and a name that comes back is not mistaken for its predecessor.
  EXPECT_THROW(database_->write([&] {
    administration_.save_profile("gold", "");
    EXPECT_EQ(repository_.subscription(1)->public_identities[1].service_profile->criteria.size(), 0U);
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(criteria(), 1U);
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
