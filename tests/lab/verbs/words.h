// What the verbs say in the same words: sequence numbers, secrets, results that end a flow.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "hss/aka.h"
#include "hss/bytes.h"
#include "hss/usim.h"
#include "tests/lab/card.h"
#include "tests/lab/cx_client.h"
#include "tests/lab/lab.h"

namespace hss::lab {

inline constexpr ResultOf kSuccess{0, 2001};
inline constexpr ResultOf kUnableToComply{0, 5012};

/// "000000000020 (SEQ 1, IND 0)".
std::string sqn_words(Sqn sqn, unsigned ind_bits);
/// AMF of an AUTN: "8000 (separation bit 1)".
std::string amf_words(const Octets<16>& autn);
/// Hexadecimal, or "(16 octets, hidden)".
std::string secret_words(BytesView secret, bool show);
/// "SEQ 5 is not above the one that slot 0 took last".
std::string why_words(const UsimSynchronisationFailure& failure, const CardSpec& card);

/// What a result that ended a flow comes from, and what to do; empty for one that says nothing more.
std::string_view advice_for(const ResultOf& result);
/// "UAA: DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001): ..."
std::string refusal_words(std::string_view answer, const ResultOf& result);

/// SQN of a challenge, read with the keys of the card's AuC; nullopt when they are not those that made it.
std::optional<Sqn> sqn_of(const Vector& challenge, const CardSpec& card);
/// Why the card's AuC and the HSS disagree, from a challenge or an AUTS that one of them refused: usual mistakes, or
/// that it is none of them.
std::string suspect_words(const Vector& challenge, const CardSpec& card);
std::string suspect_words(const Vector& challenge, const Octets<14>& auts, const CardSpec& card);

/// Runs a flow; a network that fails in the middle of it stands in the trace too, where a report needs it.
template <typename Flow>
void tell_network_errors(Run& run, Party party, Flow flow) {
  try {
    flow();
  } catch (const NetworkError& error) {
    run.problem(party, error.what());
    throw;
  }
}

}  // namespace hss::lab
