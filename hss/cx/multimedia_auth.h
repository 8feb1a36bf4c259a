// Multimedia-Auth (MAR/MAA), TS 29.228 6.3.1: authentication vectors for an S-CSCF, and resynchronisation.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hss/aka.h"
#include "hss/context.h"
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
};

/// One SIP-Auth-Data-Item.
struct AuthItem {
  std::uint32_t number = 1;  // SIP-Item-Number
  AuthScheme scheme = AuthScheme::kDigestAkaV1Md5;
  AkaVector vector;
};

struct MultimediaAuthAnswer {
  Verdict verdict;
  std::vector<AuthItem> items;
};

MultimediaAuthAnswer multimedia_auth(const MultimediaAuthRequest& request, Repository& repository,
                                     const Context& context);

}  // namespace hss::cx
