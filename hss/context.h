// What a procedure is given beside its request and the store: settings, the time, randomness.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/random.h"
#include "hss/settings.h"
#include "hss/subscriber.h"

namespace hss {

struct Context {
  const Settings& settings;
  UnixTime now;
  RandomSource& random;
};

/// A Diameter node: Origin-Host and Origin-Realm of a request.
struct DiameterNode {
  std::string host;
  std::string realm;
};

}  // namespace hss
