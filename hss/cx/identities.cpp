// SPDX-License-Identifier: MIT
#include "hss/cx/identities.h"

#include "hss/identity.h"

namespace hss::cx {

PrivateOwner find_private(std::string_view user_name, Repository& repository) {
  const auto canonical = canonical_private_identity(user_name);
  if (!canonical) return {};
  PrivateOwner owner;
  owner.subscription = repository.find_by_private_identity(*canonical);
  if (owner.subscription) owner.private_identity = owner.subscription->find_private(*canonical);
  return owner;
}

std::shared_ptr<const Subscription> find_public(std::string_view public_identity, Repository& repository) {
  const auto canonical = canonical_public_identity(public_identity);
  return canonical ? repository.find_by_public_identity(*canonical) : nullptr;
}

const PublicIdentity* public_in(const Subscription& subscription, std::string_view public_identity) {
  const auto canonical = canonical_public_identity(public_identity);
  return canonical ? subscription.find_public(*canonical) : nullptr;
}

std::variant<IdentityPair, Verdict> find_pair(std::string_view user_name, std::string_view public_identity,
                                              Repository& repository) {
  const PrivateOwner owner = find_private(user_name, repository);
  if (!owner.subscription) return Verdict{result::kUserUnknown, {}, "no such private identity"};
  IdentityPair pair{owner.subscription, owner.private_identity, nullptr};
  pair.public_identity = public_in(*pair.subscription, public_identity);
  if (pair.public_identity == nullptr) {
    if (!find_public(public_identity, repository)) {
      return Verdict{result::kUserUnknown, {}, "no such public identity"};
    }
    return Verdict{result::kIdentitiesDontMatch, {}, "the identities belong to different subscriptions"};
  }
  if (!pair.subscription->associated(pair.private_identity->id, pair.public_identity->implicit_set)) {
    return Verdict{result::kIdentitiesDontMatch, {}, "the private identity may not use the public one"};
  }
  return pair;
}

}  // namespace hss::cx
