// Server-Assignment (SAR/SAA), TS 29.228 6.1.2: an S-CSCF takes a user, keeps it, or lets it go; and gets the profile.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/context.h"
#include "hss/cx/features.h"
#include "hss/repository.h"
#include "hss/result.h"
#include "hss/server_assignment_type.h"

namespace hss::cx {

/// How many of the types are of Cx.
inline constexpr std::size_t kServerAssignmentTypesOfCx = 12;

struct ServerAssignmentRequest {
  DiameterNode origin;
  std::optional<std::string> user_name;
  std::vector<std::string> public_identities;
  std::string server_name;
  ServerAssignmentType type = ServerAssignmentType::kNoAssignment;  // may hold a value without a name
  bool user_data_already_available = false;
  Features features{};
  std::optional<std::string> wildcarded_public_identity{};  // as received
  std::optional<Bytes> restoration_info{};                  // content of SCSCF-Restoration-Info
  bool multiple_registration = false;                       // Multiple-Registration-Indication is MULTIPLE_REGISTRATION
  bool p_cscf_restoration = false;                          // SAR-Flags bit 0
};

struct ServerAssignmentAnswer {
  Verdict verdict;
  std::optional<std::string> user_name;
  std::optional<std::string> server_name;
  std::optional<std::string> user_data;            // the XML document
  std::vector<std::string> associated_identities;  // all IMPIs when there are several
  std::optional<bool> loose_route_required;
  ChargingInformation charging{};                           // empty: not sent
  std::optional<std::string> wildcarded_public_identity{};  // the expression that the identity matched
  std::vector<Bytes> restoration_info{};                    // contents of SCSCF-Restoration-Info
  std::vector<std::string> associated_registered_identities{};
};

ServerAssignmentAnswer server_assignment(const ServerAssignmentRequest& request, Repository& repository,
                                         const Context& context);

}  // namespace hss::cx
