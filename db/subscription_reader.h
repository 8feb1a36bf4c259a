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
  std::vector<PrivateIdentity> private_identities(SubscriptionId id);
  std::vector<PublicIdentity> public_identities(SubscriptionId id);
  ServerCapabilities capabilities(SubscriptionId id);

  sqlite3* db_;
  ProfileReader profiles_{db_};

  Statement own_{
      db_,
      "SELECT s.loose_route, c.primary_event, c.secondary_event, c.primary_collection,"
      " c.secondary_collection, s.imsi, s.usim FROM subscription s LEFT JOIN charging c ON c.subscription = s.id"
      " WHERE s.id = ?"};
  // One row for each line identifier, and one for an identity without any.
  Statement private_identities_{
      db_,
      "SELECT i.id, i.impi, i.scheme, i.key_set, i.framed_address, d.private_identity, l.identifier"
      " FROM private_identity i LEFT JOIN sip_digest d ON d.private_identity = i.id"
      " LEFT JOIN line_identifier l ON l.private_identity = i.id WHERE i.subscription = ?"
      " ORDER BY i.position, l.position"};
  Statement public_identities_{
      db_,
      "SELECT p.id, p.impu, p.barred, p.registration_allowed, p.implicit_set, p.display_name, p.type, p.psi_active,"
      " p.application_server, p.alias_group, p.service_priority, v.id, v.revision"
      " FROM implicit_set s JOIN public_identity p ON p.implicit_set = s.id"
      " JOIN service_profile v ON v.id = p.service_profile WHERE s.subscription = ? ORDER BY p.position"};
  Statement associations_{db_,
                          "SELECT a.private_identity, a.implicit_set FROM implicit_set s"
                          " JOIN association a ON a.implicit_set = s.id WHERE s.subscription = ? ORDER BY 2, 1"};
  Statement capabilities_{
      db_, "SELECT kind, number, name FROM server_capability WHERE subscription = ? ORDER BY kind, position"};
  Statement networks_{db_, "SELECT network FROM visited_network WHERE subscription = ? ORDER BY position"};
};

}  // namespace hss::db
