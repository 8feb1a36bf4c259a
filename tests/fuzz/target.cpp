// SPDX-License-Identifier: MIT
#include "tests/fuzz/target.h"

namespace hss::fuzz {

std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

}  // namespace hss::fuzz
