// The files that this process has open, by their numbers: how connections are found that freeDiameter tells nobody of.
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace hss::diameter {

/// Those that could be seen; a number may be closed, or another file's, a moment later.
std::vector<int> open_files();

}  // namespace hss::diameter
