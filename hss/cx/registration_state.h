// How the registration state of a subscription is read and moved (TS 29.228 6.1 and Annex A; TS 23.008 3.2): one state
// for each pair of implicit set and private identity, one S-CSCF name for the whole subscription.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hss/context.h"
#include "hss/repository.h"

namespace hss::cx {

/// "REGISTERED", "UNREGISTERED", "NOT_REGISTERED".
std::string_view name_of(RegistrationStatus status);

/// The registration state of a subscription while one request is served.
///
/// An S-CSCF that challenges a user whom another one serves takes the name at once (TS 29.228 6.3.1); the one that
/// serves is kept as `previous` until the registration is accepted (confirm()) or the challenge comes to nothing. Then
/// the name is its own again: an abandoned challenge elsewhere moves nobody.
class RegistrationState {
 public:
  /// Reads it. Auth-pending flags whose time is over are gone, and with them an S-CSCF name that nothing else holds.
  RegistrationState(const Subscription& subscription, Repository& repository, UnixTime now);

  /// The state of the members of a set: the highest of its pairs, REGISTERED before UNREGISTERED.
  [[nodiscard]] RegistrationStatus status(ImplicitSetId implicit_set) const;
  /// The state of one pair.
  [[nodiscard]] RegistrationStatus status(ImplicitSetId implicit_set, PrivateIdentityId private_identity) const;
  [[nodiscard]] bool auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity) const;
  [[nodiscard]] const std::optional<AssignedServer>& server() const { return registration_.server; }
  /// The S-CSCF of a set that is REGISTERED or UNREGISTERED; StoreFault when none is stored, for there must be one.
  [[nodiscard]] const AssignedServer& serving() const;
  /// True when an S-CSCF is stored and `server_name` is another one.
  [[nodiscard]] bool served_elsewhere(std::string_view server_name) const;
  /// True when `server_name` is the stored S-CSCF.
  [[nodiscard]] bool served_by(std::string_view server_name) const;
  /// True when `server_name` made the present registrations, be it that another S-CSCF challenges the user now.
  [[nodiscard]] bool holds_registrations(std::string_view server_name) const;
  /// The S-CSCF that made the present registrations: the one that knows them, and that pushes about them go to.
  [[nodiscard]] const std::optional<AssignedServer>& holder() const {
    return registration_.previous_server ? registration_.previous_server : registration_.server;
  }
  /// All pairs that are REGISTERED, UNREGISTERED or auth-pending.
  [[nodiscard]] const std::vector<PairState>& pairs() const { return registration_.pairs; }

  /// Stores the S-CSCF with the Diameter node that the request came from. Another one than before is remembered as the
  /// previous one while it has registrations. A reassignment that was pending has happened.
  void assign(std::string_view server_name, const DiameterNode& origin);
  /// The registrations are now those of the stored S-CSCF: the one that it took them over from, if any.
  std::optional<AssignedServer> confirm();
  /// A flag that lapses at most `slack` seconds before `until` stays as it is, and nothing need be written.
  void set_auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity, UnixTime until,
                        UnixTime slack = 0);
  /// When it was the last flag, a previous S-CSCF has its name back.
  void clear_auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity);
  /// REGISTERED for this private identity; an UNREGISTERED state of the set is over.
  void set_registered(ImplicitSetId implicit_set, PrivateIdentityId private_identity);
  /// The set becomes UNREGISTERED, known to the S-CSCF by this private identity. Precondition: it is not REGISTERED.
  void set_unregistered(ImplicitSetId implicit_set, PrivateIdentityId private_identity);
  /// Drops the pair's registration; the set is NOT_REGISTERED when no other private identity is registered with it.
  void deregister(ImplicitSetId implicit_set, PrivateIdentityId private_identity);

  /// "S-CSCF reassignment pending" (TS 29.228 6.1.1.1, IMS restoration): another S-CSCF may take the user without a
  /// challenge. Nothing happens while no S-CSCF is stored.
  void request_reassignment();
  [[nodiscard]] bool reassignment_pending() const { return registration_.reassignment_pending; }

  /// SCSCF-Restoration-Info of the registered private identities of a set (TS 29.228 8.3).
  [[nodiscard]] std::vector<RestorationInfo> restoration(ImplicitSetId implicit_set) const;

  /// Writes the state if it has changed. A name that no REGISTERED, UNREGISTERED or auth-pending pair holds is dropped;
  /// the restoration information of a pair that is no longer REGISTERED is deleted.
  void save();

  /// The private identity that the S-CSCF knows the set by (of an UNREGISTERED or REGISTERED pair), if any.
  [[nodiscard]] std::optional<PrivateIdentityId> known_by(ImplicitSetId implicit_set) const;

 private:
  PairState& pair(ImplicitSetId implicit_set, PrivateIdentityId private_identity);
  [[nodiscard]] const PairState* find(ImplicitSetId implicit_set, PrivateIdentityId private_identity) const;
  void give_back_to_previous();
  void drop_what_holds_nothing();

  SubscriptionId subscription_;
  Repository& repository_;
  Registration registration_;
  Registration stored_;
};

}  // namespace hss::cx
