// In the order of the ABNF; APN-Configuration is that of TS 29.272 7.3.35.
// SPDX-License-Identifier: MIT
#include "diameter/swx/user_data.h"

#include "diameter/swx/parts.h"

namespace hss::diameter::swx {
namespace {

using hss::swx::ApnData;
using hss::swx::UserData;

constexpr std::int32_t kEndUserE164 = 0;  // Subscription-Id-Type, RFC 8506 8.47

/// TS 29.272 7.3.41
void write_ambr(AvpWriter& writer, const std::optional<Ambr>& ambr) {
  if (!ambr) return;
  AvpWriter group = writer.group(avps::kAmbr);
  group.unsigned32(avps::kMaxRequestedBandwidthUl, ambr->uplink);
  group.unsigned32(avps::kMaxRequestedBandwidthDl, ambr->downlink);
}

void write_charging_characteristics(AvpWriter& writer, const std::string& characteristics) {
  if (!characteristics.empty()) writer.text(avps::kChargingCharacteristics, characteristics);
}

/// TS 29.272 7.3.37; in both Pre-emption AVPs 0 is what is allowed (TS 29.212 5.3.46, 5.3.47).
void write_qos(AvpWriter& writer, const ApnConfiguration& apn) {
  AvpWriter profile = writer.group(avps::kEpsSubscribedQosProfile);
  profile.enumerated(avps::kQosClassIdentifier, static_cast<std::int32_t>(apn.qci));
  AvpWriter priority = profile.group(avps::kAllocationRetentionPriority);
  priority.unsigned32(avps::kPriorityLevel, apn.priority.level);
  priority.enumerated(avps::kPreEmptionCapability, apn.priority.may_pre_empt ? 0 : 1);
  priority.enumerated(avps::kPreEmptionVulnerability, apn.priority.may_be_pre_empted ? 0 : 1);
}

void write_apn(AvpWriter& writer, const ApnData& data) {
  const ApnConfiguration& apn = data.apn.configuration;
  AvpWriter group = writer.group(avps::kApnConfiguration);
  group.unsigned32(avps::kContextIdentifier, apn.context_identifier);
  if (data.apn.ipv4) group.address(avps::kServedPartyIpAddress, *data.apn.ipv4);
  if (data.apn.ipv6) group.address(avps::kServedPartyIpAddress, *data.apn.ipv6);
  group.enumerated(avps::kPdnType, static_cast<std::int32_t>(apn.pdn_type));
  group.text(avps::kServiceSelection, apn.name);
  write_qos(group, apn);
  if (apn.vplmn_dynamic_address_allowed) {
    group.enumerated(avps::kVplmnDynamicAddressAllowed, *apn.vplmn_dynamic_address_allowed ? 1 : 0);
  }
  write_gateway(group, data.gateway);
  if (data.allocation) group.enumerated(avps::kPdnGwAllocationType, static_cast<std::int32_t>(*data.allocation));
  if (!data.visited_network.empty()) group.text(avps::kVisitedNetworkIdentifier, data.visited_network);
  write_charging_characteristics(group, apn.charging_characteristics);
  write_ambr(group, apn.ambr);
}

}  // namespace

void write_user_data(AvpWriter& writer, const UserData& data) {
  AvpWriter group = writer.group(avps::kNon3gppUserData);
  if (!data.msisdn.empty()) {
    AvpWriter id = group.group(avps::kSubscriptionId);
    id.enumerated(avps::kSubscriptionIdType, kEndUserE164);
    id.text(avps::kSubscriptionIdData, data.msisdn);
  }
  group.enumerated(avps::kNon3gppIpAccess, data.access_allowed ? 0 : 1);
  group.enumerated(avps::kNon3gppIpAccessApn, data.apns_enabled ? 0 : 1);
  for (const std::uint32_t type : data.forbidden_rat_types) {
    group.enumerated(avps::kRatType, static_cast<std::int32_t>(type));
  }
  if (data.session_timeout) group.unsigned32(avps::kSessionTimeout, *data.session_timeout);
  write_ambr(group, data.ambr);
  write_charging_characteristics(group, data.charging_characteristics);
  group.unsigned32(avps::kContextIdentifier, data.default_context_identifier);
  for (const ApnData& apn : data.apns) write_apn(group, apn);
}

}  // namespace hss::diameter::swx
