// What a change of a subscription asks for: TS 29.273 8.1.2.2.3 where the AAA server must let go, 8.1.2.3 where it can
// follow.
// SPDX-License-Identifier: MIT
#include "hss/swx/profile_push.h"
#include "hss/swx/push_profile.h"
#include "hss/swx/registration_termination.h"

namespace hss::swx {
namespace {

bool may_attach(const Non3gppSubscription* subscription) {
  return subscription != nullptr && subscription->access_allowed;
}

/// True when the AAA server must be told. Where a user may roam is not sent to it: with a PPR it authorises the user
/// anew, and then asks here again.
bool differ(const Non3gppSubscription* before, const Non3gppSubscription& after,
            const Non3gppRegistration& registration) {
  return before == nullptr || before->visited_networks != after.visited_networks ||
         user_data(*before, registration) != user_data(after, registration);
}

}  // namespace

std::vector<PushId> announce_change(SubscriptionId id, const UserRecord& before,
                                    const Non3gppRegistration& registration, const std::optional<UserRecord>& after,
                                    Repository& repository, const Context& context) {
  if (!registration.server || !registration.registered || before.imsi.empty()) return {};
  // The AAA server knows the user by the IMSI: with another one, it is another user.
  const bool same_user = after && after->imsi == before.imsi;
  const Non3gppSubscription* const then = before.subscription.get();
  const Non3gppSubscription* const now = same_user ? after->subscription.get() : nullptr;
  if (!same_user || (now == nullptr && then != nullptr) || (may_attach(then) && !may_attach(now))) {
    TerminationOrder order;
    order.subscription_is_gone = !same_user;
    const auto written = request_termination(id, before.imsi, registration, order, repository, context);
    return written ? std::vector{*written} : std::vector<PushId>{};
  }
  if (now == nullptr || !differ(then, *now, registration)) return {};
  return {write_profile_push(
      {.subscription = id, .imsi = before.imsi, .server = *registration.server, .user_data = true, .ppr_flags = 0},
      repository, context)};
}

}  // namespace hss::swx
