// Reads what was provisioned of a subscription: a handful of indexed statements, each read once.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "db/profile_reader.h"
#include "db/sqlite.h"
#include "hss/subscriber.h"

namespace hss::db {

class SubscriptionReader {
 public:
  explicit SubscriptionReader(sqlite3* connection) : db_(connection) {}

  /// Null when there is none.
  std::shared_ptr<const Subscription> read(SubscriptionId id);

 private:
  bool read_own(Subscription& subscription);
  void read_charging(Subscription& subscription);
  std::vector<PrivateIdentity> private_identities(SubscriptionId id);
  std::vector<PublicIdentity> public_identities(SubscriptionId id);
  ServerCapabilities capabilities(SubscriptionId id);
  void read_networks(Subscription& subscription);

  sqlite3* db_;
  ProfileReader profiles_{db_};

  // And whether there is what few have.
  Statement own_{db_,
                 "SELECT s.loose_route, s.imsi, s.usim,"
                 " EXISTS (SELECT 1 FROM charging c WHERE c.subscription = s.id),"
                 " EXISTS (SELECT 1 FROM server_capability c WHERE c.subscription = s.id),"
                 " EXISTS (SELECT 1 FROM visited_network n WHERE n.subscription = s.id)"
                 " FROM subscription s WHERE s.id = ?"};
  Statement charging_{db_,
                      "SELECT primary_event, secondary_event, primary_collection, secondary_collection FROM charging"
                      " WHERE subscription = ?"};
  // Without ORDER BY where rows of one subscription are few: SQLite would build a temporary index to sort them. One row
  // for each line identifier, in the order of their key, and one for an identity without any.
  Statement private_identities_{
      db_,
      "SELECT i.id, i.impi, i.scheme, i.key_set, i.framed_address, d.private_identity, l.identifier,"
      " i.position FROM private_identity i LEFT JOIN sip_digest d ON d.private_identity = i.id"
      " LEFT JOIN line_identifier l ON l.private_identity = i.id WHERE i.subscription = ?"};
  Statement public_identities_{
      db_,
      "SELECT p.id, p.impu, p.barred, p.registration_allowed, p.implicit_set, p.display_name, p.type, p.psi_active,"
      " p.application_server, p.alias_group, p.service_priority, v.id, v.revision, p.position"
      " FROM implicit_set s JOIN public_identity p ON p.implicit_set = s.id"
      " JOIN service_profile v ON v.id = p.service_profile WHERE s.subscription = ?"};
  Statement associations_{db_,
                          "SELECT a.private_identity, a.implicit_set FROM implicit_set s"
                          " JOIN association a ON a.implicit_set = s.id WHERE s.subscription = ?"};
  Statement capabilities_{
      db_, "SELECT kind, number, name FROM server_capability WHERE subscription = ? ORDER BY kind, position"};
  Statement networks_{db_, "SELECT network FROM visited_network WHERE subscription = ? ORDER BY position"};
};

}  // namespace hss::db
