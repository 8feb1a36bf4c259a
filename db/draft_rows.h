// Inserts the rows of a draft. A new subscription is inserts alone: whether an identity is free is told by the tables'
// own constraints, and asked for only when they refuse.
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/administration.h"
#include "db/identity_owners.h"
#include "db/key_set_writer.h"
#include "db/non_3gpp_writer.h"
#include "db/sqlite.h"

namespace hss::db {

class DraftRows {
 public:
  using SetNumbers = std::map<std::size_t, ImplicitSetId>;  // the draft's number of a set -> its id

  DraftRows(sqlite3* connection, const KeyVault& vault, IdentityOwners& owners, KeySetWriter& key_sets,
            Non3gppWriter& non_3gpp)
      : db_(connection), vault_(vault), owners_(owners), key_set_writer_(key_sets), non_3gpp_writer_(non_3gpp) {}

  /// A subscription with all that a draft, checked and with canonical wildcards, says. Throws IdentityTaken,
  /// UnknownProfile, UnknownApn.
  SubscriptionId add(const SubscriptionDraft& draft);

  /// MSISDNs, networks, capabilities and charging functions.
  void add_data(SubscriptionId id, const SubscriptionDraft& draft);
  ImplicitSetId add_set(SubscriptionId id, std::size_t number);
  PrivateIdentityId add_private(SubscriptionId id, std::size_t position, const PrivateIdentityDraft& draft,
                                const std::vector<KeySetId>& key_sets);
  void add_lines(PrivateIdentityId id, const PrivateIdentityDraft& draft);
  void save_digest(PrivateIdentityId id, const SipDigest& digest);
  void add_public(ImplicitSetId set, std::size_t position, const PublicIdentityDraft& draft, std::int64_t profile);
  void add_association(ImplicitSetId set, PrivateIdentityId identity);

  /// Throws UnknownProfile.
  std::int64_t profile_id(const std::string& name);

 private:
  void add_parts(SubscriptionId id, const SubscriptionDraft& draft);
  void add_associations(const SubscriptionDraft& draft, const SetNumbers& sets,
                        const std::vector<PrivateIdentityId>& private_identities);

  sqlite3* db_;
  const KeyVault& vault_;
  IdentityOwners& owners_;
  KeySetWriter& key_set_writer_;
  Non3gppWriter& non_3gpp_writer_;

  Statement insert_{db_, "INSERT INTO subscription (imsi, loose_route) VALUES (?, ?)"};
  Statement set_usim_{db_, "UPDATE subscription SET usim = ? WHERE id = ?"};

  Statement insert_msisdn_{db_, "INSERT INTO msisdn (msisdn, subscription, position) VALUES (?, ?, ?)"};
  Statement insert_network_{db_, "INSERT INTO visited_network (subscription, position, network) VALUES (?, ?, ?)"};
  Statement insert_capability_{
      db_, "INSERT INTO server_capability (subscription, kind, position, number, name) VALUES (?, ?, ?, ?, ?)"};
  Statement insert_charging_{db_,
                             "INSERT INTO charging (subscription, primary_event, secondary_event, primary_collection,"
                             " secondary_collection) VALUES (?, ?, ?, ?, ?)"};
  Statement insert_set_{db_, "INSERT INTO implicit_set (subscription, number) VALUES (?, ?)"};
  Statement insert_private_{
      db_,
      "INSERT INTO private_identity (subscription, position, impi, scheme, key_set, framed_address)"
      " VALUES (?, ?, ?, ?, ?, ?)"};
  Statement save_digest_{db_,
                         "INSERT INTO sip_digest (private_identity, realm, sealed) VALUES (?, ?, ?)"
                         " ON CONFLICT DO UPDATE SET realm = excluded.realm, sealed = excluded.sealed"};
  Statement insert_line_{db_, "INSERT INTO line_identifier (private_identity, position, identifier) VALUES (?, ?, ?)"};
  Statement insert_public_{
      db_,
      "INSERT INTO public_identity (implicit_set, position, impu, barred, registration_allowed, service_profile,"
      " display_name, type, psi_active, application_server, alias_group, service_priority)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement insert_association_{db_, "INSERT INTO association (implicit_set, private_identity) VALUES (?, ?)"};
  Statement profile_{db_, "SELECT id FROM service_profile WHERE name = ?"};
};

}  // namespace hss::db
