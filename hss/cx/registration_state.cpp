// SPDX-License-Identifier: MIT
#include "hss/cx/registration_state.h"

#include <algorithm>

#include "hss/identity.h"

namespace hss::cx {

RegistrationState::RegistrationState(const Subscription& subscription, Repository& repository, UnixTime now)
    : subscription_(subscription.id), repository_(repository), registration_(repository.registration(subscription.id)) {
  stored_ = registration_;
  for (PairState& pair : registration_.pairs) {
    if (pair.auth_pending_until && *pair.auth_pending_until <= now) pair.auth_pending_until.reset();
  }
  drop_what_holds_nothing();
}

RegistrationStatus RegistrationState::status(ImplicitSetId implicit_set) const {
  auto status = RegistrationStatus::kNotRegistered;
  for (const PairState& pair : registration_.pairs) {
    if (pair.implicit_set != implicit_set) continue;
    if (pair.status == RegistrationStatus::kRegistered) return RegistrationStatus::kRegistered;
    if (pair.status == RegistrationStatus::kUnregistered) status = RegistrationStatus::kUnregistered;
  }
  return status;
}

const AssignedServer& RegistrationState::serving() const {
  if (!registration_.server) throw StoreFault("a registered user has no S-CSCF");
  return *registration_.server;
}

bool RegistrationState::served_elsewhere(std::string_view server_name) const {
  return registration_.server && !same_server(registration_.server->name, server_name);
}

bool RegistrationState::served_by(std::string_view server_name) const {
  return registration_.server && same_server(registration_.server->name, server_name);
}

void RegistrationState::assign(std::string_view server_name, const DiameterNode& origin) {
  registration_.server = AssignedServer{std::string(server_name), origin.host, origin.realm};
}

void RegistrationState::set_auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity,
                                         UnixTime until) {
  pair(implicit_set, private_identity).auth_pending_until = until;
}

void RegistrationState::clear_auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
  pair(implicit_set, private_identity).auth_pending_until.reset();
}

void RegistrationState::set_registered(ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
  for (PairState& other : registration_.pairs) {
    if (other.implicit_set == implicit_set && other.status == RegistrationStatus::kUnregistered) {
      other.status = RegistrationStatus::kNotRegistered;
    }
  }
  pair(implicit_set, private_identity).status = RegistrationStatus::kRegistered;
}

void RegistrationState::set_unregistered(ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
  for (PairState& other : registration_.pairs) {
    if (other.implicit_set == implicit_set) other.status = RegistrationStatus::kNotRegistered;
  }
  pair(implicit_set, private_identity).status = RegistrationStatus::kUnregistered;
}

void RegistrationState::deregister(ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
  pair(implicit_set, private_identity).status = RegistrationStatus::kNotRegistered;
  if (status(implicit_set) != RegistrationStatus::kUnregistered) return;
  for (PairState& other : registration_.pairs) {
    if (other.implicit_set == implicit_set) other.status = RegistrationStatus::kNotRegistered;
  }
}

void RegistrationState::save() {
  drop_what_holds_nothing();
  if (registration_ != stored_) repository_.save_registration(subscription_, registration_);
  stored_ = registration_;
}

std::optional<PrivateIdentityId> RegistrationState::known_by(ImplicitSetId implicit_set) const {
  for (const PairState& pair : registration_.pairs) {
    if (pair.implicit_set == implicit_set && pair.status != RegistrationStatus::kNotRegistered) {
      return pair.private_identity;
    }
  }
  return std::nullopt;
}

PairState& RegistrationState::pair(ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
  const auto found = std::find_if(registration_.pairs.begin(), registration_.pairs.end(), [&](const PairState& each) {
    return each.implicit_set == implicit_set && each.private_identity == private_identity;
  });
  if (found != registration_.pairs.end()) return *found;
  return registration_.pairs.emplace_back(PairState{implicit_set, private_identity, {}, {}});
}

void RegistrationState::drop_what_holds_nothing() {
  std::erase_if(registration_.pairs, [](const PairState& each) {
    return each.status == RegistrationStatus::kNotRegistered && !each.auth_pending_until;
  });
  if (registration_.pairs.empty()) registration_.server.reset();
}

}  // namespace hss::cx
