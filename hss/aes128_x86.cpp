// AES-NI: AESENC and AESENCLAST take the same time whatever key and block are. The functions here are compiled for it,
// the rest of the program is not.
// SPDX-License-Identifier: MIT
#include "hss/aes128_instructions.h"

#ifdef __x86_64__

#include <immintrin.h>

#define MINIHSS_AES_NI __attribute__((target("aes,ssse3")))

namespace hss {
namespace {

constexpr std::size_t kRounds = 10;  // FIPS 197 5
constexpr std::size_t kBlock = 16;

MINIHSS_AES_NI __m128i load(const std::uint8_t* octets) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(octets));
}

MINIHSS_AES_NI void store(std::uint8_t* octets, __m128i value) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(octets), value);
}

/// SubWord(RotWord(w[i-1])) xor Rcon[i] is the last round of a block that has the rotated word in all four columns:
/// ShiftRows does nothing to it. AESKEYGENASSIST does the same, but takes twice as long or more.
template <int Rcon>
MINIHSS_AES_NI __m128i next_round_key(__m128i key, std::uint8_t* out) {
  const __m128i rotated = _mm_shuffle_epi8(key, _mm_set1_epi32(0x0c0f0e0d));
  const __m128i word = _mm_aesenclast_si128(rotated, _mm_set1_epi32(Rcon));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  key = _mm_xor_si128(key, word);
  store(out, key);
  return key;
}

/// Calls `each` with the round keys 1 to 9 as they come; the last one.
template <class Each>
MINIHSS_AES_NI __m128i expand_with(__m128i key, std::uint8_t* schedule, Each each) {
  store(schedule, key);
  each(key = next_round_key<0x01>(key, schedule + 1 * kBlock));
  each(key = next_round_key<0x02>(key, schedule + 2 * kBlock));
  each(key = next_round_key<0x04>(key, schedule + 3 * kBlock));
  each(key = next_round_key<0x08>(key, schedule + 4 * kBlock));
  each(key = next_round_key<0x10>(key, schedule + 5 * kBlock));
  each(key = next_round_key<0x20>(key, schedule + 6 * kBlock));
  each(key = next_round_key<0x40>(key, schedule + 7 * kBlock));
  each(key = next_round_key<0x80>(key, schedule + 8 * kBlock));
  each(key = next_round_key<0x1b>(key, schedule + 9 * kBlock));
  return next_round_key<0x36>(key, schedule + 10 * kBlock);
}

MINIHSS_AES_NI void expand(const std::uint8_t* key, std::uint8_t* schedule) {
  expand_with(load(key), schedule, [](__m128i) {});
}

MINIHSS_AES_NI void expand_and_encrypt(const std::uint8_t* key, std::uint8_t* schedule, std::uint8_t* block) {
  const __m128i first = load(key);
  __m128i state = _mm_xor_si128(load(block), first);
  const auto round = [&state](__m128i round_key) MINIHSS_AES_NI { state = _mm_aesenc_si128(state, round_key); };
  const __m128i last = expand_with(first, schedule, round);
  store(block, _mm_aesenclast_si128(state, last));
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
  static const AesInstructions* const found = [] {
    __builtin_cpu_init();
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("ssse3") ? &kAesNi : nullptr;
  }();
  return found;
}

}  // namespace hss

#else

const hss::AesInstructions* hss::aes_instructions() { return nullptr; }

#endif
