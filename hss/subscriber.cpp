// Searches in a subscription. It has a handful of identities, so a scan of a vector beats an index.
// SPDX-License-Identifier: MIT
#include "hss/subscriber.h"

#include <algorithm>

namespace hss {

std::string_view name_of(AuthScheme scheme) {
  switch (scheme) {
    case AuthScheme::kDigestAkaV1Md5:
      return "Digest-AKAv1-MD5";  // TS 29.229 6.3.9, RFC 3310
    case AuthScheme::kSipDigest:
      return "SIP Digest";  // TS 29.229 6.3.9, TS 33.203 Annex N
    case AuthScheme::kEarlyImsSecurity:
      return "Early-IMS-Security";  // TS 29.229 6.3.9, TS 33.203 Annex T
    case AuthScheme::kNassBundled:
      return "NASS-Bundled";  // TS 29.229 6.3.9, TS 33.203 Annex R
  }
  return "Unknown";
}

bool PrivateIdentity::supports(AuthScheme wanted) const {
  switch (wanted) {
    case AuthScheme::kDigestAkaV1Md5:
      return key_set.has_value();
    case AuthScheme::kSipDigest:
      return sip_digest;
    case AuthScheme::kEarlyImsSecurity:
      return framed_address && (framed_address->ipv4 || framed_address->ipv6_prefix);
    case AuthScheme::kNassBundled:
      return !line_identifiers.empty();
  }
  return false;
}

const PrivateIdentity* Subscription::find_private(std::string_view canonical_impi) const {
  const auto found = std::ranges::find(private_identities, canonical_impi, &PrivateIdentity::impi);
  return found == private_identities.end() ? nullptr : &*found;
}

const PublicIdentity* Subscription::find_public(std::string_view canonical_impu) const {
  const auto found = std::ranges::find(public_identities, canonical_impu, &PublicIdentity::impu);
  return found == public_identities.end() ? nullptr : &*found;
}

const PrivateIdentity* Subscription::private_by_id(PrivateIdentityId wanted) const {
  const auto found = std::ranges::find(private_identities, wanted, &PrivateIdentity::id);
  return found == private_identities.end() ? nullptr : &*found;
}

const PublicIdentity* Subscription::public_by_id(PublicIdentityId wanted) const {
  const auto found = std::ranges::find(public_identities, wanted, &PublicIdentity::id);
  return found == public_identities.end() ? nullptr : &*found;
}

bool Subscription::associated(PrivateIdentityId private_identity, ImplicitSetId implicit_set) const {
  return std::ranges::any_of(associations, [&](const Association& association) {
    return association.private_identity == private_identity && association.implicit_set == implicit_set;
  });
}

std::vector<const PublicIdentity*> Subscription::members(ImplicitSetId implicit_set) const {
  std::vector<const PublicIdentity*> found;
  for (const PublicIdentity& identity : public_identities) {
    if (identity.implicit_set == implicit_set) found.push_back(&identity);
  }
  return found;
}

std::vector<const PrivateIdentity*> Subscription::private_identities_of(ImplicitSetId implicit_set) const {
  std::vector<const PrivateIdentity*> found;
  for (const PrivateIdentity& identity : private_identities) {
    if (associated(identity.id, implicit_set)) found.push_back(&identity);
  }
  return found;
}

}  // namespace hss
