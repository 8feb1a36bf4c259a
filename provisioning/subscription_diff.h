// Do two provisionings say the same?
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "db/administration.h"

namespace hss::provisioning {

/// The name of the first field in which `wanted` differs from what is `stored`; nullopt when they say the same. A SEQ
/// below the stored one is no difference: the server has used numbers since. The numbering of implicit sets is none
/// either.
std::optional<std::string> first_difference(db::SubscriptionDraft wanted, db::SubscriptionDraft stored);

}  // namespace hss::provisioning
