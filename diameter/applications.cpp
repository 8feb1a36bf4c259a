// SPDX-License-Identifier: MIT
#include "diameter/applications.h"

#include <algorithm>

#include "hss/ascii.h"

namespace hss::diameter {

const ApplicationRow& row_of(Application application) {
  return kApplicationRows.at(static_cast<std::size_t>(application));
}

const ApplicationRow* find_application(std::uint32_t id) {
  const auto* const row = std::ranges::find(kApplicationRows, id, &ApplicationRow::id);
  return row == kApplicationRows.end() ? nullptr : row;
}

bool is_served(const Settings& settings, Application application) {
  const std::string_view name = row_of(application).setting;
  return std::ranges::any_of(settings.applications,
                             [name](const std::string& one) { return ascii::same_without_case(one, name); });
}

}  // namespace hss::diameter
