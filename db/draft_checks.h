// What a draft must be before anything of it is written. Whether its identities are well formed is its author's part.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "db/administration.h"

namespace hss::db {

/// Throws std::invalid_argument for a draft that contradicts itself: an index that points nowhere, no identity at all,
/// keys or parameters of lengths that their algorithm does not have, something of a PSI with an identity that is none.
void check_consistent(const SubscriptionDraft& draft);

/// The draft with its wildcarded identities in the canonical text of their expressions; nothing when it has none.
/// Throws std::invalid_argument for an expression that cannot be read.
std::optional<SubscriptionDraft> with_canonical_wildcards(const SubscriptionDraft& draft);

}  // namespace hss::db
