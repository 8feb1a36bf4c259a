// Multimedia-Auth on the wire, TS 29.273 8.2.2.1.
// SPDX-License-Identifier: MIT
#include "diameter/swx/multimedia_auth.h"

#include <array>

#include "diameter/dictionary.h"
#include "diameter/parts.h"
#include "diameter/swx/parts.h"
#include "hss/non_3gpp.h"

namespace hss::diameter::swx {
namespace {

using hss::swx::AuthItem;
using hss::swx::MultimediaAuthAnswer;
using hss::swx::MultimediaAuthRequest;

constexpr std::uint32_t kAaaFailure = 1;  // AAA-Failure-Indication bit 0, TS 29.273 8.2.3.21
constexpr std::int32_t kTrusted = 0;      // AN-Trusted, TS 29.273 5.2.3.9

/// Emergency-Services is not in the ABNF of every release: [AVP].
constexpr std::array kRules{
    required(avps::kSessionId),
    optional(avps::kDrmp),
    required(avps::kVendorSpecificApplicationId),
    required(avps::kAuthSessionState),
    required(avps::kOriginHost),
    required(avps::kOriginRealm),
    required(avps::kDestinationRealm),
    optional(avps::kDestinationHost),
    required(avps::kUserName),
    optional(avps::kRatType),
    optional(avps::kAnTrusted),
    optional(avps::kAnid),
    optional(avps::kVisitedNetworkIdentifier),
    optional(avps::kTerminalInformation),
    required(avps::kSipAuthDataItem, abnf::kSipAuthDataItem),
    required(avps::kSipNumberAuthItems),
    optional(avps::kAaaFailureIndication),
    optional(avps::kOcSupportedFeatures),
    any(avps::kSupportedFeatures, abnf::kSupportedFeatures),
    optional(avps::kEmergencyServices),
};

MultimediaAuthRequest decode(const AvpReader& reader) {
  MultimediaAuthRequest out;
  out.origin = origin_of(reader);
  out.user_name = reader.text(avps::kUserName);
  out.number_of_items = reader.unsigned32(avps::kSipNumberAuthItems);
  const AvpReader item = reader.group(avps::kSipAuthDataItem).value();
  out.scheme = item.text(avps::kSipAuthenticationScheme);
  out.sip_authorization = item.octets(avps::kSipAuthorization);
  if (const auto type = reader.enumerated(avps::kRatType)) out.rat_type = static_cast<std::uint32_t>(*type);
  if (const auto trusted = reader.enumerated(avps::kAnTrusted)) out.trusted = *trusted == kTrusted;
  out.anid = reader.optional_text(avps::kAnid);
  out.visited_network = reader.optional_text(avps::kVisitedNetworkIdentifier);
  out.aaa_failure = (reader.unsigned32(avps::kAaaFailureIndication) & kAaaFailure) != 0;
  out.emergency = is_emergency(reader);
  return out;
}

/// User-Name went before.
void encode(const MultimediaAuthAnswer& data, Answer& answer) {
  AvpWriter& avps = answer.avps();
  if (!data.items.empty()) {
    avps.unsigned32(avps::kSipNumberAuthItems, static_cast<std::uint32_t>(data.items.size()));
    for (const AuthItem& item : data.items) write_aka_item(avps, item.number, name_of(item.scheme), item.vector);
  }
  write_aaa_server(avps, data.verdict.result, data.aaa_server);
  answer.supported_features();
}

Description describe(const MultimediaAuthRequest& request, const MultimediaAuthAnswer* answer) {
  const bool answered = answer != nullptr && !answer->items.empty();
  Description out;
  out.detail = answered ? std::string(name_of(answer->items.front().scheme)) : request.scheme;
  append_word(out.detail, "x" + std::to_string(answered ? answer->items.size() : request.number_of_items));
  if (request.sip_authorization) append_word(out.detail, "resynchronisation");
  if (request.anid) append_word(out.detail, "ANID " + *request.anid);
  if (request.rat_type) append_word(out.detail, "RAT " + rat_type_text(*request.rat_type));
  if (request.trusted) append_word(out.detail, *request.trusted ? "trusted" : "untrusted");
  if (request.aaa_failure) append_word(out.detail, "AAA failure");
  if (request.emergency) append_word(out.detail, "emergency");
  if (answer != nullptr && answer->aaa_server) append_word(out.detail, "held by " + *answer->aaa_server);
  return out;
}

}  // namespace

const Command<MultimediaAuthRequest, MultimediaAuthAnswer> kMultimediaAuth{
    kApplicationSwx, command_code::kMultimediaAuth, "SWx-MAR", Echo::kUserName, kRules,
    decode,          hss::swx::multimedia_auth,     encode,    describe};

}  // namespace hss::diameter::swx
