// Reads service profiles strictly, with and without the identities they come with: every element against the table of
// its parent's children, every value against its type.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <pugixml.hpp>
#include <set>

#include "hss/ascii.h"
#include "hss/identity.h"
#include "hss/subscriber.h"
#include "hss/user_profile.h"
#include "hss/user_profile_element.h"
#include "hss/wildcard.h"
#include "hss/xml_reader.h"

namespace hss {
namespace {

using Child = ProfileChild;
using Element = ProfileElement;
constexpr std::size_t kAny = kAnyNumber;

// TS 29.228 Annex E. What an S-CSCF could not be sent again is refused rather than dropped: an Extension of a later
// release is an unknown element.
constexpr Child kServiceProfile[] = {
    {"CoreNetworkServicesAuthorization", 1, 0, 1}, {"InitialFilterCriteria", 2, 0, kAny}, {"Extension", 3, 0, 1}};
constexpr Child kServiceProfileExtension[] = {{"SharedIFCSetID", 0, 0, kAny}};
constexpr Child kSharedCriteria[] = {{"InitialFilterCriteria", 0, 0, kAny}};
constexpr Child kAuthorization[] = {{"SubscribedMediaProfileId", 0, 0, 1}, {"Extension", 1, 0, 1}};
constexpr Child kAuthorizationExtension[] = {{"ListOfServiceIds", 0, 0, 1}};
constexpr Child kServiceIds[] = {{"ServiceId", 0, 1, kAny}};
constexpr Child kCriteria[] = {{"Priority", 0, 1, 1},
                               {"TriggerPoint", 1, 0, 1},
                               {"ApplicationServer", 2, 1, 1},
                               {"ProfilePartIndicator", 3, 0, 1}};
constexpr Child kTriggerPoint[] = {{"ConditionTypeCNF", 0, 1, 1}, {"SPT", 1, 1, kAny}};
constexpr int kConditionRank = 2;
constexpr Child kTrigger[] = {{"ConditionNegated", 0, 0, 1},
                              {"Group", 1, 1, kAny},
                              {"RequestURI", kConditionRank, 0, 1},
                              {"Method", kConditionRank, 0, 1},
                              {"SIPHeader", kConditionRank, 0, 1},
                              {"SessionCase", kConditionRank, 0, 1},
                              {"SessionDescription", kConditionRank, 0, 1},
                              {"Extension", 3, 0, 1}};
constexpr Child kTriggerExtension[] = {{"RegistrationType", 0, 0, 2}};
constexpr Child kHeader[] = {{"Header", 0, 1, 1}, {"Content", 1, 0, 1}};
constexpr Child kDescription[] = {{"Line", 0, 1, 1}, {"Content", 1, 0, 1}};
constexpr Child kServer[] = {
    {"ServerName", 0, 1, 1}, {"DefaultHandling", 1, 0, 1}, {"ServiceInfo", 2, 0, 1}, {"Extension", 3, 0, 1}};
constexpr Child kServerExtension[] = {{"IncludeRegisterRequest", 0, 0, 1}, {"IncludeRegisterResponse", 1, 0, 1}};

// What is checked and left out when a document is imported.
constexpr Child kSubscription[] = {{"PrivateID", 0, 1, 1}, {"ServiceProfile", 1, 1, 1}, {"Extension", 2, 0, 1}};
constexpr Child kSubscriptionExtension[] = {{"IMSI", 0, 0, 1}, {"Extension", 1, 0, 1}};
constexpr Child kReferenceLocations[] = {{"ReferenceLocationInformation", 0, 0, kAny}};
constexpr Child kReferenceLocation[] = {{"AccessType", 0, 1, 1}, {"AccessInfo", 1, 1, 1}, {"AccessValue", 2, 1, 1}};
constexpr Child kProfileWithIdentities[] = {
    {"PublicIdentity", 0, 0, kAny}, kServiceProfile[0], kServiceProfile[1], kServiceProfile[2]};
constexpr Child kProfileOfSubscription[] = {
    {"PublicIdentity", 0, 1, kAny}, kServiceProfile[0], kServiceProfile[1], kServiceProfile[2]};
constexpr Child kPublicIdentity[] = {{"BarringIndication", 0, 0, 1}, {"Identity", 1, 1, 1}, {"Extension", 2, 0, 1}};
constexpr Child kIdentityExtension[] = {{"IdentityType", 0, 0, 1}, {"WildcardedPSI", 1, 0, 1}, {"Extension", 2, 0, 1}};
constexpr Child kIdentityExtension2[] = {
    {"DisplayName", 0, 0, 1}, {"AliasIdentityGroupID", 1, 0, 1}, {"Extension", 2, 0, 1}};
constexpr Child kIdentityExtension3[] = {{"WildcardedIMPU", 0, 0, 1},
                                         {"ServiceLevelTraceInfo", 1, 0, 1},
                                         {"ServicePriorityLevel", 2, 0, 1},
                                         {"Extension", 3, 0, 1}};
constexpr Child kIdentityExtension4[] = {{"ExtendedPriority", 0, 0, kAny},
                                         {"MaxNumOfAllowedSimultRegistrations", 1, 0, 1}};
constexpr Child kExtendedPriority[] = {{"PriorityNamespace", 0, 1, 1}, {"PriorityLevel", 1, 1, 1}};

std::optional<std::string> optional_text(const Element& parent, const char* name) {
  if (!parent.has(name)) return std::nullopt;
  return parent.child(name).text();
}

bool is_method(std::string_view name) {  // token, RFC 3261 25.1
  return std::ranges::all_of(name, [](char c) {
    return ascii::is_alpha(c) || ascii::is_digit(c) || std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
  });
}

void read_condition(const Element& spt, ServicePointTrigger& trigger) {
  if (spt.has("RequestURI")) {
    trigger.condition = RequestUri{spt.child("RequestURI").text()};
  } else if (spt.has("Method")) {
    const Element method = spt.child("Method");
    trigger.condition = Method{method.text()};
    if (!is_method(method.text())) method.fail("is '" + shown(method.text()) + "', which is no SIP method");
  } else if (spt.has("SIPHeader")) {
    const Element header = spt.child("SIPHeader");
    header.expect(kHeader);
    trigger.condition = SipHeader{header.child("Header").text(), optional_text(header, "Content")};
  } else if (spt.has("SessionCase")) {
    trigger.condition = spt.child("SessionCase").code(SessionCase::kOriginatingCdiv);
  } else if (spt.has("SessionDescription")) {
    const Element description = spt.child("SessionDescription");
    description.expect(kDescription);
    trigger.condition = SessionDescription{description.child("Line").text(), optional_text(description, "Content")};
  } else {
    spt.fail("has no condition; give one of RequestURI, Method, SIPHeader, SessionCase, SessionDescription");
  }
}

void read_registration_types(const Element& spt, ServicePointTrigger& trigger) {
  const Element extension = spt.child("Extension");
  extension.expect(kTriggerExtension);
  const auto* method = std::get_if<Method>(&trigger.condition);
  for (const Element& type : extension.children("RegistrationType")) {
    if (method == nullptr || method->name != "REGISTER") type.fail("goes with Method REGISTER only");
    const auto code = type.code(RegistrationType::kDeRegistration);
    if (std::ranges::find(trigger.registration_types, code) != trigger.registration_types.end()) {
      type.fail("is given twice");
    }
    trigger.registration_types.push_back(code);
  }
}

ServicePointTrigger read_trigger(const Element& spt) {
  spt.expect(kTrigger);
  ServicePointTrigger trigger;
  trigger.negated = spt.has("ConditionNegated") && spt.child("ConditionNegated").boolean();
  for (const Element& group : spt.children("Group")) trigger.groups.push_back(group.number());
  read_condition(spt, trigger);
  if (spt.has("Extension")) read_registration_types(spt, trigger);
  return trigger;
}

ApplicationServer read_server(const Element& node) {
  node.expect(kServer);
  ApplicationServer server;
  const Element name = node.child("ServerName");
  server.server_name = name.collapsed();
  if (!is_sip_uri(server.server_name)) name.fail("is '" + shown(server.server_name) + "', which is no SIP URI");
  if (node.has("DefaultHandling")) {
    server.default_handling = node.child("DefaultHandling").code(DefaultHandling::kSessionTerminated);
  }
  server.service_info = optional_text(node, "ServiceInfo");
  if (node.has("Extension")) {
    const Element extension = node.child("Extension");
    extension.expect(kServerExtension);
    server.include_register_request = extension.has("IncludeRegisterRequest");
    server.include_register_response = extension.has("IncludeRegisterResponse");
    if (server.include_register_request) extension.child("IncludeRegisterRequest").expect({});
    if (server.include_register_response) extension.child("IncludeRegisterResponse").expect({});
  }
  return server;
}

InitialFilterCriteria read_criteria(const Element& node) {
  node.expect(kCriteria);
  InitialFilterCriteria criteria;
  criteria.priority = node.child("Priority").number();
  if (node.has("TriggerPoint")) {
    const Element point = node.child("TriggerPoint");
    point.expect(kTriggerPoint);
    criteria.trigger_point.emplace();
    criteria.trigger_point->cnf = point.child("ConditionTypeCNF").boolean();
    for (const Element& spt : point.children("SPT")) criteria.trigger_point->triggers.push_back(read_trigger(spt));
  }
  criteria.application_server = read_server(node.child("ApplicationServer"));
  if (node.has("ProfilePartIndicator")) {
    criteria.profile_part = node.child("ProfilePartIndicator").code(ProfilePart::kUnregistered);
  }
  return criteria;
}

void read_authorization(const Element& node, ServiceProfile& profile) {
  node.expect(kAuthorization);
  if (node.has("SubscribedMediaProfileId")) {
    profile.subscribed_media_profile = node.child("SubscribedMediaProfileId").number();
  }
  if (!node.has("Extension")) return;
  const Element extension = node.child("Extension");
  extension.expect(kAuthorizationExtension);
  if (!extension.has("ListOfServiceIds")) return;
  const Element list = extension.child("ListOfServiceIds");
  list.expect(kServiceIds);
  for (const Element& service : list.children("ServiceId")) {
    std::string id = service.text();
    if (std::ranges::find(profile.service_ids, id) != profile.service_ids.end()) service.fail("is given twice");
    profile.service_ids.push_back(std::move(id));
  }
}

std::vector<InitialFilterCriteria> read_all_criteria(const Element& profile) {
  std::vector<InitialFilterCriteria> all;
  std::set<std::uint32_t> priorities;
  for (const Element& criteria : profile.children("InitialFilterCriteria")) {
    all.push_back(read_criteria(criteria));
    const std::uint32_t priority = all.back().priority;
    if (!priorities.insert(priority).second) {
      criteria.child("Priority").fail("is " + std::to_string(priority) + ", which another criterion has already");
    }
  }
  std::ranges::sort(all, {}, &InitialFilterCriteria::priority);
  return all;
}

/// Everything of a ServiceProfile element but its identities; the children are checked.
ServiceProfile read_services(const Element& node) {
  ServiceProfile profile;
  if (node.has("CoreNetworkServicesAuthorization")) {
    read_authorization(node.child("CoreNetworkServicesAuthorization"), profile);
  }
  profile.criteria = read_all_criteria(node);
  if (node.has("Extension")) {
    const Element extension = node.child("Extension");
    extension.expect(kServiceProfileExtension);
    std::set<std::uint32_t> ids;
    for (const Element& shared : extension.children("SharedIFCSetID")) {
      profile.shared_ifc_ids.push_back(shared.number());
      if (!ids.insert(shared.number()).second) shared.fail("is given twice");
    }
  }
  return profile;
}

void check_wildcard(const Element& node) {
  std::string why;
  if (!WildcardedIdentity::parse(node.collapsed(), &why)) {
    node.fail("is '" + shown(node.collapsed()) + "', which is no wildcarded identity: " + why);
  }
}

void check_identity_extension(const Element& extension) {
  extension.expect(kIdentityExtension);
  if (extension.has("IdentityType")) {
    static_cast<void>(extension.child("IdentityType").code(IdentityType::kWildcardedPublicUserIdentity));
  }
  if (extension.has("WildcardedPSI")) check_wildcard(extension.child("WildcardedPSI"));
  if (!extension.has("Extension")) return;

  const Element second = extension.child("Extension");
  second.expect(kIdentityExtension2);
  for (const char* name : {"DisplayName", "AliasIdentityGroupID"}) optional_text(second, name);
  if (!second.has("Extension")) return;

  const Element third = second.child("Extension");
  third.expect(kIdentityExtension3);
  if (third.has("WildcardedIMPU")) check_wildcard(third.child("WildcardedIMPU"));
  optional_text(third, "ServiceLevelTraceInfo");
  constexpr std::uint32_t kLowestLevel = 4;
  if (third.has("ServicePriorityLevel")) {
    static_cast<void>(third.child("ServicePriorityLevel").number(kLowestLevel));
  }
  if (!third.has("Extension")) return;

  const Element fourth = third.child("Extension");
  fourth.expect(kIdentityExtension4);
  for (const Element& priority : fourth.children("ExtendedPriority")) {
    priority.expect(kExtendedPriority);
    for (const char* name : {"PriorityNamespace", "PriorityLevel"}) optional_text(priority, name);
  }
  if (fourth.has("MaxNumOfAllowedSimultRegistrations")) {
    static_cast<void>(fourth.child("MaxNumOfAllowedSimultRegistrations").number());
  }
}

void check_public_identity(const Element& node) {
  node.expect(kPublicIdentity);
  if (node.has("BarringIndication")) static_cast<void>(node.child("BarringIndication").boolean());
  const Element identity = node.child("Identity");
  const std::string text = identity.collapsed();
  if (!canonical_public_identity(text) && !WildcardedIdentity::parse(text)) {
    identity.fail("is '" + shown(text) + "', which is no SIP or tel URI");
  }
  if (node.has("Extension")) check_identity_extension(node.child("Extension"));
}

void check_subscription_extension(const Element& extension) {
  extension.expect(kSubscriptionExtension);
  optional_text(extension, "IMSI");
  if (!extension.has("Extension")) return;
  const Element locations = extension.child("Extension");
  locations.expect(kReferenceLocations);
  for (const Element& location : locations.children("ReferenceLocationInformation")) {
    location.expect(kReferenceLocation);
    for (const char* name : {"AccessType", "AccessInfo", "AccessValue"}) optional_text(location, name);
  }
}

/// Parses `xml` into `document`; `what` it is to be, for messages.
Element read_root(std::string_view xml, pugi::xml_document& document, const std::string& what) {
  if (xml.size() > kLargestProfile) {
    throw ProfileError(what + ": longer than " + std::to_string(kLargestProfile) + " octets");
  }
  if (const auto wrong = parse_xml(xml, document)) throw ProfileError(what + ": " + *wrong);
  return {document.document_element(), shown(document.document_element().name())};
}

[[noreturn]] void refuse_root(const std::string& what, const pugi::xml_document& document,
                              const std::string& expected) {
  throw ProfileError(what + ": the root is " + shown(document.document_element().name()) + "; it must be " + expected);
}

bool root_is(const pugi::xml_document& document, std::string_view name) {
  return document.document_element().name() == name;
}

}  // namespace

ServiceProfile parse_service_profile(std::string_view xml) {
  if (is_blank(xml)) return {};
  pugi::xml_document document;
  const Element root = read_root(xml, document, "service profile");
  if (!root_is(document, "ServiceProfile")) refuse_root("service profile", document, "ServiceProfile");
  root.expect(kServiceProfile);
  return read_services(root);
}

ServiceProfile import_service_profile(std::string_view xml) {
  if (is_blank(xml)) return {};
  pugi::xml_document document;
  const Element root = read_root(xml, document, "service profile");
  if (root_is(document, "ServiceProfile")) {
    root.expect(kProfileWithIdentities);
    for (const Element& identity : root.children("PublicIdentity")) check_public_identity(identity);
    return read_services(root);
  }
  if (!root_is(document, "IMSSubscription")) {
    refuse_root("service profile", document, "ServiceProfile or IMSSubscription");
  }
  root.expect(kSubscription);
  const Element impi = root.child("PrivateID");
  if (!canonical_private_identity(impi.collapsed())) {
    impi.fail("is '" + shown(impi.collapsed()) + "', which is no private identity");
  }
  if (root.has("Extension")) check_subscription_extension(root.child("Extension"));
  const Element profile = root.child("ServiceProfile");
  profile.expect(kProfileOfSubscription);
  for (const Element& identity : profile.children("PublicIdentity")) check_public_identity(identity);
  return read_services(profile);
}

SharedIfcSet parse_shared_ifc_set(std::string_view xml) {
  SharedIfcSet set;
  if (is_blank(xml)) return set;
  pugi::xml_document document;
  const Element root = read_root(xml, document, "shared criteria");
  if (!root_is(document, "ServiceProfile")) refuse_root("shared criteria", document, "ServiceProfile");
  root.expect(kSharedCriteria);
  set.criteria = read_all_criteria(root);
  return set;
}

}  // namespace hss
