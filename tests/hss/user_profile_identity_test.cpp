// The PublicIdentity elements of User-Data: which extension each kind of identity has, and what wildcarded ones are
// called.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hss/subscriber.h"
#include "hss/user_profile.h"

namespace hss {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr ImplicitSetId kSet = 7;

PublicIdentity identity(std::string impu, IdentityType type = IdentityType::kPublicUserIdentity) {
  PublicIdentity out;
  out.id = 21;
  out.impu = std::move(impu);
  out.implicit_set = kSet;
  out.service_profile = std::make_shared<const ServiceProfile>();
  out.type = type;
  return out;
}

/// All that stands in the one ServiceProfile of a set with this identity.
std::string written(PublicIdentity of, const UserDataOptions& options = {}) {
  Subscription subscription;
  subscription.public_identities = {std::move(of)};
  const std::string document = write_user_data(subscription, kSet, "a@b", options);
  const std::string open = "<ServiceProfile>";
  const auto begin = document.find(open) + open.size();
  return document.substr(begin, document.find("</ServiceProfile>") - begin);
}

std::string element(const std::string& impu, const std::string& extension) {
  return "<PublicIdentity><Identity>" + impu + "</Identity><Extension>" + extension + "</Extension></PublicIdentity>";
}

struct Row {
  const char* what;
  PublicIdentity identity;
  UserDataOptions options;
  std::string expected;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.what; }

class PublicIdentityElement : public testing::TestWithParam<Row> {};

TEST_P(PublicIdentityElement, IsAsAnnexEHasIt) {
  EXPECT_EQ(written(GetParam().identity, GetParam().options), GetParam().expected);
}

PublicIdentity with(PublicIdentity out, std::string display_name, std::string alias,
                    std::optional<std::uint32_t> level = std::nullopt) {
  out.display_name = std::move(display_name);
  out.alias_group = std::move(alias);
  out.service_priority_level = level;
  return out;
}

UserDataOptions instance(std::int64_t member, std::string impu) {
  UserDataOptions options;
  options.wildcard = member;
  options.wildcard_instance = std::move(impu);
  return options;
}

UserDataOptions without_alias() {
  UserDataOptions options;
  options.alias_indication = false;
  return options;
}

const std::string kPsi = "sip:chat-!.*!@example.org";
const auto kWildcardedPsi = identity(kPsi, IdentityType::kWildcardedPsi);
const auto kWildcardedImpu = identity("tel:+1555!.*!", IdentityType::kWildcardedPublicUserIdentity);

INSTANTIATE_TEST_SUITE_P(
    Ts29228AnnexE, PublicIdentityElement,
    testing::Values(
        Row{"distinct PSI",
            identity("sip:conf@example.org", IdentityType::kDistinctPsi),
            {},
            element("sip:conf@example.org", "<IdentityType>1</IdentityType>")},
        Row{"non-distinct IMPU",
            identity("sip:a@example.org", IdentityType::kNonDistinctPublicUserIdentity),
            {},
            element("sip:a@example.org", "<IdentityType>3</IdentityType>")},
        Row{"wildcarded PSI by its expression",
            kWildcardedPsi,
            {},
            element(kPsi, "<IdentityType>2</IdentityType><WildcardedPSI>" + kPsi + "</WildcardedPSI>")},
        Row{"wildcarded PSI by an instance", kWildcardedPsi, instance(21, "sip:chat-9@example.org"),
            element("sip:chat-9@example.org",
                    "<IdentityType>2</IdentityType><WildcardedPSI>" + kPsi + "</WildcardedPSI>")},
        Row{"instance of another member", kWildcardedPsi, instance(22, "sip:chat-9@example.org"),
            element(kPsi, "<IdentityType>2</IdentityType><WildcardedPSI>" + kPsi + "</WildcardedPSI>")},
        Row{"instance of none", identity("sip:a@example.org"), instance(21, "sip:b@example.org"),
            element("sip:a@example.org", "<IdentityType>0</IdentityType>")},
        Row{"wildcarded IMPU by its expression",
            kWildcardedImpu,
            {},
            element("tel:+1555!.*!",
                    "<IdentityType>4</IdentityType><Extension><Extension><WildcardedIMPU>tel:+1555!.*!"
                    "</WildcardedIMPU></Extension></Extension>")},
        Row{"wildcarded IMPU by an instance, with all extensions", with(kWildcardedImpu, "Desk", "g1", 2),
            instance(21, "tel:+15551"),
            element("tel:+15551",
                    "<IdentityType>4</IdentityType><Extension><DisplayName>Desk</DisplayName>"
                    "<AliasIdentityGroupID>g1</AliasIdentityGroupID><Extension><WildcardedIMPU>tel:+1555!.*!"
                    "</WildcardedIMPU><ServicePriorityLevel>2</ServicePriorityLevel></Extension></Extension>")},
        Row{"alias group",
            with(identity("sip:a@example.org"), "", "g1"),
            {},
            element("sip:a@example.org",
                    "<IdentityType>0</IdentityType><Extension><AliasIdentityGroupID>g1</AliasIdentityGroupID>"
                    "</Extension>")},
        Row{"alias group for an S-CSCF without AliasInd", with(identity("sip:a@example.org"), "", "g1"),
            without_alias(), element("sip:a@example.org", "<IdentityType>0</IdentityType>")},
        Row{"display name and alias group without AliasInd", with(identity("sip:a@example.org"), "A", "g1", 0),
            without_alias(),
            element("sip:a@example.org",
                    "<IdentityType>0</IdentityType><Extension><DisplayName>A</DisplayName><Extension>"
                    "<ServicePriorityLevel>0</ServicePriorityLevel></Extension></Extension>")},
        Row{"service priority level alone",
            with(identity("sip:a@example.org"), "", "", 4),
            {},
            element("sip:a@example.org",
                    "<IdentityType>0</IdentityType><Extension><Extension><ServicePriorityLevel>4"
                    "</ServicePriorityLevel></Extension></Extension>")}));

TEST(PublicIdentityElement, OfABarredWildcardIsFlagged) {
  auto barred = kWildcardedPsi;
  barred.barred = true;
  EXPECT_THAT(written(barred),
              HasSubstr("<PublicIdentity><BarringIndication>1</BarringIndication><Identity>sip:chat-"));
}

TEST(PublicIdentityElement, IsRefusedWithABrokenAliasGroup) {
  EXPECT_THROW(written(with(identity("sip:a@x"), "", "\x01")), ProfileError);
  EXPECT_NO_THROW(written(with(identity("sip:a@x"), "", "\x01"), without_alias()));
}

// ---- Core network services and shared initial filter criteria -------------------------------------------------------

InitialFilterCriteria criteria(std::uint32_t priority, const std::string& server) {
  InitialFilterCriteria out;
  out.priority = priority;
  out.application_server.server_name = server;
  return out;
}

std::string element_of(std::uint32_t priority, const std::string& server) {
  return "<InitialFilterCriteria><Priority>" + std::to_string(priority) + "</Priority><ApplicationServer><ServerName>" +
         server + "</ServerName></ApplicationServer></InitialFilterCriteria>";
}

std::shared_ptr<const SharedIfcSet> set_of(std::uint32_t id, std::vector<InitialFilterCriteria> all) {
  return std::make_shared<const SharedIfcSet>(SharedIfcSet{id, "set" + std::to_string(id), std::move(all)});
}

ServiceProfile sharing() {
  ServiceProfile profile;
  profile.name = "gold";
  profile.service_ids = {"urn:urn-7:3gpp-service.ims.icsi.mmtel", "b"};
  profile.criteria = {criteria(5, "sip:own5"), criteria(20, "sip:own20")};
  profile.shared_ifc_ids = {9, 3};
  profile.shared_ifc_sets = {set_of(9, {criteria(10, "sip:nine10"), criteria(30, "sip:nine30")}),
                             set_of(3, {criteria(1, "sip:three1")})};
  return profile;
}

PublicIdentity with_profile(const ServiceProfile& profile) {
  auto out = identity("sip:a@x");
  out.service_profile = std::make_shared<const ServiceProfile>(profile);
  return out;
}

const std::string kAuthorization =
    "<CoreNetworkServicesAuthorization><Extension><ListOfServiceIds><ServiceId>urn:urn-7:3gpp-service.ims.icsi.mmtel"
    "</ServiceId><ServiceId>b</ServiceId></ListOfServiceIds></Extension></CoreNetworkServicesAuthorization>";

TEST(SharedCriteria, AreMergedByPriorityForAnScscfWithoutSifc) {
  EXPECT_EQ(written(with_profile(sharing())), element("sip:a@x", "<IdentityType>0</IdentityType>") + kAuthorization +
                                                  element_of(1, "sip:three1") + element_of(5, "sip:own5") +
                                                  element_of(10, "sip:nine10") + element_of(20, "sip:own20") +
                                                  element_of(30, "sip:nine30"));
}

TEST(SharedCriteria, AreNumbersForAnScscfWithSifc) {
  UserDataOptions options;
  options.shared_ifc = true;
  EXPECT_EQ(written(with_profile(sharing()), options),
            element("sip:a@x", "<IdentityType>0</IdentityType>") + kAuthorization + element_of(5, "sip:own5") +
                element_of(20, "sip:own20") +
                "<Extension><SharedIFCSetID>9</SharedIFCSetID><SharedIFCSetID>3</SharedIFCSetID></Extension>");
}

TEST(SharedCriteria, ThatAreMissingAreNoProfileWithoutThem) {
  auto profile = sharing();
  profile.shared_ifc_sets.pop_back();
  EXPECT_THROW(written(with_profile(profile)), ProfileError);
  UserDataOptions options;
  options.shared_ifc = true;
  EXPECT_NO_THROW(written(with_profile(profile), options));
}

std::string clash(const ServiceProfile& profile) {
  try {
    check_priorities(profile);
  } catch (const ProfileError& error) {
    return error.what();
  }
  return "";
}

TEST(SharedCriteria, HavePrioritiesOfTheirOwn) {
  EXPECT_EQ(clash(sharing()), "");
  EXPECT_EQ(clash(ServiceProfile{}), "");
  auto with_own = sharing();
  with_own.criteria.push_back(criteria(30, "sip:again"));
  EXPECT_EQ(clash(with_own),
            "priority 30 is used twice: by the profile gold and by the shared set 9 (set9); give one "
            "of the two another");
  auto two_sets = sharing();
  two_sets.shared_ifc_sets[1] = set_of(3, {criteria(10, "sip:again")});
  EXPECT_EQ(clash(two_sets),
            "priority 10 is used twice: by the shared set 9 (set9) and by the shared set 3 (set3); "
            "give one of the two another");
}

TEST(SharedCriteria, CountAsServicesOfTheUnregisteredState) {
  auto profile = sharing();
  for (auto& own : profile.criteria) own.profile_part = ProfilePart::kRegistered;
  EXPECT_TRUE(profile.has_unregistered_services());
  auto registered = criteria(1, "sip:as");
  registered.profile_part = ProfilePart::kRegistered;
  profile.shared_ifc_sets = {set_of(9, {registered}), set_of(3, {})};
  EXPECT_FALSE(profile.has_unregistered_services());
}

TEST(SharedCriteria, AreReadAsTheyWereWritten) {
  const SharedIfcSet set = *sharing().shared_ifc_sets[0];
  const std::string text = write_shared_ifc_set(set);
  EXPECT_EQ(text,
            "<ServiceProfile>" + element_of(10, "sip:nine10") + element_of(30, "sip:nine30") + "</ServiceProfile>");
  const SharedIfcSet read = parse_shared_ifc_set(text);
  EXPECT_EQ(read.criteria, set.criteria);
  EXPECT_EQ(read.id, 0U);  // the caller's
  EXPECT_TRUE(parse_shared_ifc_set("").criteria.empty());
}

TEST(SharedCriteria, AreCriteriaOnly) {
  struct Refused {
    std::string text;
    std::string why;
  };
  const Refused rows[] = {
      {"<ServiceProfile><Extension/></ServiceProfile>", "unknown element Extension; known are: InitialFilterCriteria"},
      {"<ServiceProfile><CoreNetworkServicesAuthorization/></ServiceProfile>",
       "unknown element CoreNetworkServicesAuthorization"},
      {"<ServiceProfile><PublicIdentity/></ServiceProfile>", "unknown element PublicIdentity"},
      {"<SharedIFC/>", "shared criteria: the root is SharedIFC; it must be ServiceProfile"},
      {"<ServiceProfile>", "shared criteria: line 1: no XML"},
      {"<ServiceProfile>" + element_of(1, "sip:a") + element_of(1, "sip:b") + "</ServiceProfile>",
       "InitialFilterCriteria[2]/Priority: is 1, which another criterion has already"},
  };
  for (const Refused& row : rows) {
    try {
      parse_shared_ifc_set(row.text);
      ADD_FAILURE() << row.text;
    } catch (const ProfileError& error) {
      EXPECT_THAT(error.what(), HasSubstr(row.why)) << row.text;
      EXPECT_THAT(error.what(), Not(HasSubstr("\n"))) << row.text;
    }
  }
}

}  // namespace
}  // namespace hss
