// Many phones at once that are out of step with the HSS: each registers (UAR, MAR, SAR), refuses the first challenge
// with an AUTS, and should be back with the second (TS 33.102 6.3.5).
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "tests/lab/load/fleet.h"
#include "tests/lab/load/histogram.h"

namespace hss::lab {

/// A phone that needs more has failed: the HSS does not follow its AUTS.
inline constexpr unsigned kMostMars = 5;
/// The first challenge, and the one after the AUTS.
inline constexpr unsigned kExpectedMars = 2;

struct StormPlan {
  Fleet fleet;
  KeySet keys;              // of all
  std::uint64_t ahead = 0;  // SEQ_MS of each card less SEQ of its first challenge
  std::uint32_t connections = 1;
  std::chrono::milliseconds patience{5000};  // for an answer
};

struct StormFigures {
  std::map<unsigned, std::uint64_t> back;  // phones that registered, by the MARs they needed
  Histogram times;                         // of them: from the start of the storm to SAA
  struct Failure {
    std::uint64_t count = 0;
    std::string first_imsi;
  };
  std::map<std::string, Failure> failures;  // by what went wrong
  std::uint64_t too_busy = 0;               // requests answered DIAMETER_TOO_BUSY, and asked again
  std::chrono::milliseconds took{0};
  bool interrupted = false;

  /// Back within kExpectedMars.
  [[nodiscard]] std::uint64_t in_time() const;
  [[nodiscard]] std::uint64_t registered() const;
};

struct StormHooks {
  /// Ten times a second.
  std::function<void(std::uint64_t done, std::uint64_t all)> progress{};
  std::function<bool()> interrupted{};
};

/// Throws NetworkError when a connection is refused or lost.
StormFigures run_storm(const StormPlan& plan, const StormHooks& hooks);

}  // namespace hss::lab
