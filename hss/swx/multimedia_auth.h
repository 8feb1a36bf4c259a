// Multimedia-Auth on SWx (MAR/MAA), TS 29.273 8.1.2.1: EAP-AKA and EAP-AKA' vectors for a 3GPP AAA server, and
// resynchronisation.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/aka.h"
#include "hss/context.h"
#include "hss/repository.h"
#include "hss/result.h"

namespace hss::swx {

struct MultimediaAuthRequest {
  DiameterNode origin;
  std::string user_name;                         // IMSI, or an NAI that holds it
  std::uint32_t number_of_items = 1;             // SIP-Number-Auth-Items
  std::string scheme;                            // SIP-Authentication-Scheme as received
  std::optional<Bytes> sip_authorization{};      // present: resynchronisation, RAND || AUTS
  std::optional<std::uint32_t> rat_type{};       // RAT-Type
  std::optional<bool> trusted{};                 // AN-Trusted
  std::optional<std::string> anid{};             // ANID, as received
  std::optional<std::string> visited_network{};  // Visited-Network-Identifier, as received
  bool aaa_failure = false;                      // AAA-Failure-Indication bit 0
  bool emergency = false;                        // Emergency-Services bit 0
};

enum class EapScheme : std::uint8_t { kEapAka, kEapAkaPrime };
/// The exact spelling for SIP-Authentication-Scheme: "EAP-AKA", "EAP-AKA'".
std::string_view name_of(EapScheme scheme);

/// One SIP-Auth-Data-Item. Of EAP-AKA', CK and IK of the vector are CK' and IK'.
struct AuthItem {
  std::uint32_t number = 1;  // SIP-Item-Number
  EapScheme scheme = EapScheme::kEapAka;
  AkaVector vector;
};

struct MultimediaAuthAnswer {
  Verdict verdict;
  std::vector<AuthItem> items{};
  /// Another AAA server has the user: its Diameter host, for 3GPP-AAA-Server-Name, or, with
  /// DIAMETER_REDIRECT_INDICATION, for Redirect-Host.
  std::optional<std::string> aaa_server{};
};

MultimediaAuthAnswer multimedia_auth(const MultimediaAuthRequest& request, Repository& repository,
                                     const Context& context);

}  // namespace hss::swx
