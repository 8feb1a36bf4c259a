// Location-Info (LIR/LIA), TS 29.228 6.1.4: which S-CSCF serves a public identity.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "hss/context.h"
#include "hss/cx/user_authorization.h"
#include "hss/repository.h"
#include "hss/result.h"

namespace hss::cx {

struct LocationInfoRequest {
  DiameterNode origin;
  std::string public_identity;
  bool originating = false;  // Originating-Request present
  std::optional<UserAuthorizationType> type;
  Features features{};
};

struct LocationInfoAnswer {
  Verdict verdict;
  std::optional<std::string> server_name;
  std::optional<ServerCapabilities> capabilities;
  std::optional<std::string> wildcarded_public_identity{};  // the expression that the identity matched
  bool psi_direct_routing = false;                          // LIA-Flags bit 0: server_name is an AS
};

LocationInfoAnswer location_info(const LocationInfoRequest& request, Repository& repository, const Context& context);

}  // namespace hss::cx
