// How the registration state of a subscription is read and moved (TS 29.228 6.1 and Annex A; TS 23.008 3.2): one state
// for each pair of implicit set and private identity, one S-CSCF name for the whole subscription.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "hss/context.h"
#include "hss/repository.h"

namespace hss::cx {

/// The registration state of a subscription while one request is served.
class RegistrationState {
 public:
  /// Reads it. Auth-pending flags whose time is over are gone, and with them an S-CSCF name that nothing else holds.
  RegistrationState(const Subscription& subscription, Repository& repository, UnixTime now);

  /// The state of the members of a set: the highest of its pairs, REGISTERED before UNREGISTERED.
  [[nodiscard]] RegistrationStatus status(ImplicitSetId implicit_set) const;
  [[nodiscard]] const std::optional<AssignedServer>& server() const { return registration_.server; }
  /// The S-CSCF of a set that is REGISTERED or UNREGISTERED; StoreFault when none is stored, for there must be one.
  [[nodiscard]] const AssignedServer& serving() const;
  /// True when an S-CSCF is stored and `server_name` is another one.
  [[nodiscard]] bool served_elsewhere(std::string_view server_name) const;
  /// True when `server_name` is the stored S-CSCF.
  [[nodiscard]] bool served_by(std::string_view server_name) const;

  /// Stores the S-CSCF with the Diameter node that the request came from.
  void assign(std::string_view server_name, const DiameterNode& origin);
  void set_auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity, UnixTime until);
  void clear_auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity);
  /// REGISTERED for this private identity; an UNREGISTERED state of the set is over.
  void set_registered(ImplicitSetId implicit_set, PrivateIdentityId private_identity);
  /// The set becomes UNREGISTERED, known to the S-CSCF by this private identity. Precondition: it is not REGISTERED.
  void set_unregistered(ImplicitSetId implicit_set, PrivateIdentityId private_identity);
  /// Drops the pair's registration; the set is NOT_REGISTERED when no other private identity is registered with it.
  void deregister(ImplicitSetId implicit_set, PrivateIdentityId private_identity);

  /// Writes the state if it has changed. A name that no REGISTERED, UNREGISTERED or auth-pending pair holds is dropped.
  void save();

  /// The private identity that the S-CSCF knows the set by (of an UNREGISTERED or REGISTERED pair), if any.
  [[nodiscard]] std::optional<PrivateIdentityId> known_by(ImplicitSetId implicit_set) const;

 private:
  PairState& pair(ImplicitSetId implicit_set, PrivateIdentityId private_identity);
  void drop_what_holds_nothing();

  SubscriptionId subscription_;
  Repository& repository_;
  Registration registration_;
  Registration stored_;
};

}  // namespace hss::cx
