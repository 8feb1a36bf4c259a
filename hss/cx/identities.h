// Finding whom a Cx request is about: the first steps that the commands share (TS 29.228 6.1.1, 6.1.2, 6.1.4, 6.3.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
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

/// Identities as received, of UAR and MAR. DIAMETER_ERROR_USER_UNKNOWN when either is not known, or the public one is
/// no distinct public user identity (a PSI, or known by a wildcard only: nobody registers with these);
/// DIAMETER_ERROR_IDENTITIES_DONT_MATCH when the private one may not use the public one.
std::variant<IdentityPair, Verdict> find_pair(std::string_view user_name, std::string_view public_identity,
                                              Repository& repository);

/// A private identity as received, in the subscription that holds it; both null when it is not known or not
/// well-formed.
struct PrivateOwner {
  std::shared_ptr<const Subscription> subscription;
  const PrivateIdentity* private_identity = nullptr;
};
PrivateOwner find_private(std::string_view user_name, Repository& repository);

/// A public identity as SAR and LIR name it.
struct PublicOwner {
  std::shared_ptr<const Subscription> subscription;  // null: not known
  const PublicIdentity* identity = nullptr;          // of a wildcarded one, `impu` is the expression
  /// The canonical identity that was found by a wildcard; empty when it was found as it stands.
  std::string instance;

  [[nodiscard]] bool by_wildcard() const { return !instance.empty(); }
  /// What Wildcarded-Public-Identity of the answer says: the expression, of a wildcarded identity only.
  [[nodiscard]] std::optional<std::string> expression() const {
    return identity != nullptr && identity->is_wildcarded() ? std::optional(identity->impu) : std::nullopt;
  }
};

/// An identity as received: known as it stands; else by the Wildcarded-Public-Identity of the request, when that is
/// known and matches; else by the wildcard that matches best. A wildcarded identity is also found by its expression.
PublicOwner find_public(std::string_view public_identity, const std::optional<std::string>& wildcarded_public_identity,
                        Repository& repository);

}  // namespace hss::cx
