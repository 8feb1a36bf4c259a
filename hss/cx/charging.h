// Charging-Information (TS 29.228 7.12): which charging functions an S-CSCF is told of.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/settings.h"
#include "hss/subscriber.h"

namespace hss::cx {

/// The subscription's own charging functions; when it has none at all, those of the settings.
inline const ChargingInformation& charging_of(const Subscription& subscription, const Settings& settings) {
  return subscription.charging.empty() ? settings.cx.charging : subscription.charging;
}

}  // namespace hss::cx
