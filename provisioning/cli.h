// hssctl as a function: arguments and streams in, exit code out.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "provisioning/command.h"

namespace hss::provisioning {

/// Runs one command line (without the program's name). Every error is one line on `command.err`.
int run(const std::vector<std::string>& arguments, Command command);

}  // namespace hss::provisioning
