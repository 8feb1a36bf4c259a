// SPDX-License-Identifier: MIT
#include "hss/resynchronisation_token.h"

#include <algorithm>
#include <iterator>

namespace hss {

std::optional<ResynchronisationToken> ResynchronisationToken::parse(BytesView octets) {
  if (octets.size() != kOctets) return std::nullopt;
  ResynchronisationToken token;
  std::copy_n(octets.begin(), token.rand.size(), token.rand.begin());
  std::copy_n(std::next(octets.begin(), token.rand.size()), token.auts.size(), token.auts.begin());
  return token;
}

std::string describe(const ResynchronisationRecord& record) {
  const char* const action = record.action == ResynchronisationRecord::Action::kKept ? "kept, the USIM accepts the next"
                             : record.action == ResynchronisationRecord::Action::kRaised
                                 ? "raised to the USIM's"
                                 : "lowered to the USIM's, it was more than delta ahead";
  return "resynchronised: SEQ_HE " + std::to_string(record.seq_he) + ", SEQ_MS " + std::to_string(record.seq_ms) +
         ": " + action;
}

std::string describe(ResynchronisationRefusal refusal) {
  switch (refusal) {
    case ResynchronisationRefusal::kTooMany:
      return "resynchronisation refused: too many within a minute (sqn.resynchronisations_per_minute); SEQ is "
             "untouched";
    case ResynchronisationRefusal::kWrongMac:
      return "resynchronisation refused: MAC-S is wrong (K, OPc or the RAND differ); SEQ is untouched";
    case ResynchronisationRefusal::kUnknownChallenge:
      break;
  }
  return "resynchronisation refused: it would lower SEQ, and its RAND was not lately sent";
}

}  // namespace hss
