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
#include "hss/non_3gpp.h"
#include "hss/recent_challenges.h"
#include "hss/secret.h"
#include "hss/user_profile.h"

namespace hss {

using SubscriptionId = std::int64_t;
using PrivateIdentityId = std::int64_t;
using PublicIdentityId = std::int64_t;
using ImplicitSetId = std::int64_t;
using KeySetId = std::int64_t;

// ---- Provisioned ----------------------------------------------------------------------------------------------------

enum class AkaAlgorithm : std::uint8_t {
  kMilenage = 0,  // TS 35.206
  kTuak = 1,      // TS 35.231
  kXor = 2,       // TS 34.108 8.1.2, test cards only
};

/// The rotations r1 to r5 (bits, 0..127) and constants c1 to c5 of Milenage: as TS 35.206 4.1 gives them, or an
/// operator's own (TS 35.206 5.3).
struct MilenageConstants {
  std::array<std::uint8_t, 5> r{64, 0, 32, 64, 96};
  std::array<Octets<16>, 5> c{Octets<16>{}, last_octet(0x01), last_octet(0x02), last_octet(0x04), last_octet(0x08)};
  friend bool operator==(const MilenageConstants&, const MilenageConstants&) = default;

 private:
  static constexpr Octets<16> last_octet(std::uint8_t value) {
    Octets<16> octets{};
    octets[15] = value;
    return octets;
  }
};

/// What may differ between cards of one algorithm.
struct AkaParameters {
  MilenageConstants milenage;    // Milenage
  unsigned tuak_iterations = 1;  // TUAK: of Keccak, 1..255, TS 35.231 6.1
  unsigned res_octets = 8;       // TUAK: 4, 8 or 16; XOR: 4..16; Milenage: 8 (TS 33.102 6.3.7)
  friend bool operator==(const AkaParameters&, const AkaParameters&) = default;
};

/// What an AuC holds of one USIM or ISIM (TS 33.102 6.3). A record of its own: the private identity on Cx and the IMSI
/// on SWx can share one card, and then share one SEQ.
struct KeySet {
  KeySetId id = 0;
  AkaAlgorithm algorithm = AkaAlgorithm::kMilenage;
  SecretOctets<32> k;    // 16 octets; TUAK: 16 or 32
  SecretOctets<32> opc;  // Milenage: OPc, 16 octets; TUAK: TOPc, 32 octets; XOR: none. OP and TOP are turned into these
                         // when they are provisioned
  AkaParameters parameters{};
  bool test = false;                              // a test card: the only kind that may use XOR
  Octets<2> amf{0x80, 0x00};                      // TS 33.102 Annex H
  unsigned ind_bits = 5;                          // 0..16, TS 33.102 C.1.1.1
  std::uint64_t delta = std::uint64_t{1} << 28U;  // largest jump of SEQ that the card accepts, TS 33.102 C.2.1
};

/// How a private identity authenticates (TS 29.229 6.3.9).
enum class AuthScheme : std::uint8_t {
  kDigestAkaV1Md5 = 0,
  kSipDigest = 1,         // TS 33.203 Annex N
  kEarlyImsSecurity = 2,  // GIBA, TS 33.203 Annex T
  kNassBundled = 3,       // TS 33.203 Annex R
};

/// The exact spelling for SIP-Authentication-Scheme.
std::string_view name_of(AuthScheme scheme);

/// The address that the access network gave the user of GIBA (TS 29.229 6.3.13: Framed-IP-Address, Framed-IPv6-Prefix).
struct FramedAddress {
  std::optional<Octets<4>> ipv4;
  std::optional<Octets<16>> ipv6_prefix;
  std::uint8_t ipv6_prefix_length = 64;  // bits, 1..128
  friend bool operator==(const FramedAddress&, const FramedAddress&) = default;
};
/// "192.0.2.1", or "2001:db8:1::/64" (an address without a length is a prefix of 128 bits); nullopt for anything else.
std::optional<FramedAddress> parse_framed_address(std::string_view text);
/// What parse_framed_address reads.
std::string to_text(const FramedAddress& address);

/// What the S-CSCF checks a SIP Digest response with (TS 29.229 6.3.36): never the password.
struct SipDigest {
  std::string realm;
  Secret<16> ha1;                              // MD5(IMPI ":" realm ":" password)
  std::optional<Secret<32>> alternate_sha256;  // SHA-256 of the same
};

/// A private identity can be authenticated by every scheme that it holds credentials of.
struct PrivateIdentity {
  PrivateIdentityId id = 0;
  std::string impi;                                 // canonical
  AuthScheme scheme = AuthScheme::kDigestAkaV1Md5;  // its own: what "Unknown" is answered with
  std::optional<KeySetId> key_set;                  // AKA: Repository::key_set
  bool sip_digest = false;                          // SIP Digest: Repository::sip_digest
  std::optional<FramedAddress> framed_address{};    // GIBA
  std::vector<Bytes> line_identifiers{};            // NASS-Bundled: Line-Identifier, at the most 8 of 255 octets

  /// True when the credentials of a scheme are there.
  [[nodiscard]] bool supports(AuthScheme wanted) const;
};

/// TS 29.228 Annex B.2.1, IdentityType of Annex E.
enum class IdentityType : std::uint8_t {
  kPublicUserIdentity = 0,
  kDistinctPsi = 1,
  kWildcardedPsi = 2,
  kNonDistinctPublicUserIdentity = 3,
  kWildcardedPublicUserIdentity = 4,
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
  IdentityType type = IdentityType::kPublicUserIdentity;  // of a wildcarded one, `impu` is the expression
  bool psi_active = true;                                 // PSI activation state, TS 23.008 3.1
  std::string application_server{};  // of a PSI: SIP URI for direct routing (TS 29.228 6.1.4); empty: none
  std::string alias_group{};         // AliasIdentityGroupID; empty: none
  std::optional<std::uint32_t> service_priority_level{};  // ServicePriorityLevel 0 (highest) to 4

  [[nodiscard]] bool is_psi() const {
    return type == IdentityType::kDistinctPsi || type == IdentityType::kWildcardedPsi;
  }
  [[nodiscard]] bool is_wildcarded() const {
    return type == IdentityType::kWildcardedPsi || type == IdentityType::kWildcardedPublicUserIdentity;
  }
};

/// What an S-CSCF must or should have (TS 29.229 6.3.3), and names to prefer.
struct ServerCapabilities {
  std::vector<std::uint32_t> mandatory;
  std::vector<std::uint32_t> optional;
  std::vector<std::string> server_names;  // SIP URIs, best first
  [[nodiscard]] bool empty() const { return mandatory.empty() && optional.empty() && server_names.empty(); }
  friend bool operator==(const ServerCapabilities&, const ServerCapabilities&) = default;
};

/// Charging functions (TS 29.229 6.3.19): DiameterURIs; empty: none.
struct ChargingInformation {
  std::string primary_event;
  std::string secondary_event;
  std::string primary_collection;
  std::string secondary_collection;
  [[nodiscard]] bool empty() const {
    return primary_event.empty() && secondary_event.empty() && primary_collection.empty() &&
           secondary_collection.empty();
  }
  friend bool operator==(const ChargingInformation&, const ChargingInformation&) = default;
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
  ChargingInformation charging{};            // empty: what the settings say
  std::string imsi{};                        // digits; empty: none
  /// The key set that the IMSI authenticates with (SWx): the one provisioned as the USIM's, else that of the first
  /// private identity that has one. Absent: it cannot do AKA.
  std::optional<KeySetId> usim{};

  [[nodiscard]] const PrivateIdentity* find_private(std::string_view canonical_impi) const;
  [[nodiscard]] const PublicIdentity* find_public(std::string_view canonical_impu) const;
  [[nodiscard]] const PrivateIdentity* private_by_id(PrivateIdentityId id) const;
  [[nodiscard]] bool associated(PrivateIdentityId private_identity, ImplicitSetId implicit_set) const;
  [[nodiscard]] const PublicIdentity* public_by_id(PublicIdentityId id) const;
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
  /// The S-CSCF that made the present registrations, while a MAR of another one has put that one's name into `server`
  /// (TS 29.228 6.3.1) and its SAR is awaited.
  std::optional<AssignedServer> previous_server{};
  bool reassignment_pending = false;  // "S-CSCF reassignment pending", TS 29.228 6.1.1.1, IMS restoration
  friend bool operator==(const Registration&, const Registration&) = default;
};

/// The counter of a key set, and the RANDs that it was last used with.
struct SequenceState {
  std::uint64_t seq = 0;    // SEQ_HE: the last one issued
  RecentChallenges issued;  // an AUTS for another RAND may not lower SEQ
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
