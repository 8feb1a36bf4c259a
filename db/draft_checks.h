// What a draft must be before anything of it is written. Whether its identities are well formed is its author's part.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "db/administration.h"

namespace hss::db {

/// Throws std::invalid_argument for a draft that contradicts itself: an index that points nowhere, no identity at all,
/// keys or parameters of lengths that their algorithm does not have, a key set that nobody uses, something of a PSI
/// with an identity that is none, access over non-3GPP networks without an IMSI or an APN.
void check_consistent(const SubscriptionDraft& draft);

/// Throws std::invalid_argument for an APN template of values that its AVPs cannot have, or of a name that is not as
/// hss::canonical_apn writes it.
void check_consistent(const ApnConfiguration& configuration);

/// The draft with its wildcarded identities in the canonical text of their expressions; nothing when it has none.
/// Throws std::invalid_argument for an expression that cannot be read.
std::optional<SubscriptionDraft> with_canonical_wildcards(const SubscriptionDraft& draft);

}  // namespace hss::db
