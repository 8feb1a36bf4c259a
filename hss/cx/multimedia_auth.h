// Multimedia-Auth (MAR/MAA), TS 29.228 6.3.1: authentication vectors for an S-CSCF, and resynchronisation.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hss/aka.h"
#include "hss/context.h"
#include "hss/cx/features.h"
#include "hss/repository.h"
#include "hss/result.h"

namespace hss::cx {

struct MultimediaAuthRequest {
  DiameterNode origin;
  std::string user_name;
  std::string public_identity;
  std::string server_name;
  std::uint32_t number_of_items = 1;       // SIP-Number-Auth-Items
  std::string scheme;                      // SIP-Authentication-Scheme as received
  std::optional<Bytes> sip_authorization;  // present: resynchronisation, RAND || AUTS
  Features features{};
};

/// What NASS-Bundled authentication compares.
struct LineIdentifiers {
  std::vector<Bytes> identifiers;
};

/// One SIP-Auth-Data-Item; its scheme follows from what it holds.
struct AuthItem {
  std::uint32_t number = 1;  // SIP-Item-Number
  AuthScheme scheme = AuthScheme::kDigestAkaV1Md5;
  std::variant<AkaVector, SipDigest, FramedAddress, LineIdentifiers> data{};
};

struct MultimediaAuthAnswer {
  Verdict verdict;
  std::vector<AuthItem> items;
};

MultimediaAuthAnswer multimedia_auth(const MultimediaAuthRequest& request, Repository& repository,
                                     const Context& context);

}  // namespace hss::cx
