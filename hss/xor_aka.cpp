// SPDX-License-Identifier: MIT
#include "hss/xor_aka.h"

#include <algorithm>
#include <stdexcept>

namespace hss::xor_aka {
namespace {

constexpr std::size_t kAkPlace = 3;

Secret<16> xdout_of(const Secret<16>& k, const Octets<16>& rand) {
  Secret<16> xdout = k;
  for (std::size_t i = 0; i < rand.size(); ++i) xdout.overwrite()[i] ^= rand[i];
  return xdout;
}

Secret<16> rotated(const Secret<16>& xdout, std::size_t octets) {
  Secret<16> out;
  std::ranges::rotate_copy(xdout.reveal(), xdout.reveal().begin() + static_cast<std::ptrdiff_t>(octets),
                           out.overwrite().begin());
  return out;
}

Secret<6> ak_of(const Secret<16>& xdout) { return Secret<6>(xdout.reveal().subspan<kAkPlace, 6>()); }

}  // namespace

Octets<8> f1(const Secret<16>& k, const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf) {
  Octets<8> mac{};
  std::copy(amf.begin(), amf.end(), std::copy(sqn.begin(), sqn.end(), mac.begin()));
  const Secret<16> xdout = xdout_of(k, rand);
  for (std::size_t i = 0; i < mac.size(); ++i) mac[i] ^= xdout.reveal()[i];
  return mac;
}

AkaResponse f2345(const Secret<16>& k, const Octets<16>& rand, std::size_t res_octets) {
  if (res_octets < 4 || res_octets > 16) throw std::invalid_argument("RES of XOR has 4 to 16 octets");
  const Secret<16> xdout = xdout_of(k, rand);
  return {.res = SecretOctets<32>(xdout.reveal().first(res_octets)),
          .ck = rotated(xdout, 1),
          .ik = rotated(xdout, 2),
          .ak = ak_of(xdout)};
}

Secret<6> f5_star(const Secret<16>& k, const Octets<16>& rand) { return ak_of(xdout_of(k, rand)); }

}  // namespace hss::xor_aka
