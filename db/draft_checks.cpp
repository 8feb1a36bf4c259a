// SPDX-License-Identifier: MIT
#include "db/draft_checks.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "hss/wildcard.h"

namespace hss::db {

namespace {

constexpr std::size_t kMostLineIdentifiers = 8;
constexpr std::size_t kLongestLineIdentifier = 255;     // octets
constexpr std::uint32_t kLastServicePriorityLevel = 4;  // TS 29.228 Annex E

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument(what);
}

bool is_wildcarded(const PublicIdentityDraft& identity) {
  return identity.type == IdentityType::kWildcardedPsi || identity.type == IdentityType::kWildcardedPublicUserIdentity;
}

bool is_psi(const PublicIdentityDraft& identity) {
  return identity.type == IdentityType::kDistinctPsi || identity.type == IdentityType::kWildcardedPsi;
}

void check_key_set(const KeySetDraft& key_set) {
  const std::size_t k = key_set.k.size();
  const std::size_t opc = key_set.opc.size();
  const std::size_t res = key_set.parameters.res_octets;
  const unsigned iterations = key_set.parameters.tuak_iterations;
  switch (key_set.algorithm) {
    case AkaAlgorithm::kMilenage:  // TS 35.206 2.3; TS 33.102 6.3.7
      require(k == 16 && opc == 16, "Milenage needs K and OPc of 16 octets");
      require(res == 8, "Milenage has a RES of 8 octets");
      break;
    case AkaAlgorithm::kTuak:  // TS 35.231 6.1
      require((k == 16 || k == 32) && opc == 32, "TUAK needs K of 16 or 32 octets and TOPc of 32 octets");
      require(res == 4 || res == 8 || res == 16, "TUAK has a RES of 4, 8 or 16 octets");
      break;
    case AkaAlgorithm::kXor:  // TS 34.108 8.1.2
      require(k == 16 && opc == 0, "XOR needs K of 16 octets and has no OPc");
      require(res >= 4 && res <= 16, "XOR has a RES of 4 to 16 octets");
      require(key_set.test, "XOR is for key sets of test cards only");
      break;
  }
  require(iterations >= 1 && iterations <= 255, "TUAK iterates Keccak 1 to 255 times");
}

void check_private_identity(const PrivateIdentityDraft& identity, std::size_t key_sets) {
  require(!identity.key_set || *identity.key_set < key_sets,
          "a private identity names a key set that the subscription does not have");
  require(identity.line_identifiers.size() <= kMostLineIdentifiers, "a private identity has more than 8 lines");
  require(std::ranges::all_of(identity.line_identifiers,
                              [](const Bytes& line) { return !line.empty() && line.size() <= kLongestLineIdentifier; }),
          "a line identifier is of 1 to 255 octets");
}

void check_public_identity(const PublicIdentityDraft& identity) {
  require(is_psi(identity) || (identity.application_server.empty() && identity.psi_active),
          "an application server and an activation state belong to public service identities only");
  require(!identity.service_priority_level || *identity.service_priority_level <= kLastServicePriorityLevel,
          "a service priority level is 0 to 4");
}

}  // namespace

void check_consistent(const SubscriptionDraft& draft) {
  require(!draft.private_identities.empty(), "a subscription needs a private identity");
  require(!draft.public_identities.empty(), "a subscription needs a public identity");
  for (const auto& key_set : draft.key_sets) check_key_set(key_set);
  for (const auto& identity : draft.private_identities) check_private_identity(identity, draft.key_sets.size());
  std::set<std::size_t> sets;
  for (const auto& identity : draft.public_identities) {
    check_public_identity(identity);
    sets.insert(identity.implicit_set);
  }
  for (const auto& association : draft.associations) {
    require(association.private_identity < draft.private_identities.size() && sets.contains(association.implicit_set),
            "an association names a private identity or an implicit set that the subscription does not have");
  }
}

std::optional<SubscriptionDraft> with_canonical_wildcards(const SubscriptionDraft& draft) {
  if (std::ranges::none_of(draft.public_identities, is_wildcarded)) return std::nullopt;
  SubscriptionDraft canonical = draft;
  for (PublicIdentityDraft& identity : canonical.public_identities) {
    if (!is_wildcarded(identity)) continue;
    std::string why;
    const auto wildcard = WildcardedIdentity::parse(identity.impu, &why);
    if (!wildcard) throw std::invalid_argument("the wildcarded identity " + identity.impu + " cannot be read: " + why);
    identity.impu = wildcard->text();
  }
  return canonical;
}

}  // namespace hss::db
