// SPDX-License-Identifier: MIT
#include "tests/support/usim_model.h"

#include <algorithm>

#include "hss/milenage.h"

namespace hss::test {
namespace {

constexpr std::size_t kSqnOctets = 6;
constexpr std::size_t kAmfOctets = 2;

}  // namespace

UsimModel::UsimModel(Settings settings)
    : settings_(std::move(settings)), slots_(std::size_t{1} << settings_.ind_bits) {}

std::size_t UsimModel::highest_slot() const {
  return static_cast<std::size_t>(std::distance(slots_.begin(), std::ranges::max_element(slots_)));
}

UsimModel::Answer UsimModel::authenticate(const Octets<16>& rand, const Octets<16>& autn) {
  const milenage::Response response = milenage::f2345(settings_.k, settings_.opc, rand);
  Octets<kSqnOctets> sqn{};
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sqn.size(); ++i) {
    sqn[i] = static_cast<std::uint8_t>(autn[i] ^ response.ak.reveal()[i]);
    number = number * 256 + sqn[i];
  }
  Octets<kAmfOctets> amf{};
  std::copy_n(autn.begin() + kSqnOctets, kAmfOctets, amf.begin());
  const Octets<8> mac_a = milenage::f1(settings_.k, settings_.opc, rand, sqn, amf).mac_a;
  if (!std::equal(mac_a.begin(), mac_a.end(), autn.begin() + kSqnOctets + kAmfOctets)) return MacFailure{};

  const std::uint64_t seq = number / slots_.size();
  const auto ind = static_cast<unsigned>(number % slots_.size());
  const bool too_far = seq > seq_ms() && seq - seq_ms() > settings_.delta;            // C.2.1
  if (seq <= slots_[ind] || too_far) return SynchronisationFailure{make_auts(rand)};  // C.2.2

  slots_[ind] = seq;
  return Accepted{.seq = seq, .ind = ind, .res = response.res, .ck = response.ck, .ik = response.ik};
}

Octets<14> UsimModel::make_auts(const Octets<16>& rand) const {
  std::uint64_t number = seq_ms() * slots_.size() + highest_slot();
  Octets<kSqnOctets> sqn{};
  for (std::size_t i = sqn.size(); i-- > 0; number /= 256) sqn[i] = static_cast<std::uint8_t>(number % 256);

  const Octets<8> mac_s = milenage::f1(settings_.k, settings_.opc, rand, sqn, {0, 0}).mac_s;
  const Secret<6> ak = milenage::f5_star(settings_.k, settings_.opc, rand);
  Octets<14> auts{};
  for (std::size_t i = 0; i < sqn.size(); ++i) auts[i] = static_cast<std::uint8_t>(sqn[i] ^ ak.reveal()[i]);
  std::ranges::copy(mac_s, auts.begin() + kSqnOctets);
  return auts;
}

}  // namespace hss::test
