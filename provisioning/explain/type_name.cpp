// SPDX-License-Identifier: MIT
#include "provisioning/explain/type_name.h"

#include <algorithm>

#include "hss/ascii.h"
#include "provisioning/command.h"
#include "provisioning/text.h"

namespace hss::provisioning::explain {

std::size_t type_of(std::string_view option, std::string_view typed, std::span<const std::string_view> names) {
  std::string wanted = ascii::lower(trim(typed));
  std::ranges::replace(wanted, '-', '_');
  std::string known;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = ascii::lower(names[i]);
    if (wanted == std::to_string(i) || wanted == name) return i;
    known += (known.empty() ? "" : ", ") + std::to_string(i) + ' ' + name;
  }
  throw UsageError(std::string(option) + ": must be one of " + known);
}

}  // namespace hss::provisioning::explain
