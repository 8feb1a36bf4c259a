// SPDX-License-Identifier: MIT
#include "provisioning/profile/templates.h"

#include <algorithm>

#include "hss/identity.h"
#include "provisioning/command.h"
#include "provisioning/text.h"

namespace hss::provisioning::profile {
namespace {

constexpr std::string_view kServer = "@AS@";

// Priorities 10 to 99 are voice's, 100 to 199 those of messages. Each criterion stays within what the Release 7 schema
// and simple S-CSCFs understand: CNF, one group for each condition.

// TS 24.173 (MMTel), GSMA IR.92 2.3: all supplementary services are the application server's.
constexpr std::string_view kVolte = R"(
  <!-- Telephony (MMTel, TS 24.173; GSMA IR.92): the application server learns who is registered. -->
  <InitialFilterCriteria>
    <Priority>10</Priority>
    <TriggerPoint>
      <ConditionTypeCNF>1</ConditionTypeCNF>
      <SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>REGISTER</Method></SPT>
    </TriggerPoint>
    <ApplicationServer>
      <ServerName>@AS@</ServerName>
      <DefaultHandling>0</DefaultHandling>
    </ApplicationServer>
    <ProfilePartIndicator>0</ProfilePartIndicator>
  </InitialFilterCriteria>
  <!-- Calls that the user makes. A call goes on without services when the application server cannot be reached; where
       it must not, because barring is done there, make DefaultHandling 1. -->
  <InitialFilterCriteria>
    <Priority>20</Priority>
    <TriggerPoint>
      <ConditionTypeCNF>1</ConditionTypeCNF>
      <SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>INVITE</Method></SPT>
      <SPT><ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>0</SessionCase></SPT>
    </TriggerPoint>
    <ApplicationServer>
      <ServerName>@AS@</ServerName>
      <DefaultHandling>0</DefaultHandling>
    </ApplicationServer>
    <ProfilePartIndicator>0</ProfilePartIndicator>
  </InitialFilterCriteria>
  <!-- Conferences: participants are invited with REFER (TS 24.147). -->
  <InitialFilterCriteria>
    <Priority>21</Priority>
    <TriggerPoint>
      <ConditionTypeCNF>1</ConditionTypeCNF>
      <SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>REFER</Method></SPT>
      <SPT><ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>0</SessionCase></SPT>
    </TriggerPoint>
    <ApplicationServer>
      <ServerName>@AS@</ServerName>
      <DefaultHandling>0</DefaultHandling>
    </ApplicationServer>
    <ProfilePartIndicator>0</ProfilePartIndicator>
  </InitialFilterCriteria>
  <!-- Message waiting indication (TS 24.606). -->
  <InitialFilterCriteria>
    <Priority>22</Priority>
    <TriggerPoint>
      <ConditionTypeCNF>1</ConditionTypeCNF>
      <SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>SUBSCRIBE</Method></SPT>
      <SPT><ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>0</SessionCase></SPT>
      <SPT><ConditionNegated>0</ConditionNegated><Group>2</Group>
        <SIPHeader><Header>Event</Header><Content>message-summary</Content></SIPHeader></SPT>
    </TriggerPoint>
    <ApplicationServer>
      <ServerName>@AS@</ServerName>
      <DefaultHandling>0</DefaultHandling>
    </ApplicationServer>
    <ProfilePartIndicator>0</ProfilePartIndicator>
  </InitialFilterCriteria>
  <!-- Calls to the user. -->
  <InitialFilterCriteria>
    <Priority>30</Priority>
    <TriggerPoint>
      <ConditionTypeCNF>1</ConditionTypeCNF>
      <SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>INVITE</Method></SPT>
      <SPT><ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>1</SessionCase></SPT>
    </TriggerPoint>
    <ApplicationServer>
      <ServerName>@AS@</ServerName>
      <DefaultHandling>0</DefaultHandling>
    </ApplicationServer>
    <ProfilePartIndicator>0</ProfilePartIndicator>
  </InitialFilterCriteria>
  <!-- Calls to the user while the phone is off: forwarding, voice mail. -->
  <InitialFilterCriteria>
    <Priority>31</Priority>
    <TriggerPoint>
      <ConditionTypeCNF>1</ConditionTypeCNF>
      <SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>INVITE</Method></SPT>
      <SPT><ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>2</SessionCase></SPT>
    </TriggerPoint>
    <ApplicationServer>
      <ServerName>@AS@</ServerName>
      <DefaultHandling>0</DefaultHandling>
    </ApplicationServer>
    <ProfilePartIndicator>1</ProfilePartIndicator>
  </InitialFilterCriteria>
)";

// TS 24.341 5.3.3, TS 23.204 6.
constexpr std::string_view kSmsOverIp = R"(
  <!-- Short messages (TS 24.341, TS 23.204): the IP-SM-GW learns of registration, refresh and de-registration. -->
  <InitialFilterCriteria>
    <Priority>100</Priority>
    <TriggerPoint>
      <ConditionTypeCNF>1</ConditionTypeCNF>
      <SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>REGISTER</Method></SPT>
    </TriggerPoint>
    <ApplicationServer>
      <ServerName>@AS@</ServerName>
      <DefaultHandling>0</DefaultHandling>
    </ApplicationServer>
    <ProfilePartIndicator>0</ProfilePartIndicator>
  </InitialFilterCriteria>
  <!-- What the phone sends: messages, and its reports on those that it got. Without the IP-SM-GW it is refused, so that
       the phone takes another way. What the phone gets comes from the IP-SM-GW itself: a criterion for that would only
       lead it back there. -->
  <InitialFilterCriteria>
    <Priority>110</Priority>
    <TriggerPoint>
      <ConditionTypeCNF>1</ConditionTypeCNF>
      <SPT><ConditionNegated>0</ConditionNegated><Group>0</Group><Method>MESSAGE</Method></SPT>
      <SPT><ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>0</SessionCase></SPT>
      <SPT><ConditionNegated>0</ConditionNegated><Group>2</Group>
        <SIPHeader><Header>Content-Type</Header><Content>application/vnd\.3gpp\.sms</Content></SIPHeader></SPT>
    </TriggerPoint>
    <ApplicationServer>
      <ServerName>@AS@</ServerName>
      <DefaultHandling>1</DefaultHandling>
    </ApplicationServer>
    <ProfilePartIndicator>0</ProfilePartIndicator>
  </InitialFilterCriteria>
)";

constexpr Template kTemplates[] = {
    {"volte", "telephony of a VoLTE or VoWiFi user, by a telephony application server (MMTel)", kVolte},
    {"sms-over-ip", "short messages over IP, by an IP-SM-GW", kSmsOverIp},
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::span<const Template> templates() { return kTemplates; }

std::string from_templates(const std::vector<std::string>& names, const std::vector<std::string>& servers) {
  if (names.size() != servers.size()) {
    throw UsageError("give --as URI, its application server, once for each template, in the same order");
  }
  std::string profile = "<ServiceProfile>";
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = std::ranges::find(kTemplates, names[i], &Template::name);
    if (found == std::end(kTemplates)) {
      throw UsageError(printable(names[i]) + ": no such template: see 'hssctl profile template'");
    }
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i)) {
      throw UsageError("template " + names[i] + " is given twice");
    }
    // A SIP URI has no '<' and no '>'.
    if (!is_sip_uri(servers[i])) {
      throw UsageError("--as " + printable(servers[i]) + ": no SIP URI: write it like sip:as.example.org:5060");
    }
    const std::string server = escaped(servers[i]);
    std::string_view rest = found->criteria;
    for (auto at = rest.find(kServer); at != std::string_view::npos; at = rest.find(kServer)) {
      profile += std::string(rest.substr(0, at)) + server;
      rest.remove_prefix(at + kServer.size());
    }
    profile += rest;
  }
  return profile + "</ServiceProfile>\n";
}

}  // namespace hss::provisioning::profile
