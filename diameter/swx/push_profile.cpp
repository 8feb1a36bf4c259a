// SPDX-License-Identifier: MIT
#include "diameter/swx/push_profile.h"

#include <array>
#include <string_view>
#include <variant>

#include "diameter/abnf.h"
#include "diameter/avp_reader.h"
#include "diameter/dictionary.h"
#include "diameter/log_text.h"
#include "diameter/parts.h"
#include "diameter/push_parts.h"
#include "diameter/swx/user_data.h"

namespace hss::diameter::swx {
namespace {

/// TS 29.273 5.2.3.24; the forms of a civic address that it may hold as well are not read.
constexpr std::array kAccessNetworkInfo{
    optional(avps::kSsid),
    optional(avps::kBssid),
};
/// TS 29.272 7.3.156
constexpr std::array kLocalTimeZone{
    required(avps::kTimeZone),
    optional(avps::kDaylightSavingTime),
};
/// Daylight-Saving-Time, TS 29.272 7.3.164: the number is the hours of adjustment.
constexpr std::array<std::string_view, 3> kDaylightSaving{", no daylight saving", ", daylight saving 1 h",
                                                          ", daylight saving 2 h"};

struct FlagName {
  std::uint32_t flag;
  std::string_view name;
};
constexpr std::array kFlagNames{
    FlagName{hss::swx::kResetIndication, "reset"},
    FlagName{hss::swx::kAccessNetworkInfoRequest, "access-network-info"},
    FlagName{hss::swx::kLocalTimeZoneRequest, "local-time-zone"},
    FlagName{hss::swx::kPcscfRestorationRequest, "p-cscf-restoration"},
};

/// The first AVP of that row, read; nullopt when there is none that keeps the rules.
std::optional<AvpReader> group_of(msg* answer, const AvpDefinition& definition, Abnf rules) {
  auto* const received = find_avp(answer, definition);
  if (received == nullptr || !has_value(received, definition)) return std::nullopt;
  auto content = AvpReader::read(received, rules);
  if (auto* reader = std::get_if<AvpReader>(&content)) return std::move(*reader);
  return std::nullopt;
}

}  // namespace

fd::MessagePtr push_profile_request(const AssignedServer& server, const hss::swx::PushProfileContent& content) {
  fd::MessagePtr request = begin_request(Application::kSwx, command_code::kPushProfile, server, content.user_name);
  AvpWriter avps(request.get());
  if (content.user_data) write_user_data(avps, *content.user_data);
  if (content.ppr_flags != 0) avps.unsigned32(avps::kPprFlags, content.ppr_flags);
  return request;
}

std::string reported_by(msg* answer) {
  std::string out;
  if (const auto network = group_of(answer, avps::kAccessNetworkInfo, kAccessNetworkInfo)) {
    out = "access network";
    const auto ssid = network->optional_text(avps::kSsid);
    const auto bssid = network->optional_text(avps::kBssid);
    if (ssid) append_word(out, "SSID " + log::field(*ssid));
    if (bssid) append_word(out, "BSSID " + log::field(*bssid));
    if (!ssid && !bssid) append_word(out, "without SSID and BSSID");
  }
  if (const auto zone = group_of(answer, avps::kLocalTimeZone, kLocalTimeZone)) {
    out += out.empty() ? "" : "; ";
    out += "time zone " + log::field(zone->text(avps::kTimeZone));
    if (const auto saving = zone->enumerated(avps::kDaylightSavingTime)) {
      out += kDaylightSaving.at(static_cast<std::size_t>(*saving));
    }
  }
  return out;
}

std::string detail_of_profile(const Push& push) {
  std::string out;
  if (push.user_data) append_word(out, "user-data");
  for (const FlagName& row : kFlagNames) {
    if ((push.ppr_flags & row.flag) != 0) append_word(out, row.name);
  }
  return out;
}

}  // namespace hss::diameter::swx
