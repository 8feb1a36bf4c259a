// SPDX-License-Identifier: MIT
#include "db/registration_table.h"

#include <algorithm>
#include <utility>

namespace hss::db {

namespace {

std::optional<AssignedServer> server_of(const Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return AssignedServer{rows.text(column), rows.text(column + 1), rows.text(column + 2)};
}

}  // namespace

bool holds(const Registration& registration, ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
  return std::ranges::any_of(registration.pairs, [&](const PairState& pair) {
    return pair.implicit_set == implicit_set && pair.private_identity == private_identity;
  });
}

Registration RegistrationTable::read(SubscriptionId subscription) {
  Registration found;
  Rows serving(serving_, subscription);
  if (serving.next()) {
    found.server = server_of(serving, 0);
    found.previous_server = server_of(serving, 3);
    found.reassignment_pending = serving.integer(6) != 0;
  }
  Rows pairs(pairs_, subscription);
  while (pairs.next()) {
    found.pairs.push_back(
        {.implicit_set = pairs.integer(0),
         .private_identity = pairs.integer(1),
         .status = to_enum(pairs.integer(2), RegistrationStatus::kUnregistered, "registration status"),
         .auth_pending_until = pairs.optional_integer(3)});
  }
  std::ranges::sort(found.pairs, {},
                    [](const PairState& pair) { return std::pair(pair.implicit_set, pair.private_identity); });
  return found;
}

void RegistrationTable::write(SubscriptionId subscription, const Registration& before, const Registration& after) {
  if (after.server != before.server || after.previous_server != before.previous_server ||
      after.reassignment_pending != before.reassignment_pending) {
    const auto id_of = [this](const std::optional<AssignedServer>& server) {
      return server ? std::optional(servers_.id_of(*server)) : std::nullopt;
    };
    run(save_serving_, id_of(after.server), id_of(after.previous_server), after.reassignment_pending, subscription);
  }
  for (const PairState& old : before.pairs) {
    if (!holds(after, old.implicit_set, old.private_identity)) {
      run(remove_pair_, old.implicit_set, old.private_identity);
    }
  }
  for (const PairState& pair : after.pairs) {
    if (std::ranges::find(before.pairs, pair) != before.pairs.end()) continue;
    run(save_pair_, pair.implicit_set, pair.private_identity, pair.status, pair.auth_pending_until);
  }
}

}  // namespace hss::db
