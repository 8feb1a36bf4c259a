// AES-128 in the encrypting direction (FIPS 197): by the processor's own instructions where it has them, else by
// OpenSSL. Neither looks anything up at an address that depends on a key.
// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hss/aes128_instructions.h"
#include "hss/secret.h"

namespace hss {

/// A key of 128 bits, expanded. Serves one thread at a time, as many of them as are wanted may be alive at once. The
/// schedule is wiped when it goes.
class Aes128 {
 public:
  static constexpr std::size_t kBlock = 16;      // octets, FIPS 197 3.1
  static constexpr std::size_t kRoundKeys = 11;  // of a block each, FIPS 197 5.2

  enum class Implementation : std::uint8_t { kInstructions, kOpenSsl };
  /// What there is on this processor, the one that is used first.
  static std::vector<Implementation> implementations();

  /// Throws std::runtime_error when OpenSSL fails, as encrypt().
  explicit Aes128(const Secret<16>& key);
  /// The same, and encrypts a first block in place, in hardly more time than the expansion takes.
  Aes128(const Secret<16>& key, Secret<kBlock>& block);
  /// The same by a given implementation. Throws std::invalid_argument when the processor does not have it.
  Aes128(const Secret<16>& key, Implementation implementation);
  Aes128(const Secret<16>& key, Secret<kBlock>& block, Implementation implementation);
  Aes128(const Aes128&) = delete;
  Aes128& operator=(const Aes128&) = delete;
  ~Aes128();

  /// Encrypts in place blocks that have nothing to do with each other (ECB): those of one call run at once.
  template <std::size_t N>
  void encrypt(Secret<N>& blocks) {
    static_assert(N > 0 && N % kBlock == 0, "whole blocks");
    if (instructions_ == nullptr) return encrypt_by_openssl(blocks.overwrite());
    instructions_->encrypt(schedule_[0].data(), blocks.overwrite().data(), N / kBlock);
  }

 private:
  struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const;
  };
  using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

  Aes128(const Secret<16>& key, const AesInstructions* instructions);
  Aes128(const Secret<16>& key, Secret<kBlock>& block, const AesInstructions* instructions);
  void expand_by_openssl(const Secret<16>& key);
  static Context take_context();
  static Context& kept_context();
  void encrypt_by_openssl(std::span<std::uint8_t> blocks);

  const AesInstructions* instructions_;  // null: OpenSSL
  using RoundKey = std::array<std::uint8_t, kBlock>;
  alignas(kBlock) std::array<RoundKey, kRoundKeys> schedule_;  // of the instructions
  Context context_;                                            // of OpenSSL, with its schedule
};

}  // namespace hss
