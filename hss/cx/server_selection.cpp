// SPDX-License-Identifier: MIT
#include "hss/cx/server_selection.h"

#include <algorithm>

#include "hss/identity.h"

namespace hss::cx {

std::optional<ServerCapabilities> server_capabilities(const Subscription& subscription, const Context& context,
                                                      const std::optional<AssignedServer>& avoid) {
  ServerCapabilities capabilities = subscription.capabilities;
  // Numbers without names are left alone: an I-CSCF that is given names does not look at the numbers.
  if (capabilities.empty()) capabilities.server_names = context.settings.cx.scscf_pool;
  if (capabilities.empty()) return std::nullopt;
  if (avoid) {
    std::stable_partition(capabilities.server_names.begin(), capabilities.server_names.end(),
                          [&](const std::string& name) { return !same_server(name, avoid->name); });
  }
  return capabilities;
}

}  // namespace hss::cx
