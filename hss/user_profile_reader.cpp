// Reads a stored service profile strictly: every element against the table of its parent's children, every value
// against its type.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <limits>
#include <pugixml.hpp>
#include <set>
#include <span>

#include "hss/ascii.h"
#include "hss/identity.h"
#include "hss/user_profile.h"
#include "hss/xml_reader.h"

namespace hss {
namespace {

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

/// A child that an element may have. Children come in the order of their ranks; those of one rank exclude each other.
struct Child {
  std::string_view name;
  int rank;
  std::size_t least;
  std::size_t most;
};

// TS 29.228 Annex E, without what this server has no use for.
constexpr Child kServiceProfile[] = {{"CoreNetworkServicesAuthorization", 0, 0, 1},
                                     {"InitialFilterCriteria", 1, 0, kAny}};
constexpr Child kAuthorization[] = {{"SubscribedMediaProfileId", 0, 0, 1}};
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

std::string shown(std::string_view name) {
  constexpr std::size_t kLongest = 40;
  std::string out(name.substr(0, kLongest));
  std::ranges::replace_if(
      out, [](char c) { return !ascii::is_visible(c); }, '?');
  return out;
}

bool is_text(pugi::xml_node node) { return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata; }

bool is_blank(std::string_view text) { return std::ranges::all_of(text, ascii::is_space); }

std::string names(std::span<const Child> children) {
  std::string all;
  for (const Child& child : children) all += (all.empty() ? "" : ", ") + std::string(child.name);
  return all;
}

/// An element and the way to it, for messages.
class Element {
 public:
  Element(pugi::xml_node node, std::string path) : node_(node), path_(std::move(path)) {}

  [[noreturn]] void fail(const std::string& why) const { throw ProfileError(path_ + ": " + why); }

  /// Holds the children against their table.
  void expect(std::span<const Child> table) const {
    if (node_.first_attribute()) fail("attribute '" + shown(node_.first_attribute().name()) + "' is not allowed");
    const Child* last = nullptr;
    std::size_t count = 0;
    for (const pugi::xml_node child : node_.children()) {
      if (is_text(child)) {
        if (!is_blank(child.value())) fail("text between its elements; it holds elements only");
        continue;
      }
      const std::string name = shown(child.name());
      const auto found = std::ranges::find(table, child.name(), &Child::name);
      if (table.empty()) fail("holds element " + name + "; it must be empty");
      if (found == table.end()) fail("unknown element " + name + "; known are: " + names(table));
      if (last != nullptr && found->rank < last->rank) {
        fail(name + " is out of order; the order is: " + names(table));
      }
      const bool same = last != nullptr && last->name == found->name;
      if (!same && last != nullptr && found->rank == last->rank) {
        fail(name + " stands beside " + std::string(last->name) + "; one of the two only");
      }
      count = same ? count + 1 : 1;
      if (count > found->most) fail(name + " is repeated; at the most " + std::to_string(found->most));
      last = &*found;
    }
    for (const Child& child : table) {
      if (child.least > 0 && !node_.child(child.name.data())) fail(std::string(child.name) + " is missing");
    }
  }

  [[nodiscard]] bool has(const char* name) const { return !node_.child(name).empty(); }
  [[nodiscard]] Element child(const char* name) const { return {node_.child(name), path_ + '/' + name}; }
  /// All of a name, numbered from 1.
  [[nodiscard]] std::vector<Element> children(const char* name) const {
    std::vector<Element> found;
    for (const pugi::xml_node node : node_.children(name)) {
      found.emplace_back(node, path_ + '/' + name + '[' + std::to_string(found.size() + 1) + ']');
    }
    return found;
  }

  /// The text of an element without children; never empty.
  [[nodiscard]] std::string text() const {
    if (node_.first_attribute()) fail("attribute '" + shown(node_.first_attribute().name()) + "' is not allowed");
    std::string value;
    for (const pugi::xml_node child : node_.children()) {
      if (!is_text(child)) fail("holds element " + shown(child.name()) + "; it holds a text only");
      value += child.value();
    }
    if (is_blank(value)) fail("is empty; give it a value or leave it out");
    if (value.find('\r') != std::string::npos) fail("holds a carriage return, which does not survive in XML");
    return value;
  }

  /// As text(), without the white space that the schema's types other than string do not count.
  [[nodiscard]] std::string collapsed() const {
    const std::string value = text();
    constexpr std::string_view kBlanks = " \t\n";
    const auto first = value.find_first_not_of(kBlanks);
    return value.substr(first, value.find_last_not_of(kBlanks) - first + 1);
  }

  [[nodiscard]] std::uint32_t number(std::uint32_t most = std::numeric_limits<std::int32_t>::max()) const {
    const std::string value = collapsed();
    std::uint32_t parsed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (error != std::errc{} || end != value.data() + value.size() || parsed > most) {
      fail("is '" + shown(value) + "', not a number from 0 to " + std::to_string(most));
    }
    return parsed;
  }

  /// A code of an enumeration that has `most` + 1 of them.
  template <typename Code>
  [[nodiscard]] Code code(Code most) const {
    return static_cast<Code>(number(static_cast<std::uint32_t>(most)));
  }

  [[nodiscard]] bool boolean() const {
    const std::string value = collapsed();
    if (value == "1" || value == "true") return true;
    if (value == "0" || value == "false") return false;
    fail("is '" + shown(value) + "', not 0, 1, false or true");
  }

 private:
  pugi::xml_node node_;
  std::string path_;
};

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

}  // namespace

ServiceProfile parse_service_profile(std::string_view xml) {
  ServiceProfile profile;
  if (is_blank(xml)) return profile;
  if (xml.size() > kLargestProfile) {
    throw ProfileError("service profile: longer than " + std::to_string(kLargestProfile) + " octets");
  }
  pugi::xml_document document;
  if (const auto wrong = parse_xml(xml, document)) throw ProfileError("service profile: " + *wrong);

  const pugi::xml_node root = document.document_element();
  if (root.name() != std::string_view("ServiceProfile")) {
    throw ProfileError("service profile: the root is " + shown(root.name()) + "; it must be ServiceProfile");
  }
  const Element node(root, "ServiceProfile");
  node.expect(kServiceProfile);
  if (node.has("CoreNetworkServicesAuthorization")) {
    const Element authorization = node.child("CoreNetworkServicesAuthorization");
    authorization.expect(kAuthorization);
    if (authorization.has("SubscribedMediaProfileId")) {
      profile.subscribed_media_profile = authorization.child("SubscribedMediaProfileId").number();
    }
  }
  std::set<std::uint32_t> priorities;
  for (const Element& criteria : node.children("InitialFilterCriteria")) {
    profile.criteria.push_back(read_criteria(criteria));
    const std::uint32_t priority = profile.criteria.back().priority;
    if (!priorities.insert(priority).second) {
      criteria.child("Priority").fail("is " + std::to_string(priority) + ", which another criterion has already");
    }
  }
  std::ranges::sort(profile.criteria, {}, &InitialFilterCriteria::priority);
  return profile;
}

}  // namespace hss
