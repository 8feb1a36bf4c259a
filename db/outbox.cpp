// SPDX-License-Identifier: MIT
#include "db/outbox.h"

#include <algorithm>
#include <iterator>

#include "db/columns.h"

namespace hss::db {

namespace {

// Bits of the column `changed`.
constexpr unsigned kUserData = 1;
constexpr unsigned kCharging = 2;
constexpr unsigned kSipDigest = 4;

/// Two days; settings of [push] allow no such wait. A push that has to wait longer was written before the clock was set
/// back, and is due.
constexpr UnixTime kNoWaitIsSoLong = 2 * 86400;

Push push_of(const Rows& rows) {
  Push push;
  push.id = rows.integer(0);
  push.kind = to_enum(rows.integer(1), PushKind::kPushProfile, "kind of push");
  push.status = to_enum(rows.integer(2), PushStatus::kObsolete, "status of a push");
  push.subscription = rows.integer(3);
  push.implicit_set = rows.integer(4);
  push.private_identity_id = rows.integer(5);
  push.server = {rows.text(6), rows.text(7), rows.text(8)};
  push.private_identity = rows.text(9);
  push.public_identities = from_lines(rows.text(10));
  push.associated_identities = from_lines(rows.text(11));
  push.reason = to_enum(rows.integer(12), DeregistrationReason::kRemoveScscf, "reason of a push");
  push.reason_info = rows.text(13);
  const auto changed = static_cast<unsigned>(rows.integer(14));
  push.user_data = (changed & kUserData) != 0;
  push.charging = (changed & kCharging) != 0;
  push.sip_digest = (changed & kSipDigest) != 0;
  push.created = rows.integer(15);
  push.attempts = static_cast<unsigned>(rows.integer(16));
  push.next_attempt = rows.integer(17);
  push.finished = rows.optional_integer(18);
  if (!rows.is_null(19)) {
    push.result = Result{static_cast<std::uint32_t>(rows.integer(19)), static_cast<std::uint32_t>(rows.integer(20))};
  }
  push.outcome = rows.text(21);
  push.application = to_enum(rows.integer(22), Application::kSwx, "Diameter application");
  push.ppr_flags = static_cast<std::uint32_t>(rows.integer(23));
  return push;
}

std::vector<Push> read_all(Rows& rows) {
  std::vector<Push> pushes;
  while (rows.next()) pushes.push_back(push_of(rows));
  return pushes;
}

}  // namespace

std::string select_pushes(std::string_view rest) {
  constexpr std::string_view kSelect =
      "SELECT p.id, p.kind, p.status, p.subscription, p.implicit_set, p.private_identity, c.name, c.diameter_host,"
      " c.diameter_realm, p.user_name, p.public_identities, p.associated_identities, p.reason, p.reason_info,"
      " p.changed, p.created, p.attempts, p.next_attempt, p.finished, p.result_vendor, p.result_code, p.outcome,"
      " p.application, p.ppr_flags"
      " FROM push p JOIN server c ON c.id = p.server ";
  return std::string(kSelect) + std::string(rest);
}

PushId Outbox::add(const Push& push) {
  const unsigned changed =
      (push.user_data ? kUserData : 0U) | (push.charging ? kCharging : 0U) | (push.sip_digest ? kSipDigest : 0U);
  return inserted_id(insert_, push.kind, push.subscription, push.implicit_set, push.private_identity_id,
                     servers_.id_of(push.server), push.private_identity, to_lines(push.public_identities),
                     unless_empty(to_lines(push.associated_identities)), push.reason, unless_empty(push.reason_info),
                     changed, push.created, unless_empty(push.outcome), push.application, push.ppr_flags);
}

std::vector<Push> Outbox::due(UnixTime now, std::size_t limit) {
  std::vector<Push> pushes;
  {
    Rows rows(due_, now, limit);
    pushes = read_all(rows);
  }
  if (pushes.size() < limit) {
    Rows rows(too_late_, now + kNoWaitIsSoLong, limit - pushes.size());
    std::ranges::move(read_all(rows), std::back_inserter(pushes));
  }
  return pushes;
}

std::optional<Push> Outbox::find(PushId id) {
  Rows rows(find_, id);
  if (!rows.next()) return std::nullopt;
  return push_of(rows);
}

std::vector<Push> Outbox::waiting(SubscriptionId subscription) {
  Rows rows(waiting_, subscription);
  return read_all(rows);
}

void Outbox::save(const Push& push) {
  std::optional<std::uint32_t> vendor;
  std::optional<std::uint32_t> code;
  if (push.result) {
    vendor = push.result->vendor;
    code = push.result->code;
  }
  if (run(save_, push.status, push.private_identity_id, push.private_identity, to_lines(push.public_identities),
          push.attempts, push.next_attempt, push.finished, vendor, code, unless_empty(push.outcome), push.id) == 0) {
    throw StoreFault("there is no push " + std::to_string(push.id));
  }
}

void Outbox::forget(UnixTime finished_before) { run(forget_, finished_before); }

std::vector<Push> PushList::read(std::optional<SubscriptionId> subscription, bool waiting_only, std::size_t limit) {
  const PushStatus last = waiting_only ? PushStatus::kWaiting : PushStatus::kObsolete;
  if (!subscription) {
    Rows rows(all_, last, limit);
    return read_all(rows);
  }
  Rows rows(of_subscription_, *subscription, last, limit);
  return read_all(rows);
}

}  // namespace hss::db
