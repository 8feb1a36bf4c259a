// SPDX-License-Identifier: MIT
#include "provisioning/apn/announce.h"

#include "hss/random.h"
#include "hss/swx/push_profile.h"
#include "provisioning/announce.h"

namespace hss::provisioning::apn {

std::vector<PushId> announce(Store& store, std::string_view name) {
  Repository& repository = store.administration().repository();
  SystemRandom random;
  const Context context{.settings = store.settings(), .now = now(), .random = random, .observer = nullptr};
  std::vector<PushId> pushes;
  for (const SubscriptionId id : store.administration().registered_with_apn(name)) {
    const auto subscription = repository.subscription(id);
    if (!subscription) continue;
    if (const auto push = swx::request_push(*subscription, true, 0, repository, context)) pushes.push_back(*push);
  }
  return pushes;
}

}  // namespace hss::provisioning::apn
