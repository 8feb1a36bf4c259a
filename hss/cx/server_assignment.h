// Server-Assignment (SAR/SAA), TS 29.228 6.1.2: an S-CSCF takes a user, keeps it, or lets it go; and gets the profile.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/context.h"
#include "hss/cx/features.h"
#include "hss/repository.h"
#include "hss/result.h"

namespace hss::cx {

/// TS 29.229 6.3.15.
enum class ServerAssignmentType : std::int32_t {
  kNoAssignment = 0,
  kRegistration = 1,
  kReRegistration = 2,
  kUnregisteredUser = 3,
  kTimeoutDeregistration = 4,
  kUserDeregistration = 5,
  kTimeoutDeregistrationStoreServerName = 6,
  kUserDeregistrationStoreServerName = 7,
  kAdministrativeDeregistration = 8,
  kAuthenticationFailure = 9,
  kAuthenticationTimeout = 10,
  kDeregistrationTooMuchData = 11,
  // SWx only; refused on Cx
  kAaaUserDataRequest = 12,
  kPgwUpdate = 13,
  kRestoration = 14,
};

/// The specification's names, by number.
inline constexpr std::array<std::string_view, 15> kServerAssignmentTypeNames{
    "NO_ASSIGNMENT",
    "REGISTRATION",
    "RE_REGISTRATION",
    "UNREGISTERED_USER",
    "TIMEOUT_DEREGISTRATION",
    "USER_DEREGISTRATION",
    "TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME",
    "USER_DEREGISTRATION_STORE_SERVER_NAME",
    "ADMINISTRATIVE_DEREGISTRATION",
    "AUTHENTICATION_FAILURE",
    "AUTHENTICATION_TIMEOUT",
    "DEREGISTRATION_TOO_MUCH_DATA",
    "AAA_USER_DATA_REQUEST",
    "PGW_UPDATE",
    "RESTORATION",
};
/// How many of them are of Cx.
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
