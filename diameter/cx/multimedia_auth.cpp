// Multimedia-Auth on the wire, TS 29.229 6.1.7 and 6.1.8.
// SPDX-License-Identifier: MIT
#include "diameter/cx/multimedia_auth.h"

#include <array>

#include "diameter/cx/parts.h"
#include "diameter/dictionary.h"

namespace hss::diameter::cx {
namespace {

using hss::cx::AuthItem;
using hss::cx::LineIdentifiers;
using hss::cx::MultimediaAuthAnswer;
using hss::cx::MultimediaAuthRequest;

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
    optional(avps::kOcSupportedFeatures),
    any(avps::kSupportedFeatures, abnf::kSupportedFeatures),
    required(avps::kPublicIdentity),
    required(avps::kSipAuthDataItem, abnf::kSipAuthDataItem),
    required(avps::kSipNumberAuthItems),
    required(avps::kServerName),
};

MultimediaAuthRequest decode(const AvpReader& reader) {
  MultimediaAuthRequest out;
  out.origin = origin_of(reader);
  out.user_name = reader.text(avps::kUserName);
  out.public_identity = reader.text(avps::kPublicIdentity);
  out.server_name = reader.text(avps::kServerName);
  out.number_of_items = reader.unsigned32(avps::kSipNumberAuthItems);
  const AvpReader item = reader.group(avps::kSipAuthDataItem).value();
  out.scheme = item.text(avps::kSipAuthenticationScheme);
  out.sip_authorization = item.octets(avps::kSipAuthorization);
  out.features = features_of(reader);
  return out;
}

/// One SIP-Auth-Data-Item, by what it holds.
struct ItemWriter {
  AvpWriter& avps;
  const AuthItem& item;

  /// Digest-AKAv1-MD5, TS 29.228 6.3.1 and table 6.3.4.
  void operator()(const AkaVector& vector) const { write_aka_item(avps, item.number, name_of(item.scheme), vector); }

  void operator()(const SipDigest& digest) const { write_sip_digest(avps, digest); }

  /// GIBA, TS 29.228 6.3.1: the address as in RFC 7155 4.4.10.5.
  void operator()(const FramedAddress& address) const {
    AvpWriter group = avps.group(avps::kSipAuthDataItem);
    group.text(avps::kSipAuthenticationScheme, name_of(item.scheme));
    if (address.ipv4) group.octets(avps::kFramedIpAddress, *address.ipv4);
    if (!address.ipv6_prefix) return;
    const std::size_t octets = (address.ipv6_prefix_length + std::size_t{7}) / 8;
    Bytes prefix{0, address.ipv6_prefix_length};
    prefix.insert(prefix.end(), address.ipv6_prefix->begin(),
                  address.ipv6_prefix->begin() + static_cast<std::ptrdiff_t>(octets));
    group.octets(avps::kFramedIpv6Prefix, prefix);
  }

  /// NASS-Bundled, TS 29.228 6.3.1.
  void operator()(const LineIdentifiers& lines) const {
    AvpWriter group = avps.group(avps::kSipAuthDataItem);
    group.text(avps::kSipAuthenticationScheme, name_of(item.scheme));
    for (const Bytes& line : lines.identifiers) group.octets(avps::kLineIdentifier, line);
  }
};

/// User-Name went before; it and Public-Identity are in every answer (S-CSCFs match an answer by them).
void encode(const MultimediaAuthAnswer& data, Answer& answer) {
  answer.supported_features();
  answer.echo(avps::kPublicIdentity);
  if (data.items.empty()) return;
  answer.avps().unsigned32(avps::kSipNumberAuthItems, static_cast<std::uint32_t>(data.items.size()));
  for (const AuthItem& item : data.items) std::visit(ItemWriter{answer.avps(), item}, item.data);
}

Description describe(const MultimediaAuthRequest& request, const MultimediaAuthAnswer* answer) {
  const bool answered = answer != nullptr && !answer->items.empty();
  std::string detail;
  detail.reserve(32);
  detail += answered ? name_of(answer->items.front().scheme) : std::string_view(request.scheme);
  detail += " x";
  detail += std::to_string(answered ? answer->items.size() : request.number_of_items);
  if (request.sip_authorization) detail += " resynchronisation";
  return {std::move(detail), {}};
}

}  // namespace

const Command<MultimediaAuthRequest, MultimediaAuthAnswer> kMultimediaAuth{
    kApplicationCx, command_code::kMultimediaAuth, "MAR",  Echo::kIdentities, kRules,
    decode,         hss::cx::multimedia_auth,      encode, describe};

}  // namespace hss::diameter::cx
