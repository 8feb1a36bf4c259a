// An APN template changes: the 3GPP AAA servers of its users are told (TS 29.273 8.1.2.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "hss/push.h"
#include "provisioning/store.h"

namespace hss::provisioning::apn {

/// Writes a PPR with the whole profile for every registered user that has the template; inside the Database::write that
/// changed it. The pushes that were written.
std::vector<PushId> announce(Store& store, std::string_view name);

}  // namespace hss::provisioning::apn
