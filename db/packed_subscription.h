// A subscription in one block of memory, a sixth of what it takes as the procedures see it: its identities first, so
// that they can be compared in place, and the rest unpacked when it is asked for.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "db/packed_octets.h"
#include "db/shared_values.h"
#include "hss/subscriber.h"

namespace hss::db {

enum class IdentityKind : std::uint8_t { kImsi, kPrivate, kPublic };

class PackedSubscription {
 public:
  PackedSubscription() = default;
  /// Uses its profiles until release_profiles(). `scratch` is written over.
  PackedSubscription(const Subscription& subscription, SharedProfiles& profiles, Bytes& scratch);

  explicit operator bool() const { return static_cast<bool>(octets_); }
  [[nodiscard]] SubscriptionId id() const { return PackedReader(octets_.view()).id(); }
  [[nodiscard]] bool holds(IdentityKind kind, std::string_view identity) const;
  /// Calls `visit(kind, text)` for each identity, as it was given.
  template <typename Visit>
  void each_identity(Visit&& visit) const {
    PackedReader reader(octets_.view());
    reader.id();
    visit_identities(reader, visit);
  }
  /// All of most will be asked for soon.
  void prefetch() const { octets_.prefetch(kOctetsOfMost); }
  [[nodiscard]] std::shared_ptr<const Subscription> unpack(const SharedProfiles& profiles) const;
  void release_profiles(SharedProfiles& profiles) const;

  /// What it takes of memory, its profiles apart.
  [[nodiscard]] std::size_t octets() const { return octets_.octets(); }

 private:
  template <typename Visit>
  static void visit_identities(PackedReader& reader, Visit&& visit) {
    if (const std::string_view imsi = reader.text(); !imsi.empty()) visit(IdentityKind::kImsi, imsi);
    for (const IdentityKind kind : {IdentityKind::kPrivate, IdentityKind::kPublic}) {
      for (std::uint64_t left = reader.number(); left > 0; --left) visit(kind, reader.text());
    }
  }

  static constexpr std::size_t kOctetsOfMost = 320;

  PackedOctets octets_;
};

}  // namespace hss::db
