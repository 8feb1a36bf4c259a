// Makes a stored subscription what a draft says, touching only what differs, so that registrations and sequence numbers
// live on.
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/administration.h"
#include "db/key_set_writer.h"
#include "db/non_3gpp_writer.h"
#include "db/sqlite.h"

namespace hss::db {

class DraftWriter {
 public:
  DraftWriter(sqlite3* connection, const KeyVault& vault);

  /// An empty subscription, to be written into.
  SubscriptionId create();
  /// False when there is no such subscription. Throws IdentityTaken, UnknownProfile, UnknownApn, and
  /// std::invalid_argument for a draft that contradicts itself (draft_checks.h).
  bool write(SubscriptionId id, const SubscriptionDraft& draft);

 private:
  using SetNumbers = std::map<std::size_t, ImplicitSetId>;  // the draft's number of a set -> its id

  bool write_checked(SubscriptionId id, const SubscriptionDraft& draft);
  void check_taken(SubscriptionId id, const SubscriptionDraft& draft);
  void check_owner(Statement& owner, SubscriptionId id, const std::string& kind, std::string_view identity);
  /// False when there is no such subscription.
  bool write_own(SubscriptionId id, const SubscriptionDraft& draft);
  void write_subscription_data(SubscriptionId id, const SubscriptionDraft& draft);
  SetNumbers write_implicit_sets(SubscriptionId id, const SubscriptionDraft& draft);
  std::vector<PrivateIdentityId> write_private_identities(SubscriptionId id, const SubscriptionDraft& draft,
                                                          const std::vector<KeySetId>& key_sets);
  void write_credentials(PrivateIdentityId id, const PrivateIdentityDraft& draft);
  void write_public_identities(SubscriptionId id, const SubscriptionDraft& draft, const SetNumbers& sets);
  void write_associations(SubscriptionId id, const SubscriptionDraft& draft, const SetNumbers& sets,
                          const std::vector<PrivateIdentityId>& private_identities);
  std::int64_t profile_id(const std::string& name);

  sqlite3* db_;
  const KeyVault& vault_;
  KeySetWriter key_set_writer_{db_, vault_};
  Non3gppWriter non_3gpp_writer_{db_};

  Statement insert_{db_, "INSERT INTO subscription DEFAULT VALUES RETURNING id"};
  Statement imsi_{db_, "SELECT imsi FROM subscription WHERE id = ?"};
  Statement update_{db_, "UPDATE subscription SET imsi = ?, loose_route = ? WHERE id = ?"};
  Statement update_usim_{db_, "UPDATE subscription SET usim = ?1 WHERE id = ?2 AND usim IS NOT ?1"};
  Statement release_server_{
      db_,
      "UPDATE subscription SET s_cscf = NULL, previous_s_cscf = NULL, reassignment_pending = 0 WHERE id = ?1"
      " AND (s_cscf IS NOT NULL OR previous_s_cscf IS NOT NULL OR reassignment_pending) AND NOT EXISTS"
      " (SELECT 1 FROM implicit_set s JOIN registration r ON r.implicit_set = s.id WHERE s.subscription = ?1)"};

  // A push stands for itself; what it was about is not to be taken for what gets the same number next.
  Statement release_pushes_of_set_{db_, "UPDATE push SET implicit_set = 0 WHERE subscription = ? AND implicit_set = ?"};
  Statement release_pushes_of_identity_{
      db_, "UPDATE push SET implicit_set = 0, private_identity = 0 WHERE subscription = ? AND private_identity = ?"};

  Statement imsi_owner_{db_, "SELECT id FROM subscription WHERE imsi = ?"};
  Statement msisdn_owner_{db_, "SELECT subscription FROM msisdn WHERE msisdn = ?"};
  Statement impi_owner_{db_, "SELECT subscription FROM private_identity WHERE impi = ?"};
  Statement impu_owner_{db_,
                        "SELECT s.subscription FROM public_identity p JOIN implicit_set s ON s.id = p.implicit_set"
                        " WHERE p.impu = ?"};

  Statement clear_msisdns_{db_, "DELETE FROM msisdn WHERE subscription = ?"};
  Statement insert_msisdn_{db_, "INSERT INTO msisdn (msisdn, subscription, position) VALUES (?, ?, ?)"};
  Statement clear_networks_{db_, "DELETE FROM visited_network WHERE subscription = ?"};
  Statement insert_network_{db_, "INSERT INTO visited_network (subscription, position, network) VALUES (?, ?, ?)"};
  Statement clear_capabilities_{db_, "DELETE FROM server_capability WHERE subscription = ?"};
  Statement insert_capability_{
      db_, "INSERT INTO server_capability (subscription, kind, position, number, name) VALUES (?, ?, ?, ?, ?)"};

  Statement clear_charging_{db_, "DELETE FROM charging WHERE subscription = ?"};
  Statement insert_charging_{db_,
                             "INSERT INTO charging (subscription, primary_event, secondary_event, primary_collection,"
                             " secondary_collection) VALUES (?, ?, ?, ?, ?)"};

  Statement members_{db_,
                     "SELECT s.id, p.impu FROM implicit_set s LEFT JOIN public_identity p ON p.implicit_set = s.id"
                     " WHERE s.subscription = ? ORDER BY s.id"};
  Statement insert_set_{db_, "INSERT INTO implicit_set (subscription, number) VALUES (?, ?) RETURNING id"};
  Statement update_set_{db_, "UPDATE implicit_set SET number = ? WHERE id = ?"};
  Statement delete_set_{db_, "DELETE FROM implicit_set WHERE id = ?"};

  Statement private_identities_{db_, "SELECT id, impi FROM private_identity WHERE subscription = ?"};
  Statement insert_private_{
      db_,
      "INSERT INTO private_identity (subscription, position, impi, scheme, key_set, framed_address)"
      " VALUES (?, ?, ?, ?, ?, ?) RETURNING id"};
  Statement update_private_{
      db_, "UPDATE private_identity SET position = ?, scheme = ?, key_set = ?, framed_address = ? WHERE id = ?"};
  Statement delete_private_{db_, "DELETE FROM private_identity WHERE id = ?"};

  Statement save_digest_{db_,
                         "INSERT INTO sip_digest (private_identity, realm, sealed) VALUES (?, ?, ?)"
                         " ON CONFLICT DO UPDATE SET realm = excluded.realm, sealed = excluded.sealed"};
  Statement delete_digest_{db_, "DELETE FROM sip_digest WHERE private_identity = ?"};
  Statement clear_lines_{db_, "DELETE FROM line_identifier WHERE private_identity = ?"};
  Statement insert_line_{db_, "INSERT INTO line_identifier (private_identity, position, identifier) VALUES (?, ?, ?)"};

  Statement public_identities_{db_,
                               "SELECT p.id, p.impu FROM implicit_set s JOIN public_identity p"
                               " ON p.implicit_set = s.id WHERE s.subscription = ?"};
  Statement save_public_{
      db_,
      "INSERT INTO public_identity (id, implicit_set, position, impu, barred, registration_allowed, service_profile,"
      " display_name, type, psi_active, application_server, alias_group, service_priority)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
      " implicit_set = excluded.implicit_set, position = excluded.position, barred = excluded.barred,"
      " registration_allowed = excluded.registration_allowed, service_profile = excluded.service_profile,"
      " display_name = excluded.display_name, type = excluded.type, psi_active = excluded.psi_active,"
      " application_server = excluded.application_server, alias_group = excluded.alias_group,"
      " service_priority = excluded.service_priority"};
  Statement delete_public_{db_, "DELETE FROM public_identity WHERE id = ?"};
  Statement profile_{db_, "SELECT id FROM service_profile WHERE name = ?"};

  Statement associations_{db_,
                          "SELECT a.implicit_set, a.private_identity FROM implicit_set s JOIN association a"
                          " ON a.implicit_set = s.id WHERE s.subscription = ?"};
  Statement insert_association_{db_, "INSERT INTO association (implicit_set, private_identity) VALUES (?, ?)"};
  Statement delete_association_{db_, "DELETE FROM association WHERE implicit_set = ? AND private_identity = ?"};
};

}  // namespace hss::db
