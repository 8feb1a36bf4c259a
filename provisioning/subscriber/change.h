// What the options of subscriber set make of a stored subscriber.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>
#include <vector>

#include "provisioning/subscriber_fields.h"

namespace hss::provisioning::subscriber {

/// What can be emptied.
inline constexpr std::array<const char*, 23> kClearable{"msisdn",
                                                        "scscf",
                                                        "capability",
                                                        "optional-capability",
                                                        "visited-network",
                                                        "display-name",
                                                        "alias-group",
                                                        "service-priority",
                                                        "sip-digest",
                                                        "framed-address",
                                                        "line-identifier",
                                                        "milenage-constants",
                                                        "test-card",
                                                        "primary-event-charging",
                                                        "secondary-event-charging",
                                                        "primary-collection-charging",
                                                        "secondary-collection-charging",
                                                        "static-address",
                                                        "forbidden-rat",
                                                        "non-3gpp-network",
                                                        "session-timeout",
                                                        "ue-ambr",
                                                        "charging-characteristics"};

/// Changes what `fields` name, empties what `clear` (of kClearable) names, leaves the rest. The keys of `draft` must be
/// there. When problems are returned, the draft is not to be used.
FieldProblems change(db::SubscriptionDraft& draft, const SubscriberFields& fields,
                     const std::vector<std::string>& clear, const Settings& settings);

}  // namespace hss::provisioning::subscriber
