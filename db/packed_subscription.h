// A subscription in one block of memory, a sixth of what it takes as the procedures see it: its identities first, so
// that they can be compared in place, and the rest unpacked when it is asked for.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
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
  /// Calls `visit(kind, text)` for each identity, as it was given; the text is put together in `scratch`, which takes
  /// no more memory when it has had room for it before.
  template <typename Visit>
  void each_identity(std::string& scratch, Visit&& visit) const {
    visit_identities([&](IdentityKind kind, const Text& text) {
      text.copy_to(scratch);
      visit(kind, std::string_view(scratch));
    });
  }
  /// All of most will be asked for soon.
  void prefetch() const { octets_.prefetch(kOctetsOfMost); }
  [[nodiscard]] std::shared_ptr<const Subscription> unpack(const SharedProfiles& profiles) const;
  void release_profiles(SharedProfiles& profiles) const;

  /// What it takes of memory, its profiles apart.
  [[nodiscard]] std::size_t octets() const { return octets_.octets(); }

 private:
  /// An identity: some octets of its own, and then the last ones of the first identity, for most of one subscription
  /// are made of its IMSI and end with the same domain.
  struct Text {
    std::string_view own;
    std::string_view shared{};

    [[nodiscard]] bool is(std::string_view text) const {
      return text.size() == own.size() + shared.size() && text.starts_with(own) && text.ends_with(shared);
    }
    void copy_to(std::string& text) const {
      text.reserve(own.size() + shared.size());
      text.assign(own).append(shared);
    }
  };

  /// One after the other, as they were written.
  class TextWriter {
   public:
    explicit TextWriter(PackedWriter& to) : to_(to) {}
    void identity(std::string_view text);
    /// Last: the first identity may begin with it.
    void imsi(std::string_view text);

   private:
    PackedWriter& to_;
    std::string_view first_;
  };
  class TextReader {
   public:
    explicit TextReader(PackedReader& from) : from_(from) {}
    Text identity();
    Text imsi();

   private:
    PackedReader& from_;
    std::string_view first_;
  };

  /// Reads the identities: each private one, then each public one, then the IMSI, which may be empty.
  template <typename Visit>
  static void read_identities(PackedReader& from, Visit&& visit) {
    TextReader texts(from);
    for (const IdentityKind kind : {IdentityKind::kPrivate, IdentityKind::kPublic}) {
      for (std::uint64_t left = from.number(); left > 0; --left) visit(kind, texts.identity());
    }
    visit(IdentityKind::kImsi, texts.imsi());
  }
  template <typename Visit>
  void visit_identities(Visit&& visit) const {
    PackedReader from(octets_.view());
    from.id();
    read_identities(from, [&](IdentityKind kind, const Text& text) {
      if (kind != IdentityKind::kImsi || !text.own.empty()) visit(kind, text);
    });
  }

  static constexpr std::size_t kOctetsOfMost = 192;

  PackedOctets octets_;
};

}  // namespace hss::db
