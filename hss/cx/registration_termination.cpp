// SPDX-License-Identifier: MIT
#include "hss/cx/registration_termination.h"

#include <algorithm>
#include <utility>

#include "hss/ascii.h"
#include "hss/cx/registration_state.h"

namespace hss::cx {
namespace {

constexpr std::string_view kRequest = "TS 29.228 6.1.3";
constexpr std::string_view kAnswer = "TS 29.228 6.1.3.1";

/// The one that waits already for the same, if any.
std::optional<PushId> waiting(const Push& wanted, const std::vector<Push>& all) {
  for (const Push& each : all) {
    if (each.application == wanted.application && each.kind == wanted.kind && each.reason == wanted.reason &&
        each.private_identity == wanted.private_identity && each.public_identities == wanted.public_identities &&
        each.implicit_set == wanted.implicit_set &&
        ascii::same_without_case(each.server.diameter_host, wanted.server.diameter_host)) {
      return each.id;
    }
  }
  return std::nullopt;
}

bool state_follows(const Push& push) {
  return push.application == Application::kCx && push.subscription != 0 && push.implicit_set != 0;
}

/// Silence to this many requests about what is not registered there any more: an S-CSCF that does not know an identity
/// may say nothing.
constexpr unsigned kSilentAttempts = 3;

/// The registration that an answer is about, while the S-CSCF that was asked holds it.
struct Held {
  RegistrationState state;
  PrivateIdentityId private_identity;
};
std::optional<Held> held_there(const Push& push, Repository& repository, const Context& context) {
  if (!state_follows(push)) return std::nullopt;
  const auto subscription = repository.subscription(push.subscription);
  // The number of a subscription that was removed can be another's by now; the identity tells.
  const PrivateIdentity* const identity = subscription ? subscription->find_private(push.private_identity) : nullptr;
  if (identity == nullptr) return std::nullopt;
  Held held{RegistrationState(*subscription, repository, context.now), identity->id};
  const auto& holder = held.state.holder();
  if (!holder || !ascii::same_without_case(holder->diameter_host, push.server.diameter_host)) return std::nullopt;
  if (held.state.status(push.implicit_set, identity->id) == RegistrationStatus::kNotRegistered) return std::nullopt;
  return held;
}

bool names_emergency(const PushAnswer& answer, const Push& push) {
  return std::ranges::find(answer.emergency_private_identities, push.private_identity) !=
         answer.emergency_private_identities.end();
}

}  // namespace

std::vector<std::string> identities_to_name(const Subscription& subscription, ImplicitSetId implicit_set) {
  std::vector<std::string> all;
  std::vector<std::string> not_barred;
  for (const PublicIdentity* member : subscription.members(implicit_set)) {
    all.push_back(member->impu);
    if (!member->barred) not_barred.push_back(member->impu);
  }
  return not_barred.empty() ? all : not_barred;
}

std::vector<PushId> write_terminations(const Subscription& subscription, const PairState& pair,
                                       const std::vector<std::string>& public_identities, const TerminationOrder& order,
                                       Repository& repository, const Context& context) {
  const PrivateIdentity* const identity = subscription.private_by_id(pair.private_identity);
  if (identity == nullptr) return {};
  Push push;
  push.kind = PushKind::kRegistrationTermination;
  push.server = order.server;
  push.private_identity = identity->impi;
  push.private_identity_id = identity->id;
  push.subscription = order.subscription_is_gone ? 0 : subscription.id;
  push.implicit_set = order.state_follows && !order.subscription_is_gone ? pair.implicit_set : 0;
  push.reason = order.reason;
  push.reason_info = order.reason_info;
  push.created = context.now;
  push.next_attempt = context.now;

  std::vector<PushId> ids;
  const std::vector<Push> already =
      order.subscription_is_gone ? std::vector<Push>{} : repository.waiting_pushes(subscription.id);
  for (const std::string& impu : public_identities) {
    push.public_identities = {impu};
    const auto known = waiting(push, already);
    context.step(kRequest, [&] {
      return std::string(known ? "waits already: " : "to be sent: ") + "RTR " + std::string(name_of(order.reason)) +
             " for " + identity->impi + " and " + impu + " to " + order.server.diameter_host;
    });
    ids.push_back(known ? *known : repository.add_push(push));
  }
  return ids;
}

std::vector<PushId> request_termination(const Subscription& subscription, const TerminationScope& scope,
                                        DeregistrationReason reason, std::string_view reason_info,
                                        Repository& repository, const Context& context) {
  const RegistrationState state(subscription, repository, context.now);
  if (!state.holder()) return {};
  const TerminationOrder order{*state.holder(), reason, std::string(reason_info)};
  std::vector<PushId> ids;
  for (const PairState& pair : state.pairs()) {
    if (pair.status == RegistrationStatus::kNotRegistered) continue;
    if (scope.private_identity.value_or(pair.private_identity) != pair.private_identity) continue;
    if (scope.implicit_set.value_or(pair.implicit_set) != pair.implicit_set) continue;
    const auto written = write_terminations(subscription, pair, identities_to_name(subscription, pair.implicit_set),
                                            order, repository, context);
    ids.insert(ids.end(), written.begin(), written.end());
  }
  return ids;
}

bool end_registration(const Push& push, Repository& repository, const Context& context) {
  auto held = held_there(push, repository, context);
  if (!held) return false;
  held->state.deregister(push.implicit_set, held->private_identity);
  held->state.save();
  return true;
}

void apply_termination_answer(Push push, const PushAnswer& answer, Repository& repository, const Context& context) {
  const auto stored = repository.push(push.id);
  if (!stored || stored->application != Application::kCx || stored->status != PushStatus::kWaiting) return;
  if (!answer.result) {
    if (push.attempts >= kSilentAttempts && state_follows(push) && !held_there(push, repository, context)) {
      finish(std::move(push), PushStatus::kObsolete, "no answer, and it is not registered there any more", repository,
             context);
      return;
    }
    retry_later(std::move(push), answer.trouble.empty() ? "no answer" : answer.trouble, repository, context);
    return;
  }
  push.result = answer.result;
  const Result result = *answer.result;
  const bool unknown_there = result == result::kUserUnknown;
  const bool limited = result == result::kLimitedSuccess;
  context.step(kAnswer, [&] { return "answered " + std::string(name_of(result)); });

  if (names_emergency(answer, push) && (limited || result == result::kUnableToComply)) {
    finish(std::move(push), PushStatus::kDone, "stays registered: an emergency registration", repository, context);
    return;
  }
  if (result != result::kSuccess && !limited && !unknown_there) {
    retry_later(std::move(push), "answered " + std::string(name_of(result)) + ' ' + std::to_string(result.code),
                repository, context);
    return;
  }
  const bool ended = end_registration(push, repository, context);
  std::string outcome = unknown_there ? "the S-CSCF did not know it" : "the S-CSCF has de-registered it";
  if (ended) outcome += "; NOT_REGISTERED now";
  finish(std::move(push), PushStatus::kDone, std::move(outcome), repository, context);
}

}  // namespace hss::cx
