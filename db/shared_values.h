// Values that thousands of records have in common, each kept once and known by a number while somebody uses it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "db/hash_index.h"
#include "db/packed_octets.h"
#include "db/slots.h"
#include "hss/subscriber.h"

namespace hss::db {

inline std::size_t octets_of(const std::string& text) {
  constexpr std::size_t kInPlace = 15;
  return text.capacity() > kInPlace ? allocated(text.capacity() + 1) : 0;
}

struct ServerTraits {
  static Hash hash(const AssignedServer& server) {
    return hash_of(std::uint64_t{hash_of(server.name)} << 32U | hash_of(server.diameter_host)) ^
           hash_of(server.diameter_realm);
  }
  static std::size_t octets(const AssignedServer& server) {
    return octets_of(server.name) + octets_of(server.diameter_host) + octets_of(server.diameter_realm);
  }
};

/// By their address: whoever reads profiles keeps them all, each once, so they take no memory here.
struct ProfileTraits {
  static Hash hash(const std::shared_ptr<const ServiceProfile>& profile) {
    return hash_of(static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(profile.get())));
  }
  static std::size_t octets(const std::shared_ptr<const ServiceProfile>& /*profile*/) { return 0; }
};

template <typename Value, typename Traits>
class SharedValues {
 public:
  using Number = std::uint32_t;

  /// The number of a value, which has one user more.
  Number use(const Value& value) {
    const Hash hash = Traits::hash(value);
    const auto known = index_.find(hash, [&](Number number) { return values_[number].value == value; });
    const Number number = known ? *known : add(hash, value);
    ++values_[number].users;
    return number;
  }
  /// One user less; a value without any is let go.
  void release(Number number) {
    if (--values_[number].users > 0) return;
    index_.erase(Traits::hash(values_[number].value), number);
    held_ -= Traits::octets(values_[number].value);
    values_.free(number);
  }
  const Value& operator[](Number number) const { return values_[number].value; }

  [[nodiscard]] std::size_t octets() const { return values_.octets() + index_.octets() + held_; }
  void clear() noexcept {
    values_.clear();
    index_.clear();
    held_ = 0;
  }

 private:
  struct Shared {
    Value value{};
    std::size_t users = 0;
  };

  Number add(Hash hash, const Value& value) {
    const Number number = values_.take({value, 0});
    index_.insert(hash, number);
    held_ += Traits::octets(values_[number].value);
    return number;
  }

  Slots<Shared> values_;
  HashIndex index_;
  std::size_t held_ = 0;
};

using SharedServers = SharedValues<AssignedServer, ServerTraits>;
using SharedProfiles = SharedValues<std::shared_ptr<const ServiceProfile>, ProfileTraits>;

}  // namespace hss::db
