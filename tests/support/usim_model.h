// A USIM for tests: Milenage, and the window of sequence numbers of TS 33.102 Annex C.2, written apart from hss/sqn so
// that one mistake cannot hide in both.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss::test {

class UsimModel {
 public:
  struct Settings {
    Secret<16> k;
    Secret<16> opc;
    unsigned ind_bits = 5;
    std::uint64_t delta = std::uint64_t{1} << 28U;
  };

  /// What AUTHENTICATE gives back.
  struct Accepted {
    std::uint64_t seq = 0;
    unsigned ind = 0;
    Secret<8> res;
    Secret<16> ck;
    Secret<16> ik;
  };
  struct MacFailure {};
  struct SynchronisationFailure {
    Octets<14> auts{};
  };
  using Answer = std::variant<Accepted, MacFailure, SynchronisationFailure>;

  explicit UsimModel(Settings settings);

  Answer authenticate(const Octets<16>& rand, const Octets<16>& autn);

  /// The AUTS that a synchronisation failure on `rand` carries now.
  [[nodiscard]] Octets<14> make_auts(const Octets<16>& rand) const;

  /// Puts SEQ of one slot, as if the card had accepted it.
  void accept(std::uint64_t seq, unsigned ind) { slots_.at(ind) = seq; }
  /// SEQ_MS: the highest SEQ of all slots.
  [[nodiscard]] std::uint64_t seq_ms() const { return slots_[highest_slot()]; }

 private:
  [[nodiscard]] std::size_t highest_slot() const;

  Settings settings_;
  std::vector<std::uint64_t> slots_;  // SEQ accepted last, by IND
};

}  // namespace hss::test
