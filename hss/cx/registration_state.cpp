// SPDX-License-Identifier: MIT
#include "hss/cx/registration_state.h"

#include <algorithm>
#include <utility>

#include "hss/identity.h"

namespace hss::cx {

std::string_view name_of(RegistrationStatus status) {
  switch (status) {
    case RegistrationStatus::kRegistered:
      return "REGISTERED";
    case RegistrationStatus::kUnregistered:
      return "UNREGISTERED";
    case RegistrationStatus::kNotRegistered:
      break;
  }
  return "NOT_REGISTERED";
}

RegistrationState::RegistrationState(const Subscription& subscription, Repository& repository, UnixTime now)
    : subscription_(subscription.id), repository_(repository), registration_(repository.registration(subscription.id)) {
  stored_ = registration_;
  bool lapsed = false;
  for (PairState& pair : registration_.pairs) {
    if (!pair.auth_pending_until || *pair.auth_pending_until > now) continue;
    pair.auth_pending_until.reset();
    lapsed = true;
  }
  // Not whenever there is no flag: GIBA and NASS-Bundled set none (TS 29.228 6.3.1 step 5).
  if (lapsed) give_back_to_previous();
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

RegistrationStatus RegistrationState::status(ImplicitSetId implicit_set, PrivateIdentityId private_identity) const {
  const PairState* const found = find(implicit_set, private_identity);
  return found == nullptr ? RegistrationStatus::kNotRegistered : found->status;
}

bool RegistrationState::auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity) const {
  const PairState* const found = find(implicit_set, private_identity);
  return found != nullptr && found->auth_pending_until.has_value();
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

bool RegistrationState::holds_registrations(std::string_view server_name) const {
  return holder() && same_server(holder()->name, server_name);
}

void RegistrationState::assign(std::string_view server_name, const DiameterNode& origin) {
  auto& [server, pairs, previous, reassignment_pending] = registration_;
  if (served_elsewhere(server_name) && !previous) {
    const bool serves = std::ranges::any_of(
        pairs, [](const PairState& each) { return each.status != RegistrationStatus::kNotRegistered; });
    if (serves) previous = server;
  } else if (previous && same_server(previous->name, server_name)) {
    previous.reset();
  }
  server = AssignedServer{std::string(server_name), origin.host, origin.realm};
  reassignment_pending = false;
}

std::optional<AssignedServer> RegistrationState::confirm() { return std::exchange(registration_.previous_server, {}); }

void RegistrationState::set_auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity, UnixTime until,
                                         UnixTime slack) {
  std::optional<UnixTime>& flag = pair(implicit_set, private_identity).auth_pending_until;
  if (!flag || *flag > until || *flag < until - slack) flag = until;
}

void RegistrationState::clear_auth_pending(ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
  pair(implicit_set, private_identity).auth_pending_until.reset();
  give_back_to_previous();
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

void RegistrationState::request_reassignment() {
  if (registration_.server) registration_.reassignment_pending = true;
}

std::vector<RestorationInfo> RegistrationState::restoration(ImplicitSetId implicit_set) const {
  auto all = repository_.restoration(implicit_set);
  std::erase_if(all, [&](const RestorationInfo& info) {
    return status(implicit_set, info.private_identity) != RegistrationStatus::kRegistered;
  });
  return all;
}

void RegistrationState::save() {
  drop_what_holds_nothing();
  if (registration_ == stored_) return;
  for (const PairState& before : stored_.pairs) {
    if (before.status != RegistrationStatus::kRegistered) continue;
    if (status(before.implicit_set, before.private_identity) == RegistrationStatus::kRegistered) continue;
    const auto infos = repository_.restoration(before.implicit_set);
    if (std::ranges::find(infos, before.private_identity, &RestorationInfo::private_identity) != infos.end()) {
      repository_.save_restoration(before.implicit_set, before.private_identity, {});
    }
  }
  repository_.save_registration(subscription_, registration_);
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
  for (PairState& each : registration_.pairs) {
    if (each.implicit_set == implicit_set && each.private_identity == private_identity) return each;
  }
  return registration_.pairs.emplace_back(PairState{implicit_set, private_identity, {}, {}});
}

const PairState* RegistrationState::find(ImplicitSetId implicit_set, PrivateIdentityId private_identity) const {
  for (const PairState& each : registration_.pairs) {
    if (each.implicit_set == implicit_set && each.private_identity == private_identity) return &each;
  }
  return nullptr;
}

void RegistrationState::give_back_to_previous() {
  if (!registration_.previous_server) return;
  const bool challenged = std::ranges::any_of(
      registration_.pairs, [](const PairState& each) { return each.auth_pending_until.has_value(); });
  if (!challenged) registration_.server = std::exchange(registration_.previous_server, {});
}

void RegistrationState::drop_what_holds_nothing() {
  auto& [server, pairs, previous, reassignment_pending] = registration_;
  std::erase_if(pairs, [](const PairState& each) {
    return each.status == RegistrationStatus::kNotRegistered && !each.auth_pending_until;
  });
  const bool registrations = std::ranges::any_of(
      pairs, [](const PairState& each) { return each.status != RegistrationStatus::kNotRegistered; });
  if (!registrations) previous.reset();
  if (pairs.empty()) {
    server.reset();
    reassignment_pending = false;
  }
}

}  // namespace hss::cx
