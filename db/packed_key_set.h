// What the AuC holds of a card in as few octets as it takes: a fifth of the key set as the procedures see it. Its keys
// are wiped when they go.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "db/packed_octets.h"
#include "hss/subscriber.h"

namespace hss::db {

class PackedKeySet {
 public:
  PackedKeySet() = default;
  explicit PackedKeySet(const KeySet& key_set);
  PackedKeySet(PackedKeySet&& other) = default;
  PackedKeySet& operator=(PackedKeySet&& other) noexcept;
  ~PackedKeySet() { wipe(); }

  explicit operator bool() const { return static_cast<bool>(octets_); }
  /// Writes over `key_set`, whose number is not packed.
  void unpack(KeySetId id, KeySet& key_set) const;
  /// All of most will be asked for soon.
  void prefetch() const { octets_.prefetch(kOctetsOfMost); }

  /// What it takes of memory.
  [[nodiscard]] std::size_t octets() const { return octets_.octets(); }

 private:
  void wipe();

  static constexpr std::size_t kOctetsOfMost = 34;

  PackedOctets octets_;
};

}  // namespace hss::db
