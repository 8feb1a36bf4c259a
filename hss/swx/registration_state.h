// Where a user stands on SWx, with what lapses by time taken away; the procedures read and change it here.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "hss/context.h"
#include "hss/repository.h"

namespace hss::swx {

class RegistrationState {
 public:
  /// Reads it. Authentication that has been pending for too long is over: nobody has the user then.
  RegistrationState(SubscriptionId subscription, Repository& repository, UnixTime now);

  [[nodiscard]] const Non3gppRegistration& now() const { return registration_; }
  [[nodiscard]] bool registered() const { return registration_.registered; }
  /// An AAA server has the user, or expects it, and it is another one (compared without case).
  [[nodiscard]] bool held_elsewhere(std::string_view host) const;
  [[nodiscard]] bool held_by(std::string_view host) const;

  /// Authentication is pending with a server; who was registered elsewhere is not any more, nor connected.
  void expect(const DiameterNode& server, UnixTime until);
  /// Registered with a server; the PDN connections stay.
  void register_with(const DiameterNode& server);
  void set_active_apns(std::vector<ActiveApn> apns) { registration_.active_apns = std::move(apns); }
  /// Nobody has the user; PDN connections are forgotten.
  void forget() { registration_ = {}; }
  /// Writes it when it differs from what is stored.
  void save();

 private:
  SubscriptionId subscription_;
  Repository& repository_;
  Non3gppRegistration stored_;
  Non3gppRegistration registration_;
};

}  // namespace hss::swx
