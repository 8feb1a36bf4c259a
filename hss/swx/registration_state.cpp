// SPDX-License-Identifier: MIT
#include "hss/swx/registration_state.h"

#include "hss/ascii.h"

namespace hss::swx {

RegistrationState::RegistrationState(SubscriptionId subscription, Repository& repository, UnixTime now)
    : subscription_(subscription), repository_(repository), stored_(repository.non_3gpp_registration(subscription)) {
  registration_ = stored_;
  const bool lapsed = registration_.pending_until.value_or(now) <= now;
  if (!registration_.registered && lapsed) forget();
}

bool RegistrationState::held_elsewhere(std::string_view host) const { return registration_.server && !held_by(host); }

bool RegistrationState::held_by(std::string_view host) const {
  return registration_.server && ascii::same_without_case(registration_.server->host, host);
}

void RegistrationState::expect(const DiameterNode& server, UnixTime until) {
  if (registered() && held_by(server.host)) {
    registration_.server = AaaServer{server.host, server.realm};
    return;
  }
  registration_ = {AaaServer{server.host, server.realm}, false, until};
}

void RegistrationState::register_with(const DiameterNode& server) {
  registration_.server = AaaServer{server.host, server.realm};
  registration_.registered = true;
  registration_.pending_until.reset();
}

void RegistrationState::save() {
  if (registration_ == stored_) return;
  repository_.save_non_3gpp_registration(subscription_, registration_);
  stored_ = registration_;
}

}  // namespace hss::swx
