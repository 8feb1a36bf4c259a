// Keys that were typed on the command line do not stay where everybody can read them.
// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace hss::provisioning {

/// Other users see the arguments of a process (ps). Overwrites the values of --k, --opc and the like with asterisks:
/// to be called once the arguments are copied.
void hide_values(std::span<char*> arguments);

}  // namespace hss::provisioning
