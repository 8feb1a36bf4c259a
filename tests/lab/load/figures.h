// What a load measured.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/lab/load/histogram.h"

namespace hss::lab {

/// What was measured of one kind of request. Counted are those that were to begin after the warm-up.
struct StepFigures {
  std::string name{};
  Histogram latency{};  // of answers, whatever they say
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t>
      results{};  // vendor and code; 0, 0: an answer without
  std::uint64_t timeouts = 0;
};

struct LoadFigures {
  std::vector<StepFigures> steps;  // as steps_of()
  Histogram procedures;            // of those that succeeded whole
  double seconds = 0;              // measured
  std::uint64_t answers = 0;       // that came within these seconds
  std::uint64_t completed = 0;     // procedures that succeeded within these seconds
  std::uint64_t failed = 0;        // procedures that a refusal or a timeout ended
  std::uint64_t not_begun = 0;     // at a fixed rate: due, but all places in flight were taken until the end
  std::uint64_t late = 0;          // answers that came after the patience for them
  std::uint64_t verified = 0;
  std::uint64_t wrong = 0;                       // answers that the check refused
  std::string first_wrong{};                     // why
  double cpu_seconds = 0;                        // of the generator while it measured
  std::chrono::microseconds longest_silence{0};  // between two answers, to anybody
  bool interrupted = false;

  [[nodiscard]] std::uint64_t timeouts() const;
  /// Answers of the 2xxx class.
  [[nodiscard]] std::uint64_t successes() const;
};

}  // namespace hss::lab
