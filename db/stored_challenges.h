// How the challenges of a key set are stored: RANDs of 16 octets each, newest first, without gaps.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "hss/recent_challenges.h"

namespace hss::db {

inline RecentChallenges stored_challenges(BytesView octets) {
  RecentChallenges found;
  RecentChallenges::Rand rand;
  for (; octets.size() >= rand.size(); octets = octets.subspan(rand.size())) {
    std::ranges::copy(octets.first(rand.size()), rand.begin());
    found.push_back(rand);
  }
  return found;
}

}  // namespace hss::db
