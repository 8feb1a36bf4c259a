// Writes hss.toml and describes its settings, both from the table.
// SPDX-License-Identifier: MIT
#include "hss/settings.h"

#include <charconv>

#include "hss/ascii.h"
#include "hss/identity.h"
#include "hss/settings_table.h"

namespace hss {

std::optional<PoolEntry> parse_pool_entry(std::string_view text) {
  constexpr unsigned kLargestWeight = 100;
  PoolEntry entry;
  const auto space = text.find(' ');
  entry.server_name = std::string(text.substr(0, space));
  if (!is_sip_uri(entry.server_name)) return std::nullopt;
  if (space == std::string_view::npos) return entry;
  const std::string_view digits = text.substr(space + 1);
  if (digits.empty() || digits.size() > 3 || !ascii::all_digits(digits)) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), entry.weight);
  if (entry.weight == 0 || entry.weight > kLargestWeight) return std::nullopt;
  return entry;
}

std::string write_settings(const Settings& settings) {
  std::string out =
      "# Settings of the HSS. A key that is left out has its default; an unknown one is refused.\n"
      "# The server reads this file when it starts, and again at 'hssctl reload', which says what needs a restart.\n";
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

Reload reload(const Settings& running, const Settings& read) {
  Reload out{running, {}, {}};
  for (const settings::Row& row : settings::rows()) {
    const settings::Value value = row.get(read);
    if (row.taken == settings::Taken::kByHssctl || row.get(running) == value) continue;
    if (row.taken == settings::Taken::kAtStart) {
      out.needs_restart.push_back(settings::full_name(row));
      continue;
    }
    row.set(out.settings, value);
    out.changed.push_back(settings::full_name(row));
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
