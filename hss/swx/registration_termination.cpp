// SPDX-License-Identifier: MIT
#include "hss/swx/registration_termination.h"

#include <utility>

#include "hss/ascii.h"
#include "hss/swx/registration_state.h"

namespace hss::swx {
namespace {

constexpr std::string_view kClause = "TS 29.273 8.1.2.2.3";

/// Silence to this many requests about a user who is not registered there any more: an AAA server that does not know
/// a user may say nothing.
constexpr unsigned kSilentAttempts = 3;

Push termination(SubscriptionId subscription, std::string_view imsi, const AaaServer& server,
                 DeregistrationReason reason, const Context& context) {
  Push push;
  push.kind = PushKind::kRegistrationTermination;
  push.application = Application::kSwx;
  push.server = {"", server.host, server.realm};
  push.private_identity = imsi;
  push.subscription = subscription;
  push.reason = reason;
  push.created = context.now;
  push.next_attempt = context.now;
  return push;
}

/// The one that waits already for the same, if any.
std::optional<PushId> waiting(const Push& wanted, Repository& repository) {
  if (wanted.subscription == 0) return std::nullopt;
  for (const Push& each : repository.waiting_pushes(wanted.subscription)) {
    if (each.application == wanted.application && each.kind == wanted.kind && each.reason == wanted.reason &&
        each.private_identity == wanted.private_identity &&
        ascii::same_without_case(each.server.diameter_host, wanted.server.diameter_host)) {
      return each.id;
    }
  }
  return std::nullopt;
}

PushId write(const Push& push, Repository& repository, const Context& context) {
  const auto known = waiting(push, repository);
  context.step(kClause, [&] {
    return std::string(known ? "waits already: " : "to be sent: ") + "RTR " + std::string(name_of(push.reason)) +
           " for " + push.private_identity + " to " + push.server.diameter_host;
  });
  return known ? *known : repository.add_push(push);
}

bool state_follows(const Push& push) { return push.application == Application::kSwx && push.subscription != 0; }

/// The registration that an answer is about, while the AAA server that was asked holds it.
std::optional<RegistrationState> held_there(const Push& push, Repository& repository, const Context& context) {
  if (!state_follows(push)) return std::nullopt;
  const auto subscription = repository.subscription(push.subscription);
  // The number of a subscription that was removed can be another's by now; the IMSI tells.
  if (!subscription || subscription->imsi != push.private_identity) return std::nullopt;
  RegistrationState state(subscription->id, repository, context.now);
  if (!state.registered() || !state.held_by(push.server.diameter_host)) return std::nullopt;
  return state;
}

}  // namespace

std::optional<PushId> request_termination(SubscriptionId subscription, std::string_view imsi,
                                          const Non3gppRegistration& registration, const TerminationOrder& order,
                                          Repository& repository, const Context& context) {
  if (!registration.server || !registration.registered) return std::nullopt;
  Push push =
      termination(order.subscription_is_gone ? 0 : subscription, imsi, *registration.server, order.reason, context);
  push.reason_info = order.reason_info;
  return write(push, repository, context);
}

PushId request_release(std::string_view imsi, const AaaServer& server, Repository& repository, const Context& context) {
  return write(termination(0, imsi, server, DeregistrationReason::kNewServerAssigned, context), repository, context);
}

bool overtaken(const Push& push, Repository& repository, const Context& context) {
  if (push.application != Application::kSwx || push.kind != PushKind::kRegistrationTermination ||
      push.subscription != 0) {
    return false;
  }
  const auto subscription = repository.find_by_imsi(push.private_identity);
  return subscription &&
         RegistrationState(subscription->id, repository, context.now).held_by(push.server.diameter_host);
}

bool end_registration(const Push& push, Repository& repository, const Context& context) {
  auto held = held_there(push, repository, context);
  if (!held) return false;
  held->forget();
  held->save();
  return true;
}

void apply_termination_answer(Push push, const PushAnswer& answer, Repository& repository, const Context& context) {
  const auto stored = repository.push(push.id);
  if (!stored || stored->application != Application::kSwx || stored->status != PushStatus::kWaiting) return;
  std::string trouble = answer.trouble.empty() ? "no answer" : answer.trouble;
  if (answer.result) {
    push.result = answer.result;
    const Result result = *answer.result;
    const std::string name = std::string(name_of(result)) + ' ' + std::to_string(result.code);
    context.step(kClause, [&] { return "answered " + name; });
    const bool unknown_there = result == result::kUserUnknown;
    if (unknown_there || result == result::kSuccess || result == result::kLimitedSuccess) {
      std::string outcome =
          unknown_there ? "the AAA server did not know the user" : "the AAA server has de-registered the user";
      if (end_registration(push, repository, context)) outcome += "; NOT_REGISTERED now";
      finish(std::move(push), PushStatus::kDone, std::move(outcome), repository, context);
      return;
    }
    trouble = "answered " + name;
  } else if (push.attempts >= kSilentAttempts && state_follows(push) && !held_there(push, repository, context)) {
    finish(std::move(push), PushStatus::kObsolete, "no answer, and the user is not registered there any more",
           repository, context);
    return;
  }
  if (overtaken(push, repository, context)) {
    finish(std::move(push), PushStatus::kObsolete, trouble + ", and the user is with that server again", repository,
           context);
    return;
  }
  retry_later(std::move(push), std::move(trouble), repository, context);
}

}  // namespace hss::swx
