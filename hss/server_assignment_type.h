// Server-Assignment-Type (TS 29.229 6.3.15), which Cx and SWx share; each serves some of its values.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hss {

/// TS 29.229 6.3.15. May hold a value without a name.
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
  // SWx only
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
}  // namespace hss
