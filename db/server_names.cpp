// SPDX-License-Identifier: MIT
#include "db/server_names.h"

namespace hss::db {

std::int64_t ServerNames::id_of(const AssignedServer& server) {
  {
    Rows rows(find_, server.name, server.diameter_host, server.diameter_realm);
    if (rows.next()) return rows.integer(0);
  }
  return inserted_id(insert_, server.name, server.diameter_host, server.diameter_realm);
}

}  // namespace hss::db
