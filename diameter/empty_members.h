// AVPs that freeDiameter 1.2.1 reads and cannot write: those that its dictionary does not know, and that are empty.
// Copied into an answer, they would keep it from being made, or from being sent.
// SPDX-License-Identifier: MIT
#pragma once

#include "diameter/fd.h"

namespace hss::diameter {

/// Gives one zero octet to each of them in a group, and in the groups therein. Throws fd::Error.
void fill_empty_members(avp* group);

}  // namespace hss::diameter
