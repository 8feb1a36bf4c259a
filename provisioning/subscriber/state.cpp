// SPDX-License-Identifier: MIT
#include "provisioning/subscriber/state.h"

#include <array>
#include <ctime>

namespace hss::provisioning::subscriber {

std::string_view name_of(RegistrationStatus status) {
  switch (status) {
    case RegistrationStatus::kRegistered:
      return "registered";
    case RegistrationStatus::kUnregistered:
      return "unregistered";
    case RegistrationStatus::kNotRegistered:
      break;
  }
  return "not registered";
}

db::StoredSubscription::State state_of(const db::StoredSubscription& stored, std::string_view impi,
                                       std::size_t implicit_set) {
  for (const auto& state : stored.states) {
    if (state.impi == impi && state.implicit_set == implicit_set) return state;
  }
  return {.impi = std::string(impi), .implicit_set = implicit_set, .auth_pending_until = {}};
}

std::string overall_state(const db::StoredSubscription& stored) {
  auto status = RegistrationStatus::kNotRegistered;
  for (const auto& state : stored.states) {
    if (state.status == RegistrationStatus::kRegistered) return std::string(name_of(state.status));
    if (state.status == RegistrationStatus::kUnregistered) status = state.status;
  }
  return std::string(name_of(status));
}

std::string utc(UnixTime time) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm parts{};
  std::array<char, 40> text{};
  if (::gmtime_r(&seconds, &parts) == nullptr) return "?";
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace hss::provisioning::subscriber
