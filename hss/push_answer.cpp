// SPDX-License-Identifier: MIT
#include "hss/push_answer.h"

#include <algorithm>
#include <utility>

namespace hss {

void finish(Push push, PushStatus status, std::string outcome, Repository& repository, const Context& context) {
  push.status = status;
  push.finished = context.now;
  push.outcome = std::move(outcome);
  repository.save_push(push);
}

bool may_pass(Result result) {
  return result == result::kUnableToDeliver || result == result::kRealmNotServed || result == result::kTooBusy ||
         result == result::kLoopDetected || result == result::kUnableToComply ||
         (result.vendor == kVendorBase && result.code >= 4000 && result.code < 5000);
}

void retry_later(Push push, std::string outcome, Repository& repository, const Context& context) {
  constexpr UnixTime kSecondsOfAnHour = 3600;
  const PushSettings& settings = context.settings.push;
  const bool just_sent = outcome.empty();
  const UnixTime give_up_at = push.created + kSecondsOfAnHour * static_cast<UnixTime>(settings.give_up_hours);
  if (!just_sent && context.now >= give_up_at) {
    finish(std::move(push), PushStatus::kGivenUp, "given up: " + outcome, repository, context);
    return;
  }
  UnixTime wait = static_cast<UnixTime>(just_sent ? settings.answer_seconds : settings.retry_seconds);
  if (!just_sent) {
    const auto most = static_cast<UnixTime>(std::max(settings.retry_seconds, settings.retry_most_seconds));
    for (unsigned attempt = 1; attempt < push.attempts && wait < most; ++attempt) wait *= 2;
    wait = std::min(wait, most);
    push.outcome = std::move(outcome);
  }
  push.status = PushStatus::kWaiting;
  push.next_attempt = context.now + wait;
  repository.save_push(push);
}

}  // namespace hss
