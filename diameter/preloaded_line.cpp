// SPDX-License-Identifier: MIT
#include "diameter/preloaded_line.h"

#include <algorithm>
#include <cstdint>

namespace hss::diameter {

namespace {

/// Two digits and zeros, the next such number: more would promise what nobody knows.
std::uint64_t rounded_up(double number) {
  std::uint64_t unit = 1;
  while (number > 99.0 * static_cast<double>(unit)) unit *= 10;
  return (static_cast<std::uint64_t>(number) / unit + 1) * unit;
}

}  // namespace

std::string preloaded_line(const db::Preloaded& preloaded, unsigned cache_mib) {
  const std::string remembered = std::to_string(preloaded.remembered);
  if (preloaded.everybody) {
    return remembered + (preloaded.remembered == 1 ? " subscriber is" : " subscribers are") + " in memory: everybody";
  }
  // Tables that grow by doubling may be as good as full with these, and half empty with a few more.
  constexpr double kMargin = 1.25;
  const double times =
      static_cast<double>(preloaded.all) / static_cast<double>(std::max<std::size_t>(preloaded.remembered, 1));
  return remembered + " of about " + std::to_string(preloaded.all) +
         " subscribers are in memory: as many as cache_mib = " + std::to_string(cache_mib) +
         " has room for. The others are read from the database with each request, which takes " +
         "several times as long; cache_mib = " + std::to_string(rounded_up(times * kMargin * cache_mib)) +
         " would have room for all";
}

}  // namespace hss::diameter
