// User-Authorization (UAR/UAA), TS 29.228 6.1.1: may this user register here, and at which S-CSCF.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "hss/context.h"
#include "hss/cx/features.h"
#include "hss/repository.h"
#include "hss/result.h"

namespace hss::cx {

/// TS 29.229 6.3.24.
enum class UserAuthorizationType : std::int32_t {
  kRegistration = 0,
  kDeRegistration = 1,
  kRegistrationAndCapabilities = 2,
};

/// The specification's names, by number.
inline constexpr std::array<std::string_view, 3> kUserAuthorizationTypeNames{"REGISTRATION", "DE_REGISTRATION",
                                                                             "REGISTRATION_AND_CAPABILITIES"};

struct UserAuthorizationRequest {
  DiameterNode origin;
  std::string user_name;        // IMPI as received
  std::string public_identity;  // IMPU as received
  std::string visited_network;  // Visited-Network-Identifier, its octets as received
  UserAuthorizationType type = UserAuthorizationType::kRegistration;  // may hold a value without a name
  bool emergency = false;                                             // UAR-Flags bit 0
  Features features{};
};

struct UserAuthorizationAnswer {
  Verdict verdict;
  std::optional<std::string> server_name;
  std::optional<ServerCapabilities> capabilities;
};

UserAuthorizationAnswer user_authorization(const UserAuthorizationRequest& request, Repository& repository,
                                           const Context& context);

}  // namespace hss::cx
