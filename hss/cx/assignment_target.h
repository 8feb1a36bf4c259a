// Whom a Server-Assignment-Request is about, and whether its type fits them: TS 29.228 6.1.2.1 steps 1 to 4.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hss/cx/server_assignment.h"

namespace hss::cx {

/// What a Server-Assignment-Type asks for.
enum class AssignmentFamily {
  kRegister,             // 1, 2
  kUnregistered,         // 3
  kDeregister,           // 4, 5, 8, 11
  kDeregisterStoreName,  // 6, 7
  kRead,                 // 0
  kAbandonChallenge,     // 9, 10
  kOfAnotherInterface,   // 12, 13, 14: SWx
  kUnknown,              // a value without a name
};
AssignmentFamily family_of(ServerAssignmentType type);

struct AssignmentTarget {
  std::shared_ptr<const Subscription> subscription;
  const PrivateIdentity* private_identity = nullptr;  // null: not given
  std::vector<ImplicitSetId> sets;                    // of the public identities, each once; none given: empty
  /// Of the first public identity that is wildcarded: its number, its expression, and the identity that matched it
  /// (empty: the request named the expression).
  PublicIdentityId wildcard = 0;
  std::optional<std::string> wildcard_expression;
  std::string wildcard_instance;
};

std::variant<AssignmentTarget, Verdict> find_target(const ServerAssignmentRequest& request, AssignmentFamily family,
                                                    Repository& repository, const Context& context);

}  // namespace hss::cx
