// SPDX-License-Identifier: MIT
#include "db/profile_reader.h"

#include <string>

namespace hss::db {

std::shared_ptr<const ServiceProfile> ProfileReader::read(std::int64_t id, std::int64_t revision) {
  const auto found = parsed_.find(id);
  if (found != parsed_.end() && found->second.revision == revision) return found->second.profile;

  Rows row(profile_, id);
  if (!row.next()) throw StoreFault("service profile " + std::to_string(id) + " is missing from the database");
  const std::string name = row.text(0);
  auto profile = std::make_shared<ServiceProfile>();
  std::string part = "service profile \"" + name + '"';
  try {
    *profile = parse_service_profile(row.text(1));
    for (Rows sets(shared_sets_, id); sets.next();) {
      part = "shared iFC set \"" + sets.text(1) + '"';
      auto set = std::make_shared<SharedIfcSet>(parse_shared_ifc_set(sets.text(2)));
      set->id = static_cast<std::uint32_t>(sets.integer(0));
      set->name = sets.text(1);
      profile->shared_ifc_sets.push_back(std::move(set));
    }
  } catch (const ProfileError& error) {
    throw StoreFault(part + " cannot be read: " + error.what());
  }
  profile->id = id;
  profile->name = name;
  parsed_[id] = {revision, profile};
  return profile;
}

}  // namespace hss::db
