// SPDX-License-Identifier: MIT
#include "tests/lab/verbs/sequence.h"

#include <algorithm>

#include "hss/sqn.h"
#include "tests/lab/verbs/words.h"

namespace hss::lab {

Resynchronisation::Moved who_moved(std::uint64_t seq_he, std::uint64_t seq_ms, std::uint64_t next_seq) {
  using Moved = Resynchronisation::Moved;
  if (next_seq <= seq_ms) return Moved::kNobody;
  if (next_seq <= seq_he) return Moved::kHssLowered;
  return seq_he < seq_ms ? Moved::kHssRaised : Moved::kHssKept;
}

std::string_view words_of(Resynchronisation::Moved moved) {
  switch (moved) {
    case Resynchronisation::Moved::kHssRaised:
      return "raised: it was behind the card, and goes on from SEQ_MS";
    case Resynchronisation::Moved::kHssLowered:
      return "lowered: it was more than Delta ahead, and goes back to SEQ_MS (the one decrease that is allowed)";
    case Resynchronisation::Moved::kHssKept:
      return "kept: the card takes the next SEQ anyway";
    case Resynchronisation::Moved::kNobody:
      return "not moved: the new vector is not above SEQ_MS, and the card will refuse it again";
  }
  return "";
}

Bytes resynchronisation_token(const Octets<16>& rand, const Octets<14>& auts) {
  Bytes out(rand.begin(), rand.end());
  out.insert(out.end(), auts.begin(), auts.end());
  return out;
}

std::uint64_t seq_ahead_of(Sqn challenge, std::uint64_t jump, unsigned ind_bits) {
  const std::uint64_t seq = seq_of(challenge, ind_bits);
  const std::uint64_t room = max_seq(ind_bits) - 2;  // the HSS has to go on above the card, and never issues the last
  if (seq > room || jump > room - seq) {
    throw LabFailure("--ahead: SEQ " + std::to_string(seq) + " and that many more do not fit into SQN");
  }
  return seq + jump;
}

void move_card_ahead(Run& run, Phone& phone, Sqn challenge, std::uint64_t jump) {
  const unsigned ind_bits = phone.card.spec().keys.ind_bits;
  const std::uint64_t seq = seq_ahead_of(challenge, jump, ind_bits);
  const Sqn before = phone.card.sqn_ms();
  if (seq_of(before, ind_bits) >= seq) return;
  phone.card.advance_to(seq);
  run.note(Party::kUe, "the card was used elsewhere: it is ahead of the HSS in every slot",
           {{"SQN of the challenge", sqn_words(challenge, ind_bits)},
            {"SQN_MS before", sqn_words(before, ind_bits)},
            {"SQN_MS now", sqn_words(phone.card.sqn_ms(), ind_bits)}});
}

void SequenceWatch::issued(const std::vector<Vector>& vectors) {
  const CardSpec& card = phone_.card.spec();
  for (const Vector& vector : vectors) {
    if (const auto sqn = sqn_of(vector, card)) {
      seq_he_ = std::max(seq_he_.value_or(0), seq_of(*sqn, card.keys.ind_bits));
    }
  }
}

void SequenceWatch::refused(const UsimSynchronisationFailure& failure) {
  const CardSpec& card = phone_.card.spec();
  run_.note(Party::kUe, "synchronisation failure: " + why_words(failure, card),
            {{"SQN", sqn_words(failure.sqn, card.keys.ind_bits)},
             {"SQN_MS", sqn_words(failure.sqn_ms, card.keys.ind_bits)},
             {"AUTS", to_hex(failure.auts)}});
}

void SequenceWatch::resynchronised(const UsimSynchronisationFailure& failure, const Vector& next) {
  const CardSpec& card = phone_.card.spec();
  const unsigned ind_bits = card.keys.ind_bits;
  const auto sqn = sqn_of(next, card);
  if (!sqn) return;  // the card will say MAC failure
  const std::uint64_t seq_he = seq_he_.value_or(seq_of(failure.sqn, ind_bits));
  const std::uint64_t seq_ms = seq_of(failure.sqn_ms, ind_bits);
  const Resynchronisation done{.moved = who_moved(seq_he, seq_ms, seq_of(*sqn, ind_bits)),
                               .seq_he = seq_he,
                               .sqn_ms = failure.sqn_ms,
                               .next = *sqn};
  run_.note(Party::kHss, std::string(words_of(done.moved)),
            {{"SEQ_HE before", std::to_string(seq_he) + " or more"},
             {"SEQ_MS", std::to_string(seq_ms)},
             {"SQN of the new vector", sqn_words(*sqn, ind_bits)}});
  resynchronisations_.push_back(done);
  seq_he_ = seq_of(*sqn, ind_bits);  // also where it went down
}

}  // namespace hss::lab
