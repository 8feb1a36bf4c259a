// SPDX-License-Identifier: MIT
#include "tests/lab/load/figures.h"

#include <numeric>

namespace hss::lab {

std::uint64_t LoadFigures::timeouts() const {
  return std::accumulate(steps.begin(), steps.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const StepFigures& step) { return sum + step.timeouts; });
}

std::uint64_t LoadFigures::successes() const {
  std::uint64_t sum = 0;
  for (const StepFigures& step : steps) {
    for (const auto& [result, count] : step.results) {
      if (result.second / 1000 == 2) sum += count;
    }
  }
  return sum;
}

}  // namespace hss::lab
