// Service profiles as the procedures see them: parsed once for each change, with the sets of initial filter criteria
// that they share.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "db/sqlite.h"
#include "hss/user_profile.h"

namespace hss::db {

class ProfileReader {
 public:
  explicit ProfileReader(sqlite3* connection) : db_(connection) {}

  /// The profile as it is at a revision, which is another number whenever its XML or that of a set which it uses was
  /// changed, and never the same twice: what was rolled back is never found again. Throws StoreFault when it is missing
  /// or cannot be parsed.
  std::shared_ptr<const ServiceProfile> read(std::int64_t id, std::int64_t revision);

 private:
  struct Parsed {
    std::int64_t revision = 0;
    std::shared_ptr<const ServiceProfile> profile;
  };
  std::unordered_map<std::int64_t, Parsed> parsed_;

  sqlite3* db_;
  Statement profile_{db_, "SELECT name, xml FROM service_profile WHERE id = ?"};
  Statement shared_sets_{db_,
                         "SELECT s.id, s.name, s.xml FROM service_profile_shared_ifc u"
                         " JOIN shared_ifc_set s ON s.id = u.shared_ifc_set WHERE u.service_profile = ?"
                         " ORDER BY u.position"};
};

}  // namespace hss::db
