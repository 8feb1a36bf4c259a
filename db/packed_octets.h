// Values as octets, one after the other without gaps: what is remembered of many subscribers takes a block of memory
// each instead of a tree of small ones.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "hss/bytes.h"

namespace hss::db {

/// What glibc takes for a block of `size` octets: its length in front, multiples of 16, 32 at the least.
constexpr std::size_t allocated(std::size_t size) {
  constexpr std::size_t kLength = 8, kMultiple = 16, kLeast = 32;
  return std::max(kLeast, (size + kLength + kMultiple - 1) / kMultiple * kMultiple);
}

/// They will be asked for soon, and come from memory together. `at` may be null.
inline void prefetch_octets(const void* at, std::size_t size) {
  constexpr std::size_t kCacheLine = 64;
  const auto* const octets = static_cast<const std::uint8_t*>(at);
  for (std::size_t i = 0; octets != nullptr && i < size; i += kCacheLine) __builtin_prefetch(octets + i);
}

class PackedWriter {
 public:
  /// `place` is emptied first; to use one again and again saves memory from being asked for.
  explicit PackedWriter(Bytes& place) : place_(place) { place_.clear(); }

  void octet(std::uint8_t value) { place_.push_back(value); }
  /// Seven bits an octet, so that a small number is short.
  void number(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) octet(static_cast<std::uint8_t>(value | 0x80U));
    octet(static_cast<std::uint8_t>(value));
  }
  void id(std::int64_t value) { number(static_cast<std::uint64_t>(value)); }
  void optional_id(const std::optional<std::int64_t>& value) {
    octet(value ? 1 : 0);
    if (value) id(*value);
  }
  void octets(BytesView value) { place_.insert(place_.end(), value.begin(), value.end()); }
  /// With its length in front.
  void block(BytesView value) {
    number(value.size());
    octets(value);
  }
  void text(std::string_view value) {
    block({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});  // octets are octets
  }

 private:
  Bytes& place_;
};

/// Reads what PackedWriter wrote, in the same order; never anything from outside, so it checks nothing.
class PackedReader {
 public:
  explicit PackedReader(BytesView octets) : rest_(octets) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  std::uint8_t octet() { return octets(1).front(); }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7U) {
      const std::uint8_t next = octet();
      value |= static_cast<std::uint64_t>(next & 0x7fU) << shift;
      if (next < 0x80U) return value;
    }
  }
  std::int64_t id() { return static_cast<std::int64_t>(number()); }
  std::optional<std::int64_t> optional_id() { return octet() == 0 ? std::nullopt : std::optional(id()); }
  BytesView octets(std::size_t size) {
    const BytesView read = rest_.first(size);
    rest_ = rest_.subspan(size);
    return read;
  }
  BytesView block() { return octets(static_cast<std::size_t>(number())); }
  std::string_view text() {
    const BytesView read = block();
    return {reinterpret_cast<const char*>(read.data()), read.size()};
  }

 private:
  BytesView rest_;
};

/// A copy of octets in a block of exactly their size. A pointer wide; one made without octets holds nothing, which is
/// not the same as an empty copy.
class PackedOctets {
 public:
  PackedOctets() = default;
  explicit PackedOctets(BytesView content) : block_(new std::uint8_t[length_of(content.size()) + content.size()]) {
    std::uint8_t* at = block_.get();
    std::size_t size = content.size();
    for (; size >= 0x80U; size >>= 7U) *at++ = static_cast<std::uint8_t>(size | 0x80U);
    *at++ = static_cast<std::uint8_t>(size);
    std::ranges::copy(content, at);
  }

  /// As a new one of that content; in the same block when its size stays.
  void assign(BytesView content) {
    if (block_ == nullptr || view().size() != content.size()) {
      *this = PackedOctets(content);
    } else {
      std::ranges::copy(content, block_.get() + length_of(content.size()));
    }
  }

  explicit operator bool() const { return block_ != nullptr; }
  [[nodiscard]] BytesView view() const {
    constexpr std::size_t kLongestLength = 10;
    const std::size_t size = PackedReader(BytesView(block_.get(), kLongestLength)).number();
    return {block_.get() + length_of(size), size};
  }
  /// For whoever fills it in place, or wipes it; nothing when it holds nothing.
  [[nodiscard]] std::span<std::uint8_t> overwrite() {
    if (block_ == nullptr) return {};
    const std::size_t size = view().size();
    return {block_.get() + length_of(size), size};
  }
  /// It will be asked for soon: the first `size` octets come from memory together.
  void prefetch(std::size_t size) const { prefetch_octets(block_.get(), size); }
  /// What the block takes of memory.
  [[nodiscard]] std::size_t octets() const {
    if (block_ == nullptr) return 0;
    const std::size_t size = view().size();
    return allocated(length_of(size) + size);
  }

 private:
  static constexpr std::size_t length_of(std::size_t size) {
    std::size_t length = 1;
    for (; size >= 0x80U; size >>= 7U) ++length;
    return length;
  }

  std::unique_ptr<std::uint8_t[]> block_;
};

}  // namespace hss::db
