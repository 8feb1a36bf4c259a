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

/// 3GPP-Charging-Characteristics, TS 29.061 16.4.7.2.
void check_charging_characteristics(const std::string& text) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  require(text.empty() || (text.size() == 4 && std::ranges::all_of(text, is_digit)),
          "charging characteristics are four hexadecimal digits, upper case");
}

/// Whether the templates exist, and are of different networks, is known to the store.
void check_non_3gpp(const SubscriptionDraft& draft) {
  const Non3gppDraft& non_3gpp = *draft.non_3gpp;
  require(!draft.imsi.empty(), "access over non-3GPP networks needs an IMSI, which is its user on SWx");
  require(!non_3gpp.apns.empty(), "access over non-3GPP networks needs an APN");
  std::set<std::string_view> names;
  for (const Non3gppDraft::Apn& apn : non_3gpp.apns) {
    require(names.insert(apn.name).second, "an APN is given twice");
    require(!apn.ipv6 || std::all_of(apn.ipv6->begin() + 8, apn.ipv6->end(), [](auto octet) { return octet == 0; }),
            "a static IPv6 address is a prefix of 64 bits, and the rest of it zero");
  }
  check_charging_characteristics(non_3gpp.charging_characteristics);
}

/// A key set is the USIM's or somebody's; one of nobody would be keys that lie about.
void check_use_of_key_sets(const SubscriptionDraft& draft) {
  require(!draft.usim || *draft.usim < draft.key_sets.size(),
          "the USIM names a key set that the subscription does not have");
  for (std::size_t i = 0; i < draft.key_sets.size(); ++i) {
    require(draft.usim == i || std::ranges::any_of(draft.private_identities,
                                                   [&](const auto& identity) { return identity.key_set == i; }),
            "a key set is used by no private identity and is not the USIM's");
  }
}

}  // namespace

void check_consistent(const SubscriptionDraft& draft) {
  require(!draft.private_identities.empty(), "a subscription needs a private identity");
  require(!draft.public_identities.empty(), "a subscription needs a public identity");
  for (const auto& key_set : draft.key_sets) check_key_set(key_set);
  for (const auto& identity : draft.private_identities) check_private_identity(identity, draft.key_sets.size());
  check_use_of_key_sets(draft);
  if (draft.non_3gpp) check_non_3gpp(draft);
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

void check_consistent(const ApnConfiguration& configuration) {
  require(configuration.context_identifier != 0, "the Context-Identifier of an APN is 1 or more");
  require(canonical_apn(configuration.name) == configuration.name,
          "the network identifier of an APN is labels of letters, digits and hyphens in lower case, or *");
  require(configuration.qci >= 1 && configuration.qci <= 254, "a QoS-Class-Identifier is 1 to 254");
  require(configuration.priority.level >= 1 && configuration.priority.level <= 15, "a priority level is 1 to 15");
  require(configuration.gateway.host.empty() == configuration.gateway.realm.empty(),
          "the name of a PDN gateway is a host and its realm");
  check_charging_characteristics(configuration.charging_characteristics);
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
