// Writes hss.toml and describes its settings, both from the table.
// SPDX-License-Identifier: MIT
#include "hss/settings.h"

#include "hss/settings_table.h"

namespace hss {

std::string write_settings(const Settings& settings) {
  std::string out =
      "# Settings of the HSS. A key that is left out has its default; an unknown one is refused.\n"
      "# The server reads this file when it starts.\n";
  std::string_view section;
  const Settings defaults;
  for (const settings::Row& row : settings::rows()) {
    const settings::Value value = row.get(settings);
    if (const auto complaint = settings::complaint(row, value)) {
      throw SettingsError("setting '" + settings::full_name(row) + "' " + *complaint);
    }
    if (row.section != section) {
      section = row.section;
      out += "\n[" + std::string(section) + "]\n";
    }
    out += "# " + std::string(row.why) + '\n';
    out += "# Allowed: " + settings::allowed_values(row) + ". Default: " + settings::to_toml(row.get(defaults)) + '\n';
    out += std::string(row.key) + " = " + settings::to_toml(value) + '\n';
  }
  if (const auto conflict = settings::conflict(settings)) {
    throw SettingsError("setting '" + settings::full_name(*conflict->row) + "' " + conflict->what);
  }
  return out;
}

std::vector<SettingDescription> describe_settings() {
  std::vector<SettingDescription> all;
  const Settings defaults;
  for (const settings::Row& row : settings::rows()) {
    all.push_back({std::string(row.section), std::string(row.key), settings::allowed_values(row),
                   settings::to_toml(row.get(defaults)), std::string(row.why)});
  }
  return all;
}

}  // namespace hss
