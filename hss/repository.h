// The store as the domain sees it: what one request may read and write, inside a transaction that somebody else begins
// and commits. A second engine can stand behind it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hss/non_3gpp.h"
#include "hss/push.h"
#include "hss/subscriber.h"

namespace hss {

/// A wildcarded public identity that matches, in its subscription.
struct WildcardMatch {
  std::shared_ptr<const Subscription> subscription;
  PublicIdentityId public_identity = 0;
};

/// Octets of one SCSCF-Restoration-Info: a hundred contacts, and no way to fill the disk.
inline constexpr std::size_t kLongestRestoration = 16384;

/// The content of an SCSCF-Restoration-Info AVP (TS 29.229 6.3.46, without its header) of one pair.
struct RestorationInfo {
  PrivateIdentityId private_identity = 0;
  Bytes content;
  friend bool operator==(const RestorationInfo&, const RestorationInfo&) = default;
};

/// A fault of the store (disk full, damaged file ...): not a verdict. The transaction is rolled back and answered 5012.
class StoreFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One transaction's view. Reads see the writes made before them in the same transaction. Every method may throw
/// StoreFault.
class Repository {
 public:
  virtual ~Repository() = default;

  /// The subscription that holds an identity (canonical form); null when none does.
  virtual std::shared_ptr<const Subscription> find_by_private_identity(std::string_view impi) = 0;
  /// Exact: a wildcarded identity is found by its expression only.
  virtual std::shared_ptr<const Subscription> find_by_public_identity(std::string_view impu) = 0;
  /// The wildcarded identity that matches an identity (canonical form) which find_by_public_identity does not know: the
  /// one with the longest part outside its '!', and of two equal ones the first by text. Subscription null: none does.
  virtual WildcardMatch find_by_wildcard(std::string_view impu) = 0;
  /// Null when there is no such subscription (any more).
  virtual std::shared_ptr<const Subscription> subscription(SubscriptionId id) = 0;
  /// The subscription of an IMSI (digits); null when none has it.
  virtual std::shared_ptr<const Subscription> find_by_imsi(std::string_view imsi) = 0;

  /// What was provisioned for access over non-3GPP networks; null when nothing was.
  virtual std::shared_ptr<const Non3gppSubscription> non_3gpp(SubscriptionId subscription) = 0;
  /// State on SWx; empty when nothing was ever saved.
  virtual Non3gppRegistration non_3gpp_registration(SubscriptionId subscription) = 0;
  /// Replaces the state; one without a server is that of somebody who was never seen, active APNs and all.
  virtual void save_non_3gpp_registration(SubscriptionId subscription, const Non3gppRegistration& registration) = 0;

  /// Registration state; empty when nothing was ever saved.
  virtual Registration registration(SubscriptionId subscription) = 0;
  /// Replaces the state. Pairs that are NOT_REGISTERED without auth-pending need not be kept.
  virtual void save_registration(SubscriptionId subscription, const Registration& registration) = 0;

  /// SCSCF-Restoration-Info (TS 29.228 8.3) of the pairs of a set, each the octets that the S-CSCF sent.
  virtual std::vector<RestorationInfo> restoration(ImplicitSetId implicit_set) = 0;
  /// Stores, replaces or, with an empty `info`, deletes it. StoreFault for more than kLongestRestoration octets. It is
  /// also deleted with its pair.
  virtual void save_restoration(ImplicitSetId implicit_set, PrivateIdentityId private_identity, BytesView info) = 0;

  /// Null when there is no such key set. StoreFault when it cannot be decrypted.
  virtual std::shared_ptr<const KeySet> key_set(KeySetId id) = 0;
  /// HA1 of a private identity; nullopt when none is stored. StoreFault when it cannot be decrypted.
  virtual std::optional<SipDigest> sip_digest(PrivateIdentityId id) = 0;

  virtual SequenceState sequence(KeySetId id) = 0;
  virtual void save_sequence(KeySetId id, const SequenceState& state) = 0;
  /// Keeps the latest record of a key set.
  virtual void save_resynchronisation(KeySetId id, const ResynchronisationRecord& record) = 0;

  /// The SQN indices given out so far for an application, by requesting Diameter host. Good until the next call of this
  /// or of save_ind_slot.
  using IndSlots = std::vector<std::pair<std::string, unsigned>>;
  virtual const IndSlots& ind_slots(Application application) = 0;
  virtual void save_ind_slot(Application application, std::string_view origin_host, unsigned ind) = 0;

  /// The outbox. A new push is due at once; its id.
  virtual PushId add_push(const Push& push) = 0;
  /// Waiting pushes whose time has come, oldest first.
  virtual std::vector<Push> due_pushes(UnixTime now, std::size_t limit) = 0;
  virtual std::optional<Push> push(PushId id) = 0;
  /// Waiting pushes of a subscription, oldest first.
  virtual std::vector<Push> waiting_pushes(SubscriptionId subscription) = 0;
  /// Stores what changes: status, attempts, next_attempt, finished, result, outcome, and the identity it is sent for.
  virtual void save_push(const Push& push) = 0;
  /// Forgets pushes that were finished before a time.
  virtual void forget_pushes(UnixTime finished_before) = 0;
};

/// Whom a request is about: an identity in canonical form.
struct Subject {
  enum class Kind : std::uint8_t { kNobody, kPrivateIdentity, kPublicIdentity, kImsi };
  Kind kind = Kind::kNobody;
  std::string identity;
  friend bool operator==(const Subject&, const Subject&) = default;
};

/// One request on its way through the store.
class Transaction {
 public:
  virtual ~Transaction() = default;
  /// By which run() will first look for a subscription, when that is known; a store that has to fetch it from afar may
  /// ask before. On the thread of run().
  [[nodiscard]] virtual Subject subject() const { return {}; }
  /// Runs inside the transaction, on the writer's thread. What it throws rolls its own writes back and nobody else's.
  /// Run again, from the beginning, when what another of its batch saved could not be written.
  virtual void run(Repository& repository) = 0;
  /// Called when the commit that holds everything run() wrote is on disk, on another thread than run().
  virtual void committed() noexcept = 0;
  /// Called instead of committed() when run() threw or the commit failed: nothing was written; or when the commit may
  /// not be on disk: nothing that was written can be promised. `reason` holds no secret.
  virtual void failed(const std::string& reason) noexcept = 0;
};

/// The way into the store for requests.
class TransactionQueue {
 public:
  virtual ~TransactionQueue() = default;
  /// Takes the transaction unless the queue is full or closed; then false, and `transaction` stays with the caller.
  /// Never blocks for the store. Safe to call from any thread.
  virtual bool submit(std::unique_ptr<Transaction>& transaction) = 0;
  /// Whether submit() would most likely refuse, for who has work to do before. Any thread, no lock.
  [[nodiscard]] virtual bool is_full() const noexcept { return false; }
  /// How many wait to be run. Any thread, no lock.
  [[nodiscard]] virtual std::size_t waiting() const noexcept { return 0; }
};

}  // namespace hss
