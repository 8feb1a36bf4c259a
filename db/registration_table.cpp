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

auto find(auto& pairs, ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
  return std::ranges::find_if(pairs, [&](const PairState& pair) {
    return pair.implicit_set == implicit_set && pair.private_identity == private_identity;
  });
}

const std::optional<AssignedServer>& holder_of(const Registration& registration) {
  return registration.previous_server ? registration.previous_server : registration.server;
}

/// REGISTERED or UNREGISTERED.
bool is_served(const PairState& pair) { return pair.status != RegistrationStatus::kNotRegistered; }
bool is_pending(const PairState& pair) { return pair.auth_pending_until.has_value(); }

}  // namespace

bool holds(const Registration& registration, ImplicitSetId implicit_set, PrivateIdentityId private_identity) {
  return find(registration.pairs, implicit_set, private_identity) != registration.pairs.end();
}

/// Of a subscription that `holder` serves, when it is `served`, and that `challenger` challenges, when authentication
/// is `pending`: its name counts at once (TS 29.228 6.3.1).
RegistrationTable::Servers RegistrationTable::servers_of(bool served, Server holder, bool pending, Server challenger) {
  if (!served) holder = {};
  if (!pending) return {holder, {}};
  return {challenger, holder == challenger ? Server() : holder};
}

/// What the subscription itself has to say of them: nothing when the pairs say it.
RegistrationTable::Servers RegistrationTable::exceptional(const Registration& registration) {
  const auto& pairs = registration.pairs;
  const Servers actual{Server(registration.server), Server(registration.previous_server)};
  const Servers said = servers_of(std::ranges::any_of(pairs, is_served), Server(holder_of(registration)),
                                  std::ranges::any_of(pairs, is_pending), actual.present);
  return said == actual ? Servers{} : actual;
}

Registration RegistrationTable::read(SubscriptionId subscription, const Logged& logged) {
  Registration found;
  std::optional<AssignedServer> holder;
  Rows pairs(pairs_, subscription);
  while (pairs.next()) {
    found.pairs.push_back(
        {.implicit_set = pairs.integer(0),
         .private_identity = pairs.integer(1),
         .status = to_enum(pairs.integer(2), RegistrationStatus::kUnregistered, "registration status"),
         .auth_pending_until = {}});
    holder = server_of(pairs, 3);
  }
  const bool served = !found.pairs.empty();
  const std::vector<Challenge> challenges = this->challenges(subscription, logged);
  for (const Challenge& challenge : challenges) {
    const auto& [implicit_set, private_identity] = challenge.pair;
    auto pair = find(found.pairs, implicit_set, private_identity);
    if (pair == found.pairs.end()) {
      pair = found.pairs.insert(
          pair,
          {.implicit_set = implicit_set, .private_identity = private_identity, .status = {}, .auth_pending_until = {}});
    }
    pair->auth_pending_until = challenge.until;
  }
  const bool pending = !challenges.empty();
  const auto challenger = pending ? challenges.back().challenger : std::nullopt;
  std::ranges::sort(found.pairs, {},
                    [](const PairState& pair) { return std::pair(pair.implicit_set, pair.private_identity); });

  const Servers said = servers_of(served, Server(holder), pending, Server(challenger));
  const auto copy_of = [](const Server& server) {
    return server.get() != nullptr ? std::optional(*server.get()) : std::nullopt;
  };
  found.server = copy_of(said.present);
  found.previous_server = copy_of(said.previous);
  Rows serving(serving_, subscription);
  if (serving.next()) {
    if (!serving.is_null(0) || !serving.is_null(3)) {
      found.server = server_of(serving, 0);
      found.previous_server = server_of(serving, 3);
    }
    found.reassignment_pending = serving.integer(6) != 0;
  }
  return found;
}

/// The authentications that are pending.
std::vector<RegistrationTable::Challenge> RegistrationTable::challenges(SubscriptionId subscription,
                                                                        const Logged& logged) {
  std::vector<Challenge> found;
  for (Rows rows(pending_, subscription); rows.next();) {
    const PairKey pair{rows.integer(0), rows.integer(1)};
    if (logged && logged(pair) != nullptr) continue;
    found.push_back({pair, rows.integer(2), server_of(rows, 3)});
  }
  if (!logged) return found;
  for (Rows rows(associations_, subscription); rows.next();) {
    const PairKey pair{rows.integer(0), rows.integer(1)};
    const PendingAuthentication* const state = logged(pair);
    if (state == nullptr || !state->until) continue;
    Challenge& challenge = found.emplace_back(Challenge{pair, *state->until, {}});
    if (!state->server) continue;
    if (Rows server(server_, *state->server); server.next()) challenge.challenger = server_of(server, 0);
  }
  return found;
}

void RegistrationTable::write(SubscriptionId subscription, const Registration& before, const Registration& after,
                              PendingLog::Changes& pending) {
  const Servers exception = exceptional(after);
  if (exception != exceptional(before) || after.reassignment_pending != before.reassignment_pending) {
    run(save_serving_, id_of(exception.present), id_of(exception.previous), after.reassignment_pending, subscription);
  }
  for (const PairState& pair : before.pairs) {
    if (!holds(after, pair.implicit_set, pair.private_identity)) write(pair, rows_of(before, pair), {}, pending);
  }
  for (const PairState& pair : after.pairs) {
    const auto old = find(before.pairs, pair.implicit_set, pair.private_identity);
    write(pair, old != before.pairs.end() ? rows_of(before, *old) : PairRows{}, rows_of(after, pair), pending);
  }
}

RegistrationTable::PairRows RegistrationTable::rows_of(const Registration& registration, const PairState& pair) {
  return {.status = pair.status,
          .holder = is_served(pair) ? Server(holder_of(registration)) : Server(),
          .pending_until = pair.auth_pending_until,
          .challenger = is_pending(pair) ? Server(registration.server) : Server()};
}

void RegistrationTable::write(const PairState& pair, const PairRows& before, const PairRows& after,
                              PendingLog::Changes& pending) {
  const ImplicitSetId implicit_set = pair.implicit_set;
  const PrivateIdentityId private_identity = pair.private_identity;
  if (after.status != before.status || after.holder != before.holder) {
    if (after.status == RegistrationStatus::kNotRegistered) {
      run(remove_status_, implicit_set, private_identity);
    } else {
      run(save_status_, implicit_set, private_identity, after.status, id_of(after.holder));
    }
  }
  if (after.pending_until != before.pending_until || after.challenger != before.challenger) {
    pending.insert_or_assign({implicit_set, private_identity},
                             PendingAuthentication{after.pending_until, id_of(after.challenger)});
  }
}

std::optional<std::int64_t> RegistrationTable::id_of(const Server& server) {
  return server.get() != nullptr ? std::optional(servers_.id_of(*server.get())) : std::nullopt;
}

}  // namespace hss::db
