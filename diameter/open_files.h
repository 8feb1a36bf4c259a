// The files that this process has open, by their numbers: how connections are found that freeDiameter tells nobody of.
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <vector>

namespace hss::diameter {

/// Those that could be seen; a number may be closed, or another file's, a moment later.
std::vector<int> open_files();

/// Which socket a number is of, for the number may be another's a moment later; 0 when it is none.
ino_t socket_inode(int file) noexcept;

}  // namespace hss::diameter
