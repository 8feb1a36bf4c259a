// AES-NI: AESENC and AESENCLAST take the same time whatever key and block are. Functions that use it are compiled for
// it (MINIHSS_AES_NI), the rest of the program is not; they may run where is_there() says so.
// SPDX-License-Identifier: MIT
#pragma once

#ifdef __x86_64__

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#define MINIHSS_AES_NI __attribute__((target("aes,avx")))

namespace hss::aes_ni {

inline constexpr std::size_t kRounds = 10;  // FIPS 197 5
inline constexpr std::size_t kBlock = 16;

/// Whether this processor has the instructions.
inline bool is_there() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("aes") && __builtin_cpu_supports("avx");
}

MINIHSS_AES_NI inline __m128i load(const std::uint8_t* octets) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(octets));
}

MINIHSS_AES_NI inline void store(std::uint8_t* octets, __m128i value) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(octets), value);
}

/// Rcon[1] to Rcon[10] (FIPS 197 5.2), in all columns. Elsewhere, or the compiler would make each of several
/// instructions.
alignas(kBlock) extern const std::uint32_t kRcon[kRounds][4];

/// SubWord(RotWord(w[i-1])) xor Rcon[i] is the last round of a block that has the rotated word in all four columns:
/// ShiftRows does nothing to it. AESKEYGENASSIST does the same, but takes twice as long or more.
MINIHSS_AES_NI inline __m128i next_round_key(__m128i key, std::size_t round) {
  const __m128i rotated = _mm_shuffle_epi8(key, _mm_set1_epi32(0x0c0f0e0d));
  const __m128i rcon = _mm_load_si128(reinterpret_cast<const __m128i*>(kRcon[round - 1]));
  const __m128i word = _mm_aesenclast_si128(rotated, rcon);
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  return _mm_xor_si128(key, word);
}

/// One step of a block, of which the first adds the key and the last is without MixColumns (FIPS 197 5.1).
MINIHSS_AES_NI inline __m128i encrypt_round(__m128i state, std::size_t round, __m128i round_key) {
  if (round == 0) return _mm_xor_si128(state, round_key);
  return round == kRounds ? _mm_aesenclast_si128(state, round_key) : _mm_aesenc_si128(state, round_key);
}

/// Calls `each` with 0 to 10 and the round key of that number, which begin with the key itself.
template <class Each>
MINIHSS_AES_NI inline void expand_with(__m128i key, Each each) {
  each(0, key);
#pragma GCC unroll 10
  for (std::size_t round = 1; round <= kRounds; ++round) each(round, key = next_round_key(key, round));
}

}  // namespace hss::aes_ni

#endif
