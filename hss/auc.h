// The authentication centre's two acts: issue vectors, and take an AUTS. Both move the counter of a key set, in the
// caller's transaction.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "hss/aka.h"
#include "hss/context.h"
#include "hss/repository.h"

namespace hss {

/// Who asks for vectors: decides IND.
struct VectorRequester {
  Application application = Application::kCx;
  std::string_view origin_host;
};

/// `count` vectors with distinct, rising SQNs (TS 33.102 6.3.2, C.1.2), each with a fresh RAND; saves the new SEQ and
/// remembers the RANDs. Empty, and nothing saved, when SEQ is at its end. Throws RandomFailure, StoreFault.
std::vector<AkaVector> issue_vectors(const KeySet& key_set, unsigned count, VectorRequester requester,
                                     Repository& repository, const Context& context);

/// Why an AUTS was not taken.
enum class ResynchronisationRefusal {
  kTooMany,          // within a minute, for this key set: it was not looked at
  kWrongMac,         // MAC-S does not verify: nothing was read from it
  kUnknownChallenge  // it would lower SEQ, and its RAND is none that was lately sent with this key set
};

/// RAND || AUTS of a resynchronisation (TS 33.102 6.3.5): verifies MAC-S first, applies the range rule, saves SEQ when
/// it changes and the record of what was found. Does not issue vectors.
std::variant<ResynchronisationRecord, ResynchronisationRefusal> resynchronise(
    const KeySet& key_set, const Octets<16>& rand, const Octets<14>& auts, VectorRequester requester,
    Repository& repository, const Context& context);

}  // namespace hss
