// Profiles that come from elsewhere: whole documents with their identities, held against Annex E, and every construct
// of initial filter criteria carried through to the document of an S-CSCF.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <sstream>

#include "hss/subscriber.h"
#include "hss/user_profile.h"

namespace hss {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string complaint(const std::string& text) {
  try {
    import_service_profile(text);
  } catch (const ProfileError& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
    return error.what();
  }
  return "";
}

/// What a set with this profile has in the document of an S-CSCF after its identity.
std::string sent(const ServiceProfile& profile) {
  Subscription subscription;
  subscription.public_identities.resize(1);
  subscription.public_identities[0].impu = "sip:a@x";
  subscription.public_identities[0].service_profile = std::make_shared<const ServiceProfile>(profile);
  const std::string document = write_user_data(subscription, 0, "a@b");
  const std::string_view open = "</PublicIdentity>";
  const auto begin = document.find(open) + open.size();
  return document.substr(begin, document.find("</ServiceProfile>") - begin);
}

// ---- Initial filter criteria, TS 29.228 Annex B.2.2, B.2.3 ----------------------------------------------------------

struct Row {
  std::string clause;
  std::string xml;  // the content of an InitialFilterCriteria, as we write it
  InitialFilterCriteria criteria;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.clause; }

class Criteria : public testing::TestWithParam<Row> {};

TEST_P(Criteria, AreCarriedToTheScscf) {
  const std::string element = "<InitialFilterCriteria>" + GetParam().xml + "</InitialFilterCriteria>";
  const ServiceProfile profile = import_service_profile("<ServiceProfile>" + element + "</ServiceProfile>");
  ASSERT_EQ(profile.criteria.size(), 1U);
  EXPECT_TRUE(profile.criteria[0] == GetParam().criteria) << GetParam().xml;
  EXPECT_EQ(sent(profile), element);
  EXPECT_EQ(write_service_profile(profile), "<ServiceProfile>" + element + "</ServiceProfile>");
}

const std::string kServer = "<ApplicationServer><ServerName>sip:as</ServerName></ApplicationServer>";

Row trigger_row(std::string clause, bool cnf, const std::string& spts, std::vector<ServicePointTrigger> triggers) {
  Row row;
  row.clause = std::move(clause);
  row.xml = "<Priority>0</Priority><TriggerPoint><ConditionTypeCNF>" + std::string(cnf ? "1" : "0") +
            "</ConditionTypeCNF>" + spts + "</TriggerPoint>" + kServer;
  row.criteria.trigger_point = TriggerPoint{cnf, std::move(triggers)};
  row.criteria.application_server.server_name = "sip:as";
  return row;
}

std::string spt(const std::string& groups, const std::string& condition, bool negated = false,
                const std::string& extension = "") {
  std::string all = "<SPT><ConditionNegated>" + std::string(negated ? "1" : "0") + "</ConditionNegated>";
  for (const char group : groups) all += "<Group>" + std::string(1, group) + "</Group>";
  all += condition;
  if (!extension.empty()) all += "<Extension>" + extension + "</Extension>";
  return all + "</SPT>";
}

Row session_case(int code) {
  return trigger_row("B.2.3 SessionCase " + std::to_string(code), true,
                     spt("0", "<SessionCase>" + std::to_string(code) + "</SessionCase>"),
                     {{false, {0}, static_cast<SessionCase>(code), {}}});
}

Row registration_type(int code) {
  return trigger_row(
      "B.2.3 RegistrationType " + std::to_string(code), true,
      spt("0", "<Method>REGISTER</Method>", false, "<RegistrationType>" + std::to_string(code) + "</RegistrationType>"),
      {{false, {0}, Method{"REGISTER"}, {static_cast<RegistrationType>(code)}}});
}

Row server_row(std::string clause, const std::string& more, ApplicationServer server,
               std::optional<ProfilePart> part = std::nullopt, std::uint32_t priority = 0) {
  Row row;
  row.clause = std::move(clause);
  row.xml = "<Priority>" + std::to_string(priority) + "</Priority><ApplicationServer><ServerName>sip:as</ServerName>" +
            more + "</ApplicationServer>";
  if (part) row.xml += "<ProfilePartIndicator>" + std::to_string(static_cast<int>(*part)) + "</ProfilePartIndicator>";
  row.criteria.priority = priority;
  row.criteria.application_server = std::move(server);
  row.criteria.application_server.server_name = "sip:as";
  row.criteria.profile_part = part;
  return row;
}

const std::string kInvite = "<Method>INVITE</Method>";

INSTANTIATE_TEST_SUITE_P(
    Ts29228, Criteria,
    testing::Values(
        trigger_row("B.2.2 CNF", true, spt("0", kInvite) + spt("0", "<Method>MESSAGE</Method>"),
                    {{false, {0}, Method{"INVITE"}, {}}, {false, {0}, Method{"MESSAGE"}, {}}}),
        trigger_row("B.2.2 DNF", false, spt("0", kInvite) + spt("1", "<Method>MESSAGE</Method>"),
                    {{false, {0}, Method{"INVITE"}, {}}, {false, {1}, Method{"MESSAGE"}, {}}}),
        trigger_row("B.2.3 ConditionNegated", true, spt("0", kInvite, true), {{true, {0}, Method{"INVITE"}, {}}}),
        trigger_row("B.2.3 several groups", false, spt("029", kInvite), {{false, {0, 2, 9}, Method{"INVITE"}, {}}}),
        trigger_row("B.2.3 RequestURI", true, spt("0", "<RequestURI>^sip:.*&amp;</RequestURI>"),
                    {{false, {0}, RequestUri{"^sip:.*&"}, {}}}),
        trigger_row("B.2.3 SIPHeader without content", true, spt("0", "<SIPHeader><Header>Event</Header></SIPHeader>"),
                    {{false, {0}, SipHeader{"Event", std::nullopt}, {}}}),
        trigger_row("B.2.3 SIPHeader with content", true,
                    spt("0", "<SIPHeader><Header>Event</Header><Content>\"reg\"</Content></SIPHeader>"),
                    {{false, {0}, SipHeader{"Event", "\"reg\""}, {}}}),
        trigger_row("B.2.3 SessionDescription without content", true,
                    spt("0", "<SessionDescription><Line>m</Line></SessionDescription>"),
                    {{false, {0}, SessionDescription{"m", std::nullopt}, {}}}),
        trigger_row("B.2.3 SessionDescription with content", true,
                    spt("0", "<SessionDescription><Line>m</Line><Content>video.*</Content></SessionDescription>"),
                    {{false, {0}, SessionDescription{"m", "video.*"}, {}}}),
        session_case(0), session_case(1), session_case(2), session_case(3), session_case(4), registration_type(0),
        registration_type(1), registration_type(2),
        trigger_row(
            "B.2.3 two registration types", true,
            spt("0", "<Method>REGISTER</Method>", false,
                "<RegistrationType>2</RegistrationType><RegistrationType>0</RegistrationType>"),
            {{false, {0}, Method{"REGISTER"}, {RegistrationType::kDeRegistration, RegistrationType::kInitial}}}),
        server_row("B.2.2 no trigger point", "", {}),
        server_row("B.2.2 largest priority", "", {}, std::nullopt, 2147483647),
        server_row("B.2.2 REGISTERED", "", {}, ProfilePart::kRegistered),
        server_row("B.2.2 UNREGISTERED", "", {}, ProfilePart::kUnregistered),
        server_row("B.2.4 SESSION_CONTINUED", "<DefaultHandling>0</DefaultHandling>",
                   {"", DefaultHandling::kSessionContinued, std::nullopt, false, false}),
        server_row("B.2.4 SESSION_TERMINATED", "<DefaultHandling>1</DefaultHandling>",
                   {"", DefaultHandling::kSessionTerminated, std::nullopt, false, false}),
        server_row("B.2.4 ServiceInfo", "<ServiceInfo>&lt;a&gt; b</ServiceInfo>",
                   {"", std::nullopt, "<a> b", false, false}),
        server_row("B.2.4 IncludeRegisterRequest", "<Extension><IncludeRegisterRequest/></Extension>",
                   {"", std::nullopt, std::nullopt, true, false}),
        server_row("B.2.4 IncludeRegisterResponse", "<Extension><IncludeRegisterResponse/></Extension>",
                   {"", std::nullopt, std::nullopt, false, true}),
        server_row("B.2.4 all of a server",
                   "<DefaultHandling>1</DefaultHandling><ServiceInfo>x</ServiceInfo><Extension>"
                   "<IncludeRegisterRequest/><IncludeRegisterResponse/></Extension>",
                   {"", DefaultHandling::kSessionTerminated, "x", true, true}, ProfilePart::kRegistered, 7)));

// ---- Whole documents ------------------------------------------------------------------------------------------------

TEST(ImportedProfile, IsTheServicesOfADocument) {
  std::ifstream file(MINIHSS_TEST_DATA "/cx-user-data.xml");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(text.empty());
  const ServiceProfile profile = import_service_profile(text);
  EXPECT_EQ(profile.criteria.size(), 3U);
  EXPECT_EQ(profile.shared_ifc_ids, std::vector<std::uint32_t>{7});

  // The same without its identities, and with the one default that we write out.
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(text.c_str()));
  auto services = document.child("IMSSubscription").child("ServiceProfile");
  while (services.remove_child("PublicIdentity")) {
  }
  for (const auto& found : document.select_nodes("//SPT[not(ConditionNegated)]")) {
    found.node().prepend_child("ConditionNegated").text().set("0");
  }
  std::ostringstream expected;
  services.print(expected, "", pugi::format_raw);
  EXPECT_EQ(write_service_profile(profile), expected.str());
}

TEST(ImportedProfile, MayBeAProfileWithIdentitiesOrNone) {
  const std::string services = "<InitialFilterCriteria><Priority>3</Priority>" + kServer + "</InitialFilterCriteria>";
  for (const std::string identities :
       {"", "<PublicIdentity><Identity>sip:a@x</Identity></PublicIdentity>",
        "<PublicIdentity><Identity>sip:a@x</Identity></PublicIdentity>"
        "<PublicIdentity><BarringIndication>true</BarringIndication><Identity>tel:+15550100001</Identity>"
        "</PublicIdentity>"}) {
    const auto profile = import_service_profile("<ServiceProfile>" + identities + services + "</ServiceProfile>");
    EXPECT_EQ(write_service_profile(profile), "<ServiceProfile>" + services + "</ServiceProfile>") << identities;
  }
  EXPECT_TRUE(import_service_profile("").criteria.empty());
}

TEST(ImportedProfile, LeavesOutEverythingOfASubscriber) {
  EXPECT_EQ(
      write_service_profile(import_service_profile(
          "<IMSSubscription><PrivateID>a@b</PrivateID><ServiceProfile><PublicIdentity><BarringIndication>0"
          "</BarringIndication><Identity>sip:c-!.*!@x</Identity><Extension><IdentityType>4</IdentityType>"
          "<WildcardedPSI>sip:c-!.*!@x</WildcardedPSI><Extension><DisplayName>A</DisplayName>"
          "<AliasIdentityGroupID>g</AliasIdentityGroupID><Extension><WildcardedIMPU>sip:c-!.*!@x</WildcardedIMPU>"
          "<ServiceLevelTraceInfo>t</ServiceLevelTraceInfo><ServicePriorityLevel>4</ServicePriorityLevel><Extension>"
          "<ExtendedPriority><PriorityNamespace>ets</PriorityNamespace><PriorityLevel>0</PriorityLevel>"
          "</ExtendedPriority><MaxNumOfAllowedSimultRegistrations>3</MaxNumOfAllowedSimultRegistrations></Extension>"
          "</Extension></Extension></Extension></PublicIdentity></ServiceProfile><Extension><IMSI>001010000000001"
          "</IMSI><Extension><ReferenceLocationInformation><AccessType>a</AccessType><AccessInfo>b</AccessInfo>"
          "<AccessValue>c</AccessValue></ReferenceLocationInformation></Extension></Extension></IMSSubscription>")),
      "<ServiceProfile/>");
}

TEST(ImportedProfile, ReadsWhatItWasSentAs) {
  ServiceProfile profile;
  profile.subscribed_media_profile = 1;
  profile.service_ids = {"a"};
  profile.criteria.resize(1);
  profile.criteria[0].application_server.server_name = "sip:as";
  Subscription subscription;
  for (const IdentityType type :
       {IdentityType::kPublicUserIdentity, IdentityType::kDistinctPsi, IdentityType::kWildcardedPsi,
        IdentityType::kNonDistinctPublicUserIdentity, IdentityType::kWildcardedPublicUserIdentity}) {
    PublicIdentity& identity = subscription.public_identities.emplace_back();
    identity.type = type;
    identity.impu = identity.is_wildcarded() ? "sip:c-!.*!@x" : "sip:c@x";
    identity.service_profile = std::make_shared<const ServiceProfile>(profile);
    identity.service_profile = subscription.public_identities.front().service_profile;
    identity.display_name = "A & B";
    identity.alias_group = "g";
    identity.service_priority_level = 4;
    identity.barred = true;
  }
  const auto read = import_service_profile(write_user_data(subscription, 0, "a@b"));
  EXPECT_EQ(write_service_profile(read), write_service_profile(profile));
}

TEST(ImportedProfile, EveryDeviationIsNamed) {
  struct Deviation {
    std::string text;
    std::string complaint;
  };
  const auto document = [](const std::string& content) { return "<IMSSubscription>" + content + "</IMSSubscription>"; };
  const std::string impi = "<PrivateID>a@b</PrivateID>";
  const std::string impu = "<PublicIdentity><Identity>sip:a@x</Identity></PublicIdentity>";
  const auto with_identity = [](const std::string& content) {
    return "<ServiceProfile><PublicIdentity>" + content + "</PublicIdentity></ServiceProfile>";
  };
  const auto with_extension = [&](const std::string& content) {
    return with_identity("<Identity>sip:a@x</Identity><Extension>" + content + "</Extension>");
  };
  const std::string member = "ServiceProfile/PublicIdentity[1]";
  const std::string profile = "<ServiceProfile>" + impu + "</ServiceProfile>";
  const Deviation rows[] = {
      {"<Subscription/>", "service profile: the root is Subscription; it must be ServiceProfile or IMSSubscription"},
      {document(profile), "IMSSubscription: PrivateID is missing"},
      {document(impi), "IMSSubscription: ServiceProfile is missing"},
      {document(profile + impi),
       "IMSSubscription: PrivateID is out of order; the order is: PrivateID, ServiceProfile, Extension"},
      {document(impi + profile + profile), "IMSSubscription: ServiceProfile is repeated; at the most 1"},
      {document("<PrivateID>a</PrivateID>" + profile),
       "IMSSubscription/PrivateID: is 'a', which is no private identity"},
      {document(impi + "<ServiceProfile/>"), "IMSSubscription/ServiceProfile: PublicIdentity is missing"},
      {document(impi + profile + "<Extension><x/></Extension>"),
       "IMSSubscription/Extension: unknown element x; known are: IMSI, Extension"},
      {document(impi + profile + "<Extension><Extension><ReferenceLocationInformation/></Extension></Extension>"),
       "IMSSubscription/Extension/Extension/ReferenceLocationInformation[1]: AccessType is missing"},
      {with_identity(""), member + ": Identity is missing"},
      {with_identity("<Identity>sip:a@x</Identity><BarringIndication>1</BarringIndication>"),
       member + ": BarringIndication is out of order; the order is: BarringIndication, Identity, Extension"},
      {with_identity("<BarringIndication>2</BarringIndication><Identity>sip:a@x</Identity>"),
       member + "/BarringIndication: is '2', not 0, 1, false or true"},
      {with_identity("<Identity>a@x</Identity>"), member + "/Identity: is 'a@x', which is no SIP or tel URI"},
      {with_identity("<Identity>sip:a!(!@</Identity>"),
       member + "/Identity: is 'sip:a!(!@', which is no SIP or tel URI"},
      {"<ServiceProfile><InitialFilterCriteria/>" + impu + "</ServiceProfile>",
       "ServiceProfile: PublicIdentity is out of order; the order is: PublicIdentity, "
       "CoreNetworkServicesAuthorization, InitialFilterCriteria, Extension"},
      {with_extension("<IdentityType>5</IdentityType>"),
       member + "/Extension/IdentityType: is '5', not a number from 0 to 4"},
      {with_extension("<DisplayName>A</DisplayName>"),
       member + "/Extension: unknown element DisplayName; known are: IdentityType, WildcardedPSI, Extension"},
      {with_extension("<WildcardedPSI>sip:a@x</WildcardedPSI>"),
       member + "/Extension/WildcardedPSI: is 'sip:a@x', which is no wildcarded identity: there is no expression "
                "between two '!'"},
      {with_extension("<Extension><AliasIdentityGroupID>a</AliasIdentityGroupID><DisplayName>A</DisplayName>"
                      "</Extension>"),
       member + "/Extension/Extension: DisplayName is out of order; the order is: DisplayName, AliasIdentityGroupID, "
                "Extension"},
      {with_extension("<Extension><DisplayName/></Extension>"),
       member + "/Extension/Extension/DisplayName: is empty; give it a value or leave it out"},
      {with_extension("<Extension><Extension><ServicePriorityLevel>5</ServicePriorityLevel></Extension></Extension>"),
       member + "/Extension/Extension/Extension/ServicePriorityLevel: is '5', not a number from 0 to 4"},
      {with_extension("<Extension><Extension><Extension><ExtendedPriority/></Extension></Extension></Extension>"),
       member + "/Extension/Extension/Extension/Extension/ExtendedPriority[1]: PriorityNamespace is missing"},
      {std::string("<ServiceProfile>") + std::string(kLargestProfile, ' ') + "</ServiceProfile>",
       "service profile: longer than 1048576 octets"},
  };
  for (const Deviation& row : rows) EXPECT_EQ(complaint(row.text), row.complaint) << row.text.substr(0, 300);
}

TEST(ImportedProfile, IsNoProfileOfTheStore) {
  // What is stored has no identities: they are the subscribers'.
  EXPECT_THROW(parse_service_profile("<ServiceProfile><PublicIdentity><Identity>sip:a@x</Identity></PublicIdentity>"
                                     "</ServiceProfile>"),
               ProfileError);
}

}  // namespace
}  // namespace hss
