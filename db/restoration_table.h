// What S-CSCFs have stored to restore a user's service by: TS 29.228 8.3.
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "db/sqlite.h"
#include "hss/subscriber.h"

namespace hss::db {

/// The methods of hss::Repository for it.
class RestorationTable {
 public:
  explicit RestorationTable(sqlite3* connection) : db_(connection) {}

  std::vector<RestorationInfo> read(ImplicitSetId implicit_set) {
    std::vector<RestorationInfo> found;
    for (Rows rows(read_, implicit_set); rows.next();) {
      const BytesView content = rows.blob(1);
      found.push_back({rows.integer(0), Bytes(content.begin(), content.end())});
    }
    return found;
  }

  void save(ImplicitSetId implicit_set, PrivateIdentityId private_identity, BytesView info) {
    if (info.empty()) {
      remove(implicit_set, private_identity);
    } else {
      run(save_, implicit_set, private_identity, info);
    }
  }

  void remove(ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
    run(remove_, implicit_set, private_identity);
  }

 private:
  sqlite3* db_;
  Statement read_{db_,
                  "SELECT private_identity, content FROM restoration WHERE implicit_set = ? ORDER BY private_identity"};
  Statement save_{db_,
                  "INSERT INTO restoration (implicit_set, private_identity, content) VALUES (?, ?, ?)"
                  " ON CONFLICT DO UPDATE SET content = excluded.content"};
  Statement remove_{db_, "DELETE FROM restoration WHERE implicit_set = ? AND private_identity = ?"};
};

}  // namespace hss::db
