// The store as the domain sees it: what one request may read and write, inside a transaction that somebody else begins
// and commits. A second engine can stand behind it.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hss/subscriber.h"

namespace hss {

/// The Diameter applications that ask for vectors; each has its own IND range.
enum class Application : std::uint8_t { kCx = 0, kSwx = 1 };

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
  virtual std::shared_ptr<const Subscription> find_by_public_identity(std::string_view impu) = 0;

  /// Registration state; empty when nothing was ever saved.
  virtual Registration registration(SubscriptionId subscription) = 0;
  /// Replaces the state. Pairs that are NOT_REGISTERED without auth-pending need not be kept.
  virtual void save_registration(SubscriptionId subscription, const Registration& registration) = 0;

  /// Null when there is no such key set. StoreFault when it cannot be decrypted.
  virtual std::shared_ptr<const KeySet> key_set(KeySetId id) = 0;
  virtual SequenceState sequence(KeySetId id) = 0;
  virtual void save_sequence(KeySetId id, const SequenceState& state) = 0;
  /// Keeps the latest record of a key set.
  virtual void save_resynchronisation(KeySetId id, const ResynchronisationRecord& record) = 0;

  /// The SQN indices given out so far for an application, by requesting Diameter host.
  virtual std::vector<std::pair<std::string, unsigned>> ind_slots(Application application) = 0;
  virtual void save_ind_slot(Application application, std::string_view origin_host, unsigned ind) = 0;
};

/// One request on its way through the store.
class Transaction {
 public:
  virtual ~Transaction() = default;
  /// Runs inside the transaction, on the writer's thread. What it throws rolls its own writes back and nobody else's.
  virtual void run(Repository& repository) = 0;
  /// Called after the commit that holds everything run() wrote, on the writer's thread.
  virtual void committed() noexcept = 0;
  /// Called instead of committed() when run() threw or the commit failed: nothing was written. `reason` holds no
  /// secret.
  virtual void failed(const std::string& reason) noexcept = 0;
};

/// The way into the store for requests.
class TransactionQueue {
 public:
  virtual ~TransactionQueue() = default;
  /// Takes the transaction unless the queue is full or closed; then false, and `transaction` stays with the caller.
  /// Never blocks for the store. Safe to call from any thread.
  virtual bool submit(std::unique_ptr<Transaction>& transaction) = 0;
};

}  // namespace hss
