// The card's side of AKA (TS 33.102 6.3.3 and Annex C.2): it checks a challenge, keeps the array of sequence numbers,
// and makes AUTS. For tools that play a UE; the server has no use for it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "hss/aka.h"
#include "hss/bytes.h"
#include "hss/secret.h"
#include "hss/subscriber.h"

namespace hss {

/// What AUTHENTICATE (TS 31.102 7.1) gives back when the challenge is good.
struct UsimResponse {
  Sqn sqn = 0;                  // as it stood in AUTN
  bool separation_bit = false;  // of AMF, TS 33.102 Annex H
  SecretOctets<32> res;         // 4 to 16 octets
  Secret<16> ck;
  Secret<16> ik;
};

/// MAC-A is wrong: the challenge is not of this card's AuC. There is no AUTS.
struct UsimMacFailure {};

/// MAC-A is right, but the sequence number is none that the card takes.
struct UsimSynchronisationFailure {
  enum class Why : std::uint8_t {
    kNotFresh,  // SEQ is not above that of its slot, C.2.2
    kTooFar,    // SEQ is more than delta above the highest, C.2.1
    kTooOld,    // SEQ is the age limit or more below the highest, C.2.2
  };
  Why why = Why::kNotFresh;
  Sqn sqn = 0;     // as it stood in AUTN
  Sqn sqn_ms = 0;  // the highest that was ever accepted
  Octets<14> auts{};
};

using UsimAnswer = std::variant<UsimResponse, UsimMacFailure, UsimSynchronisationFailure>;

class Usim {
 public:
  /// The card that a key set was made for: algorithm, keys, ind_bits (2^ind_bits slots) and delta count, the AMF does
  /// not. `age_limit`: L, absent for a card without one. `seqs`: SEQ accepted last by IND, as seqs() gave it; empty for
  /// a new card. Throws std::invalid_argument for another number of slots or a SEQ that does not fit into SQN.
  explicit Usim(KeySet keys, std::optional<std::uint64_t> age_limit = {}, std::vector<std::uint64_t> seqs = {});

  /// Throws as make_vector() does.
  UsimAnswer authenticate(const Octets<16>& rand, const Octets<16>& autn);

  /// (SQN_MS xor AK*) || MAC-S for the RAND of a challenge, with AMF* = 0000; another `amf` makes the AUTS of a card
  /// that is wrong.
  [[nodiscard]] Octets<14> make_auts(const Octets<16>& rand, const Octets<2>& amf = {}) const;

  /// SEQ accepted last, by IND.
  [[nodiscard]] const std::vector<std::uint64_t>& seqs() const { return seqs_; }
  /// SEQ_MS and its IND.
  [[nodiscard]] Sqn sqn_ms() const;

 private:
  [[nodiscard]] std::optional<UsimSynchronisationFailure::Why> refuses(std::uint64_t seq, std::size_t ind) const;
  [[nodiscard]] std::size_t highest() const;

  KeySet keys_;
  std::optional<std::uint64_t> age_limit_;
  std::vector<std::uint64_t> seqs_;
};

}  // namespace hss
