// Secret octets: wiped when they go, and without any way to be printed, streamed, formatted or compared in variable
// time.
// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace hss {

template <std::size_t N>
class Secret;

/// Secret octets, `Max` at the most and as many as were given. The only way to the octets is reveal(), a word to search
/// for. Copies are secrets of their own; every one wipes itself with OPENSSL_cleanse.
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
  requires(N <= Max) SecretOctets(const Secret<N>& secret)
      : SecretOctets(std::span<const std::uint8_t>(secret.reveal())) {}
  SecretOctets(const SecretOctets&) = default;
  SecretOctets& operator=(const SecretOctets&) = default;
  ~SecretOctets() { OPENSSL_cleanse(octets_.data(), octets_.size()); }

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

  /// Takes time that depends on the lengths only.
  [[nodiscard]] bool equals(const SecretOctets& other) const {
    return size_ == other.size_ && CRYPTO_memcmp(octets_.data(), other.octets_.data(), size_) == 0;
  }

 private:
  std::array<std::uint8_t, Max> octets_{};
  std::size_t size_ = 0;
};

/// Secret octets, exactly N of them.
template <std::size_t N>
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::span<const std::uint8_t, N> octets) { std::copy(octets.begin(), octets.end(), octets_.begin()); }
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { OPENSSL_cleanse(octets_.data(), octets_.size()); }

  [[nodiscard]] static constexpr std::size_t size() { return N; }
  [[nodiscard]] std::span<const std::uint8_t, N> reveal() const { return octets_; }
  /// For whoever fills it in place (a decryption, a random source).
  [[nodiscard]] std::span<std::uint8_t, N> overwrite() { return octets_; }

  /// Takes the same time whatever the octets are.
  [[nodiscard]] bool equals(const Secret& other) const {
    return CRYPTO_memcmp(octets_.data(), other.octets_.data(), N) == 0;
  }

 private:
  std::array<std::uint8_t, N> octets_{};
};

}  // namespace hss
