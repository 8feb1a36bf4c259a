// Registration state and times in words.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "db/administration.h"

namespace hss::provisioning::subscriber {

/// "registered", "unregistered" (served while not registered) or "not registered".
std::string_view name_of(RegistrationStatus status);
/// The state of one implicit set with one private identity; without a stored one: not registered.
db::StoredSubscription::State state_of(const db::StoredSubscription& stored, std::string_view impi,
                                       std::size_t implicit_set);
/// The furthest state of all pairs.
std::string overall_state(const db::StoredSubscription& stored);
/// 2030-01-31T12:00:00Z.
std::string utc(UnixTime time);

}  // namespace hss::provisioning::subscriber
