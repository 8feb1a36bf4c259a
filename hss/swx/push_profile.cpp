// SPDX-License-Identifier: MIT
#include "hss/swx/push_profile.h"

#include <utility>

#include "hss/ascii.h"
#include "hss/swx/profile_push.h"
#include "hss/swx/registration_state.h"
#include "hss/swx/registration_termination.h"

namespace hss::swx {
namespace {

constexpr std::string_view kClause = "TS 29.273 8.1.2.3";

/// Silence to this many requests means that the AAA server has no ear for them.
constexpr unsigned kSilentAttempts = 3;

std::string advice(const Push& push, std::string_view found) {
  std::string words = "this AAA server does not take a PPR (" + std::string(found) + ')';
  if (push.user_data) words += "; an RTR (hssctl deregister) makes the change effective";
  return words;
}

}  // namespace

PushId write_profile_push(const ProfilePush& wanted, Repository& repository, const Context& context) {
  Push push;
  push.kind = PushKind::kPushProfile;
  push.application = Application::kSwx;
  push.server = {"", wanted.server.host, wanted.server.realm};
  push.private_identity = wanted.imsi;
  push.subscription = wanted.subscription;
  push.user_data = wanted.user_data;
  push.ppr_flags = wanted.ppr_flags;
  push.created = context.now;
  push.next_attempt = context.now;
  // What it carries is written when it is sent: one that waits for at least the same carries this too.
  std::optional<PushId> known;
  for (const Push& each : repository.waiting_pushes(wanted.subscription)) {
    if (each.application == push.application && each.kind == push.kind &&
        each.private_identity == push.private_identity && each.attempts == 0 && each.user_data >= push.user_data &&
        (each.ppr_flags & push.ppr_flags) == push.ppr_flags &&
        ascii::same_without_case(each.server.diameter_host, push.server.diameter_host)) {
      known = each.id;
      break;
    }
  }
  context.step(kClause, [&] {
    return std::string(known ? "waits already: " : "to be sent: ") + "PPR for " + push.private_identity + " to " +
           push.server.diameter_host;
  });
  return known ? *known : repository.add_push(push);
}

std::optional<PushId> request_push(const Subscription& subscription, bool user_data, std::uint32_t ppr_flags,
                                   Repository& repository, const Context& context) {
  const RegistrationState state(subscription.id, repository, context.now);
  if (!state.registered()) return std::nullopt;
  const bool profile = user_data && repository.non_3gpp(subscription.id) != nullptr;
  if (!profile && ppr_flags == 0) return std::nullopt;
  return write_profile_push({.subscription = subscription.id,
                             .imsi = subscription.imsi,
                             .server = *state.now().server,
                             .user_data = profile,
                             .ppr_flags = ppr_flags},
                            repository, context);
}

std::optional<PushProfileContent> push_profile_content(const Push& push, Repository& repository,
                                                       const Context& context) {
  if (push.application != Application::kSwx) return std::nullopt;
  const auto subscription = repository.subscription(push.subscription);
  if (!subscription || subscription->imsi != push.private_identity) return std::nullopt;
  const RegistrationState state(subscription->id, repository, context.now);
  if (!state.registered() || !state.held_by(push.server.diameter_host)) return std::nullopt;

  PushProfileContent content{.user_name = subscription->imsi, .ppr_flags = push.ppr_flags};
  if (push.user_data) {
    if (const auto profile = repository.non_3gpp(subscription->id)) {
      content.user_data = user_data(*profile, state.now());
    }
  }
  if (!content.user_data && content.ppr_flags == 0) return std::nullopt;
  return content;
}

void apply_push_profile_answer(Push push, const PushAnswer& answer, Repository& repository, const Context& context) {
  const auto stored = repository.push(push.id);
  if (!stored || stored->application != Application::kSwx || stored->status != PushStatus::kWaiting) return;
  if (!answer.result) {
    std::string trouble = answer.trouble.empty() ? "no answer" : answer.trouble;
    if (push.attempts >= kSilentAttempts) {
      std::string outcome = advice(push, trouble);
      finish(std::move(push), PushStatus::kRefused, std::move(outcome), repository, context);
    } else {
      retry_later(std::move(push), std::move(trouble), repository, context);
    }
    return;
  }
  push.result = answer.result;
  const Result result = *answer.result;
  const std::string name = std::string(name_of(result)) + ' ' + std::to_string(result.code);
  context.step(kClause, [&] { return "answered " + name; });
  if (result == result::kSuccess || result == result::kLimitedSuccess) {
    std::string outcome = push.user_data ? "the AAA server has the profile" : "the AAA server has taken it";
    if (!answer.reported.empty()) outcome += "; it reported " + answer.reported;
    finish(std::move(push), PushStatus::kDone, std::move(outcome), repository, context);
  } else if (result == result::kUserUnknown) {
    std::string outcome = "the AAA server did not know the user";
    if (end_registration(push, repository, context)) outcome += "; NOT_REGISTERED now";
    finish(std::move(push), PushStatus::kDone, std::move(outcome), repository, context);
  } else if (may_pass(result)) {
    retry_later(std::move(push), "answered " + name, repository, context);
  } else {
    std::string outcome = advice(push, name);
    finish(std::move(push), PushStatus::kRefused, std::move(outcome), repository, context);
  }
}

}  // namespace hss::swx
