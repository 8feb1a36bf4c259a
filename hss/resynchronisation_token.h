// SIP-Authorization of a resynchronisation (TS 29.229 6.3.11), alike on Cx and SWx: RAND || AUTS, and what came of it
// in words.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "hss/auc.h"

namespace hss {

struct ResynchronisationToken {
  static constexpr std::size_t kOctets = 30;

  Octets<16> rand{};
  Octets<14> auts{};

  /// nullopt for any other length than kOctets.
  static std::optional<ResynchronisationToken> parse(BytesView octets);
};

/// For the log: SEQ of both sides and what was done, never a key.
std::string describe(const ResynchronisationRecord& record);
std::string describe(ResynchronisationRefusal refusal);

}  // namespace hss
