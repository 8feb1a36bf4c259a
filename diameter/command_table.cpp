// SPDX-License-Identifier: MIT
#include "diameter/command_table.h"

#include <algorithm>
#include <array>

#include "diameter/cx/location_info.h"
#include "diameter/cx/multimedia_auth.h"
#include "diameter/cx/server_assignment.h"
#include "diameter/cx/user_authorization.h"
#include "diameter/swx/multimedia_auth.h"
#include "diameter/swx/server_assignment.h"

namespace hss::diameter {

std::span<const CommandEntry> commands() {
  static const std::array kRows{
      entry<cx::kUserAuthorization>(), entry<cx::kServerAssignment>(), entry<cx::kLocationInfo>(),
      entry<cx::kMultimediaAuth>(),    entry<swx::kMultimediaAuth>(),  entry<swx::kServerAssignment>(),
  };
  return kRows;
}

Echo echo_of(std::uint32_t application, std::uint32_t code) {
  const auto rows = commands();
  const auto row = std::ranges::find_if(
      rows, [&](const CommandEntry& one) { return one.application == application && one.code == code; });
  return row == rows.end() ? Echo::kNothing : row->echo;
}

}  // namespace hss::diameter
