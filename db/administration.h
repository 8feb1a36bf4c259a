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
#include "hss/subscriber.h"

namespace hss::db {

struct KeySetDraft {
  AkaAlgorithm algorithm = AkaAlgorithm::kMilenage;
  Secret<16> k;
  Secret<16> opc;
  Octets<2> amf{0x80, 0x00};
  std::uint64_t seq = 0;
  unsigned ind_bits = 5;
  std::uint64_t delta = std::uint64_t{1} << 28U;
};

struct PrivateIdentityDraft {
  std::string impi;  // canonical
  AuthScheme scheme = AuthScheme::kDigestAkaV1Md5;
  std::optional<std::size_t> key_set;  // index into SubscriptionDraft::key_sets
};

struct PublicIdentityDraft {
  std::string impu;  // canonical
  bool barred = false;
  bool registration_allowed = true;
  std::size_t implicit_set = 0;  // members of a set have the same number
  std::string service_profile = "default";
  std::string display_name;
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
  struct State {
    std::string impi;
    std::size_t implicit_set = 0;  // number as in the draft
    RegistrationStatus status = RegistrationStatus::kNotRegistered;
    std::optional<UnixTime> auth_pending_until;
  };
  std::vector<State> states;
};

/// An identity of the draft belongs to another subscription already, or twice to this one.
class IdentityTaken : public std::runtime_error {
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

  /// Throws IdentityTaken, UnknownProfile; the caller's transaction must then be rolled back.
  SubscriptionId add(const SubscriptionDraft& draft);
  /// Makes the subscription what `draft` says. Identities and implicit sets that stay (by name, by members) keep their
  /// registration state; a key set whose K, OPc and algorithm stay keeps its SEQ unless the draft's SEQ is another than
  /// the stored one, and its memory of challenges. Throws as add() does.
  void replace(SubscriptionId id, const SubscriptionDraft& draft);
  /// True when there was one.
  bool remove(SubscriptionId id);

  /// Finds by IMSI, MSISDN (with or without '+'), IMPI or IMPU in canonical form.
  std::optional<SubscriptionId> find(std::string_view identity);
  /// `with_keys` false: K and OPc of the draft's key sets are left zero and nothing is decrypted.
  std::optional<StoredSubscription> read(SubscriptionId id, bool with_keys);
  /// Ids in ascending order, `after` excluded, `limit` at the most.
  std::vector<SubscriptionId> list(SubscriptionId after, std::size_t limit);
  std::uint64_t count();

  /// Service profiles by name; the XML is what hss::parse_service_profile reads (checked by the caller).
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
