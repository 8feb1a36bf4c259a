// Stored service profiles: what is written is read again equal, and every deviation from the schema is named.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "hss/user_profile.h"

namespace hss {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ServicePointTrigger trigger(std::vector<std::uint32_t> groups, decltype(ServicePointTrigger::condition) condition,
                            bool negated = false, std::vector<RegistrationType> types = {}) {
  return {negated, std::move(groups), std::move(condition), std::move(types)};
}

ServiceProfile everything() {
  ServiceProfile profile;
  profile.subscribed_media_profile = 2147483647;
  profile.service_ids = {"urn:urn-7:3gpp-service.ims.icsi.mmtel", "a & b"};
  profile.shared_ifc_ids = {2147483647, 0, 7};
  for (const bool cnf : {true, false}) {
    for (const auto handling : {std::optional<DefaultHandling>(), std::optional(DefaultHandling::kSessionContinued),
                                std::optional(DefaultHandling::kSessionTerminated)}) {
      for (const auto part : {std::optional<ProfilePart>(), std::optional(ProfilePart::kRegistered),
                              std::optional(ProfilePart::kUnregistered)}) {
        InitialFilterCriteria criteria;
        criteria.priority = static_cast<std::uint32_t>(profile.criteria.size());
        criteria.trigger_point = TriggerPoint{cnf, {}};
        criteria.application_server = {"sip:as.example.org;lr", handling, std::nullopt, cnf, !cnf};
        criteria.profile_part = part;
        profile.criteria.push_back(criteria);
      }
    }
  }
  auto& triggers = profile.criteria[0].trigger_point->triggers;
  for (const bool negated : {false, true}) {
    triggers.push_back(trigger({0}, RequestUri{"^sip:.*&<>\"'\xC3\xA4"}, negated));
    triggers.push_back(trigger({0, 1, 2147483647}, Method{"INVITE"}, negated));
    triggers.push_back(trigger({1}, SipHeader{"Event", std::nullopt}, negated));
    triggers.push_back(trigger({1}, SipHeader{"P-Asserted-Service", " .* "}, negated));
    triggers.push_back(trigger({2}, SessionDescription{"m", std::nullopt}, negated));
    triggers.push_back(trigger({2}, SessionDescription{"a", "audio\n.*"}, negated));
    for (const auto session_case :
         {SessionCase::kOriginating, SessionCase::kTerminatingRegistered, SessionCase::kTerminatingUnregistered,
          SessionCase::kOriginatingUnregistered, SessionCase::kOriginatingCdiv}) {
      triggers.push_back(trigger({3}, session_case, negated));
    }
  }
  triggers.push_back(trigger({4}, Method{"REGISTER"}, false, {RegistrationType::kReRegistration}));
  triggers.push_back(
      trigger({4}, Method{"REGISTER"}, true, {RegistrationType::kDeRegistration, RegistrationType::kInitial}));
  for (std::size_t i = 1; i + 1 < profile.criteria.size(); ++i) {
    profile.criteria[i].trigger_point->triggers = {trigger({static_cast<std::uint32_t>(i)}, Method{"MESSAGE"})};
  }
  profile.criteria.back().trigger_point.reset();
  profile.criteria.back().application_server.service_info = "<xml>&amp;</xml>";
  return profile;
}

TEST(ServiceProfileText, IsReadAsItWasWritten) {
  const ServiceProfile profile = everything();
  const std::string written = write_service_profile(profile);
  const ServiceProfile read = parse_service_profile(written);
  EXPECT_EQ(read.subscribed_media_profile, profile.subscribed_media_profile);
  EXPECT_EQ(read.service_ids, profile.service_ids);
  EXPECT_EQ(read.shared_ifc_ids, profile.shared_ifc_ids);
  ASSERT_EQ(read.criteria.size(), 18U);
  for (std::size_t i = 0; i < read.criteria.size(); ++i) EXPECT_TRUE(read.criteria[i] == profile.criteria[i]) << i;
  EXPECT_EQ(write_service_profile(read), written);
  pugi::xml_document again;
  EXPECT_TRUE(again.load_string(written.c_str()));
}

TEST(ServiceProfileText, MayBeEmpty) {
  for (const std::string_view text : {"", " \n", "<ServiceProfile/>", "<ServiceProfile> </ServiceProfile>",
                                      "<ServiceProfile><CoreNetworkServicesAuthorization/></ServiceProfile>"}) {
    const ServiceProfile profile = parse_service_profile(text);
    EXPECT_TRUE(profile.criteria.empty()) << text;
    EXPECT_FALSE(profile.subscribed_media_profile) << text;
  }
  EXPECT_EQ(write_service_profile(ServiceProfile{}), "<ServiceProfile/>");
}

TEST(ServiceProfileText, MayBeWrittenByHand) {
  const ServiceProfile profile = parse_service_profile(
      "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\r\n"
      "<!-- & voice --><ServiceProfile>\r\n"
      "  <InitialFilterCriteria>\r\n"
      "    <Priority> 9 </Priority>\r\n"
      "    <TriggerPoint><ConditionTypeCNF>false</ConditionTypeCNF>\r\n"
      "      <SPT><ConditionNegated>true</ConditionNegated><Group>0</Group>\r\n"
      "        <SIPHeader><Header><![CDATA[To & From]]></Header><Content>&#x41;&#66;&lt;<!-- . -->c</Content>"
      "</SIPHeader>\r\n"
      "      </SPT></TriggerPoint>\r\n"
      "    <ApplicationServer><ServerName>\r\n sip:as.example.org \r\n</ServerName></ApplicationServer>\r\n"
      "  </InitialFilterCriteria>\r\n"
      "  <InitialFilterCriteria><Priority>1</Priority>"
      "<ApplicationServer><ServerName>sip:b</ServerName></ApplicationServer></InitialFilterCriteria>\r\n"
      "</ServiceProfile>\r\n<!-- end -->");
  ASSERT_EQ(profile.criteria.size(), 2U);
  EXPECT_EQ(profile.criteria[0].priority, 1U);  // sorted
  EXPECT_EQ(profile.criteria[1].priority, 9U);
  EXPECT_EQ(profile.criteria[1].application_server.server_name, "sip:as.example.org");
  ASSERT_TRUE(profile.criteria[1].trigger_point);
  EXPECT_FALSE(profile.criteria[1].trigger_point->cnf);
  EXPECT_TRUE(profile.criteria[1].trigger_point->triggers.at(0) == trigger({0}, SipHeader{"To & From", "AB<c"}, true));
}

std::string complaint(std::string_view text) {
  try {
    parse_service_profile(text);
  } catch (const ProfileError& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
    return error.what();
  }
  return "";
}

std::string in_profile(std::string_view content) {
  return "<ServiceProfile>" + std::string(content) + "</ServiceProfile>";
}
std::string in_criteria(std::string_view content) {
  return in_profile("<InitialFilterCriteria>" + std::string(content) + "</InitialFilterCriteria>");
}
std::string in_spt(std::string_view content) {
  return in_criteria("<Priority>0</Priority><TriggerPoint><ConditionTypeCNF>1</ConditionTypeCNF><SPT>" +
                     std::string(content) +
                     "</SPT></TriggerPoint><ApplicationServer><ServerName>sip:as</ServerName></ApplicationServer>");
}
std::string in_server(std::string_view content) {
  return in_criteria("<Priority>0</Priority><ApplicationServer>" + std::string(content) + "</ApplicationServer>");
}

TEST(ServiceProfileText, EveryDeviationIsNamed) {
  const std::string server = "<ApplicationServer><ServerName>sip:as</ServerName></ApplicationServer>";
  const std::string ifc = "ServiceProfile/InitialFilterCriteria[1]";
  const std::string spt = ifc + "/TriggerPoint/SPT[1]";
  struct Row {
    std::string text;
    std::string complaint;
  };
  const Row rows[] = {
      // Unknown elements, attributes, text
      {"<IMSSubscription/>", "service profile: the root is IMSSubscription; it must be ServiceProfile"},
      {in_profile("<PublicIdentity/>"),
       "ServiceProfile: unknown element PublicIdentity; known are: CoreNetworkServicesAuthorization, "
       "InitialFilterCriteria, Extension"},
      {in_profile("<initialFilterCriteria/>"),
       "ServiceProfile: unknown element initialFilterCriteria; known are: CoreNetworkServicesAuthorization, "
       "InitialFilterCriteria, Extension"},
      {in_criteria("<Priority>1</Priority>" + server + "<Extension/>"),
       ifc + ": unknown element Extension; known are: Priority, TriggerPoint, ApplicationServer, "
             "ProfilePartIndicator"},
      {"<ServiceProfile xmlns='x'/>", "ServiceProfile: attribute 'xmlns' is not allowed"},
      {in_criteria("<Priority a='1'>1</Priority>" + server), ifc + "/Priority: attribute 'a' is not allowed"},
      {in_profile("<InitialFilterCriteria b=''/>"), ifc + ": attribute 'b' is not allowed"},
      {in_profile("text"), "ServiceProfile: text between its elements; it holds elements only"},
      {in_criteria("<Priority>1<x/></Priority>" + server), ifc + "/Priority: holds element x; it holds a text only"},
      // Order, repetition, absence
      {in_profile("<InitialFilterCriteria/><CoreNetworkServicesAuthorization/>"),
       "ServiceProfile: CoreNetworkServicesAuthorization is out of order; the order is: "
       "CoreNetworkServicesAuthorization, InitialFilterCriteria, Extension"},
      {in_criteria(server + "<Priority>1</Priority>"),
       ifc + ": Priority is out of order; the order is: Priority, TriggerPoint, ApplicationServer, "
             "ProfilePartIndicator"},
      {in_criteria("<Priority>1</Priority><Priority>2</Priority>" + server),
       ifc + ": Priority is repeated; at the most 1"},
      {in_criteria(server), ifc + ": Priority is missing"},
      {in_criteria("<Priority>1</Priority>"), ifc + ": ApplicationServer is missing"},
      {in_criteria("<Priority>1</Priority><TriggerPoint><SPT/></TriggerPoint>" + server),
       ifc + "/TriggerPoint: ConditionTypeCNF is missing"},
      {in_criteria("<Priority>1</Priority><TriggerPoint><ConditionTypeCNF>1</ConditionTypeCNF></TriggerPoint>" +
                   server),
       ifc + "/TriggerPoint: SPT is missing"},
      {in_spt("<Method>INVITE</Method>"), spt + ": Group is missing"},
      {in_spt("<Group>0</Group>"),
       spt + ": has no condition; give one of RequestURI, Method, SIPHeader, SessionCase, SessionDescription"},
      {in_spt("<Group>0</Group><Method>INVITE</Method><Method>BYE</Method>"),
       spt + ": Method is repeated; at the most 1"},
      {in_spt("<Group>0</Group><Method>INVITE</Method><SessionCase>0</SessionCase>"),
       spt + ": SessionCase stands beside Method; one of the two only"},
      {in_spt("<Group>0</Group><SIPHeader><Content>x</Content></SIPHeader>"), spt + "/SIPHeader: Header is missing"},
      {in_spt("<Group>0</Group><SessionDescription/>"), spt + "/SessionDescription: Line is missing"},
      {in_server("<DefaultHandling>0</DefaultHandling>"), ifc + "/ApplicationServer: ServerName is missing"},
      {in_server("<ServerName>sip:as</ServerName><ServiceInfo>x</ServiceInfo><DefaultHandling>0</DefaultHandling>"),
       ifc + "/ApplicationServer: DefaultHandling is out of order; the order is: ServerName, DefaultHandling, "
             "ServiceInfo, Extension"},
      // Values
      {in_criteria("<Priority/>" + server), ifc + "/Priority: is empty; give it a value or leave it out"},
      {in_criteria("<Priority>-1</Priority>" + server), ifc + "/Priority: is '-1', not a number from 0 to 2147483647"},
      {in_criteria("<Priority>2147483648</Priority>" + server),
       ifc + "/Priority: is '2147483648', not a number from 0 to 2147483647"},
      {in_criteria("<Priority>99999999999</Priority>" + server),
       ifc + "/Priority: is '99999999999', not a number from 0 to 2147483647"},
      {in_criteria("<Priority>1x</Priority>" + server), ifc + "/Priority: is '1x', not a number from 0 to 2147483647"},
      {in_criteria("<Priority>0x1</Priority>" + server),
       ifc + "/Priority: is '0x1', not a number from 0 to 2147483647"},
      {in_criteria("<Priority>1</Priority>" + server + "<ProfilePartIndicator>2</ProfilePartIndicator>"),
       ifc + "/ProfilePartIndicator: is '2', not a number from 0 to 1"},
      {in_spt("<ConditionNegated>yes</ConditionNegated><Group>0</Group><Method>INVITE</Method>"),
       spt + "/ConditionNegated: is 'yes', not 0, 1, false or true"},
      {in_spt("<Group>a</Group><Method>INVITE</Method>"), spt + "/Group[1]: is 'a', not a number from 0 to 2147483647"},
      {in_spt("<Group>0</Group><SessionCase>5</SessionCase>"), spt + "/SessionCase: is '5', not a number from 0 to 4"},
      {in_spt("<Group>0</Group><Method>IN VITE</Method>"), spt + "/Method: is 'IN?VITE', which is no SIP method"},
      {in_spt("<Group>0</Group><RequestURI> </RequestURI>"),
       spt + "/RequestURI: is empty; give it a value or leave it out"},
      {in_spt("<Group>0</Group><RequestURI>a&#13;</RequestURI>"),
       spt + "/RequestURI: holds a carriage return, which does not survive in XML"},
      {in_spt("<Group>0</Group><Method>INVITE</Method><Extension><RegistrationType>0</RegistrationType></Extension>"),
       spt + "/Extension/RegistrationType[1]: goes with Method REGISTER only"},
      {in_spt("<Group>0</Group><Method>REGISTER</Method><Extension><RegistrationType>3</RegistrationType></Extension>"),
       spt + "/Extension/RegistrationType[1]: is '3', not a number from 0 to 2"},
      {in_spt("<Group>0</Group><Method>REGISTER</Method><Extension><RegistrationType>1</RegistrationType>"
              "<RegistrationType>1</RegistrationType></Extension>"),
       spt + "/Extension/RegistrationType[2]: is given twice"},
      {in_spt("<Group>0</Group><Method>REGISTER</Method><Extension><RegistrationType>0</RegistrationType>"
              "<RegistrationType>1</RegistrationType><RegistrationType>2</RegistrationType></Extension>"),
       spt + "/Extension: RegistrationType is repeated; at the most 2"},
      {in_server("<ServerName>as.example.org</ServerName>"),
       ifc + "/ApplicationServer/ServerName: is 'as.example.org', which is no SIP URI"},
      {in_server("<ServerName>sip:as</ServerName><DefaultHandling>2</DefaultHandling>"),
       ifc + "/ApplicationServer/DefaultHandling: is '2', not a number from 0 to 1"},
      {in_server("<ServerName>sip:as</ServerName><Extension><IncludeRegisterRequest><x/></IncludeRegisterRequest>"
                 "</Extension>"),
       ifc + "/ApplicationServer/Extension/IncludeRegisterRequest: holds element x; it must be empty"},
      {in_server("<ServerName>sip:as</ServerName><Extension><IncludeRegisterResponse/><IncludeRegisterRequest/>"
                 "</Extension>"),
       ifc + "/ApplicationServer/Extension: IncludeRegisterRequest is out of order; the order is: "
             "IncludeRegisterRequest, IncludeRegisterResponse"},
      {in_profile("<CoreNetworkServicesAuthorization><SubscribedMediaProfileId>x</SubscribedMediaProfileId>"
                  "</CoreNetworkServicesAuthorization>"),
       "ServiceProfile/CoreNetworkServicesAuthorization/SubscribedMediaProfileId: is 'x', not a number from 0 to "
       "2147483647"},
      // Core network services and shared sets
      {in_profile("<CoreNetworkServicesAuthorization><Extension><ListOfServiceIds/></Extension>"
                  "</CoreNetworkServicesAuthorization>"),
       "ServiceProfile/CoreNetworkServicesAuthorization/Extension/ListOfServiceIds: ServiceId is missing"},
      {in_profile("<CoreNetworkServicesAuthorization><Extension><ListOfServiceIds><ServiceId>a</ServiceId>"
                  "<ServiceId>a</ServiceId></ListOfServiceIds></Extension></CoreNetworkServicesAuthorization>"),
       "ServiceProfile/CoreNetworkServicesAuthorization/Extension/ListOfServiceIds/ServiceId[2]: is given twice"},
      {in_profile("<CoreNetworkServicesAuthorization><Extension/><SubscribedMediaProfileId>1"
                  "</SubscribedMediaProfileId></CoreNetworkServicesAuthorization>"),
       "ServiceProfile/CoreNetworkServicesAuthorization: SubscribedMediaProfileId is out of order; the order is: "
       "SubscribedMediaProfileId, Extension"},
      {in_profile("<Extension><SharedIFCSetID>-1</SharedIFCSetID></Extension>"),
       "ServiceProfile/Extension/SharedIFCSetID[1]: is '-1', not a number from 0 to 2147483647"},
      {in_profile("<Extension><SharedIFCSetID>7</SharedIFCSetID><SharedIFCSetID>7</SharedIFCSetID></Extension>"),
       "ServiceProfile/Extension/SharedIFCSetID[2]: is given twice"},
      // One Extension too many, as some servers write it.
      {in_profile("<Extension><Extension><SharedIFCSetID>7</SharedIFCSetID></Extension></Extension>"),
       "ServiceProfile/Extension: unknown element Extension; known are: SharedIFCSetID"},
      {in_profile("<SharedIFCSetID>7</SharedIFCSetID>"),
       "ServiceProfile: unknown element SharedIFCSetID; known are: CoreNetworkServicesAuthorization, "
       "InitialFilterCriteria, Extension"},
      {in_profile("<Extension/><InitialFilterCriteria/>"),
       "ServiceProfile: InitialFilterCriteria is out of order; the order is: CoreNetworkServicesAuthorization, "
       "InitialFilterCriteria, Extension"},
      {in_profile("<x:more xmlns:x='urn:x'/>"),
       "ServiceProfile: unknown element x:more; known are: CoreNetworkServicesAuthorization, InitialFilterCriteria, "
       "Extension"},
      {in_profile("<InitialFilterCriteria><Priority>7</Priority>" + server + "</InitialFilterCriteria>" +
                  "<InitialFilterCriteria><Priority>07</Priority>" + server + "</InitialFilterCriteria>"),
       "ServiceProfile/InitialFilterCriteria[2]/Priority: is 7, which another criterion has already"},
      // XML itself
      {"<!DOCTYPE ServiceProfile><ServiceProfile/>",
       "service profile: line 1: a document type is not allowed; leave it out"},
      {"\n<!DOCTYPE x [<!ENTITY a 'b'>]><ServiceProfile>&a;</ServiceProfile>",
       "service profile: line 2: a document type is not allowed; leave it out"},
      {in_profile("\n&nbsp;"),
       "service profile: line 2: '&' without one of amp; lt; gt; quot; apos; or a character's "
       "number; write &amp;"},
      {"<?xml version='1.0' encoding='ISO-8859-1'?><ServiceProfile/>",
       "service profile: the XML declaration names an encoding other than UTF-8; save it as UTF-8"},
      {" <?xml version='1.0'?><ServiceProfile/>", "service profile: the XML declaration is not at the beginning"},
      {"<ServiceProfile/><ServiceProfile/>", "service profile: a second element 'ServiceProfile' beside the first"},
      {"<ServiceProfile/>x", "service profile: text beside the root element"},
      {"x<ServiceProfile/>", "service profile: text beside the root element"},
      {"<!-- nothing -->", "service profile: no element"},
      {"<!-- <ServiceProfile/>", "service profile: line 1: <!-- is not closed"},
      {"<ServiceProfile>\xE4</ServiceProfile>", "service profile: line 1: not UTF-8; save the text as UTF-8"},
      {std::string("<ServiceProfile/>\0", 18), "service profile: line 1: a character that XML does not allow"},
  };
  for (const Row& row : rows) EXPECT_EQ(complaint(row.text), row.complaint) << row.text;
}

TEST(ServiceProfileText, BrokenXmlHasItsLine) {
  for (const std::string_view text : {"<ServiceProfile>", "\n<ServiceProfile></serviceprofile>", "<ServiceProfile", "<",
                                      "<ServiceProfile a=1/>", "</ServiceProfile>"}) {
    EXPECT_THAT(complaint(text), testing::ContainsRegex("^service profile: line [12]: no XML: ")) << text;
  }
}

TEST(ServiceProfileText, ReferencesAreCharactersOfXmlOnly) {
  for (const std::string_view reference : {"&#0;", "&#x1;", "&#x1F;", "&#xFFFE;", "&#xD800;", "&#x110000;", "&#;",
                                           "&#x;", "&#-1;", "&#99999999999;", "&", "&;", "&amp", "&AMP;"}) {
    EXPECT_THAT(complaint(in_spt("<Group>0</Group><Method>A" + std::string(reference) + "</Method>")),
                StartsWith("service profile: line 1: '&' without"))
        << reference;
  }
}

TEST(ServiceProfileText, IsBounded) {
  const std::string head = "<ServiceProfile><!--";
  const std::string tail = "--></ServiceProfile>";
  EXPECT_EQ(complaint(head + std::string(kLargestProfile - head.size() - tail.size(), '-') + tail), "");
  EXPECT_EQ(complaint(head + std::string(kLargestProfile + 1 - head.size() - tail.size(), '-') + tail),
            "service profile: longer than 1048576 octets");
  std::string deep;
  for (std::size_t i = 0; i < kLargestProfile / 8; ++i) deep += "<a>";
  for (std::size_t i = 0; i < kLargestProfile / 8; ++i) deep += "</a>";
  EXPECT_EQ(complaint(deep), "service profile: the root is a; it must be ServiceProfile");
  EXPECT_THAT(complaint(in_profile("<" + std::string(1000, 'x') + "/>")),
              StartsWith("ServiceProfile: unknown element " + std::string(40, 'x') + ";"));
}

// ---- Unregistered services ------------------------------------------------------------------------------------------

TEST(UnregisteredServices, HoldForEveryRow) {
  using S = SessionCase;
  const auto invite = trigger({0}, Method{"INVITE"});
  const TriggerPoint none_needed{true, {invite}};
  struct Row {
    const char* what;
    std::optional<TriggerPoint> point;
    std::optional<ProfilePart> part;
    bool expected;
  };
  const Row rows[] = {
      {"no trigger: every request", std::nullopt, std::nullopt, true},
      {"no trigger, registered part", std::nullopt, ProfilePart::kRegistered, false},
      {"no trigger, unregistered part", std::nullopt, ProfilePart::kUnregistered, true},
      {"no SessionCase", none_needed, std::nullopt, true},
      {"no SessionCase, registered part", none_needed, ProfilePart::kRegistered, false},
      {"terminating unregistered", TriggerPoint{true, {invite, trigger({1}, S::kTerminatingUnregistered)}},
       std::nullopt, true},
      {"originating unregistered", TriggerPoint{true, {invite, trigger({1}, S::kOriginatingUnregistered)}},
       std::nullopt, true},
      {"the same, registered part", TriggerPoint{true, {invite, trigger({1}, S::kTerminatingUnregistered)}},
       ProfilePart::kRegistered, false},
      {"registered cases",
       TriggerPoint{true, {invite, trigger({1}, S::kOriginating), trigger({1}, S::kTerminatingRegistered)}},
       std::nullopt, false},
      {"registered cases, unregistered part", TriggerPoint{true, {trigger({0}, S::kOriginating)}},
       ProfilePart::kUnregistered, false},
      {"one case of two",
       TriggerPoint{true, {trigger({1}, S::kOriginating), trigger({1}, S::kTerminatingUnregistered)}}, std::nullopt,
       true},
      {"cases that exclude each other",
       TriggerPoint{true, {trigger({1}, S::kOriginating), trigger({2}, S::kTerminatingUnregistered)}}, std::nullopt,
       false},
      {"not a registered case", TriggerPoint{true, {trigger({0}, S::kOriginating, true)}}, std::nullopt, true},
      {"neither unregistered case",
       TriggerPoint{true,
                    {trigger({0}, S::kTerminatingUnregistered, true), trigger({1}, S::kOriginatingUnregistered, true)}},
       std::nullopt, false},
      {"originating after diversion", TriggerPoint{true, {trigger({0}, S::kOriginatingCdiv)}}, std::nullopt, false},
      {"DNF: one group of two", TriggerPoint{false, {trigger({0}, S::kOriginating), trigger({1}, Method{"INVITE"})}},
       std::nullopt, true},
      {"DNF: the only group", TriggerPoint{false, {trigger({0}, S::kOriginating), trigger({0}, Method{"INVITE"})}},
       std::nullopt, false},
      {"DNF: a trigger of both groups",
       TriggerPoint{false, {trigger({0, 1}, S::kOriginating), trigger({1}, Method{"INVITE"})}}, std::nullopt, false},
      {"registration", TriggerPoint{true, {trigger({0}, Method{"REGISTER"})}}, std::nullopt, false},
      {"anything but registration", TriggerPoint{true, {trigger({0}, Method{"REGISTER"}, true)}}, std::nullopt, true},
      {"registration or message",
       TriggerPoint{true, {trigger({0}, Method{"REGISTER"}), trigger({0}, Method{"MESSAGE"})}}, std::nullopt, true},
  };
  for (const Row& row : rows) {
    ServiceProfile profile;
    profile.criteria.resize(1);
    profile.criteria[0].trigger_point = row.point;
    profile.criteria[0].profile_part = row.part;
    EXPECT_EQ(profile.has_unregistered_services(), row.expected) << row.what;
    profile.criteria.insert(profile.criteria.begin(), InitialFilterCriteria{});
    profile.criteria[0].profile_part = ProfilePart::kRegistered;
    EXPECT_EQ(profile.has_unregistered_services(), row.expected) << row.what << ", beside another";
  }
  EXPECT_FALSE(ServiceProfile{}.has_unregistered_services());
}

}  // namespace
}  // namespace hss
