// SPDX-License-Identifier: MIT
#include "hss/cx/push_profile.h"

#include <algorithm>
#include <utility>

#include "hss/ascii.h"
#include "hss/cx/charging.h"
#include "hss/cx/registration_state.h"

namespace hss::cx {
namespace {

constexpr std::string_view kAnswer = "TS 29.228 6.2.2.1";

/// Silence to this many requests means that the S-CSCF has no ear for them.
constexpr unsigned kSilentAttempts = 3;

std::string advice(std::string_view found) {
  return "this S-CSCF does not take a PPR (" + std::string(found) +
         "); an RTR with reason SERVER_CHANGE (hssctl deregister) makes the change effective";
}

/// Another private identity that the S-CSCF knows the set by.
const PrivateIdentity* another_identity(const Push& push, const Subscription& subscription,
                                        const RegistrationState& state) {
  if (!state.holder() || !ascii::same_without_case(state.holder()->diameter_host, push.server.diameter_host))
    return nullptr;
  for (const PairState& pair : state.pairs()) {
    if (pair.implicit_set != push.implicit_set || pair.status == RegistrationStatus::kNotRegistered) continue;
    const PrivateIdentity* const identity = subscription.private_by_id(pair.private_identity);
    if (identity != nullptr && identity->impi != push.private_identity) return identity;
  }
  return nullptr;
}

/// Experimental 5001: the S-CSCF does not know the private identity.
void unknown_there(Push push, Repository& repository, const Context& context) {
  const bool ended = end_registration(push, repository, context);
  const auto subscription = repository.subscription(push.subscription);
  // A digest is of one private identity, no other can stand in for it.
  if (subscription && !push.sip_digest) {
    const RegistrationState state(*subscription, repository, context.now);
    if (const PrivateIdentity* const other = another_identity(push, *subscription, state)) {
      push.outcome = push.private_identity + " is not known there; tried with " + other->impi;
      push.private_identity = other->impi;
      push.private_identity_id = other->id;
      push.next_attempt = context.now;
      repository.save_push(push);
      return;
    }
  }
  finish(std::move(push), PushStatus::kDone,
         std::string("the S-CSCF did not know it") + (ended ? "; NOT_REGISTERED now" : ""), repository, context);
}

/// Experimental 5008, 5009: the S-CSCF cannot hold the profile: the user is to come back through another one.
void too_much_there(Push push, Repository& repository, const Context& context) {
  const auto subscription = repository.subscription(push.subscription);
  if (subscription) {
    TerminationScope scope;
    scope.implicit_set = push.implicit_set;
    request_termination(*subscription, scope, DeregistrationReason::kServerChange, {}, repository, context);
  }
  std::string outcome = "refused with " + std::string(name_of(*push.result)) + "; RTR SERVER_CHANGE takes its place";
  finish(std::move(push), PushStatus::kRefused, std::move(outcome), repository, context);
}

}  // namespace

std::optional<PushProfileContent> push_profile_content(const Push& push, Repository& repository,
                                                       const Context& context) {
  if (push.application != Application::kCx) return std::nullopt;
  const auto subscription = repository.subscription(push.subscription);
  if (!subscription) return std::nullopt;
  const PrivateIdentity* identity = subscription->find_private(push.private_identity);
  if (identity == nullptr || subscription->members(push.implicit_set).empty()) return std::nullopt;
  const RegistrationState state(*subscription, repository, context.now);
  const bool challenged = push.sip_digest && state.auth_pending(push.implicit_set, identity->id) && state.server() &&
                          ascii::same_without_case(state.server()->diameter_host, push.server.diameter_host);
  if (!challenged) {
    if (!state.holder() || !ascii::same_without_case(state.holder()->diameter_host, push.server.diameter_host))
      return std::nullopt;
    if (state.status(push.implicit_set, identity->id) == RegistrationStatus::kNotRegistered) {
      identity = push.sip_digest ? nullptr : another_identity(push, *subscription, state);
      if (identity == nullptr) return std::nullopt;
    }
  }

  PushProfileContent content;
  content.user_name = identity->impi;
  if (push.user_data) content.user_data = write_user_data(*subscription, push.implicit_set, identity->impi);
  if (push.charging) content.charging = charging_of(*subscription, context.settings);
  if (push.sip_digest) content.sip_digest = repository.sip_digest(identity->id);
  if (!content.user_data && content.charging.empty() && !content.sip_digest) return std::nullopt;
  return content;
}

void apply_push_profile_answer(Push push, const PushAnswer& answer, Repository& repository, const Context& context) {
  const auto stored = repository.push(push.id);
  if (!stored || stored->application != Application::kCx || stored->status != PushStatus::kWaiting) return;
  if (!answer.result) {
    const std::string trouble = answer.trouble.empty() ? "no answer" : answer.trouble;
    if (push.attempts >= kSilentAttempts) {
      finish(std::move(push), PushStatus::kRefused, advice(trouble), repository, context);
    } else {
      retry_later(std::move(push), trouble, repository, context);
    }
    return;
  }
  push.result = answer.result;
  const Result result = *answer.result;
  const std::string name(name_of(result));
  context.step(kAnswer, [&] { return "answered " + name; });
  if (result == result::kSuccess || result == result::kLimitedSuccess) {
    finish(std::move(push), PushStatus::kDone, "the S-CSCF has it", repository, context);
  } else if (result == result::kUserUnknown) {
    unknown_there(std::move(push), repository, context);
  } else if (result == result::kTooMuchData || result == result::kNotSupportedUserData) {
    too_much_there(std::move(push), repository, context);
  } else if (may_pass(result)) {
    retry_later(std::move(push), "answered " + name, repository, context);
  } else {
    finish(std::move(push), PushStatus::kRefused, advice(name + " " + std::to_string(result.code)), repository,
           context);
  }
}

}  // namespace hss::cx
