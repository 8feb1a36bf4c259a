// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "db/preloaded.h"

namespace hss::diameter {

/// One line for the log: who is in memory and, when that is not everybody, what would have room for all.
/// `cache_mib`: the setting, MiB.
std::string preloaded_line(const db::Preloaded& preloaded, unsigned cache_mib);

}  // namespace hss::diameter
