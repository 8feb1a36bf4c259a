// Feature negotiation of TS 29.229 7.2: what a request demands, and what we say we have.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "diameter/avp_reader.h"
#include "diameter/avp_writer.h"
#include "diameter/dictionary.h"
#include "hss/cx/features.h"

namespace hss::diameter {

/// Feature-List-ID 1 of vendor 3GPP (TS 29.229 7.1.1, TS 29.273 8.2.3.16); what of it is offered is each application's
/// (applications.h).
inline constexpr std::uint32_t kFeatureListId = 1;

/// True when the request names our feature list, and the answer therefore does (TS 29.229 7.2.1).
bool asks_for_features(msg* request);

/// The error 5011 when the request needs a feature that is not offered: Supported-Features with the M bit and a feature
/// bit that is not offered, or any feature of a list that is not ours (TS 29.229 7.2.1).
std::optional<DecodeError> refuse_features(msg* request);

/// Cx: what the sender of the request has and we offer; nothing when it says nothing of our feature list.
hss::cx::Features features_of(const AvpReader& request);

/// Our complete set in the application of that number, M clear.
void write_features(AvpWriter& writer, std::uint32_t application);

}  // namespace hss::diameter
