// The table of S-CSCFs and 3GPP AAA servers: each is written once, and everything else refers to it by number.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "db/sqlite.h"
#include "hss/subscriber.h"

namespace hss::db {

class ServerNames {
 public:
  explicit ServerNames(sqlite3* connection) : db_(connection) {}

  /// The number of a server, which is given one when it has none.
  std::int64_t id_of(const AssignedServer& server);
  /// From here on the latest answer is remembered; anew after each rollback and each change by another connection.
  void remember() {
    remembers_ = true;
    latest_.reset();
  }

 private:
  struct Numbered {
    AssignedServer server;
    std::int64_t id = 0;
  };

  bool remembers_ = false;
  std::optional<Numbered> latest_;  // of thousands of subscriptions one after the other
  sqlite3* db_;
  Statement find_{db_, "SELECT id FROM server WHERE name = ? AND diameter_host = ? AND diameter_realm = ?"};
  Statement insert_{db_, "INSERT INTO server (name, diameter_host, diameter_realm) VALUES (?, ?, ?) RETURNING id"};
};

}  // namespace hss::db
