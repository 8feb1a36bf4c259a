// Features of Cx that the two sides agree on (TS 29.229 7.1.1): Feature-List-ID 1 of vendor 3GPP.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace hss::cx {

/// Bits of Feature-List.
inline constexpr std::uint32_t kFeatureSharedIfc = 1U << 0U;        // SiFC
inline constexpr std::uint32_t kFeatureAliasIndication = 1U << 1U;  // AliasInd
inline constexpr std::uint32_t kFeatureRestoration = 1U << 2U;      // IMSRestorationInd
/// What this HSS offers.
inline constexpr std::uint32_t kOfferedFeatures = kFeatureSharedIfc | kFeatureAliasIndication | kFeatureRestoration;

/// What the sender of a request has and we offer.
struct Features {
  bool shared_ifc = false;
  bool alias_indication = false;
  bool restoration = false;
  friend bool operator==(const Features&, const Features&) = default;
};

constexpr Features common_features(std::uint32_t feature_list) {
  const std::uint32_t both = feature_list & kOfferedFeatures;
  return {(both & kFeatureSharedIfc) != 0, (both & kFeatureAliasIndication) != 0, (both & kFeatureRestoration) != 0};
}

}  // namespace hss::cx
