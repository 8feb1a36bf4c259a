// What hssctl does to the store: subscriptions written whole, read whole, and found by any identity.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "db/key_vault.h"
#include "hss/repository.h"
#include "hss/subscriber.h"

namespace hss::db {

struct KeySetDraft {
  AkaAlgorithm algorithm = AkaAlgorithm::kMilenage;
  SecretOctets<32> k;    // lengths as in KeySet
  SecretOctets<32> opc;  // OPc, TOPc or nothing
  AkaParameters parameters{};
  bool test = false;
  Octets<2> amf{0x80, 0x00};
  std::uint64_t seq = 0;
  unsigned ind_bits = 5;
  std::uint64_t delta = std::uint64_t{1} << 28U;
};

struct PrivateIdentityDraft {
  std::string impi;  // canonical
  AuthScheme scheme = AuthScheme::kDigestAkaV1Md5;
  std::optional<std::size_t> key_set;  // index into SubscriptionDraft::key_sets
  std::optional<SipDigest> sip_digest{};
  std::optional<FramedAddress> framed_address{};
  std::vector<Bytes> line_identifiers{};
};

struct PublicIdentityDraft {
  std::string impu;  // canonical
  bool barred = false;
  bool registration_allowed = true;
  std::size_t implicit_set = 0;  // members of a set have the same number
  std::string service_profile = "default";
  std::string display_name;
  IdentityType type = IdentityType::kPublicUserIdentity;
  bool psi_active = true;
  std::string application_server{};
  std::string alias_group{};
  std::optional<std::uint32_t> service_priority_level{};
};

/// Access over non-3GPP networks, as Non3gppSubscription; its APNs are templates.
struct Non3gppDraft {
  bool access_allowed = true;
  bool apns_enabled = true;
  struct Apn {
    std::string name;                 // of the template
    std::optional<Octets<4>> ipv4{};  // static addresses there
    std::optional<Octets<16>> ipv6{};
    friend bool operator==(const Apn&, const Apn&) = default;
  };
  std::vector<Apn> apns;  // at least one, names and network identifiers differ; the first is the default
  std::vector<std::uint32_t> forbidden_rat_types{};
  std::vector<std::string> visited_networks{};
  std::optional<std::uint32_t> session_timeout{};
  std::optional<Ambr> ambr{};
  std::string charging_characteristics{};
  friend bool operator==(const Non3gppDraft&, const Non3gppDraft&) = default;
};

/// A subscription as it is provisioned and exported. Every private identity may use every implicit set unless
/// `associations` says otherwise.
struct SubscriptionDraft {
  std::string imsi;                  // digits; empty: none
  std::vector<std::string> msisdns;  // digits, no '+'
  std::vector<KeySetDraft> key_sets;
  std::vector<PrivateIdentityDraft> private_identities;
  std::vector<PublicIdentityDraft> public_identities;
  struct Association {
    std::size_t private_identity = 0;  // index
    std::size_t implicit_set = 0;      // number
  };
  std::vector<Association> associations;  // empty: all with all
  ServerCapabilities capabilities;
  std::vector<std::string> visited_networks;
  std::optional<bool> loose_route_required;
  ChargingInformation charging{};
  std::optional<std::size_t> usim{};       // index into key_sets: what the IMSI authenticates with; absent: the key set
                                           // of the first private identity that has one
  std::optional<Non3gppDraft> non_3gpp{};  // absent: no access over non-3GPP networks; needs an IMSI
};

/// A subscription as it stands in the store: what was provisioned and what has happened since.
struct StoredSubscription {
  SubscriptionId id = 0;
  SubscriptionDraft draft;  // key_sets[i].seq is the present SEQ
  struct Resynchronisation {
    std::size_t key_set = 0;  // index into draft.key_sets
    ResynchronisationRecord record;
  };
  std::vector<Resynchronisation> resynchronisations;
  std::optional<AssignedServer> server;
  std::optional<AssignedServer> previous_server{};
  bool reassignment_pending = false;
  struct State {
    std::string impi;
    std::size_t implicit_set = 0;  // number as in the draft
    RegistrationStatus status = RegistrationStatus::kNotRegistered;
    std::optional<UnixTime> auth_pending_until;
    std::size_t restoration_octets = 0;  // of SCSCF-Restoration-Info; 0: none is stored
  };
  std::vector<State> states;
  Non3gppRegistration non_3gpp{};
};

/// An identity of the draft belongs to another subscription already, or twice to this one.
class IdentityTaken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// An APN template is named that does not exist.
class UnknownApn : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// A service profile is named that does not exist.
class UnknownProfile : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Administration {
 public:
  Administration(Database& database, const KeyVault& vault);
  ~Administration();
  Administration(const Administration&) = delete;
  Administration& operator=(const Administration&) = delete;

  /// Everything below runs in the caller's Database::write or Database::read.

  /// Throws IdentityTaken, UnknownProfile, UnknownApn, and std::invalid_argument for a draft that contradicts itself or
  /// has a wildcarded identity that hss/wildcard.h does not read; the caller's transaction must then be rolled back.
  /// Wildcarded identities are stored by the canonical text of their expression.
  SubscriptionId add(const SubscriptionDraft& draft);
  /// Makes the subscription what `draft` says. Identities and implicit sets that stay (by name, by members) keep their
  /// registration state; a key set whose K, OPc, algorithm and parameters stay keeps its SEQ unless the draft's SEQ is
  /// another than the stored one, and its memory of challenges. Pushes about a set or private identity that goes stay,
  /// with 0 for its number. Throws as add() does.
  void replace(SubscriptionId id, const SubscriptionDraft& draft);
  /// True when there was one. Its pushes stay, with 0 for its numbers.
  bool remove(SubscriptionId id);

  /// Finds by IMSI, MSISDN (with or without '+'), IMPI or IMPU in canonical form, by the expression of a wildcarded
  /// identity, and, when nothing has it, by a wildcarded identity that matches.
  std::optional<SubscriptionId> find(std::string_view identity);
  /// Whose an identity of one kind is, in canonical form (an MSISDN without '+'), and nothing that only matches it.
  enum class IdentityKind { kImsi, kMsisdn, kPrivate, kPublic };
  std::optional<SubscriptionId> owner(IdentityKind kind, std::string_view identity);
  /// `with_keys` false: K and OPc of the draft's key sets are left empty, the hashes of SIP Digest zero, and nothing is
  /// decrypted.
  std::optional<StoredSubscription> read(SubscriptionId id, bool with_keys);
  /// Ids in ascending order, `after` excluded, `limit` at the most.
  std::vector<SubscriptionId> list(SubscriptionId after, std::size_t limit);
  /// As list(), those of ids up to `last` that have `text`, which is in lower case, in an IMSI, MSISDN, IMPI or IMPU,
  /// without regard to the case of ASCII letters there.
  std::vector<SubscriptionId> list_with_text(SubscriptionId after, SubscriptionId last, std::string_view text);
  /// Subscriptions with a public service identity, in ascending order.
  std::vector<SubscriptionId> list_with_services();
  std::uint64_t count();

  /// The same store as the procedures see it, in the caller's transaction.
  Repository& repository();

  /// Subscriptions with a set that is REGISTERED or UNREGISTERED and has a member with this service profile, or with
  /// one that uses this shared set; ids in ascending order.
  std::vector<SubscriptionId> served_with_profile(std::string_view name);
  std::vector<SubscriptionId> served_with_shared_ifc_set(std::string_view name);

  /// APN templates by name. Throws std::runtime_error when the Context-Identifier belongs to another one, when a
  /// subscriber who has it would have two of the same network identifier, and std::invalid_argument for a configuration
  /// that contradicts itself.
  void save_apn(std::string_view name, const ApnConfiguration& configuration);
  std::optional<ApnConfiguration> apn(std::string_view name);
  struct NamedApn {
    std::string name;
    ApnConfiguration configuration;
  };
  std::vector<NamedApn> apns();
  /// False when there is none of that name; throws std::runtime_error when subscribers have it.
  bool remove_apn(std::string_view name);
  /// Subscriptions registered on SWx that have this APN template; ids in ascending order.
  std::vector<SubscriptionId> registered_with_apn(std::string_view name);
  /// Subscriptions registered on SWx, with one AAA server (its host, without case) or with any; ids in ascending order,
  /// `after` excluded, `limit` at the most.
  std::vector<SubscriptionId> registered_on_swx(std::string_view aaa_host, SubscriptionId after, std::size_t limit);

  /// Pushes, newest first: those of a subscription and those about its IMSI from which no state follows, or all.
  std::vector<Push> pushes(std::optional<SubscriptionId> subscription, bool waiting_only, std::size_t limit);

  /// Shared iFC sets by name; the XML is what hss::parse_shared_ifc_set reads. Throws std::runtime_error when the
  /// number belongs to another one, when it is to be another number while profiles use it under the old one, and
  /// ProfileError when the XML cannot be read or a priority of it is one of a profile that uses it
  /// (hss::check_priorities).
  void save_shared_ifc_set(std::string_view name, std::uint32_t id, std::string_view xml);
  struct SharedIfcText {
    std::uint32_t id = 0;
    std::string name;
    std::string xml;
  };
  std::optional<SharedIfcText> shared_ifc_set(std::string_view name);
  std::vector<SharedIfcText> shared_ifc_sets();
  /// False when there is none of that name; throws std::runtime_error when a service profile uses it.
  bool remove_shared_ifc_set(std::string_view name);

  /// Service profiles by name; the XML is what hss::parse_service_profile reads. Throws std::runtime_error when a
  /// shared set that it names is not there, and ProfileError as save_shared_ifc_set() does.
  void save_profile(std::string_view name, std::string_view xml);
  std::optional<std::string> profile(std::string_view name);
  std::vector<std::string> profiles();
  /// False when there is none of that name; throws std::runtime_error when public identities use it.
  bool remove_profile(std::string_view name);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hss::db
