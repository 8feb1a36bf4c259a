// A vector of Milenage against the least that it can cost: the key schedule and five blocks of AES by the processor's
// own instructions.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <algorithm>

#include "hss/aka.h"
#include "hss/random.h"
#include "tests/hss/cx/fixture.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace hss::bench {
namespace {

/// RAND and K are CK and IK of the last, so that no two run at once.
void milenage_vector(benchmark::State& state) {
  KeySet keys = cx::test::test_key_set(cx::test::kKeys1);
  Octets<16> rand{};
  Sqn sqn = 0;
  for (auto _ : state) {
    const AkaVector vector = make_vector(keys, ++sqn, rand);
    benchmark::DoNotOptimize(vector.autn);
    std::ranges::copy(vector.ck.reveal(), rand.begin());
    std::ranges::copy(vector.ik.reveal(), keys.k.overwrite(16).begin());
  }
  benchmark::DoNotOptimize(rand);
}
BENCHMARK(milenage_vector);

#ifdef __x86_64__
#define AES_NI __attribute__((target("aes,sse4.1")))

template <int kRound>
AES_NI __m128i next_round_key(__m128i key) {
  const __m128i word = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(key, kRound), _MM_SHUFFLE(3, 3, 3, 3));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  return _mm_xor_si128(key, word);
}

AES_NI void expand(__m128i key, __m128i (&keys)[11]) {
  keys[0] = key;
  keys[1] = next_round_key<0x01>(keys[0]);
  keys[2] = next_round_key<0x02>(keys[1]);
  keys[3] = next_round_key<0x04>(keys[2]);
  keys[4] = next_round_key<0x08>(keys[3]);
  keys[5] = next_round_key<0x10>(keys[4]);
  keys[6] = next_round_key<0x20>(keys[5]);
  keys[7] = next_round_key<0x40>(keys[6]);
  keys[8] = next_round_key<0x80>(keys[7]);
  keys[9] = next_round_key<0x1b>(keys[8]);
  keys[10] = next_round_key<0x36>(keys[9]);
}

/// Unrolled, or the blocks would go through memory between their rounds, which takes half as long again.
template <int kBlocks>
AES_NI void encrypt(__m128i (&blocks)[kBlocks], const __m128i (&keys)[11]) {
#pragma GCC unroll 4
  for (int i = 0; i < kBlocks; ++i) blocks[i] = _mm_xor_si128(blocks[i], keys[0]);
#pragma GCC unroll 10
  for (int round = 1; round < 10; ++round) {
#pragma GCC unroll 4
    for (int i = 0; i < kBlocks; ++i) blocks[i] = _mm_aesenc_si128(blocks[i], keys[round]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < kBlocks; ++i) blocks[i] = _mm_aesenclast_si128(blocks[i], keys[10]);
}

/// As Milenage has them: the other four blocks need what came out of the first. As with the vector, the next has a
/// block and a key that came out of the last.
AES_NI void five_blocks(benchmark::State& state) {
  const KeySet set = cx::test::test_key_set(cx::test::kKeys1);
  Octets<16> key{};
  std::copy_n(set.k.reveal().begin(), key.size(), key.begin());
  __m128i rand = _mm_setzero_si128();
  for (auto _ : state) {
    benchmark::DoNotOptimize(key.data());
    benchmark::ClobberMemory();
    __m128i keys[11];
    expand(_mm_xor_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(key.data())), rand), keys);
    __m128i first[1] = {rand};
    encrypt(first, keys);
    __m128i others[4] = {first[0], _mm_xor_si128(first[0], _mm_set1_epi32(1)),
                         _mm_xor_si128(first[0], _mm_set1_epi32(2)), _mm_xor_si128(first[0], _mm_set1_epi32(4))};
    encrypt(others, keys);
    rand = _mm_xor_si128(_mm_xor_si128(others[0], others[1]), _mm_xor_si128(others[2], others[3]));
  }
  benchmark::DoNotOptimize(rand);
}

void aes_ni_key_schedule_and_5_blocks(benchmark::State& state) {
  if (!__builtin_cpu_supports("aes")) {
    state.SkipWithError("this processor has no AES instructions");
    return;
  }
  five_blocks(state);
}
BENCHMARK(aes_ni_key_schedule_and_5_blocks);
#endif

void random_16_octets(benchmark::State& state) {
  SystemRandom source;
  PooledRandom random(source);
  Octets<16> octets{};
  for (auto _ : state) {
    random.fill(octets);
    benchmark::DoNotOptimize(octets);
  }
}
BENCHMARK(random_16_octets);

}  // namespace
}  // namespace hss::bench
