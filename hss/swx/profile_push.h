// A PPR as it is put into the outbox, on demand or because of a change.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "hss/context.h"
#include "hss/repository.h"

namespace hss::swx {

struct ProfilePush {
  SubscriptionId subscription = 0;
  std::string imsi;
  AaaServer server;
  bool user_data = false;
  std::uint32_t ppr_flags = 0;
};

/// Its id, or that of one which waits, was not sent yet, and carries at least the same.
PushId write_profile_push(const ProfilePush& wanted, Repository& repository, const Context& context);

}  // namespace hss::swx
