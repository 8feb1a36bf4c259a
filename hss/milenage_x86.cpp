// SPDX-License-Identifier: MIT
#include "hss/milenage_instructions.h"

#ifdef __x86_64__

#include <array>
#include <cstddef>
#include <cstring>
#include <span>

#include "hss/aes_ni.h"
#include "hss/secret.h"

namespace hss::milenage {
namespace {

using namespace aes_ni;

/// rot(block, r) of OUTi, by whole octets; `i` from 0.
MINIHSS_AES_NI __m128i rotate(__m128i block, const MilenageConstants& constants, std::size_t i) {
  static constexpr std::array<std::uint8_t, 2 * kBlock> kPlaces{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
                                                                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return _mm_shuffle_epi8(block, load(kPlaces.data() + constants.r[i] / 8));
}

MINIHSS_AES_NI __m128i constant(const MilenageConstants& constants, std::size_t i) {
  return load(constants.c[i].data());
}

/// The first octets of a block, at most 8.
template <std::size_t Size>
MINIHSS_AES_NI void store_first(std::span<std::uint8_t, Size> octets, __m128i block) {
  static_assert(Size <= 8);
  const auto first = static_cast<std::uint64_t>(_mm_cvtsi128_si64(block));
  std::memcpy(octets.data(), &first, Size);
}

MINIHSS_AES_NI Octets<8> mac_a_of(__m128i out1) {
  Octets<8> mac_a;
  store_first(std::span(mac_a), out1);
  return mac_a;
}

MINIHSS_AES_NI SecretOctets<32> res_of(__m128i out2) {
  SecretOctets<32> res;
  store_first(res.overwrite(8).first<8>(), _mm_unpackhi_epi64(out2, out2));
  return res;
}

MINIHSS_AES_NI Secret<6> ak_of(__m128i out2) {
  Secret<6> ak;
  store_first(ak.overwrite(), out2);
  return ak;
}

MINIHSS_AES_NI Secret<16> whole(__m128i out) {
  Secret<16> whole;
  store(whole.overwrite().data(), out);
  return whole;
}

[[gnu::noinline]] MINIHSS_AES_NI AkaOutputs compute(const std::uint8_t* k, const std::uint8_t* opc_octets,
                                                    const std::uint8_t* rand, std::uint64_t half,
                                                    const MilenageConstants& constants) {
  const __m128i opc = load(opc_octets);
  __m128i keys[kRounds + 1];
  __m128i temp = _mm_xor_si128(load(rand), opc);
  expand_with(load(k), [&keys, &temp](std::size_t round, __m128i key) MINIHSS_AES_NI {
    keys[round] = key;
    temp = encrypt_round(temp, round, key);
  });

  const __m128i in1 = _mm_set1_epi64x(static_cast<long long>(__builtin_bswap64(half)));
  const __m128i rotatable = _mm_xor_si128(temp, opc);
  __m128i outs[4] = {_mm_xor_si128(rotate(_mm_xor_si128(in1, opc), constants, 0), temp),
                     rotate(rotatable, constants, 1), rotate(rotatable, constants, 2), rotate(rotatable, constants, 3)};
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) outs[i] = _mm_xor_si128(outs[i], constant(constants, i));
#pragma GCC unroll 11
  for (std::size_t round = 0; round <= kRounds; ++round) {
#pragma GCC unroll 4
    for (__m128i& out : outs) out = encrypt_round(out, round, keys[round]);
  }
#pragma GCC unroll 4
  for (__m128i& out : outs) out = _mm_xor_si128(out, opc);
  return {.mac_a = mac_a_of(outs[0]),
          .response = {.res = res_of(outs[1]), .ck = whole(outs[2]), .ik = whole(outs[3]), .ak = ak_of(outs[1])}};
}

/// What the compiler has put on the stack for want of registers, round keys among it: some 100 octets when optimised.
[[gnu::noinline]] MINIHSS_AES_NI void wipe_stack() {
  std::array<std::array<std::uint8_t, kBlock>, 16> below;
#pragma GCC unroll 16
  for (auto& block : below) wipe(block);
}

MINIHSS_AES_NI AkaOutputs compute_and_wipe(const std::uint8_t* k, const std::uint8_t* opc, const std::uint8_t* rand,
                                           std::uint64_t half, const MilenageConstants& constants) {
  AkaOutputs outputs = compute(k, opc, rand, half, constants);
  wipe_stack();
  return outputs;
}

}  // namespace

OutputsByInstructions outputs_by_instructions() {
  static const OutputsByInstructions found = aes_ni::is_there() ? &compute_and_wipe : nullptr;
  return found;
}

}  // namespace hss::milenage

#else

hss::milenage::OutputsByInstructions hss::milenage::outputs_by_instructions() { return nullptr; }

#endif
