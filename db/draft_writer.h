// Makes a stored subscription what a draft says, touching only what differs, so that registrations and sequence numbers
// live on.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/administration.h"
#include "db/draft_rows.h"
#include "db/identity_owners.h"
#include "db/key_set_writer.h"
#include "db/non_3gpp_writer.h"
#include "db/sqlite.h"

namespace hss::db {

class DraftWriter {
 public:
  using Registered = std::function<bool(SubscriptionId)>;

  /// `vault` and `sequence_log` must live as long. `is_registered`: whether a subscription has registrations, or
  /// authentications that are pending, as far as it is written.
  DraftWriter(sqlite3* connection, const KeyVault& vault, SequenceLog& sequence_log, Registered is_registered);

  /// A new subscription. Throws as write() does.
  SubscriptionId add(const SubscriptionDraft& draft);
  /// False when there is no such subscription. Throws IdentityTaken, UnknownProfile, UnknownApn, and
  /// std::invalid_argument for a draft that contradicts itself (draft_checks.h).
  bool write(SubscriptionId id, const SubscriptionDraft& draft);

 private:
  using SetNumbers = DraftRows::SetNumbers;

  bool write_checked(SubscriptionId id, const SubscriptionDraft& draft);
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

  sqlite3* db_;
  const KeyVault& vault_;
  IdentityOwners owners_{db_};
  KeySetWriter key_set_writer_;
  Registered is_registered_;
  Non3gppWriter non_3gpp_writer_{db_};
  DraftRows rows_{db_, vault_, owners_, key_set_writer_, non_3gpp_writer_};

  Statement imsi_{db_, "SELECT imsi FROM subscription WHERE id = ?"};
  Statement update_{db_, "UPDATE subscription SET imsi = ?, loose_route = ? WHERE id = ?"};
  Statement update_usim_{db_, "UPDATE subscription SET usim = ?1 WHERE id = ?2 AND usim IS NOT ?1"};
  Statement release_server_{
      db_,
      "UPDATE subscription SET s_cscf = NULL, previous_s_cscf = NULL, reassignment_pending = 0 WHERE id = ?1"
      " AND (s_cscf IS NOT NULL OR previous_s_cscf IS NOT NULL OR reassignment_pending)"};

  // A push stands for itself; what it was about is not to be taken for what gets the same number next.
  Statement release_pushes_of_set_{db_, "UPDATE push SET implicit_set = 0 WHERE subscription = ? AND implicit_set = ?"};
  Statement release_pushes_of_identity_{
      db_, "UPDATE push SET implicit_set = 0, private_identity = 0 WHERE subscription = ? AND private_identity = ?"};

  Statement clear_msisdns_{db_, "DELETE FROM msisdn WHERE subscription = ?"};
  Statement clear_networks_{db_, "DELETE FROM visited_network WHERE subscription = ?"};
  Statement clear_capabilities_{db_, "DELETE FROM server_capability WHERE subscription = ?"};
  Statement clear_charging_{db_, "DELETE FROM charging WHERE subscription = ?"};
  Statement members_{db_,
                     "SELECT s.id, p.impu FROM implicit_set s LEFT JOIN public_identity p ON p.implicit_set = s.id"
                     " WHERE s.subscription = ? ORDER BY s.id"};
  Statement update_set_{db_, "UPDATE implicit_set SET number = ? WHERE id = ?"};
  Statement delete_set_{db_, "DELETE FROM implicit_set WHERE id = ?"};

  Statement private_identities_{db_, "SELECT id, impi FROM private_identity WHERE subscription = ?"};
  Statement update_private_{
      db_, "UPDATE private_identity SET position = ?, scheme = ?, key_set = ?, framed_address = ? WHERE id = ?"};
  Statement delete_private_{db_, "DELETE FROM private_identity WHERE id = ?"};

  Statement delete_digest_{db_, "DELETE FROM sip_digest WHERE private_identity = ?"};
  Statement clear_lines_{db_, "DELETE FROM line_identifier WHERE private_identity = ?"};
  Statement public_identities_{db_,
                               "SELECT p.id, p.impu FROM implicit_set s JOIN public_identity p"
                               " ON p.implicit_set = s.id WHERE s.subscription = ?"};
  Statement update_public_{
      db_,
      "UPDATE public_identity SET implicit_set = ?, position = ?, barred = ?, registration_allowed = ?,"
      " service_profile = ?, display_name = ?, type = ?, psi_active = ?, application_server = ?, alias_group = ?,"
      " service_priority = ? WHERE id = ?"};
  Statement delete_public_{db_, "DELETE FROM public_identity WHERE id = ?"};

  Statement associations_{db_,
                          "SELECT a.implicit_set, a.private_identity FROM implicit_set s JOIN association a"
                          " ON a.implicit_set = s.id WHERE s.subscription = ?"};
  Statement delete_association_{db_, "DELETE FROM association WHERE implicit_set = ? AND private_identity = ?"};
};

}  // namespace hss::db
