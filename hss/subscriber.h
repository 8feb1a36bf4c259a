// A subscription as the procedures see it: what was provisioned (immutable while a request is served) and, apart from
// it, the state that requests change.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/bytes.h"
#include "hss/secret.h"
#include "hss/user_profile.h"

namespace hss {

using SubscriptionId = std::int64_t;
using PrivateIdentityId = std::int64_t;
using PublicIdentityId = std::int64_t;
using ImplicitSetId = std::int64_t;
using KeySetId = std::int64_t;

/// Seconds since 1970-01-01 UTC.
using UnixTime = std::int64_t;

// ---- Provisioned ----------------------------------------------------------------------------------------------------

enum class AkaAlgorithm : std::uint8_t { kMilenage = 0 };

/// What an AuC holds of one USIM or ISIM (TS 33.102 6.3). A record of its own: the private identity on Cx and the IMSI
/// on SWx can share one card, and then share one SEQ.
struct KeySet {
  KeySetId id = 0;
  AkaAlgorithm algorithm = AkaAlgorithm::kMilenage;
  Secret<16> k;
  Secret<16> opc;                                 // OP is turned into OPc when it is provisioned
  Octets<2> amf{0x80, 0x00};                      // TS 33.102 Annex H
  unsigned ind_bits = 5;                          // 0..16, TS 33.102 C.1.1.1
  std::uint64_t delta = std::uint64_t{1} << 28U;  // largest jump of SEQ that the card accepts, TS 33.102 C.2.1
};

/// How a private identity authenticates (TS 29.229 6.3.9).
enum class AuthScheme : std::uint8_t { kDigestAkaV1Md5 = 0 };

/// The exact spelling for SIP-Authentication-Scheme.
std::string_view name_of(AuthScheme scheme);

struct PrivateIdentity {
  PrivateIdentityId id = 0;
  std::string impi;  // canonical
  AuthScheme scheme = AuthScheme::kDigestAkaV1Md5;
  std::optional<KeySetId> key_set;  // absent: the identity cannot do AKA
};

struct PublicIdentity {
  PublicIdentityId id = 0;
  std::string impu;  // canonical
  bool barred = false;
  bool registration_allowed = true;
  /// Every public identity is in exactly one implicit registration set; one that stands alone has a set of its own.
  ImplicitSetId implicit_set = 0;
  std::shared_ptr<const ServiceProfile> service_profile;  // never null
  std::string display_name;                               // empty: none
};

/// What an S-CSCF must or should have (TS 29.229 6.3.3), and names to prefer.
struct ServerCapabilities {
  std::vector<std::uint32_t> mandatory;
  std::vector<std::uint32_t> optional;
  std::vector<std::string> server_names;  // SIP URIs, best first
  [[nodiscard]] bool empty() const { return mandatory.empty() && optional.empty() && server_names.empty(); }
  friend bool operator==(const ServerCapabilities&, const ServerCapabilities&) = default;
};

/// An IMS subscription (TS 23.228 4.3.3.4): the private identities, the public identities, and who may use what.
struct Subscription {
  SubscriptionId id = 0;
  std::vector<PrivateIdentity> private_identities;  // at least one
  std::vector<PublicIdentity> public_identities;    // at least one; in the order in which they were provisioned
  /// Which private identity may use which implicit set. The members of a set share their private identities.
  struct Association {
    PrivateIdentityId private_identity = 0;
    ImplicitSetId implicit_set = 0;
  };
  std::vector<Association> associations;
  ServerCapabilities capabilities;
  /// Networks where it may roam (canonical_network form); empty: everywhere.
  std::vector<std::string> visited_networks;
  std::optional<bool> loose_route_required;  // Loose-Route-Indication, absent: not sent

  [[nodiscard]] const PrivateIdentity* find_private(std::string_view canonical_impi) const;
  [[nodiscard]] const PublicIdentity* find_public(std::string_view canonical_impu) const;
  [[nodiscard]] const PrivateIdentity* private_by_id(PrivateIdentityId id) const;
  [[nodiscard]] bool associated(PrivateIdentityId private_identity, ImplicitSetId implicit_set) const;
  /// The members of a set in provisioned order.
  [[nodiscard]] std::vector<const PublicIdentity*> members(ImplicitSetId implicit_set) const;
  /// The private identities that may use a set, in provisioned order.
  [[nodiscard]] std::vector<const PrivateIdentity*> private_identities_of(ImplicitSetId implicit_set) const;
};

// ---- State ----------------------------------------------------------------------------------------------------------

/// The S-CSCF that serves a subscription: its SIP name for CSCFs, its Diameter host and realm for requests to it.
struct AssignedServer {
  std::string name;            // Server-Name as it was received
  std::string diameter_host;   // Origin-Host of its last MAR or SAR
  std::string diameter_realm;  // Origin-Realm of the same
  friend bool operator==(const AssignedServer&, const AssignedServer&) = default;
};

enum class RegistrationStatus : std::uint8_t { kNotRegistered = 0, kRegistered = 1, kUnregistered = 2 };

/// Where one private identity stands with one implicit set. The members of a set always move together (TS 23.228
/// 5.2.1a), so the set has the state and its members cannot disagree.
struct PairState {
  ImplicitSetId implicit_set = 0;
  PrivateIdentityId private_identity = 0;
  RegistrationStatus status = RegistrationStatus::kNotRegistered;
  /// Set while a MAR was answered and its SAR is awaited; the flag lapses at this time.
  std::optional<UnixTime> auth_pending_until;
  friend bool operator==(const PairState&, const PairState&) = default;
};

/// The changing part of a subscription. A pair that is not listed is NOT_REGISTERED without auth-pending.
struct Registration {
  std::optional<AssignedServer> server;
  std::vector<PairState> pairs;
  friend bool operator==(const Registration&, const Registration&) = default;
};

/// How many challenges of a key set are remembered (SequenceState::issued): more than one request can ask for.
inline constexpr std::size_t kRememberedChallenges = 8;

/// The counter of a key set, and the RANDs that it was last used with.
struct SequenceState {
  std::uint64_t seq = 0;  // SEQ_HE: the last one issued
  /// RAND of the latest challenges, newest first, kRememberedChallenges at the most. An AUTS for another RAND may not
  /// lower SEQ.
  std::vector<Octets<16>> issued;
  friend bool operator==(const SequenceState&, const SequenceState&) = default;
};

/// What the last resynchronisation of a key set found and did.
struct ResynchronisationRecord {
  enum class Action : std::uint8_t { kKept = 0, kRaised = 1, kLowered = 2 };
  UnixTime at = 0;
  std::string origin_host;
  std::uint64_t seq_he = 0;  // before
  std::uint64_t seq_ms = 0;  // in the AUTS
  Action action = Action::kKept;
  friend bool operator==(const ResynchronisationRecord&, const ResynchronisationRecord&) = default;
};

}  // namespace hss
