// SPDX-License-Identifier: MIT
#include "tests/support/usim_model.h"

#include <algorithm>
#include <utility>

#include "hss/milenage.h"
#include "hss/tuak.h"
#include "hss/xor_aka.h"

namespace hss::test {
namespace {

constexpr std::size_t kSqnOctets = 6;
constexpr std::size_t kAmfOctets = 2;
constexpr Octets<2> kResynchronisationAmf{0, 0};

}  // namespace

UsimModel::UsimModel(KeySet key_set) : keys_(std::move(key_set)), slots_(std::size_t{1} << keys_.ind_bits) {}

Octets<8> UsimModel::f1(const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf) const {
  if (keys_.algorithm == AkaAlgorithm::kXor) return xor_aka::f1(keys_.k.fixed<16>(), rand, sqn, amf);
  if (keys_.algorithm == AkaAlgorithm::kTuak) {
    return tuak::f1(keys_.k, keys_.opc.fixed<32>(), rand, sqn, amf, keys_.parameters.tuak_iterations);
  }
  return milenage::f1(keys_.k.fixed<16>(), keys_.opc.fixed<16>(), rand, sqn, amf, keys_.parameters.milenage).mac_a;
}

Octets<8> UsimModel::f1_star(const Octets<16>& rand, const Octets<6>& sqn) const {
  const Octets<2>& amf = kResynchronisationAmf;
  if (keys_.algorithm == AkaAlgorithm::kXor) return xor_aka::f1(keys_.k.fixed<16>(), rand, sqn, amf);
  if (keys_.algorithm == AkaAlgorithm::kTuak) {
    return tuak::f1_star(keys_.k, keys_.opc.fixed<32>(), rand, sqn, amf, keys_.parameters.tuak_iterations);
  }
  return milenage::f1(keys_.k.fixed<16>(), keys_.opc.fixed<16>(), rand, sqn, amf, keys_.parameters.milenage).mac_s;
}

UsimModel::Response UsimModel::f2345(const Octets<16>& rand) const {
  const AkaParameters& parameters = keys_.parameters;
  if (keys_.algorithm == AkaAlgorithm::kXor) {
    const auto response = xor_aka::f2345(keys_.k.fixed<16>(), rand, parameters.res_octets);
    return {response.res, response.ck, response.ik, response.ak};
  }
  if (keys_.algorithm == AkaAlgorithm::kTuak) {
    const auto response =
        tuak::f2345(keys_.k, keys_.opc.fixed<32>(), rand, parameters.res_octets, parameters.tuak_iterations);
    return {response.res, response.ck, response.ik, response.ak};
  }
  const auto response = milenage::f2345(keys_.k.fixed<16>(), keys_.opc.fixed<16>(), rand, parameters.milenage);
  return {response.res, response.ck, response.ik, response.ak};
}

Secret<6> UsimModel::f5_star(const Octets<16>& rand) const {
  if (keys_.algorithm == AkaAlgorithm::kXor) return xor_aka::f5_star(keys_.k.fixed<16>(), rand);
  if (keys_.algorithm == AkaAlgorithm::kTuak) {
    return tuak::f5_star(keys_.k, keys_.opc.fixed<32>(), rand, keys_.parameters.tuak_iterations);
  }
  return milenage::f5_star(keys_.k.fixed<16>(), keys_.opc.fixed<16>(), rand, keys_.parameters.milenage);
}

std::size_t UsimModel::highest_slot() const {
  return static_cast<std::size_t>(std::distance(slots_.begin(), std::ranges::max_element(slots_)));
}

UsimModel::Answer UsimModel::authenticate(const Octets<16>& rand, const Octets<16>& autn) {
  const Response response = f2345(rand);
  Octets<kSqnOctets> sqn{};
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sqn.size(); ++i) {
    sqn[i] = static_cast<std::uint8_t>(autn[i] ^ response.ak.reveal()[i]);
    number = number * 256 + sqn[i];
  }
  Octets<kAmfOctets> amf{};
  std::copy_n(autn.begin() + kSqnOctets, kAmfOctets, amf.begin());
  const Octets<8> mac_a = f1(rand, sqn, amf);
  if (!std::equal(mac_a.begin(), mac_a.end(), autn.begin() + kSqnOctets + kAmfOctets)) return MacFailure{};

  const std::uint64_t seq = number / slots_.size();
  const auto ind = static_cast<unsigned>(number % slots_.size());
  const bool too_far = seq > seq_ms() && seq - seq_ms() > keys_.delta;                // C.2.1
  if (seq <= slots_[ind] || too_far) return SynchronisationFailure{make_auts(rand)};  // C.2.2

  slots_[ind] = seq;
  return Accepted{.seq = seq, .ind = ind, .res = response.res, .ck = response.ck, .ik = response.ik};
}

Octets<14> UsimModel::make_auts(const Octets<16>& rand) const {
  std::uint64_t number = seq_ms() * slots_.size() + highest_slot();
  Octets<kSqnOctets> sqn{};
  for (std::size_t i = sqn.size(); i-- > 0; number /= 256) sqn[i] = static_cast<std::uint8_t>(number % 256);

  const Octets<8> mac_s = f1_star(rand, sqn);
  const Secret<6> ak = f5_star(rand);
  Octets<14> auts{};
  for (std::size_t i = 0; i < sqn.size(); ++i) auts[i] = static_cast<std::uint8_t>(sqn[i] ^ ak.reveal()[i]);
  std::ranges::copy(mac_s, auts.begin() + kSqnOctets);
  return auts;
}

}  // namespace hss::test
