// Server-Assignment on SWx (SAR/SAA), TS 29.273 8.1.2.2.2: a 3GPP AAA server takes a user, reports PDN connections,
// gets the profile, and lets the user go.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hss/context.h"
#include "hss/repository.h"
#include "hss/result.h"
#include "hss/server_assignment_type.h"
#include "hss/swx/user_data.h"

namespace hss::swx {

/// One Active-APN (TS 29.272 7.3.127), or what a PGW_UPDATE says of one.
struct ReportedApn {
  std::optional<std::uint32_t> context_identifier{};
  std::optional<std::string> service_selection{};  // as received
  PdnGateway gateway{};                            // MIP6-Agent-Info; empty: none was sent
  std::optional<std::string> visited_network{};
};

struct ServerAssignmentRequest {
  DiameterNode origin;
  std::string user_name;                                            // IMSI, or an NAI that holds it
  ServerAssignmentType type = ServerAssignmentType::kRegistration;  // may hold a value without a name
  ReportedApn apn{};                                                // the AVPs of the message itself
  std::vector<ReportedApn> active_apns{};
  bool emergency = false;  // Emergency-Services bit 0
};

struct ServerAssignmentAnswer {
  Verdict verdict;
  std::optional<UserData> user_data{};      // Non-3GPP-User-Data
  std::optional<std::string> aaa_server{};  // as in MultimediaAuthAnswer
};

ServerAssignmentAnswer server_assignment(const ServerAssignmentRequest& request, Repository& repository,
                                         const Context& context);

}  // namespace hss::swx
