// Secret octets: wiped when they go, and without any way to be printed, streamed, formatted or compared in variable
// time.
// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>

namespace hss {

template <std::size_t N>
class Secret;
template <std::size_t N>
class SecretView;

/// Writes zeros over octets that are about to go. The empty statement after it says that it reads them, so that no
/// compiler leaves the zeros out; two or three stores take the place of a call of OPENSSL_cleanse, of which a vector
/// would make forty.
template <typename T, std::size_t N>
void wipe(std::array<T, N>& octets) {
  static_assert(std::is_unsigned_v<T>);
  std::memset(octets.data(), 0, sizeof octets);
  asm volatile("" : : "m"(octets));
}

/// Whole blocks of AES do not lie across two lines of the processor's cache: what writes and reads them, a vector does
/// again and again, would wait.
constexpr std::size_t secret_alignment(std::size_t octets) { return octets % 16 == 0 ? 16 : 1; }

/// Secret octets, `Max` at the most and as many as were given. The only way to the octets is reveal(), a word to search
/// for. Copies are secrets of their own; every one wipes itself.
template <std::size_t Max>
class SecretOctets {
 public:
  SecretOctets() = default;
  /// Throws std::length_error when more than Max octets are given.
  explicit SecretOctets(std::span<const std::uint8_t> octets) : size_(octets.size()) {
    if (octets.size() > Max) throw std::length_error("a secret is longer than its place");
    std::copy(octets.begin(), octets.end(), octets_.begin());
  }
  template <std::size_t N>
  requires(N <= Max) SecretOctets(const Secret<N>& secret) : size_(N) {
    std::memcpy(octets_.data(), secret.reveal().data(), N);
  }
  SecretOctets(const SecretOctets&) = default;
  SecretOctets& operator=(const SecretOctets&) = default;
  ~SecretOctets() { wipe(octets_); }

  /// For whoever fills it in place, with so many octets, Max at the most.
  [[nodiscard]] std::span<std::uint8_t> overwrite(std::size_t octets) {
    if (octets > Max) throw std::length_error("a secret is longer than its place");
    size_ = octets;
    return {octets_.data(), octets};
  }
  /// Length in octets.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::span<const std::uint8_t> reveal() const { return {octets_.data(), size_}; }
  /// The octets as a secret of a fixed length. Throws std::length_error when they are not exactly N.
  template <std::size_t N>
  [[nodiscard]] Secret<N> fixed() const {
    if (size_ != N) throw std::length_error("a secret is not of the length that its use needs");
    return Secret<N>(std::span<const std::uint8_t, N>(octets_.data(), N));
  }

  /// The same without a copy, which must not outlive this.
  template <std::size_t N>
  [[nodiscard]] SecretView<N> fixed_view() const {
    if (size_ != N) throw std::length_error("a secret is not of the length that its use needs");
    return SecretView<N>(std::span<const std::uint8_t, N>(octets_.data(), N));
  }

  /// Takes time that depends on the lengths only.
  [[nodiscard]] bool equals(const SecretOctets& other) const {
    return size_ == other.size_ && CRYPTO_memcmp(octets_.data(), other.octets_.data(), size_) == 0;
  }

 private:
  alignas(secret_alignment(Max)) std::array<std::uint8_t, Max> octets_{};
  std::size_t size_ = 0;
};

/// Secret octets, exactly N of them.
template <std::size_t N>
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::span<const std::uint8_t, N> octets) { std::memcpy(octets_.data(), octets.data(), N); }
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { wipe(octets_); }

  [[nodiscard]] static constexpr std::size_t size() { return N; }
  [[nodiscard]] std::span<const std::uint8_t, N> reveal() const { return octets_; }
  /// For whoever fills it in place (a decryption, a random source).
  [[nodiscard]] std::span<std::uint8_t, N> overwrite() { return octets_; }

  /// Takes the same time whatever the octets are.
  [[nodiscard]] bool equals(const Secret& other) const {
    return CRYPTO_memcmp(octets_.data(), other.octets_.data(), N) == 0;
  }

 private:
  alignas(secret_alignment(N)) std::array<std::uint8_t, N> octets_{};
};

/// N octets of a secret that is elsewhere, and there as long as this.
template <std::size_t N>
class SecretView {
 public:
  explicit SecretView(std::span<const std::uint8_t, N> octets) : octets_(octets) {}
  SecretView(const Secret<N>& secret) : octets_(secret.reveal()) {}

  [[nodiscard]] std::span<const std::uint8_t, N> reveal() const { return octets_; }
  [[nodiscard]] Secret<N> copy() const { return Secret<N>(octets_); }

 private:
  std::span<const std::uint8_t, N> octets_;
};

}  // namespace hss
