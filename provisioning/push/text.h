// Pushes in words: what was asked of which server, and what came of it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hss/push.h"
#include "provisioning/json.h"

namespace hss::provisioning::push {

/// "Reset-Indication" and so on of PPR-Flags, TS 29.273 8.2.3.17, in the order of the bits.
std::vector<std::string> names_of_flags(std::uint32_t ppr_flags);
/// "RTR PERMANENT_TERMINATION", "PPR user data, charging", "SWx-PPR user data, Reset-Indication".
std::string what_of(const Push& push);
/// "DIAMETER_SUCCESS (2001)", an experimental one with its vendor; "-" without an answer.
std::string result_of(const Push& push);
/// One line: its number, what, to whom, for whom.
std::string summary(const Push& push);
/// "done", "waiting", and the outcome when there is one.
std::string how_it_went(const Push& push);
Json to_json(const Push& push);

/// "DIAMETER_ERROR_USER_UNKNOWN (10415:5001)".
std::string result_text(Result result);

}  // namespace hss::provisioning::push
