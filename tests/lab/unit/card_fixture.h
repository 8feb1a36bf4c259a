// A card of the keys of TS 35.208 set 1, and the AuC that challenges it.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "hss/aka_diagnosis.h"
#include "hss/milenage.h"
#include "hss/sqn.h"
#include "tests/lab/card.h"

namespace hss::lab {

inline constexpr Octets<16> kK{0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
                               0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
inline constexpr Octets<16> kOp{0xcd, 0xc2, 0x02, 0xd5, 0x12, 0x3e, 0x20, 0xf6,
                                0x2b, 0x6d, 0x67, 0x6a, 0xc7, 0x2c, 0xb3, 0x18};

inline CardSpec spec_with(CardFault fault, const Octets<2>& amf = {0x80, 0x00}) {
  CardSpec spec;
  spec.keys.k = SecretOctets<32>(kK);
  spec.keys.opc = milenage::derive_opc(Secret<16>(kK), Secret<16>(kOp));
  spec.keys.amf = amf;
  spec.op = SecretOctets<32>(kOp);
  spec.fault = fault;
  return spec;
}

/// The HSS of a card: challenges with rising RANDs.
class Auc {
 public:
  explicit Auc(KeySet keys) : keys_(std::move(keys)) {}

  const AkaVector& challenge(std::uint64_t seq, unsigned ind = 0) {
    Octets<16> rand{0x23};
    rand[15] = ++count_;
    rands_.insert(rands_.begin(), rand);
    vector_ = make_vector(keys_, join_sqn(seq, ind, keys_.ind_bits), rand);
    return vector_;
  }
  UsimAnswer ask(Card& card, std::uint64_t seq, unsigned ind = 0) {
    challenge(seq, ind);
    return card.authenticate(vector_.rand, vector_.autn);
  }
  /// SQN_MS of what the card answered to the latest challenge.
  [[nodiscard]] std::optional<Sqn> open(const Octets<14>& auts) const { return open_auts(keys_, rands_.front(), auts); }
  [[nodiscard]] std::optional<std::vector<KeyMistake>> diagnose(const Octets<14>& auts) const {
    const auto diagnosis = diagnose_auts({.keys = keys_}, rands_, auts);
    if (!diagnosis) return std::nullopt;
    return diagnosis->mistakes;
  }
  [[nodiscard]] const AkaVector& latest() const { return vector_; }

 private:
  KeySet keys_;
  AkaVector vector_;
  std::vector<Octets<16>> rands_;
  std::uint8_t count_ = 0;
};

inline bool is_mac_failure(const UsimAnswer& answer) { return std::holds_alternative<UsimMacFailure>(answer); }
inline bool is_accepted(const UsimAnswer& answer) { return std::holds_alternative<UsimResponse>(answer); }
inline std::optional<Octets<14>> auts_of(const UsimAnswer& answer) {
  const auto* const failure = std::get_if<UsimSynchronisationFailure>(&answer);
  if (failure == nullptr) return std::nullopt;
  return failure->auts;
}

}  // namespace hss::lab
