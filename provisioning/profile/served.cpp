// SPDX-License-Identifier: MIT
#include "provisioning/profile/served.h"

#include <ostream>

#include "hss/cx/push_profile.h"
#include "hss/random.h"
#include "provisioning/announce.h"

namespace hss::provisioning::profile {

Served::Served(Store& store, const std::vector<SubscriptionId>& ids) : store_(store) {
  Repository& repository = store_.administration().repository();
  for (const SubscriptionId id : ids) {
    auto subscription = repository.subscription(id);
    if (subscription) before_.push_back({std::move(subscription), repository.registration(id)});
  }
}

std::vector<PushId> Served::announce() {
  Repository& repository = store_.administration().repository();
  SystemRandom random;
  const Context context{.settings = store_.settings(), .now = now(), .random = random, .observer = nullptr};
  std::vector<PushId> pushes;
  for (const Before& before : before_) {
    const auto after = repository.subscription(before.subscription->id);
    const auto written =
        cx::announce_change(*before.subscription, before.registration, after.get(), {}, repository, context);
    pushes.insert(pushes.end(), written.begin(), written.end());
  }
  return pushes;
}

void report_copies(Store& store, const std::vector<PushId>& pushes, const push::Wait& wait, Json json,
                   std::string_view server, Command& command) {
  if (command.json || wait.wanted) {
    push::report(store, pushes, wait, std::move(json), command);
  } else if (!pushes.empty()) {
    command.out << pushes.size() << ' ' << server << (pushes.size() == 1 ? " copy" : " copies")
                << " will be updated: see 'hssctl push list'\n";
  }
}

}  // namespace hss::provisioning::profile
