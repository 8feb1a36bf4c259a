// A USIM for tests: any algorithm, and the window of sequence numbers of TS 33.102 Annex C.2, written apart from
// hss/sqn so that one mistake cannot hide in both.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "hss/bytes.h"
#include "hss/secret.h"
#include "hss/subscriber.h"

namespace hss::test {

class UsimModel {
 public:
  /// What AUTHENTICATE gives back.
  struct Accepted {
    std::uint64_t seq = 0;
    unsigned ind = 0;
    SecretOctets<32> res;
    Secret<16> ck;
    Secret<16> ik;
  };
  struct MacFailure {};
  struct SynchronisationFailure {
    Octets<14> auts{};
  };
  using Answer = std::variant<Accepted, MacFailure, SynchronisationFailure>;

  /// The card that a key set was made for; its AMF plays no part.
  explicit UsimModel(KeySet key_set);

  Answer authenticate(const Octets<16>& rand, const Octets<16>& autn);

  /// The AUTS that a synchronisation failure on `rand` carries now.
  [[nodiscard]] Octets<14> make_auts(const Octets<16>& rand) const;

  /// Puts SEQ of one slot, as if the card had accepted it.
  void accept(std::uint64_t seq, unsigned ind) { slots_.at(ind) = seq; }
  /// SEQ_MS: the highest SEQ of all slots.
  [[nodiscard]] std::uint64_t seq_ms() const { return slots_[highest_slot()]; }

 private:
  struct Response {
    SecretOctets<32> res;
    Secret<16> ck;
    Secret<16> ik;
    Secret<6> ak;
  };

  [[nodiscard]] std::size_t highest_slot() const;
  // The functions of TS 33.102 6.3 with the card's algorithm.
  [[nodiscard]] Octets<8> f1(const Octets<16>& rand, const Octets<6>& sqn, const Octets<2>& amf) const;
  [[nodiscard]] Octets<8> f1_star(const Octets<16>& rand, const Octets<6>& sqn) const;
  [[nodiscard]] Response f2345(const Octets<16>& rand) const;
  [[nodiscard]] Secret<6> f5_star(const Octets<16>& rand) const;

  KeySet keys_;
  std::vector<std::uint64_t> slots_;  // SEQ accepted last, by IND
};

}  // namespace hss::test
