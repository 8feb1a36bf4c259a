// The document that a verb is given: a file, or standard input.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "provisioning/command.h"

namespace hss::provisioning::profile {

/// All of `file`, "-" being standard input. Throws Failure.
std::string read_document(const std::string& file, Command& command);

}  // namespace hss::provisioning::profile
