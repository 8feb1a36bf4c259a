// What a processor with instructions for AES does for Aes128.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace hss {

struct AesInstructions {
  /// Key expansion (FIPS 197 5.2): 16 octets of key to the 176 of the schedule, which are aligned to 16.
  void (*expand)(const std::uint8_t* key, std::uint8_t* schedule);
  /// The same, and encrypts one block in place meanwhile: each round key is used as it comes.
  void (*expand_and_encrypt)(const std::uint8_t* key, std::uint8_t* schedule, std::uint8_t* block);
  /// Encrypts blocks of 16 octets in place, each on its own.
  void (*encrypt)(const std::uint8_t* schedule, std::uint8_t* blocks, std::size_t count);
};

/// Null when this processor has none, or none that is known here.
const AesInstructions* aes_instructions();

}  // namespace hss
