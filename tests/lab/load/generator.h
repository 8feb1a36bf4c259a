// The load itself: one thread that keeps procedures going over many connections, as fast as answers come or at a fixed
// rate. At a fixed rate every time is counted from when the procedure should have begun, so that an HSS that stalls
// cannot hide it by holding the generator up (coordinated omission).
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "hss/bytes.h"
#include "tests/lab/load/figures.h"
#include "tests/lab/load/fleet.h"
#include "tests/lab/load/mix.h"

namespace hss::lab {

struct LoadPlan {
  Fleet fleet;
  Mix mix = Mix::kMar;
  std::uint32_t connections = 1;  // of each node that the mix needs, 1..1000; not more than subscribers
  std::uint32_t in_flight = 16;   // procedures at once on each, 1..10000
  std::optional<double> rate;     // procedures a second, over all connections; absent: as fast as possible
  std::chrono::milliseconds warm_up{0};
  std::chrono::milliseconds duration{0};
  std::chrono::milliseconds patience{5000};  // for an answer
};

/// How it goes, twice a second.
struct LoadProgress {
  std::chrono::milliseconds elapsed{0};
  bool warming_up = false;
  double answers_per_second = 0;  // since the last time
  std::uint32_t in_flight = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t refused = 0;  // answers that are not of the 2xxx class
};

struct LoadHooks {
  std::function<void(const LoadProgress&)> progress{};
  /// Of each MAA that says success: what is wrong with it; empty: nothing.
  std::function<std::string(std::uint32_t user, BytesView answer)> check{};
  std::function<bool()> interrupted{};
};

/// Connects, loads, waits for what is in flight at the end, disconnects. Throws NetworkError when a connection is
/// refused or lost, std::invalid_argument for a plan that cannot be.
LoadFigures run_load(const LoadPlan& plan, const LoadHooks& hooks);

}  // namespace hss::lab
