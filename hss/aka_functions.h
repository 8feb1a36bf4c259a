// f1, f1*, f2 to f5 and f5* of TS 33.102 6.3 for a key set, whichever algorithm it names: the one place that knows them
// all.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/aka_response.h"
#include "hss/bytes.h"
#include "hss/secret.h"
#include "hss/subscriber.h"

namespace hss {

/// The functions of one key set, which must outlive them.
class AkaFunctions {
 public:
  /// Throws StoreFault when the key set cannot be one of its algorithm (K or OPc of another length, an impossible
  /// parameter), std::invalid_argument when it is not permitted (may_be_used in hss/aka.h).
  explicit AkaFunctions(const KeySet& key_set);

  /// MAC-A, with the key set's AMF.
  [[nodiscard]] Octets<8> f1(const Octets<16>& rand, const Octets<6>& sqn) const;
  /// MAC-S, with AMF* = 0000 (6.3.3); any other AMF is what a card does that is wrong.
  [[nodiscard]] Octets<8> f1_star(const Octets<16>& rand, const Octets<6>& sqn_ms, const Octets<2>& amf = {}) const;
  [[nodiscard]] AkaResponse f2345(const Octets<16>& rand) const;
  /// f1 and f2345 at once, with the key set's AMF: where the algorithm shares work between them, it is done once. SQN
  /// as a number.
  [[nodiscard]] AkaOutputs f1_to_f5(const Octets<16>& rand, std::uint64_t sqn) const;
  /// AK*.
  [[nodiscard]] Secret<6> f5_star(const Octets<16>& rand) const;

 private:
  const KeySet& key_set_;
};

}  // namespace hss
