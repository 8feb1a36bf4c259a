// What an S-CSCF or a 3GPP AAA server gets about a user, in a few lines.
// SPDX-License-Identifier: MIT
#include <pugixml.hpp>
#include <string>

#include "hss/xml_reader.h"
#include "tests/lab/dictionary.h"
#include "tests/lab/output/reading.h"
#include "tests/lab/output/text.h"

namespace hss::lab {
namespace {

// TS 29.273 8.2.3, TS 29.272 7.3
constexpr AvpId kAccess{1501, kVendor3gpp};
constexpr AvpId kAccessToApns{1502, kVendor3gpp};
constexpr AvpId kApnConfiguration{1430, kVendor3gpp};
constexpr AvpId kContextIdentifier{1423, kVendor3gpp};

bool is_true(const char* value) { return std::string_view(value) == "1" || std::string_view(value) == "true"; }

std::string counted(std::size_t count, const char* what) { return std::to_string(count) + " " + what; }

std::string gateway(const Avp& agent) {
  const auto members = agent.members();
  const Avp* host = members ? find(*members, avp::kMipHomeAgentHost) : nullptr;
  const auto names = host != nullptr ? host->members() : std::nullopt;
  const Avp* name = names ? find(*names, avp::kDestinationHost) : nullptr;
  const Avp* address = members ? find(*members, avp::kMipHomeAgentAddress) : nullptr;
  if (name != nullptr) return name->text();
  return address != nullptr ? value_text(*address, false) : "named in MIP6-Agent-Info";
}

}  // namespace

Details user_data_summary(std::string_view xml) {
  const std::string octets = counted(xml.size(), "octets");
  pugi::xml_document document;
  if (const auto wrong = parse_xml(xml, document)) {
    return {{"User-Data", "(" + octets + ") is no well-formed XML: " + printable(*wrong)}};
  }
  const pugi::xml_node root = document.child("IMSSubscription");
  if (!root) {
    return {{"User-Data", "(" + octets + ") is a " + printable(document.document_element().name()) +
                              " where an IMSSubscription belongs"}};
  }
  Details out;
  std::size_t criteria = 0;
  std::size_t shared = 0;
  std::size_t profiles = 0;
  for (const pugi::xml_node profile : root.children("ServiceProfile")) {
    ++profiles;
    for (const pugi::xml_node identity : profile.children("PublicIdentity")) {
      const bool barred = is_true(identity.child_value("BarringIndication"));
      out.emplace_back("public identity", printable(identity.child_value("Identity")) + (barred ? " (barred)" : ""));
    }
    for ([[maybe_unused]] const pugi::xml_node each : profile.children("InitialFilterCriteria")) ++criteria;
    for ([[maybe_unused]] const pugi::xml_node each : profile.child("Extension").children("SharedIFCSetID")) ++shared;
  }
  std::string count = counted(criteria, "in ") + counted(profiles, profiles == 1 ? "profile" : "profiles");
  if (shared != 0) count += ", and " + counted(shared, shared == 1 ? "shared set" : "shared sets");
  out.emplace_back("iFCs", count);
  return out;
}

Details non_3gpp_summary(const Avp& user_data) {
  const auto members = user_data.members();
  if (!members) return {};
  if (members->empty()) return {{name_of(user_data.id), "empty"}};
  Details out;
  const Avp* standard = find(*members, kContextIdentifier);
  for (const Avp& member : *members) {
    if (member.id == kAccess || member.id == kAccessToApns) {
      out.emplace_back(name_of(member.id), printable(value_text(member, false)));
    } else if (member.id == avp::kRatType) {
      out.emplace_back("RAT-Type not allowed", printable(value_text(member, false)));
    } else if (member.id == kApnConfiguration) {
      const auto apn = member.members();
      const Avp* name = apn ? find(*apn, avp::kServiceSelection) : nullptr;
      const Avp* context = apn ? find(*apn, kContextIdentifier) : nullptr;
      const Avp* agent = apn ? find(*apn, avp::kMip6AgentInfo) : nullptr;
      std::string text = name != nullptr ? name->text() : "(without Service-Selection)";
      if (standard != nullptr && context != nullptr && standard->data == context->data) text += " (default)";
      if (agent != nullptr) text += ", PDN gateway " + gateway(*agent);
      out.emplace_back("APN", printable(text));
    }
  }
  return out;
}

}  // namespace hss::lab
