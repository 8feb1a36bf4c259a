// Access over non-3GPP networks and where a user stands there, in words and as JSON.
// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <string_view>

#include "db/administration.h"
#include "provisioning/json.h"

namespace hss::provisioning::subscriber {

/// "registered", "pending" (authentication is, and has not lapsed) or "not registered", on SWx.
std::string_view swx_state(const db::StoredSubscription& stored);

/// Lines of subscriber show.
void print_non_3gpp(const db::StoredSubscription& stored, std::ostream& out);

/// {"state", "aaa_server": {"host", "realm"}, "authentication_pending_until", "active_apns"}, each when it is there.
Json swx_registration_json(const Non3gppRegistration& registration);

}  // namespace hss::provisioning::subscriber
