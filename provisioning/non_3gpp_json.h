// Access over non-3GPP networks as JSON: the member non_3gpp of a subscription.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "db/administration.h"
#include "provisioning/checks.h"
#include "provisioning/json.h"

namespace hss::provisioning {

/// Null for none. Members at their defaults are left out where that says the same.
Json non_3gpp_to_json(const std::optional<db::Non3gppDraft>& draft);

/// Reads what non_3gpp_to_json writes of somebody who has it. Without "apns" it has none: see
/// access_to_default_apns().
db::Non3gppDraft read_non_3gpp(const Json& value, const std::string& path, Checker& check);

}  // namespace hss::provisioning
