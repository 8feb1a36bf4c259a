// The copies that S-CSCFs hold of a service profile, and how they follow when it changes (TS 29.228 6.2.2).
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "hss/subscriber.h"
#include "provisioning/push/wait.h"
#include "provisioning/store.h"

namespace hss::provisioning::profile {

/// Subscriptions as they were before a service profile or a shared set that they use changes. To be made before the
/// change and asked after it, both inside one Database::write.
class Served {
 public:
  /// `ids`: those of Administration::served_with_profile or served_with_shared_ifc_set.
  Served(Store& store, const std::vector<SubscriptionId>& ids);

  /// Writes the pushes that follow from the change.
  std::vector<PushId> announce();

 private:
  struct Before {
    std::shared_ptr<const Subscription> subscription;
    Registration registration;
  };
  Store& store_;
  std::vector<Before> before_;
};

/// Says how many copies follow at servers of a kind ("S-CSCF"), for there can be thousands; as push::report() with
/// --wait or --json.
void report_copies(Store& store, const std::vector<PushId>& pushes, const push::Wait& wait, Json json,
                   std::string_view server, Command& command);

}  // namespace hss::provisioning::profile
