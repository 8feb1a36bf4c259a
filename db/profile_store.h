// Service profiles and the initial filter criteria that they share, as hssctl writes them: a change of either is a new
// revision of every profile that it reaches.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/administration.h"
#include "db/profile_reader.h"
#include "db/sqlite.h"

namespace hss::db {

/// The methods of Administration of the same names.
class ProfileStore {
 public:
  explicit ProfileStore(sqlite3* connection) : db_(connection) {}

  void save_profile(std::string_view name, std::string_view xml);
  std::optional<std::string> profile(std::string_view name);
  std::vector<std::string> profiles();
  bool remove_profile(std::string_view name);

  void save_shared_ifc_set(std::string_view name, std::uint32_t id, std::string_view xml);
  std::optional<Administration::SharedIfcText> shared_ifc_set(std::string_view name);
  std::vector<Administration::SharedIfcText> shared_ifc_sets();
  bool remove_shared_ifc_set(std::string_view name);

  std::vector<SubscriptionId> served_with_profile(std::string_view name);
  std::vector<SubscriptionId> served_with_shared_ifc_set(std::string_view name);

 private:
  void make_number_free(std::string_view name, std::uint32_t id);
  void check_priorities_of(std::int64_t profile, std::int64_t revision);
  std::optional<std::int64_t> profile_id(std::string_view name);
  /// Of a profile that nobody has.
  void remove_unused_profile(std::int64_t profile);
  std::vector<SubscriptionId> served_with(std::int64_t profile);
  /// The names of the profiles that use a set, for a sentence; empty: none.
  std::string users_of(std::string_view name);

  sqlite3* db_;
  ProfileReader reader_{db_};

  Statement save_profile_{db_,
                          "INSERT INTO service_profile (name, xml, revision) VALUES (?, ?, random())"
                          " ON CONFLICT (name) DO UPDATE SET xml = excluded.xml, revision = excluded.revision"
                          " RETURNING id, revision"};
  Statement profile_{db_, "SELECT xml FROM service_profile WHERE name = ?"};
  Statement profiles_{db_, "SELECT name FROM service_profile ORDER BY name"};
  Statement profile_id_{db_, "SELECT id FROM service_profile WHERE name = ?"};
  // The index of public identities has the first profile for nobody: it is looked for by another way.
  Statement profile_used_{db_,
                          "SELECT EXISTS (SELECT 1 FROM public_identity WHERE service_profile = ?1"
                          " AND service_profile <> 1)"
                          " OR (?1 = 1 AND EXISTS (SELECT 1 FROM public_identity WHERE service_profile = 1))"};
  Statement remove_profile_{db_, "DELETE FROM service_profile WHERE id = ?"};

  Statement clear_use_{db_, "DELETE FROM service_profile_shared_ifc WHERE service_profile = ?"};
  Statement insert_use_{
      db_, "INSERT INTO service_profile_shared_ifc (service_profile, position, shared_ifc_set) VALUES (?, ?, ?)"};
  Statement set_name_{db_, "SELECT name FROM shared_ifc_set WHERE id = ?"};
  Statement set_{db_, "SELECT id, name, xml FROM shared_ifc_set WHERE name = ?"};
  Statement sets_{db_, "SELECT id, name, xml FROM shared_ifc_set ORDER BY name"};
  Statement save_set_{db_,
                      "INSERT INTO shared_ifc_set (id, name, xml) VALUES (?, ?, ?)"
                      " ON CONFLICT (id) DO UPDATE SET xml = excluded.xml"};
  Statement remove_set_{db_, "DELETE FROM shared_ifc_set WHERE name = ?"};
  Statement revise_users_{db_,
                          "UPDATE service_profile SET revision = random() WHERE id IN (SELECT service_profile"
                          " FROM service_profile_shared_ifc WHERE shared_ifc_set = ?) RETURNING id, revision"};
  Statement users_{db_,
                   "SELECT DISTINCT v.name FROM shared_ifc_set s JOIN service_profile_shared_ifc u"
                   " ON u.shared_ifc_set = s.id JOIN service_profile v ON v.id = u.service_profile WHERE s.name = ?"
                   " ORDER BY v.name"};

  Statement served_with_profile_{
      db_,
      "SELECT s.subscription FROM public_identity p JOIN implicit_set s ON s.id = p.implicit_set"
      " JOIN registration r ON r.implicit_set = s.id"
      " WHERE p.service_profile = ?1 AND p.service_profile <> 1"
      " UNION SELECT s.subscription FROM registration r JOIN implicit_set s ON s.id = r.implicit_set"
      " JOIN public_identity p ON p.implicit_set = s.id"
      " WHERE ?1 = 1 AND p.service_profile = 1 ORDER BY 1"};
  Statement profiles_of_set_{db_,
                             "SELECT DISTINCT u.service_profile FROM shared_ifc_set f JOIN service_profile_shared_ifc u"
                             " ON u.shared_ifc_set = f.id WHERE f.name = ?"};
};

}  // namespace hss::db
