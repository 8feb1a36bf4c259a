// What became of a push, and how the outbox goes on with it: tried again later, or finished.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hss/context.h"
#include "hss/repository.h"

namespace hss {

/// What became of a request.
struct PushAnswer {
  std::optional<Result> result;  // absent: no answer in time
  std::string trouble;           // without a result: why, one line
  /// Cx, RTA: IMPIs of Identity-with-Emergency-Registration, which stay registered.
  std::vector<std::string> emergency_private_identities;
  /// SWx, PPA: what the 3GPP AAA server reported, in words, one line (Access-Network-Info, Local-Time-Zone); empty:
  /// nothing.
  std::string reported{};
};

/// Plans the next attempt of a push, or gives it up; saves it. The sender counts `attempts`, and calls this with an
/// empty `outcome` in the transaction before it sends: the next attempt is then due when no answer has come in
/// push.answer_seconds. With an outcome (what failed), the next attempt waits push.retry_seconds, doubled for each
/// attempt after the first, push.retry_most_seconds at the most; or the push is given up when it is older than
/// push.give_up_hours.
void retry_later(Push push, std::string outcome, Repository& repository, const Context& context);

/// Trouble on the way or of the moment, which says nothing of what the peer can do: 3002 to 3005, 4xxx (RFC
/// 6733 7.1.4), 5012.
bool may_pass(Result result);

/// Saves a push as finished now.
void finish(Push push, PushStatus status, std::string outcome, Repository& repository, const Context& context);

}  // namespace hss
