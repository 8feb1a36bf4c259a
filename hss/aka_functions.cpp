// SPDX-License-Identifier: MIT
#include "hss/aka_functions.h"

#include <algorithm>
#include <stdexcept>

#include "hss/aka.h"
#include "hss/milenage.h"
#include "hss/repository.h"
#include "hss/tuak.h"
#include "hss/xor_aka.h"

namespace hss {
namespace {

/// Faults of the store, not of a request: provisioning refuses such key sets.
[[noreturn, gnu::cold]] void refuse(const char* what) {
  throw StoreFault(std::string("a key set is damaged: ") + what);
}

inline void require(bool holds, const char* what) {
  if (!holds) refuse(what);
}

void require_possible(const KeySet& key_set) {
  const std::size_t k = key_set.k.size();
  const std::size_t opc = key_set.opc.size();
  const AkaParameters& parameters = key_set.parameters;
  const auto& r = parameters.milenage.r;
  switch (key_set.algorithm) {
    case AkaAlgorithm::kMilenage:
      require(k == 16, "K of Milenage has 16 octets");
      require(opc == 16, "OPc of Milenage has 16 octets");
      require((r[0] | r[1] | r[2] | r[3] | r[4]) <= 127,  // none has the bit of 128
              "a rotation of Milenage is 127 bits at the most");
      return;
    case AkaAlgorithm::kTuak:
      require(k == 16 || k == 32, "K of TUAK has 16 or 32 octets");
      require(opc == 32, "TOPc of TUAK has 32 octets");
      require(parameters.tuak_iterations >= 1 && parameters.tuak_iterations <= 255, "TUAK has 1 to 255 iterations");
      require(parameters.res_octets == 4 || parameters.res_octets == 8 || parameters.res_octets == 16,
              "RES of TUAK has 4, 8 or 16 octets");
      return;
    case AkaAlgorithm::kXor:
      require(k == 16, "K of XOR has 16 octets");
      require(parameters.res_octets >= 4 && parameters.res_octets <= 16, "RES of XOR has 4 to 16 octets");
      return;
  }
  require(false, "its algorithm is none that there is");
}

}  // namespace

AkaFunctions::AkaFunctions(const KeySet& key_set) : key_set_(key_set) {
  require_possible(key_set);
  if (!may_be_used(key_set)) throw std::invalid_argument("XOR is for key sets of test cards only");
}

Octets<8> AkaFunctions::f1(const Octets<16>& rand, const Octets<6>& sqn) const {
  const KeySet& keys = key_set_;
  switch (keys.algorithm) {
    case AkaAlgorithm::kTuak:
      return tuak::f1(keys.k, keys.opc.fixed<32>(), rand, sqn, keys.amf, keys.parameters.tuak_iterations);
    case AkaAlgorithm::kXor:
      return xor_aka::f1(keys.k.fixed<16>(), rand, sqn, keys.amf);
    case AkaAlgorithm::kMilenage:
      break;
  }
  return milenage::f1(keys.k.fixed_view<16>(), keys.opc.fixed_view<16>(), rand, sqn, keys.amf, keys.parameters.milenage)
      .mac_a;
}

Octets<8> AkaFunctions::f1_star(const Octets<16>& rand, const Octets<6>& sqn_ms, const Octets<2>& amf) const {
  const KeySet& keys = key_set_;
  switch (keys.algorithm) {
    case AkaAlgorithm::kTuak:
      return tuak::f1_star(keys.k, keys.opc.fixed<32>(), rand, sqn_ms, amf, keys.parameters.tuak_iterations);
    case AkaAlgorithm::kXor:
      return xor_aka::f1(keys.k.fixed<16>(), rand, sqn_ms, amf);
    case AkaAlgorithm::kMilenage:
      break;
  }
  return milenage::f1(keys.k.fixed_view<16>(), keys.opc.fixed_view<16>(), rand, sqn_ms, amf, keys.parameters.milenage)
      .mac_s;
}

AkaResponse AkaFunctions::f2345(const Octets<16>& rand) const {
  const KeySet& keys = key_set_;
  switch (keys.algorithm) {
    case AkaAlgorithm::kTuak:
      return tuak::f2345(keys.k, keys.opc.fixed<32>(), rand, keys.parameters.res_octets,
                         keys.parameters.tuak_iterations);
    case AkaAlgorithm::kXor:
      return xor_aka::f2345(keys.k.fixed<16>(), rand, keys.parameters.res_octets);
    case AkaAlgorithm::kMilenage:
      break;
  }
  return milenage::f2345(keys.k.fixed_view<16>(), keys.opc.fixed_view<16>(), rand, keys.parameters.milenage);
}

AkaOutputs AkaFunctions::f1_to_f5(const Octets<16>& rand, std::uint64_t sqn) const {
  const KeySet& keys = key_set_;
  if (keys.algorithm != AkaAlgorithm::kMilenage) return {.mac_a = f1(rand, encode_sqn(sqn)), .response = f2345(rand)};
  return milenage::f1_to_f5(keys.k.fixed_view<16>(), keys.opc.fixed_view<16>(), rand, sqn, keys.amf,
                            keys.parameters.milenage);
}

Secret<6> AkaFunctions::f5_star(const Octets<16>& rand) const {
  const KeySet& keys = key_set_;
  switch (keys.algorithm) {
    case AkaAlgorithm::kTuak:
      return tuak::f5_star(keys.k, keys.opc.fixed<32>(), rand, keys.parameters.tuak_iterations);
    case AkaAlgorithm::kXor:
      return xor_aka::f5_star(keys.k.fixed<16>(), rand);
    case AkaAlgorithm::kMilenage:
      break;
  }
  return milenage::f5_star(keys.k.fixed_view<16>(), keys.opc.fixed_view<16>(), rand, keys.parameters.milenage);
}

}  // namespace hss
