// SPDX-License-Identifier: MIT
#include "db/profile_store.h"

#include <sqlite3.h>

#include <set>
#include <stdexcept>
#include <utility>

#include "db/columns.h"

namespace hss::db {

namespace {

constexpr std::uint32_t kLargestSetId = 2147483647;  // xs:int, TS 29.228 Annex E

/// While one lives, foreign keys are not enforced, which for a DELETE means: nobody looks for who refers to the row.
class ForeignKeysTrusted {
 public:
  explicit ForeignKeysTrusted(sqlite3* connection) : connection_(connection) { enforce(0); }
  ~ForeignKeysTrusted() { enforce(1); }
  ForeignKeysTrusted(const ForeignKeysTrusted&) = delete;
  ForeignKeysTrusted& operator=(const ForeignKeysTrusted&) = delete;

 private:
  /// In a transaction too, where PRAGMA foreign_keys does nothing.
  void enforce(int yes) const { sqlite3_db_config(connection_, SQLITE_DBCONFIG_ENABLE_FKEY, yes, nullptr); }
  sqlite3* connection_;
};

Administration::SharedIfcText shared_ifc_text(const Rows& rows) {
  return {static_cast<std::uint32_t>(rows.integer(0)), rows.text(1), rows.text(2)};
}

}  // namespace

void ProfileStore::save_profile(std::string_view name, std::string_view xml) {
  const ServiceProfile parsed = parse_service_profile(xml);
  std::int64_t id = 0;
  std::int64_t revision = 0;
  for (Rows rows(save_profile_, name, xml); rows.next();) {
    id = rows.integer(0);
    revision = rows.integer(1);
  }
  run(clear_use_, id);
  for (std::size_t i = 0; i < parsed.shared_ifc_ids.size(); ++i) {
    const std::uint32_t set = parsed.shared_ifc_ids[i];
    {
      Rows rows(set_name_, set);
      if (!rows.next()) {
        throw std::runtime_error("service profile " + in_quotes(name) + " uses the shared iFC set " +
                                 std::to_string(set) + ", which does not exist; add that first");
      }
    }
    run(insert_use_, id, i, set);
  }
  check_priorities_of(id, revision);
}

void ProfileStore::check_priorities_of(std::int64_t profile, std::int64_t revision) {
  const auto whole = reader_.read(profile, revision);
  try {
    check_priorities(*whole);
  } catch (const ProfileError& error) {
    throw ProfileError("service profile " + in_quotes(whole->name) + ": " + error.what());
  }
}

std::optional<std::string> ProfileStore::profile(std::string_view name) {
  Rows rows(profile_, name);
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

std::vector<std::string> ProfileStore::profiles() {
  std::vector<std::string> names;
  for (Rows rows(profiles_); rows.next();) names.push_back(rows.text(0));
  return names;
}

bool ProfileStore::remove_profile(std::string_view name) {
  const auto id = profile_id(name);
  if (!id) return false;
  {
    Rows rows(profile_used_, *id);
    if (rows.next() && rows.integer(0) != 0) {
      throw std::runtime_error("service profile " + in_quotes(name) +
                               " is in use; give its public identities another one first");
    }
  }
  remove_unused_profile(*id);
  return true;
}

std::optional<std::int64_t> ProfileStore::profile_id(std::string_view name) {
  Rows rows(profile_id_, name);
  if (!rows.next()) return std::nullopt;
  return rows.integer(0);
}

void ProfileStore::remove_unused_profile(std::int64_t profile) {
  run(clear_use_, profile);
  // SQLite would look through all public identities, without their index, for one that has it.
  const ForeignKeysTrusted trusted(db_);
  run(remove_profile_, profile);
}

void ProfileStore::make_number_free(std::string_view name, std::uint32_t id) {
  if (id > kLargestSetId) {
    throw std::runtime_error("the number of a shared iFC set is 0 to " + std::to_string(kLargestSetId));
  }
  {
    Rows rows(set_name_, id);
    if (rows.next() && rows.text(0) != name) {
      throw std::runtime_error("the number " + std::to_string(id) + " belongs to the shared iFC set " +
                               in_quotes(rows.text(0)) + "; choose another");
    }
  }
  const auto stored = shared_ifc_set(name);
  if (!stored || stored->id == id) return;
  if (const std::string users = users_of(name); !users.empty()) {
    throw std::runtime_error("the shared iFC set " + in_quotes(name) + " is used under the number " +
                             std::to_string(stored->id) + " by service profile " + users +
                             "; keep the number, or take it out there first");
  }
  run(remove_set_, name);
}

void ProfileStore::save_shared_ifc_set(std::string_view name, std::uint32_t id, std::string_view xml) {
  parse_shared_ifc_set(xml);
  make_number_free(name, id);
  run(save_set_, id, name, xml);
  std::vector<std::pair<std::int64_t, std::int64_t>> revised;
  for (Rows rows(revise_users_, id); rows.next();) revised.emplace_back(rows.integer(0), rows.integer(1));
  for (const auto& [profile, revision] : revised) check_priorities_of(profile, revision);
}

std::optional<Administration::SharedIfcText> ProfileStore::shared_ifc_set(std::string_view name) {
  Rows rows(set_, name);
  if (!rows.next()) return std::nullopt;
  return shared_ifc_text(rows);
}

std::vector<Administration::SharedIfcText> ProfileStore::shared_ifc_sets() {
  std::vector<Administration::SharedIfcText> sets;
  for (Rows rows(sets_); rows.next();) sets.push_back(shared_ifc_text(rows));
  return sets;
}

bool ProfileStore::remove_shared_ifc_set(std::string_view name) {
  if (const std::string users = users_of(name); !users.empty()) {
    throw std::runtime_error("the shared iFC set " + in_quotes(name) + " is used by service profile " + users +
                             "; take it out there first");
  }
  return run(remove_set_, name) != 0;
}

std::string ProfileStore::users_of(std::string_view name) {
  std::string users;
  for (Rows rows(users_, name); rows.next();) users += (users.empty() ? "" : ", ") + in_quotes(rows.text(0));
  return users;
}

std::vector<SubscriptionId> ProfileStore::served_with(std::int64_t profile) {
  std::vector<SubscriptionId> ids;
  for (Rows rows(served_with_profile_, profile); rows.next();) ids.push_back(rows.integer(0));
  return ids;
}

std::vector<SubscriptionId> ProfileStore::served_with_profile(std::string_view name) {
  const auto profile = profile_id(name);
  return profile ? served_with(*profile) : std::vector<SubscriptionId>();
}

std::vector<SubscriptionId> ProfileStore::served_with_shared_ifc_set(std::string_view name) {
  std::vector<std::int64_t> profiles;
  for (Rows rows(profiles_of_set_, name); rows.next();) profiles.push_back(rows.integer(0));
  std::set<SubscriptionId> ids;
  for (const std::int64_t profile : profiles) {
    const auto served = served_with(profile);
    ids.insert(served.begin(), served.end());
  }
  return {ids.begin(), ids.end()};
}

}  // namespace hss::db
