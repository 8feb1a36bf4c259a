// SPDX-License-Identifier: MIT
#include "db/server_names.h"

namespace hss::db {

std::int64_t ServerNames::id_of(const AssignedServer& server) {
  if (latest_ && latest_->server == server) return latest_->id;
  const auto number = [&] {
    {
      Rows rows(find_, server.name, server.diameter_host, server.diameter_realm);
      if (rows.next()) return rows.integer(0);
    }
    return inserted_id(insert_, server.name, server.diameter_host, server.diameter_realm);
  };
  const std::int64_t id = number();
  if (remembers_) latest_ = {server, id};
  return id;
}

}  // namespace hss::db
