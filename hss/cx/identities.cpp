// SPDX-License-Identifier: MIT
#include "hss/cx/identities.h"

#include "hss/identity.h"
#include "hss/wildcard.h"

namespace hss::cx {
namespace {

PublicOwner whole(PublicOwner owner) {
  if (owner.identity == nullptr) throw StoreFault("a public identity is missing in its subscription");
  return owner;
}

/// The wildcarded identity that an expression names; nothing when none does.
PublicOwner find_expression(std::string_view text, Repository& repository) {
  const auto expression = WildcardedIdentity::parse(text);
  if (!expression) return {};
  PublicOwner owner;
  owner.subscription = repository.find_by_public_identity(expression->text());
  if (owner.subscription) owner.identity = owner.subscription->find_public(expression->text());
  if (owner.identity == nullptr || !owner.identity->is_wildcarded()) return {};
  return owner;
}

}  // namespace

PrivateOwner find_private(std::string_view user_name, Repository& repository) {
  const auto canonical = canonical_private_identity(user_name);
  if (!canonical) return {};
  PrivateOwner owner;
  owner.subscription = repository.find_by_private_identity(*canonical);
  if (owner.subscription) owner.private_identity = owner.subscription->find_private(*canonical);
  return owner;
}

PublicOwner find_public(std::string_view public_identity, const std::optional<std::string>& wildcarded_public_identity,
                        Repository& repository) {
  const auto canonical = canonical_public_identity(public_identity);
  if (canonical) {
    if (const auto subscription = repository.find_by_public_identity(*canonical)) {
      return whole({subscription, subscription->find_public(*canonical), {}});
    }
  }
  if (public_identity.find('!') != std::string_view::npos) {
    if (auto owner = find_expression(public_identity, repository); owner.subscription) return owner;
  }
  if (!canonical) return {};
  if (wildcarded_public_identity) {
    const auto expression = WildcardedIdentity::parse(*wildcarded_public_identity);
    if (expression && expression->matches(*canonical)) {
      auto owner = find_expression(*wildcarded_public_identity, repository);
      owner.instance = *canonical;
      if (owner.subscription) return owner;
    }
  }
  const WildcardMatch match = repository.find_by_wildcard(*canonical);
  if (!match.subscription) return {};
  return whole({match.subscription, match.subscription->public_by_id(match.public_identity), *canonical});
}

std::variant<IdentityPair, Verdict> find_pair(std::string_view user_name, std::string_view public_identity,
                                              Repository& repository) {
  const PrivateOwner owner = find_private(user_name, repository);
  if (!owner.subscription) return Verdict{result::kUserUnknown, {}, "no such private identity"};
  IdentityPair pair{owner.subscription, owner.private_identity, nullptr};
  // Mostly it is the same subscription, which is at hand.
  const auto canonical = canonical_public_identity(public_identity);
  if (canonical) pair.public_identity = pair.subscription->find_public(*canonical);
  if (pair.public_identity == nullptr) {
    const PublicOwner other = find_public(public_identity, std::nullopt, repository);
    if (!other.subscription) return Verdict{result::kUserUnknown, {}, "no such public identity"};
    if (other.identity->is_wildcarded()) {
      return Verdict{result::kUserUnknown, {}, "the public identity is known by a wildcard only"};
    }
    if (!other.identity->is_psi()) {
      return Verdict{result::kIdentitiesDontMatch, {}, "the identities belong to different subscriptions"};
    }
    pair.public_identity = other.identity;
  }
  if (pair.public_identity->is_psi() || pair.public_identity->is_wildcarded()) {
    return Verdict{result::kUserUnknown, {}, "nobody registers with a public service identity or a wildcard"};
  }
  if (!pair.subscription->associated(pair.private_identity->id, pair.public_identity->implicit_set)) {
    return Verdict{result::kIdentitiesDontMatch, {}, "the private identity may not use the public one"};
  }
  return pair;
}

}  // namespace hss::cx
