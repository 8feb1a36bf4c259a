// Aes128 by AES-NI.
// SPDX-License-Identifier: MIT
#include "hss/aes128_instructions.h"

#ifdef __x86_64__

#include "hss/aes_ni.h"

namespace hss {

alignas(aes_ni::kBlock) const std::uint32_t aes_ni::kRcon[aes_ni::kRounds][4] = {
    {0x01, 0x01, 0x01, 0x01}, {0x02, 0x02, 0x02, 0x02}, {0x04, 0x04, 0x04, 0x04}, {0x08, 0x08, 0x08, 0x08},
    {0x10, 0x10, 0x10, 0x10}, {0x20, 0x20, 0x20, 0x20}, {0x40, 0x40, 0x40, 0x40}, {0x80, 0x80, 0x80, 0x80},
    {0x1b, 0x1b, 0x1b, 0x1b}, {0x36, 0x36, 0x36, 0x36}};

namespace {

using namespace aes_ni;

MINIHSS_AES_NI void expand(const std::uint8_t* key, std::uint8_t* schedule) {
  expand_with(load(key), [schedule](std::size_t round, __m128i round_key)
                             MINIHSS_AES_NI { store(schedule + round * kBlock, round_key); });
}

MINIHSS_AES_NI void expand_and_encrypt(const std::uint8_t* key, std::uint8_t* schedule, std::uint8_t* block) {
  __m128i state = load(block);
  expand_with(load(key), [&state, schedule](std::size_t round, __m128i round_key) MINIHSS_AES_NI {
    store(schedule + round * kBlock, round_key);
    state = encrypt_round(state, round, round_key);
  });
  store(block, state);
}

/// A round of one block takes several cycles, in which the processor begins the same round of the others. Unrolled, or
/// the blocks would go through memory between their rounds.
template <std::size_t Blocks>
MINIHSS_AES_NI void encrypt_at_once(const std::uint8_t* schedule, std::uint8_t* blocks) {
  __m128i state[Blocks];
  const __m128i first = load(schedule);
#pragma GCC unroll 4
  for (std::size_t i = 0; i < Blocks; ++i) state[i] = _mm_xor_si128(load(blocks + kBlock * i), first);
#pragma GCC unroll 10
  for (std::size_t round = 1; round < kRounds; ++round) {
    const __m128i key = load(schedule + kBlock * round);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < Blocks; ++i) state[i] = _mm_aesenc_si128(state[i], key);
  }
  const __m128i last = load(schedule + kBlock * kRounds);
#pragma GCC unroll 4
  for (std::size_t i = 0; i < Blocks; ++i) store(blocks + kBlock * i, _mm_aesenclast_si128(state[i], last));
}

MINIHSS_AES_NI void encrypt(const std::uint8_t* schedule, std::uint8_t* blocks, std::size_t count) {
  for (; count > 4; count -= 4, blocks += 4 * kBlock) encrypt_at_once<4>(schedule, blocks);
  switch (count) {
    case 4:
      return encrypt_at_once<4>(schedule, blocks);
    case 3:
      return encrypt_at_once<3>(schedule, blocks);
    case 2:
      return encrypt_at_once<2>(schedule, blocks);
    case 1:
      return encrypt_at_once<1>(schedule, blocks);
    default:
      return;
  }
}

constexpr AesInstructions kAesNi{.expand = expand, .expand_and_encrypt = expand_and_encrypt, .encrypt = encrypt};

}  // namespace

const AesInstructions* aes_instructions() {
  static const AesInstructions* const found = aes_ni::is_there() ? &kAesNi : nullptr;
  return found;
}

}  // namespace hss

#else

const hss::AesInstructions* hss::aes_instructions() { return nullptr; }

#endif
