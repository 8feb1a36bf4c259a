// The commands that are served, of both applications: the place where a new one is named.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "diameter/command.h"

namespace hss::diameter {

/// Their addresses stay.
std::span<const CommandEntry> commands();

/// What every answer to a command echoes; nothing when it is not served.
Echo echo_of(std::uint32_t application, std::uint32_t code);

}  // namespace hss::diameter
