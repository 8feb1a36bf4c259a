// A card and an HSS that are out of step, and how they get back: told in the same words on Cx and on SWx.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lab/cx_client.h"
#include "tests/lab/lab.h"

namespace hss::lab {

/// What one AUTS did, as far as the vectors before and after it tell.
struct Resynchronisation {
  /// Who had to give way.
  enum class Moved : std::uint8_t { kHssRaised, kHssLowered, kHssKept, kNobody };
  Moved moved = Moved::kNobody;  // kNobody: the HSS took the AUTS and issued what the card will refuse again
  std::uint64_t seq_he = 0;      // the highest that the HSS was seen to issue before
  Sqn sqn_ms = 0;                // in the AUTS
  Sqn next = 0;                  // of the vector that came after
};
/// By the range rule of TS 33.102 6.3.5, seen from outside.
Resynchronisation::Moved who_moved(std::uint64_t seq_he, std::uint64_t seq_ms, std::uint64_t next_seq);
/// Of the HSS: "raised: it was behind the card, and goes on from SEQ_MS".
std::string_view words_of(Resynchronisation::Moved moved);

/// RAND || AUTS, TS 29.229 6.3.11.
Bytes resynchronisation_token(const Octets<16>& rand, const Octets<14>& auts);

/// SEQ that is `jump` above that of a challenge. Throws LabFailure when it does not fit into SQN, or when the HSS could
/// issue nothing above it.
std::uint64_t seq_ahead_of(Sqn challenge, std::uint64_t jump, unsigned ind_bits);
/// Moves the card there, in every slot, and says so; nothing happens when it is there already.
void move_card_ahead(Run& run, Phone& phone, Sqn challenge, std::uint64_t jump);

/// SEQ of the HSS for one card, as its vectors tell.
class SequenceWatch {
 public:
  SequenceWatch(Run& run, const Phone& phone) : run_(run), phone_(phone) {}

  /// Vectors came from the HSS.
  void issued(const std::vector<Vector>& vectors);
  /// The card refused a challenge: why, and its AUTS.
  void refused(const UsimSynchronisationFailure& failure);
  /// The HSS took the AUTS, and this is its next vector: who had to move.
  void resynchronised(const UsimSynchronisationFailure& failure, const Vector& next);

  [[nodiscard]] const std::vector<Resynchronisation>& resynchronisations() const { return resynchronisations_; }

 private:
  Run& run_;
  const Phone& phone_;
  std::optional<std::uint64_t> seq_he_;  // nullopt: no vector could be read
  std::vector<Resynchronisation> resynchronisations_;
};

}  // namespace hss::lab
