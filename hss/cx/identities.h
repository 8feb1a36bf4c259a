// Finding whom a Cx request is about: the first steps that UAR, MAR and SAR share (TS 29.228 6.1.1, 6.1.2, 6.3.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>
#include <variant>

#include "hss/repository.h"
#include "hss/result.h"

namespace hss::cx {

/// A private identity, a public identity that it may use, and the subscription that holds both.
struct IdentityPair {
  std::shared_ptr<const Subscription> subscription;
  const PrivateIdentity* private_identity = nullptr;
  const PublicIdentity* public_identity = nullptr;
};

/// Identities as received. DIAMETER_ERROR_USER_UNKNOWN when either is not known, DIAMETER_ERROR_IDENTITIES_DONT_MATCH
/// when the private one may not use the public one.
std::variant<IdentityPair, Verdict> find_pair(std::string_view user_name, std::string_view public_identity,
                                              Repository& repository);

/// A private identity as received, in the subscription that holds it; both null when it is not known or not
/// well-formed.
struct PrivateOwner {
  std::shared_ptr<const Subscription> subscription;
  const PrivateIdentity* private_identity = nullptr;
};
PrivateOwner find_private(std::string_view user_name, Repository& repository);

/// The subscription of a public identity as received; null when it is not known or not well-formed.
std::shared_ptr<const Subscription> find_public(std::string_view public_identity, Repository& repository);

/// The public identity as received, in a subscription that may hold it; null when it does not.
const PublicIdentity* public_in(const Subscription& subscription, std::string_view public_identity);

}  // namespace hss::cx
