// A change of a stored subscription, and in the same transaction the pushes that tell its S-CSCF (TS 29.228 6.1.3,
// 6.2.1) and its 3GPP AAA server (TS 29.273 8.1.2.2.3, 8.1.2.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "db/administration.h"
#include "hss/push.h"
#include "provisioning/store.h"

namespace hss::provisioning {

/// Makes the subscription what `draft` says, inside Database::write; `stored` is what it was, with keys. The pushes
/// that were written. Throws as Administration::replace.
std::vector<PushId> replace_and_announce(Store& store, SubscriptionId id, const db::SubscriptionDraft& stored,
                                         const db::SubscriptionDraft& draft);
/// Removes the subscription, inside Database::write. The pushes that were written.
std::vector<PushId> remove_and_announce(Store& store, SubscriptionId id);

/// Seconds since 1970 now.
UnixTime now();

}  // namespace hss::provisioning
