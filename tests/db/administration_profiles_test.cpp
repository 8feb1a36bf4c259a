// Service profiles and shared initial filter criteria, and who is served with them.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "db/sqlite.h"
#include "tests/db/administration_fixture.h"

namespace hss::db::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A ServiceProfile with a criterion of a priority, and the numbers of shared sets.
std::string profile_xml(int priority, const std::vector<int>& sets = {}) {
  std::string xml = "<ServiceProfile><InitialFilterCriteria><Priority>" + std::to_string(priority) +
                    "</Priority><ApplicationServer><ServerName>sip:as.test</ServerName></ApplicationServer>"
                    "</InitialFilterCriteria>";
  if (!sets.empty()) xml += "<Extension>";
  for (const int set : sets) xml += "<SharedIFCSetID>" + std::to_string(set) + "</SharedIFCSetID>";
  return xml + (sets.empty() ? "</ServiceProfile>" : "</Extension></ServiceProfile>");
}

class ProfilesTest : public AdministrationTest {
 protected:
  void write(const std::function<void()>& work) { database_->write(work); }
  void save_set(std::string_view name, std::uint32_t id, int priority) {
    write([&] { administration_.save_shared_ifc_set(name, id, profile_xml(priority)); });
  }
  void save(std::string_view name, const std::string& xml) {
    write([&] { administration_.save_profile(name, xml); });
  }
  std::string refusal(const std::function<void()>& work) {
    return error_of<std::runtime_error>([&] { write(work); });
  }
  /// A subscriber whose second identity has a profile.
  SubscriptionId add_with(unsigned number, const std::string& profile) {
    SubscriptionDraft draft = usual_draft(number);
    draft.public_identities[1].service_profile = profile;
    return add(draft);
  }
  std::shared_ptr<const ServiceProfile> profile_of(SubscriptionId id) {
    std::shared_ptr<const ServiceProfile> found;
    database_->read([&] { found = repository_.subscription(id)->public_identities[1].service_profile; });
    return found;
  }
};

const std::string kXml = profile_xml(4);

TEST_F(ProfilesTest, ProfilesAreSavedListedAndRemoved) {
  database_->write([&] {
    EXPECT_THAT(administration_.profiles(), ElementsAre("default"));
    EXPECT_EQ(administration_.profile("gold"), std::nullopt);
    EXPECT_EQ(administration_.profile("default"), "");
    administration_.save_profile("gold", "<ServiceProfile/>");
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

TEST_F(ProfilesTest, TheFirstProfileIsInUseLikeAnyOther) {
  const SubscriptionId id = add(usual_draft(1));
  EXPECT_THAT(
      error_of<std::runtime_error>([&] { database_->write([&] { administration_.remove_profile("default"); }); }),
      AllOf(HasSubstr("\"default\""), HasSubstr("in use")));
  remove(id);
  database_->write([&] {
    EXPECT_TRUE(administration_.remove_profile("default"));
    EXPECT_FALSE(administration_.remove_profile("default"));
  });
}

TEST_F(ProfilesTest, ARemovedProfileLeavesNothingAndReferencesAreCheckedAsBefore) {
  database_->write([&] {
    administration_.save_shared_ifc_set("common", 7, profile_xml(2));
    administration_.save_profile("gold", profile_xml(1, {7}));
  });
  database_->write([&] { EXPECT_TRUE(administration_.remove_profile("gold")); });
  EXPECT_EQ(query_integer(database_->handle(), "SELECT count(*) FROM service_profile_shared_ifc"), 0);
  EXPECT_EQ(query_integer(database_->handle(), "PRAGMA foreign_keys"), 1);
  const SubscriptionId id = add(usual_draft(1));
  EXPECT_THROW(execute(database_->handle(), "DELETE FROM service_profile"), SqliteError);
  remove(id);
}

TEST_F(ProfilesTest, ARepositorySeesAProfileThatAnotherProgramChanged) {
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

TEST_F(ProfilesTest, AProfileThatCannotBeReadIsNotSaved) {
  EXPECT_THAT(error_of<ProfileError>([&] { save("gold", "<one/>"); }), HasSubstr("one"));
  EXPECT_THAT(error_of<ProfileError>([&] { write([&] { administration_.save_shared_ifc_set("s", 1, "<one/>"); }); }),
              HasSubstr("one"));
  database_->read([&] { EXPECT_EQ(administration_.profile("gold"), std::nullopt); });
}

TEST_F(ProfilesTest, SharedSetsAreSavedListedAndRemoved) {
  write([&] {
    EXPECT_THAT(administration_.shared_ifc_sets(), IsEmpty());
    EXPECT_FALSE(administration_.shared_ifc_set("voice").has_value());
    administration_.save_shared_ifc_set("voice", 0, kXml);
    administration_.save_shared_ifc_set("sms", 2147483647, "");
    administration_.save_shared_ifc_set("sms", 2147483647, kXml);
  });
  database_->read([&] {
    const auto sets = administration_.shared_ifc_sets();
    ASSERT_EQ(sets.size(), 2U);
    EXPECT_EQ(sets[0].name, "sms");
    EXPECT_EQ(sets[0].id, 2147483647U);
    EXPECT_EQ(sets[0].xml, kXml);
    EXPECT_EQ(sets[1].name, "voice");
    EXPECT_EQ(administration_.shared_ifc_set("voice").value().id, 0U);
  });
  write([&] {
    EXPECT_TRUE(administration_.remove_shared_ifc_set("voice"));
    EXPECT_FALSE(administration_.remove_shared_ifc_set("voice"));
    EXPECT_EQ(administration_.shared_ifc_sets().size(), 1U);
  });
}

TEST_F(ProfilesTest, TheNumberOfASharedSetIsItsOwn) {
  save_set("voice", 1, 10);
  save_set("sms", 2, 20);
  EXPECT_THAT(refusal([&] { administration_.save_shared_ifc_set("sms", 1, kXml); }),
              AllOf(HasSubstr("number 1"), HasSubstr("\"voice\"")));
  EXPECT_THAT(refusal([&] { administration_.save_shared_ifc_set("sms", 2147483648U, kXml); }), HasSubstr("2147483647"));
  write([&] { administration_.save_shared_ifc_set("sms", 3, kXml); });
  database_->read([&] {
    EXPECT_EQ(administration_.shared_ifc_sets().size(), 2U);
    EXPECT_EQ(administration_.shared_ifc_set("sms").value().id, 3U);
  });
  save("gold", profile_xml(5, {3}));
  EXPECT_THAT(refusal([&] { administration_.save_shared_ifc_set("sms", 4, kXml); }),
              AllOf(HasSubstr("number 3"), HasSubstr("\"gold\"")));
  EXPECT_THAT(refusal([&] { administration_.remove_shared_ifc_set("sms"); }), HasSubstr("\"gold\""));
  save("gold", "");
  write([&] {
    administration_.save_shared_ifc_set("sms", 4, kXml);
    EXPECT_TRUE(administration_.remove_shared_ifc_set("sms"));
  });
}

TEST_F(ProfilesTest, AProfileHasItsSharedSetsInItsOrder) {
  save_set("voice", 1, 10);
  save_set("sms", 2, 20);
  save("gold", profile_xml(5, {2, 1}));
  const SubscriptionId id = add_with(1, "gold");
  const auto profile = profile_of(id);
  EXPECT_EQ(profile->shared_ifc_ids, (std::vector<std::uint32_t>{2, 1}));
  ASSERT_EQ(profile->shared_ifc_sets.size(), 2U);
  EXPECT_EQ(profile->shared_ifc_sets[0]->id, 2U);
  EXPECT_EQ(profile->shared_ifc_sets[0]->name, "sms");
  ASSERT_EQ(profile->shared_ifc_sets[0]->criteria.size(), 1U);
  EXPECT_EQ(profile->shared_ifc_sets[0]->criteria[0].priority, 20U);
  EXPECT_EQ(profile->shared_ifc_sets[1]->id, 1U);
  EXPECT_EQ(profile_of(id), profile) << "parsed once";
  save("gold", profile_xml(5, {1}));
  EXPECT_EQ(profile_of(id)->shared_ifc_sets.size(), 1U);
  EXPECT_THAT(refusal([&] {
                administration_.save_profile("gold", profile_xml(5, {1, 7}));
              }),
              AllOf(HasSubstr("\"gold\""), HasSubstr("7"), HasSubstr("does not exist")));
}

TEST_F(ProfilesTest, AChangeOfASharedSetReachesTheProfilesThatUseIt) {
  save_set("voice", 1, 10);
  save_set("sms", 2, 20);
  save("gold", profile_xml(5, {1}));
  save("silver", profile_xml(5, {2}));
  const SubscriptionId gold = add_with(1, "gold");
  const SubscriptionId silver = add_with(2, "silver");
  const auto before = profile_of(silver);
  EXPECT_EQ(profile_of(gold)->shared_ifc_sets[0]->criteria[0].priority, 10U);
  const auto other = connect();
  Administration elsewhere(*other, vault_);
  other->write([&] { elsewhere.save_shared_ifc_set("voice", 1, profile_xml(11)); });
  EXPECT_EQ(profile_of(gold)->shared_ifc_sets[0]->criteria[0].priority, 11U);
  EXPECT_EQ(profile_of(silver), before);
}

TEST_F(ProfilesTest, APriorityIsNotUsedTwice) {
  save_set("voice", 1, 10);
  save_set("sms", 2, 20);
  EXPECT_THAT(refusal([&] { administration_.save_profile("gold", profile_xml(10, {1})); }),
              AllOf(HasSubstr("\"gold\""), HasSubstr("10")));
  save("gold", profile_xml(5, {1, 2}));
  for (const int taken : {5, 20}) {
    EXPECT_THAT(refusal([&] { administration_.save_shared_ifc_set("voice", 1, profile_xml(taken)); }),
                AllOf(HasSubstr("\"gold\""), HasSubstr(std::to_string(taken))));
  }
  EXPECT_EQ(profile_of(add_with(1, "gold"))->shared_ifc_sets[0]->criteria[0].priority, 10U) << "nothing was saved";
}

TEST_F(ProfilesTest, WhoIsServedWithAProfile) {
  save_set("voice", 1, 10);
  save("gold", profile_xml(5, {1}));
  save("silver", profile_xml(5, {1}));
  save("plain", profile_xml(5));
  const SubscriptionId registered = add_with(1, "gold");
  const SubscriptionId unregistered = add_with(2, "silver");
  const SubscriptionId pending = add_with(3, "gold");
  const SubscriptionId plain = add_with(4, "plain");
  add_with(5, "gold");
  for (const SubscriptionId id : {registered, unregistered, pending, plain}) use(id);
  const auto set_status = [&](SubscriptionId id, RegistrationStatus status) {
    write([&] {
      Registration state = repository_.registration(id);
      state.pairs.at(0).status = status;
      state.pairs.at(0).auth_pending_until = 99;
      repository_.save_registration(id, state);
    });
  };
  set_status(unregistered, RegistrationStatus::kUnregistered);
  set_status(pending, RegistrationStatus::kNotRegistered);
  database_->read([&] {
    EXPECT_THAT(administration_.served_with_profile("gold"), ElementsAre(registered));
    EXPECT_THAT(administration_.served_with_profile("silver"), ElementsAre(unregistered));
    EXPECT_THAT(administration_.served_with_profile("default"), ElementsAre(registered, unregistered, plain));
    EXPECT_THAT(administration_.served_with_profile("none"), IsEmpty());
    EXPECT_THAT(administration_.served_with_shared_ifc_set("voice"), ElementsAre(registered, unregistered));
    EXPECT_THAT(administration_.served_with_shared_ifc_set("none"), IsEmpty());
  });
}

}  // namespace
}  // namespace hss::db::test
