// What is left out is listed rather than what is shown: an AVP that nobody expected is often the finding.
// SPDX-License-Identifier: MIT
#include "tests/lab/output/reading.h"

#include <algorithm>
#include <array>

#include "hss/bytes.h"
#include "tests/lab/dictionary.h"
#include "tests/lab/output/text.h"

namespace hss::lab {
namespace {

constexpr AvpId kSupportedFeatures{628, kVendor3gpp};

/// Needed on the wire, no news for a reader.
constexpr std::array kLeftOut{avp::kSessionId,
                              avp::kVendorSpecificApplicationId,
                              avp::kAuthSessionState,
                              avp::kAuthApplicationId,
                              avp::kOriginHost,
                              avp::kOriginRealm,
                              avp::kDestinationHost,
                              avp::kDestinationRealm,
                              avp::kOriginStateId,
                              avp::kResultCode,
                              avp::kProductName,
                              avp::kVendorId,
                              avp::kFirmwareRevision,
                              avp::kHostIpAddress,
                              avp::kSupportedVendorId,
                              avp::kExperimentalResult,
                              kSupportedFeatures,
                              AvpId{282},  // Route-Record
                              AvpId{284},
                              AvpId{259},  // Proxy-Info, Acct-Application-Id
                              AvpId{33}};  // Proxy-State

constexpr std::size_t kRand = 16;
constexpr std::size_t kMostOfOneKind = 12;
constexpr unsigned kDeepest = 8;

bool is_group(const Avp& avp) {
  const AvpInfo* info = info_of(avp.id);
  return info != nullptr && info->kind == AvpKind::kGrouped;
}

/// Not in hexadecimal: there may be a key among them.
std::string broken_group(const Avp& avp) {
  return "(" + std::to_string(avp.data.size()) + " octets that are not whole AVPs)";
}

std::string hex_of(BytesView octets, bool whole) {
  const std::string hex = to_hex(octets);
  return whole ? hex : shortened(hex);
}

std::string one_value(const Avp& avp, bool show_secrets) {
  const std::string value = value_text(avp, show_secrets);
  return printable(show_secrets ? value : shortened(value));
}

/// A group on one line: "Name value, Name (Name value)".
std::string flat(const Avp& avp, bool show_secrets, unsigned depth = 0) {
  if (!is_group(avp)) return one_value(avp, show_secrets);
  const auto members = avp.members();
  if (!members) return broken_group(avp);
  if (members->empty()) return "empty";
  if (depth == kDeepest) return "...";
  std::string out;
  for (const Avp& member : *members) {
    const std::string value = flat(member, show_secrets, depth + 1);
    if (!out.empty()) out += ", ";
    out += name_of(member.id) + (is_group(member) ? " (" + value + ")" : " " + value);
  }
  return out;
}

/// RAND || AUTN from the HSS, RAND || AUTS to it, and what belongs to them (TS 29.229 6.3.13, 6.3.14).
void add_auth_item(const Message& message, const Avp& item, bool show_secrets, Details& out) {
  const auto members = item.members();
  if (!members) {
    out.emplace_back(name_of(item.id), broken_group(item));
    return;
  }
  for (const Avp& member : *members) {
    const bool of_rand = member.data.size() > kRand;
    if (member.id == avp::kSipAuthenticate && of_rand) {
      const BytesView octets = member.data;
      out.emplace_back("RAND", hex_of(octets.first(kRand), true));
      out.emplace_back("AUTN", hex_of(octets.subspan(kRand), show_secrets));
    } else if (member.id == avp::kSipAuthorization && message.request && of_rand) {
      const BytesView octets = member.data;
      out.emplace_back("RAND", hex_of(octets.first(kRand), true));
      out.emplace_back("AUTS", hex_of(octets.subspan(kRand), show_secrets));
    } else if (member.id == avp::kSipAuthorization && !message.request) {
      out.emplace_back("XRES", one_value(member, show_secrets));
    } else {
      out.emplace_back(name_of(member.id), flat(member, show_secrets));
    }
  }
}

void append(Details& out, Details more) { std::ranges::move(more, std::back_inserter(out)); }

}  // namespace

Details what_matters(const Message& message, bool show_secrets) {
  Details out;
  for (const Avp& avp : message.avps) {
    if (std::ranges::find(kLeftOut, avp.id) != kLeftOut.end()) continue;
    if (avp.id == avp::kSipAuthDataItem) {
      add_auth_item(message, avp, show_secrets, out);
    } else if (avp.id == avp::kUserData) {
      append(out, user_data_summary(avp.text()));
    } else if (avp.id == avp::kNon3gppUserData && avp.members()) {
      append(out, non_3gpp_summary(avp));
    } else {
      out.emplace_back(name_of(avp.id), flat(avp, show_secrets));
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {  // an RTR can name a thousand identities
    std::size_t end = i;
    while (end < out.size() && out[end].first == out[i].first) ++end;
    if (end - i > kMostOfOneKind) {
      const auto first = out.begin() + static_cast<std::ptrdiff_t>(i + kMostOfOneKind - 1);
      first->second = "and " + std::to_string(end - i - kMostOfOneKind + 1) + " more";
      out.erase(first + 1, out.begin() + static_cast<std::ptrdiff_t>(end));
      end = i + kMostOfOneKind;
    }
    i = end - 1;
  }
  return out;
}

bool goes_to_another(const Event& event) {
  return (event.kind == Event::Kind::kDiameter || event.kind == Event::Kind::kSip) && event.from != event.to;
}

Reading read(const Event& event, bool show_secrets) {
  Reading out{.title = printable(event.title)};
  out.problem = event.kind == Event::Kind::kProblem;
  for (const auto& [name, value] : event.details) {
    const std::string text = printable(detail_text(name, value, show_secrets), true);
    out.details.emplace_back(printable(name), show_secrets ? text : shortened(text));
  }
  if (event.kind != Event::Kind::kDiameter) return out;

  auto parsed = parse(event.octets);
  if (const std::string* wrong = std::get_if<std::string>(&parsed)) {
    out.problem = true;
    if (out.title.empty()) out.title = "octets";
    out.details.emplace_back("no Diameter message", printable(*wrong));
    out.details.emplace_back("octets", std::to_string(event.octets.size()));
    return out;
  }
  out.message = std::move(std::get<Message>(parsed));
  const std::string name = short_name(*out.message);
  if (out.title.empty()) out.title = name;
  if (!out.title.starts_with(name)) out.title = name + ": " + out.title;
  if (out.message->request) return out;
  const auto result = result_of(*out.message);
  out.result = result ? result_text(*result) : "without a result";
  out.refused = !result || result->code / 1000 != 2;
  const auto repeated = out.title.find(" " + out.result);  // said once is enough
  if (repeated != std::string::npos) out.title.erase(repeated, out.result.size() + 1);
  return out;
}

}  // namespace hss::lab
