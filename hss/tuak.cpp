// TUAK: one permutation a function, the inputs laid out in its state as TS 35.231 6 says, each field last octet first.
// SPDX-License-Identifier: MIT
#include "hss/tuak.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "hss/keccak.h"

namespace hss::tuak {
namespace {

// Where each field stands in the state.
constexpr std::size_t kTopPlace = 0;
constexpr std::size_t kInstancePlace = 32;
constexpr std::size_t kNamePlace = 33;
constexpr std::size_t kRandPlace = 40;
constexpr std::size_t kAmfPlace = 56;
constexpr std::size_t kSqnPlace = 58;
constexpr std::size_t kKPlace = 64;
constexpr std::size_t kPaddingPlace = 96;
constexpr std::size_t kPaddingEnd = 135;
// Where each output stands afterwards.
constexpr std::size_t kMacPlace = 0;
constexpr std::size_t kResPlace = 0;
constexpr std::size_t kCkPlace = 32;
constexpr std::size_t kIkPlace = 64;
constexpr std::size_t kAkPlace = 96;

constexpr std::string_view kName = "TUAK1.0";

// INSTANCE: which function, and how long its outputs and K are.
constexpr std::uint8_t kInstanceTopc = 0x00;
constexpr std::uint8_t kInstanceF1 = 0x00;
constexpr std::uint8_t kInstanceF1Star = 0x80;
constexpr std::uint8_t kInstanceF2345 = 0x40;
constexpr std::uint8_t kInstanceF5Star = 0xC0;
constexpr std::uint8_t kInstanceLongCk = 0x04;
constexpr std::uint8_t kInstanceLongIk = 0x02;
constexpr std::uint8_t kInstanceLongK = 0x01;

void put(KeccakState& state, std::size_t place, BytesView field) {
  for (std::size_t i = 0; i < field.size(); ++i) state.set(place + i, field[field.size() - 1 - i]);
}

template <typename Out>
void take(const KeccakState& state, std::size_t place, Out&& out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[out.size() - 1 - i] = state.get(place + i);
}

template <std::size_t N>
Secret<N> take_secret(const KeccakState& state, std::size_t place) {
  Secret<N> out;
  take(state, place, out.overwrite());
  return out;
}

/// Up to 32 octets.
SecretOctets<32> take_secret(const KeccakState& state, std::size_t place, std::size_t octets) {
  Secret<32> place_holder;
  const auto out = place_holder.overwrite().first(octets);
  take(state, place, out);
  return SecretOctets<32>(out);
}

struct Inputs {
  const SecretOctets<32>& k;
  const Secret<32>& top;  // or TOPc
  Octets<16> rand{};
  Octets<2> amf{};
  Octets<6> sqn{};
};

/// Lays out the inputs and permutes.
void run(KeccakState& state, std::uint8_t instance, const Inputs& inputs, unsigned iterations) {
  const std::size_t k_octets = inputs.k.size();
  if (k_octets != 16 && k_octets != 32) throw std::invalid_argument("K of TUAK has 16 or 32 octets");
  if (iterations == 0) throw std::invalid_argument("TUAK needs at least one iteration of Keccak");
  if (k_octets == 32) instance |= kInstanceLongK;

  put(state, kTopPlace, inputs.top.reveal());
  state.set(kInstancePlace, instance);
  Octets<kName.size()> name{};
  std::copy(kName.begin(), kName.end(), name.begin());
  put(state, kNamePlace, name);
  put(state, kRandPlace, inputs.rand);
  put(state, kAmfPlace, inputs.amf);
  put(state, kSqnPlace, inputs.sqn);
  put(state, kKPlace, inputs.k.reveal());
  state.set(kPaddingPlace, 0x1F);
  state.set(kPaddingEnd, 0x80);
  for (unsigned i = 0; i < iterations; ++i) state.permute();
}

/// Bits 3 to 5 of INSTANCE: 08 for 8 octets, 10 for 16, 20 for 32. RES may also have 4 octets: 00.
std::uint8_t length_bits(std::size_t octets, std::size_t least) {
  if (octets < least || (octets != 4 && octets != 8 && octets != 16 && octets != 32)) {
    throw std::invalid_argument("an output of TUAK cannot have this length");
  }
  return octets == 4 ? std::uint8_t{0} : static_cast<std::uint8_t>(octets);
}

std::uint8_t key_length_bit(std::size_t octets, std::uint8_t bit) {
  if (octets != 16 && octets != 32) throw std::invalid_argument("CK and IK of TUAK have 16 or 32 octets");
  return octets == 32 ? bit : std::uint8_t{0};
}

template <typename Out>
void mac_into(std::uint8_t instance, const Inputs& inputs, unsigned iterations, Out& out) {
  KeccakState state;
  run(state, static_cast<std::uint8_t>(instance | length_bits(out.size(), 8)), inputs, iterations);
  take(state, kMacPlace, out);
}

}  // namespace

Secret<32> derive_topc(const SecretOctets<32>& k, const Secret<32>& top, unsigned iterations) {
  KeccakState state;
  run(state, kInstanceTopc, {.k = k, .top = top}, iterations);
  return take_secret<32>(state, kTopPlace);
}

Octets<8> f1(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, const Octets<6>& sqn,
             const Octets<2>& amf, unsigned iterations) {
  Octets<8> mac_a{};
  mac_into(kInstanceF1, {.k = k, .top = topc, .rand = rand, .amf = amf, .sqn = sqn}, iterations, mac_a);
  return mac_a;
}

Octets<8> f1_star(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, const Octets<6>& sqn,
                  const Octets<2>& amf, unsigned iterations) {
  Octets<8> mac_s{};
  mac_into(kInstanceF1Star, {.k = k, .top = topc, .rand = rand, .amf = amf, .sqn = sqn}, iterations, mac_s);
  return mac_s;
}

AkaResponse f2345(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, std::size_t res_octets,
                  unsigned iterations) {
  const any_length::Response response = any_length::f2345(k, topc, rand, {.res = res_octets}, iterations);
  return {.res = response.res, .ck = response.ck.fixed<16>(), .ik = response.ik.fixed<16>(), .ak = response.ak};
}

Secret<6> f5_star(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, unsigned iterations) {
  KeccakState state;
  run(state, kInstanceF5Star, {.k = k, .top = topc, .rand = rand}, iterations);
  return take_secret<6>(state, kAkPlace);
}

namespace any_length {

Bytes f1(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, const Octets<6>& sqn,
         const Octets<2>& amf, std::size_t mac_octets, unsigned iterations) {
  Bytes mac_a(mac_octets);
  mac_into(kInstanceF1, {.k = k, .top = topc, .rand = rand, .amf = amf, .sqn = sqn}, iterations, mac_a);
  return mac_a;
}

Bytes f1_star(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, const Octets<6>& sqn,
              const Octets<2>& amf, std::size_t mac_octets, unsigned iterations) {
  Bytes mac_s(mac_octets);
  mac_into(kInstanceF1Star, {.k = k, .top = topc, .rand = rand, .amf = amf, .sqn = sqn}, iterations, mac_s);
  return mac_s;
}

Response f2345(const SecretOctets<32>& k, const Secret<32>& topc, const Octets<16>& rand, Lengths lengths,
               unsigned iterations) {
  const auto instance = static_cast<std::uint8_t>(kInstanceF2345 | length_bits(lengths.res, 4) |
                                                  key_length_bit(lengths.ck, kInstanceLongCk) |
                                                  key_length_bit(lengths.ik, kInstanceLongIk));
  KeccakState state;
  run(state, instance, {.k = k, .top = topc, .rand = rand}, iterations);
  return {.res = take_secret(state, kResPlace, lengths.res),
          .ck = take_secret(state, kCkPlace, lengths.ck),
          .ik = take_secret(state, kIkPlace, lengths.ik),
          .ak = take_secret<6>(state, kAkPlace)};
}

}  // namespace any_length

}  // namespace hss::tuak
