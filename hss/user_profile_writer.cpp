// Writes service profiles and the User-Data document, in the order of the sequences of TS 29.228 Annex E. What its
// Release 7 schema does not know is written only for what needs it.
// SPDX-License-Identifier: MIT
#include "hss/user_profile.h"

#include <algorithm>
#include <limits>
#include <pugixml.hpp>
#include <type_traits>

#include "hss/subscriber.h"
#include "hss/utf8.h"

namespace hss {
namespace {

class StringWriter final : public pugi::xml_writer {
 public:
  void write(const void* data, std::size_t size) override { text_.append(static_cast<const char*>(data), size); }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string to_text(const pugi::xml_document& document) {
  StringWriter writer;
  document.save(writer, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return writer.take();
}

[[noreturn]] void refuse(pugi::xml_node node, const char* why) {
  throw ProfileError(std::string(node.path('/')).substr(1) + ": " + why);
}

pugi::xml_node element(pugi::xml_node parent, const char* name) { return parent.append_child(name); }

/// Empty elements crash or mislead S-CSCFs, so a text that must be there must not be empty.
void text(pugi::xml_node parent, const char* name, const std::string& value) {
  const pugi::xml_node node = element(parent, name);
  if (value.empty()) refuse(node, "must not be empty");
  // A carriage return would reach the reader as a line feed (XML 1.0 2.11).
  if (!is_xml_text(value) || value.find('\r') != std::string::npos) {
    refuse(node, "holds a character that XML cannot carry; provision it without control characters, as UTF-8");
  }
  node.text().set(value.c_str());
}

void text_if_any(pugi::xml_node parent, const char* name, const std::optional<std::string>& value) {
  if (value && !value->empty()) text(parent, name, *value);
}

/// A number that the schema types as int, or a code.
template <typename Value>
void number(pugi::xml_node parent, const char* name, Value value) {
  const auto plain = static_cast<std::uint32_t>(value);
  const pugi::xml_node node = element(parent, name);
  if (plain > std::numeric_limits<std::int32_t>::max()) refuse(node, "must not be above 2147483647");
  node.text().set(plain);
}

void write_condition(pugi::xml_node parent, const ServicePointTrigger& trigger) {
  std::visit(
      [&](const auto& condition) {
        using Condition = std::decay_t<decltype(condition)>;
        if constexpr (std::is_same_v<Condition, RequestUri>) {
          text(parent, "RequestURI", condition.expression);
        } else if constexpr (std::is_same_v<Condition, Method>) {
          text(parent, "Method", condition.name);
        } else if constexpr (std::is_same_v<Condition, SipHeader>) {
          const auto header = element(parent, "SIPHeader");
          text(header, "Header", condition.header);
          text_if_any(header, "Content", condition.content);
        } else if constexpr (std::is_same_v<Condition, SessionCase>) {
          number(parent, "SessionCase", condition);
        } else {
          static_assert(std::is_same_v<Condition, SessionDescription>);
          const auto description = element(parent, "SessionDescription");
          text(description, "Line", condition.line);
          text_if_any(description, "Content", condition.content);
        }
      },
      trigger.condition);
}

void write_trigger(pugi::xml_node parent, const ServicePointTrigger& trigger) {
  const auto spt = element(parent, "SPT");
  number(spt, "ConditionNegated", trigger.negated);
  if (trigger.groups.empty()) refuse(spt, "must have a Group");
  for (const std::uint32_t group : trigger.groups) number(spt, "Group", group);
  write_condition(spt, trigger);
  if (trigger.registration_types.empty()) return;
  const auto extension = element(spt, "Extension");
  for (const RegistrationType type : trigger.registration_types) number(extension, "RegistrationType", type);
}

void write_criteria(pugi::xml_node parent, const InitialFilterCriteria& criteria) {
  const auto node = element(parent, "InitialFilterCriteria");
  number(node, "Priority", criteria.priority);
  if (criteria.trigger_point) {
    const auto point = element(node, "TriggerPoint");
    number(point, "ConditionTypeCNF", criteria.trigger_point->cnf);
    if (criteria.trigger_point->triggers.empty()) refuse(point, "must have an SPT");
    for (const ServicePointTrigger& trigger : criteria.trigger_point->triggers) write_trigger(point, trigger);
  }
  const ApplicationServer& server = criteria.application_server;
  const auto as = element(node, "ApplicationServer");
  text(as, "ServerName", server.server_name);
  if (server.default_handling) number(as, "DefaultHandling", *server.default_handling);
  text_if_any(as, "ServiceInfo", server.service_info);
  if (server.include_register_request || server.include_register_response) {
    const auto extension = element(as, "Extension");
    if (server.include_register_request) element(extension, "IncludeRegisterRequest");
    if (server.include_register_response) element(extension, "IncludeRegisterResponse");
  }
  if (criteria.profile_part) number(node, "ProfilePartIndicator", *criteria.profile_part);
}

void write_authorization(pugi::xml_node parent, const ServiceProfile& profile) {
  if (!profile.subscribed_media_profile && profile.service_ids.empty()) return;
  const auto node = element(parent, "CoreNetworkServicesAuthorization");
  if (profile.subscribed_media_profile) number(node, "SubscribedMediaProfileId", *profile.subscribed_media_profile);
  if (profile.service_ids.empty()) return;
  const auto list = element(element(node, "Extension"), "ListOfServiceIds");
  for (const std::string& id : profile.service_ids) text(list, "ServiceId", id);
}

/// What write_services does with the criteria of shared sets.
enum class SharedCriteria { kById, kExpanded };

/// All of a ServiceProfile element but its PublicIdentity elements.
void write_services(pugi::xml_node parent, const ServiceProfile& profile, SharedCriteria shared) {
  write_authorization(parent, profile);
  std::vector<const InitialFilterCriteria*> ordered;
  const auto take = [&](const std::vector<InitialFilterCriteria>& all) {
    for (const InitialFilterCriteria& criteria : all) ordered.push_back(&criteria);
  };
  take(profile.criteria);
  if (shared == SharedCriteria::kExpanded) {
    // Numbers without their criteria would be services that get lost.
    if (profile.shared_ifc_sets.size() != profile.shared_ifc_ids.size()) {
      refuse(parent, "a shared set of initial filter criteria is missing");
    }
    for (const auto& set : profile.shared_ifc_sets) take(set->criteria);
  }
  std::ranges::stable_sort(ordered, {}, &InitialFilterCriteria::priority);
  for (const InitialFilterCriteria* criteria : ordered) write_criteria(parent, *criteria);
  if (shared == SharedCriteria::kExpanded || profile.shared_ifc_ids.empty()) return;
  const auto extension = element(parent, "Extension");
  for (const std::uint32_t id : profile.shared_ifc_ids) number(extension, "SharedIFCSetID", id);
}

/// TS 29.228 Annex E grew by an Extension in each Extension. One without content is not written.
void write_identity_extension(pugi::xml_node parent, const PublicIdentity& identity, const UserDataOptions& options) {
  const auto extension = element(parent, "Extension");
  number(extension, "IdentityType", identity.type);
  if (identity.type == IdentityType::kWildcardedPsi) text(extension, "WildcardedPSI", identity.impu);

  const bool alias = options.alias_indication && !identity.alias_group.empty();
  const bool wildcarded = identity.type == IdentityType::kWildcardedPublicUserIdentity;
  const bool third_level = wildcarded || identity.service_priority_level;
  if (identity.display_name.empty() && !alias && !third_level) return;
  const auto second = element(extension, "Extension");
  if (!identity.display_name.empty()) text(second, "DisplayName", identity.display_name);
  if (alias) text(second, "AliasIdentityGroupID", identity.alias_group);
  if (!third_level) return;
  const auto third = element(second, "Extension");
  if (wildcarded) text(third, "WildcardedIMPU", identity.impu);
  if (identity.service_priority_level) number(third, "ServicePriorityLevel", *identity.service_priority_level);
}

void write_public_identity(pugi::xml_node parent, const PublicIdentity& identity, const UserDataOptions& options) {
  const auto node = element(parent, "PublicIdentity");
  if (identity.barred) number(node, "BarringIndication", true);
  const bool matched =
      identity.is_wildcarded() && identity.id == options.wildcard && !options.wildcard_instance.empty();
  text(node, "Identity", matched ? options.wildcard_instance : identity.impu);
  write_identity_extension(node, identity, options);
}

bool is_tel(const PublicIdentity* identity) { return identity->impu.starts_with("tel:"); }

bool share_profile(const PublicIdentity* a, const PublicIdentity* b) {
  return a->service_profile == b->service_profile ||
         (a->service_profile->id != 0 && a->service_profile->id == b->service_profile->id);
}

/// The members of a set in document order: grouped by profile, sip: before tel: in a group. The group of the default
/// identity leads, so that it is the first non-barred one of the document too.
std::vector<std::vector<const PublicIdentity*>> grouped(std::vector<const PublicIdentity*> members) {
  std::stable_partition(members.begin(), members.end(), [](const PublicIdentity* one) { return !is_tel(one); });
  std::vector<std::vector<const PublicIdentity*>> groups;
  const auto lead = std::ranges::find(members, false, &PublicIdentity::barred);
  if (lead != members.end()) groups.push_back({*lead});
  for (const PublicIdentity* identity : members) {
    const auto group = std::ranges::find_if(groups, [&](const auto& g) { return share_profile(g.front(), identity); });
    if (group == groups.end()) groups.push_back({identity});
  }
  for (auto& group : groups) {
    const PublicIdentity* sample = group.front();
    group.clear();
    std::ranges::copy_if(members, std::back_inserter(group),
                         [&](const PublicIdentity* identity) { return share_profile(identity, sample); });
  }
  return groups;
}

}  // namespace

std::string write_service_profile(const ServiceProfile& profile) {
  pugi::xml_document document;
  write_services(element(document.root(), "ServiceProfile"), profile, SharedCriteria::kById);
  std::string written = to_text(document);
  parse_service_profile(written);
  return written;
}

std::string write_shared_ifc_set(const SharedIfcSet& set) {
  ServiceProfile profile;
  profile.criteria = set.criteria;
  std::string written = write_service_profile(profile);
  parse_shared_ifc_set(written);
  return written;
}

std::string write_user_data(const Subscription& subscription, std::int64_t implicit_set,
                            std::string_view private_identity, const UserDataOptions& options) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  const auto root = element(document.root(), "IMSSubscription");
  text(root, "PrivateID", std::string(private_identity));
  const auto groups = grouped(subscription.members(implicit_set));
  if (groups.empty()) refuse(root, "the implicit registration set has no public identity; add one");
  for (const auto& group : groups) {
    const auto profile = element(root, "ServiceProfile");
    for (const PublicIdentity* identity : group) write_public_identity(profile, *identity, options);
    write_services(profile, *group.front()->service_profile,
                   options.shared_ifc ? SharedCriteria::kById : SharedCriteria::kExpanded);
  }
  return to_text(document);
}

}  // namespace hss
