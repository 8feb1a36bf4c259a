// User-Data as an S-CSCF gets it: one document to the letter, its order against the table of the schema, and whatever
// is written read again.
// SPDX-License-Identifier: MIT
#include "hss/user_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <pugixml.hpp>

#include "hss/subscriber.h"

namespace hss {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kSet = 7;

ServicePointTrigger trigger(std::vector<std::uint32_t> groups, decltype(ServicePointTrigger::condition) condition,
                            bool negated = false, std::vector<RegistrationType> types = {}) {
  return {negated, std::move(groups), std::move(condition), std::move(types)};
}

/// Third-party registration, calls of a registered user, voice mail for an unregistered one.
ServiceProfile three_criteria() {
  ServiceProfile profile;
  profile.id = 1;
  profile.subscribed_media_profile = 1;
  InitialFilterCriteria mail;
  mail.priority = 30;
  mail.trigger_point =
      TriggerPoint{true, {trigger({0}, Method{"INVITE"}), trigger({1}, SessionCase::kTerminatingUnregistered)}};
  mail.application_server.server_name = "sip:vm.example.org";
  mail.application_server.service_info = "mailbox=1001";
  mail.profile_part = ProfilePart::kUnregistered;
  InitialFilterCriteria registration;
  registration.priority = 1;
  registration.trigger_point = TriggerPoint{
      false,
      {trigger({0}, Method{"REGISTER"}, false, {RegistrationType::kInitial, RegistrationType::kDeRegistration})}};
  registration.application_server = {"sip:tas.example.org:5060", DefaultHandling::kSessionContinued, std::nullopt, true,
                                     true};
  registration.profile_part = ProfilePart::kRegistered;
  InitialFilterCriteria call;
  call.priority = 2;
  call.trigger_point = TriggerPoint{true,
                                    {trigger({0}, Method{"INVITE"}), trigger({1}, SessionCase::kOriginating),
                                     trigger({1}, SessionCase::kTerminatingRegistered),
                                     trigger({2}, SipHeader{"P-Asserted-Service", ".*emergency.*"}, true)}};
  call.application_server = {"sip:tas.example.org:5060", DefaultHandling::kSessionTerminated, std::nullopt, false,
                             false};
  profile.criteria = {mail, registration, call};
  return profile;
}

PublicIdentity identity(std::string impu, std::shared_ptr<const ServiceProfile> profile, bool barred = false,
                        std::string display_name = "") {
  PublicIdentity out;
  out.impu = std::move(impu);
  out.barred = barred;
  out.implicit_set = kSet;
  out.service_profile = std::move(profile);
  out.display_name = std::move(display_name);
  return out;
}

std::shared_ptr<const ServiceProfile> shared(const ServiceProfile& profile) {
  return std::make_shared<const ServiceProfile>(profile);
}

Subscription alice() {
  const auto profile = shared(three_criteria());
  Subscription subscription;
  subscription.public_identities = {identity("tel:+15550100001", profile),
                                    identity("sip:001010000000001@example.org", profile, true),
                                    identity("sip:+15550100001@example.org", profile, false, "Alice")};
  auto elsewhere = identity("sip:elsewhere@example.org", profile);
  elsewhere.implicit_set = kSet + 1;
  subscription.public_identities.push_back(elsewhere);
  return subscription;
}

std::vector<std::string> identities(const std::string& document) {
  pugi::xml_document parsed;
  EXPECT_TRUE(parsed.load_string(document.c_str()));
  std::vector<std::string> found;
  for (const auto& node : parsed.select_nodes("//Identity")) found.emplace_back(node.node().text().get());
  return found;
}

TEST(WriteUserData, IsThisDocument) {
  EXPECT_EQ(write_user_data(alice(), kSet, "001010000000001@example.org"),
            R"(<?xml version="1.0" encoding="UTF-8"?>)"
            "<IMSSubscription><PrivateID>001010000000001@example.org</PrivateID><ServiceProfile>"
            "<PublicIdentity><BarringIndication>1</BarringIndication>"
            "<Identity>sip:001010000000001@example.org</Identity>"
            "<Extension><IdentityType>0</IdentityType></Extension></PublicIdentity>"
            "<PublicIdentity><Identity>sip:+15550100001@example.org</Identity>"
            "<Extension><IdentityType>0</IdentityType>"
            "<Extension><DisplayName>Alice</DisplayName></Extension></Extension></PublicIdentity>"
            "<PublicIdentity><Identity>tel:+15550100001</Identity>"
            "<Extension><IdentityType>0</IdentityType></Extension></PublicIdentity>"
            "<CoreNetworkServicesAuthorization><SubscribedMediaProfileId>1</SubscribedMediaProfileId>"
            "</CoreNetworkServicesAuthorization>"
            "<InitialFilterCriteria><Priority>1</Priority>"
            "<TriggerPoint><ConditionTypeCNF>0</ConditionTypeCNF>"
            "<SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>REGISTER</Method>"
            "<Extension><RegistrationType>0</RegistrationType><RegistrationType>2</RegistrationType></Extension></SPT>"
            "</TriggerPoint>"
            "<ApplicationServer><ServerName>sip:tas.example.org:5060</ServerName><DefaultHandling>0</DefaultHandling>"
            "<Extension><IncludeRegisterRequest/><IncludeRegisterResponse/></Extension></ApplicationServer>"
            "<ProfilePartIndicator>0</ProfilePartIndicator></InitialFilterCriteria>"
            "<InitialFilterCriteria><Priority>2</Priority>"
            "<TriggerPoint><ConditionTypeCNF>1</ConditionTypeCNF>"
            "<SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>INVITE</Method></SPT>"
            "<SPT><ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>0</SessionCase></SPT>"
            "<SPT><ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>1</SessionCase></SPT>"
            "<SPT><ConditionNegated>1</ConditionNegated><Group>2</Group>"
            "<SIPHeader><Header>P-Asserted-Service</Header><Content>.*emergency.*</Content></SIPHeader></SPT>"
            "</TriggerPoint>"
            "<ApplicationServer><ServerName>sip:tas.example.org:5060</ServerName><DefaultHandling>1</DefaultHandling>"
            "</ApplicationServer></InitialFilterCriteria>"
            "<InitialFilterCriteria><Priority>30</Priority>"
            "<TriggerPoint><ConditionTypeCNF>1</ConditionTypeCNF>"
            "<SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>INVITE</Method></SPT>"
            "<SPT><ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>2</SessionCase></SPT>"
            "</TriggerPoint>"
            "<ApplicationServer><ServerName>sip:vm.example.org</ServerName><ServiceInfo>mailbox=1001</ServiceInfo>"
            "</ApplicationServer><ProfilePartIndicator>1</ProfilePartIndicator></InitialFilterCriteria>"
            "</ServiceProfile></IMSSubscription>");
}

// ---- The order of the schema ----------------------------------------------------------------------------------------

struct Allowed {
  std::string_view name;
  std::size_t least;
  std::size_t most;
};
constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

/// TS 29.228 Annex E: parent (with its own parent where the name is not enough), children in order, cardinality.
const std::map<std::string, std::vector<Allowed>>& schema() {
  static const std::map<std::string, std::vector<Allowed>> kTable = {
      {"/IMSSubscription", {{"PrivateID", 1, 1}, {"ServiceProfile", 1, kAny}, {"Extension", 0, 1}}},
      {"IMSSubscription/ServiceProfile",
       {{"PublicIdentity", 1, kAny},
        {"CoreNetworkServicesAuthorization", 0, 1},
        {"InitialFilterCriteria", 0, kAny},
        {"Extension", 0, 1}}},
      {"ServiceProfile/PublicIdentity", {{"BarringIndication", 0, 1}, {"Identity", 1, 1}, {"Extension", 0, 1}}},
      {"PublicIdentity/Extension", {{"IdentityType", 0, 1}, {"WildcardedPSI", 0, 1}, {"Extension", 0, 1}}},
      {"Extension/Extension", {{"DisplayName", 0, 1}, {"AliasIdentityGroupID", 0, 1}, {"Extension", 0, 1}}},
      {"ServiceProfile/CoreNetworkServicesAuthorization", {{"SubscribedMediaProfileId", 0, 1}, {"Extension", 0, 1}}},
      {"CoreNetworkServicesAuthorization/Extension", {{"ListOfServiceIds", 0, 1}, {"Extension", 0, 1}}},
      {"Extension/ListOfServiceIds", {{"ServiceId", 0, kAny}, {"Extension", 0, 1}}},
      {"ServiceProfile/Extension", {{"SharedIFCSetID", 0, kAny}, {"Extension", 0, 1}}},
      {"ServiceProfile/InitialFilterCriteria",
       {{"Priority", 1, 1},
        {"TriggerPoint", 0, 1},
        {"ApplicationServer", 1, 1},
        {"ProfilePartIndicator", 0, 1},
        {"Extension", 0, 1}}},
      {"InitialFilterCriteria/TriggerPoint", {{"ConditionTypeCNF", 1, 1}, {"SPT", 1, kAny}, {"Extension", 0, 1}}},
      {"TriggerPoint/SPT",
       {{"ConditionNegated", 0, 1},
        {"Group", 1, kAny},
        {"RequestURI", 0, 1},
        {"Method", 0, 1},
        {"SIPHeader", 0, 1},
        {"SessionCase", 0, 1},
        {"SessionDescription", 0, 1},
        {"Extension", 0, 1}}},
      {"SPT/Extension", {{"RegistrationType", 0, 2}, {"Extension", 0, 1}}},
      {"SPT/SIPHeader", {{"Header", 1, 1}, {"Content", 0, 1}, {"Extension", 0, 1}}},
      {"SPT/SessionDescription", {{"Line", 1, 1}, {"Content", 0, 1}, {"Extension", 0, 1}}},
      {"InitialFilterCriteria/ApplicationServer",
       {{"ServerName", 1, 1}, {"DefaultHandling", 0, 1}, {"ServiceInfo", 0, 1}, {"Extension", 0, 1}}},
      {"ApplicationServer/Extension",
       {{"IncludeRegisterRequest", 0, 1}, {"IncludeRegisterResponse", 0, 1}, {"Extension", 0, 1}}},
  };
  return kTable;
}

/// Walks an element; returns how many elements with children it saw.
std::size_t walk(pugi::xml_node node) {
  const std::string where = std::string(node.parent().name()) + '/' + node.name();
  const std::string_view name = node.name();
  if (node.first_child().type() != pugi::node_element) {
    const bool may_be_empty = name == "IncludeRegisterRequest" || name == "IncludeRegisterResponse";
    EXPECT_EQ(node.first_child().empty(), may_be_empty) << where;
    return 0;
  }
  const auto row = schema().find(where);
  if (row == schema().end()) {
    ADD_FAILURE() << where << " has no row";
    return 0;
  }
  std::size_t seen = 1;
  auto child = node.first_child();
  for (const Allowed& allowed : row->second) {
    std::size_t count = 0;
    for (; child && child.name() == allowed.name; child = child.next_sibling()) {
      ++count;
      seen += walk(child);
    }
    EXPECT_GE(count, allowed.least) << where << '/' << allowed.name;
    EXPECT_LE(count, allowed.most) << where << '/' << allowed.name;
  }
  EXPECT_TRUE(child.empty()) << child.name() << " is out of order in " << where;
  return seen;
}

TEST(WriteUserData, KeepsTheOrderOfTheSchema) {
  ServiceProfile profile = three_criteria();
  InitialFilterCriteria all;
  all.priority = 100;
  all.trigger_point = TriggerPoint{
      false,
      {trigger({0, 3}, RequestUri{"^sip:.*"}), trigger({1}, SipHeader{"Event", std::nullopt}),
       trigger({2}, SessionDescription{"m", "audio.*"}), trigger({2}, SessionDescription{"a", std::nullopt}, true)}};
  all.application_server = {"sip:as.example.org", DefaultHandling::kSessionTerminated, "info", false, true};
  profile.criteria.push_back(all);
  profile.service_ids = {"urn:urn-7:3gpp-service.ims.icsi.mmtel"};
  profile.shared_ifc_ids = {3, 7};
  Subscription subscription = alice();
  for (auto& member : subscription.public_identities) member.service_profile = shared(profile);
  UserDataOptions options;
  options.shared_ifc = true;
  const std::string document = write_user_data(subscription, kSet, "a@b", options);
  pugi::xml_document parsed;
  ASSERT_TRUE(parsed.load_string(document.c_str()));
  // Every row of the table has an element to be held against.
  for (const auto& [where, row] : schema()) {
    const auto slash = where.find('/');
    const std::string path = slash == 0 ? where : "//" + where;
    EXPECT_FALSE(parsed.select_nodes(path.c_str()).empty()) << where;
  }
  EXPECT_GT(walk(parsed.document_element()), schema().size());
  EXPECT_THAT(document, Not(HasSubstr("xmlns")));
  EXPECT_THAT(document, Not(HasSubstr("\n")));
  EXPECT_EQ(document.find('\0'), std::string::npos);
}

// ---- Which identities, in which order -------------------------------------------------------------------------------

TEST(WriteUserData, HasSipBeforeTelElseTheProvisionedOrder) {
  const auto profile = shared(ServiceProfile{});
  Subscription subscription;
  for (const char* impu : {"tel:+2", "sip:b@x", "tel:+1", "sips:a@x", "sip:a@x"}) {
    subscription.public_identities.push_back(identity(impu, profile));
  }
  EXPECT_THAT(identities(write_user_data(subscription, kSet, "a@b")),
              ElementsAre("sip:b@x", "sips:a@x", "sip:a@x", "tel:+2", "tel:+1"));
}

TEST(WriteUserData, GroupsByServiceProfile) {
  ServiceProfile one;
  one.id = 1;
  one.subscribed_media_profile = 11;
  ServiceProfile two;
  two.id = 2;
  two.subscribed_media_profile = 22;
  Subscription subscription;
  // Two objects of one profile are one group.
  subscription.public_identities = {identity("tel:+1", shared(two)), identity("sip:a@x", shared(one)),
                                    identity("sip:b@x", shared(two)), identity("sip:c@x", shared(one))};
  const std::string document = write_user_data(subscription, kSet, "a@b");
  EXPECT_THAT(identities(document), ElementsAre("sip:a@x", "sip:c@x", "sip:b@x", "tel:+1"));
  pugi::xml_document parsed;
  ASSERT_TRUE(parsed.load_string(document.c_str()));
  std::vector<unsigned> media;
  for (const auto& node : parsed.select_nodes("//SubscribedMediaProfileId"))
    media.push_back(node.node().text().as_uint());
  EXPECT_THAT(media, ElementsAre(11U, 22U));
}

TEST(WriteUserData, BeginsWithTheProfileOfTheDefaultIdentity) {
  // The first non-barred identity of the document is the default one; it must not become tel:+1.
  const auto one = shared(ServiceProfile{});
  const auto two = shared(ServiceProfile{});
  Subscription subscription;
  subscription.public_identities = {identity("sip:barred@x", one, true), identity("tel:+1", one),
                                    identity("sip:default@x", two)};
  EXPECT_THAT(identities(write_user_data(subscription, kSet, "a@b")),
              ElementsAre("sip:default@x", "sip:barred@x", "tel:+1"));
  subscription.public_identities.pop_back();
  EXPECT_THAT(identities(write_user_data(subscription, kSet, "a@b")), ElementsAre("sip:barred@x", "tel:+1"));
  subscription.public_identities.pop_back();
  EXPECT_THAT(identities(write_user_data(subscription, kSet, "a@b")), ElementsAre("sip:barred@x"));
}

TEST(WriteUserData, WithoutServicesHasNothingEmpty) {
  Subscription subscription;
  subscription.public_identities = {identity("sip:a@x", shared(ServiceProfile{}))};
  EXPECT_EQ(
      write_user_data(subscription, kSet, "a@b"),
      R"(<?xml version="1.0" encoding="UTF-8"?>)"
      "<IMSSubscription><PrivateID>a@b</PrivateID><ServiceProfile><PublicIdentity><Identity>sip:a@x</Identity>"
      "<Extension><IdentityType>0</IdentityType></Extension></PublicIdentity></ServiceProfile></IMSSubscription>");
}

// ---- Text ----------------------------------------------------------------------------------------------------------

TEST(WriteUserData, EscapesEveryValue) {
  const std::string nasty = "&<>\"'&amp;</Identity>]]><!--\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\x9E\t\n";
  ServiceProfile profile;
  InitialFilterCriteria criteria;
  criteria.trigger_point =
      TriggerPoint{true,
                   {trigger({0}, RequestUri{nasty}), trigger({0}, Method{nasty}), trigger({0}, SipHeader{nasty, nasty}),
                    trigger({0}, SessionDescription{nasty, nasty})}};
  criteria.application_server = {nasty, std::nullopt, nasty, false, false};
  profile.criteria = {criteria};
  Subscription subscription;
  subscription.public_identities = {identity(nasty, shared(profile), false, nasty)};
  const std::string document = write_user_data(subscription, kSet, nasty);

  pugi::xml_document parsed;
  ASSERT_TRUE(parsed.load_buffer(document.data(), document.size()));
  for (const char* path :
       {"//PrivateID", "//Identity", "//DisplayName", "//RequestURI", "//Method", "//Header", "//SIPHeader/Content",
        "//Line", "//SessionDescription/Content", "//ServerName", "//ServiceInfo"}) {
    const auto found = parsed.select_nodes(path);
    ASSERT_EQ(found.size(), 1U) << path;
    EXPECT_EQ(found[0].node().text().get(), nasty) << path;
  }
  EXPECT_THAT(document, HasSubstr("&amp;&lt;&gt;"));
  EXPECT_THAT(document, HasSubstr("&amp;amp;&lt;/Identity&gt;]]&gt;&lt;!--\xC3\xA4"));
}

TEST(WriteUserData, RefusesWhatXmlCannotCarry) {
  for (const std::string& bad :
       {std::string("a\0b", 3), std::string("\x01"), std::string("a\x1F"), std::string("a\r\n"), std::string("\xFF"),
        std::string("\xC0\x80"), std::string("\xED\xA0\x80"), std::string("\xEF\xBF\xBF"), std::string("\xC3")}) {
    Subscription subscription = alice();
    subscription.public_identities[2].display_name = bad;
    try {
      write_user_data(subscription, kSet, "a@b");
      ADD_FAILURE() << testing::PrintToString(bad);
    } catch (const ProfileError& error) {
      EXPECT_STREQ(error.what(),
                   "IMSSubscription/ServiceProfile/PublicIdentity/Extension/Extension/DisplayName: holds a character "
                   "that XML cannot carry; provision it without control characters, as UTF-8");
    }
    subscription.public_identities[2].display_name.clear();
    EXPECT_THROW(write_user_data(subscription, kSet, bad), ProfileError);
    ServiceProfile profile;
    profile.criteria.resize(1);
    profile.criteria[0].application_server = {"sip:as", std::nullopt, bad, false, false};
    EXPECT_THROW(write_service_profile(profile), ProfileError);
  }
}

TEST(WriteUserData, RefusesHalfADocument) {
  EXPECT_THROW(write_user_data(alice(), kSet + 9, "a@b"), ProfileError);
  EXPECT_THROW(write_user_data(alice(), kSet, ""), ProfileError);
  ServiceProfile profile;
  profile.criteria.resize(1);
  EXPECT_THROW(write_service_profile(profile), ProfileError);  // no ServerName
  profile.criteria[0].application_server.server_name = "sip:as";
  EXPECT_NO_THROW(write_service_profile(profile));
  profile.criteria[0].trigger_point = TriggerPoint{true, {}};
  EXPECT_THROW(write_service_profile(profile), ProfileError);
  profile.criteria[0].trigger_point->triggers = {trigger({}, Method{"INVITE"})};
  EXPECT_THROW(write_service_profile(profile), ProfileError);
  profile.criteria[0].trigger_point->triggers = {trigger({0x80000000U}, Method{"INVITE"})};
  EXPECT_THROW(write_service_profile(profile), ProfileError);
  profile.criteria[0].trigger_point->triggers = {trigger({0x7FFFFFFFU}, Method{"INVITE"})};
  EXPECT_NO_THROW(write_service_profile(profile));
  profile.criteria.push_back(profile.criteria[0]);
  EXPECT_THROW(write_service_profile(profile), ProfileError);  // one priority twice
}

}  // namespace
}  // namespace hss
