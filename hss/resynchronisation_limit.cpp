// SPDX-License-Identifier: MIT
#include "hss/resynchronisation_limit.h"

#include <algorithm>
#include <vector>

namespace hss {

namespace {

bool is_over(UnixTime since, UnixTime now) { return now < since || now - since >= ResynchronisationLimit::kSeconds; }

}  // namespace

bool ResynchronisationLimit::admit(KeySetId key_set, UnixTime now, unsigned most) {
  if (most == 0) return true;
  auto at = seen_.find(key_set);
  if (at == seen_.end()) {
    if (seen_.size() >= remembered_) make_room(now);
    at = seen_.emplace(key_set, Seen{.since = now, .count = 0}).first;
  } else if (is_over(at->second.since, now)) {
    at->second = {.since = now, .count = 0};
  }
  if (at->second.count >= most) return false;
  ++at->second.count;
  return true;
}

/// Forgets whose minute is over; when that is nobody, the half that came first.
void ResynchronisationLimit::make_room(UnixTime now) {
  std::erase_if(seen_, [now](const auto& each) { return is_over(each.second.since, now); });
  if (seen_.size() < remembered_) return;
  std::vector<UnixTime> times;
  times.reserve(seen_.size());
  for (const auto& [key_set, seen] : seen_) times.push_back(seen.since);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  std::size_t left = times.size() / 2 + 1;
  std::erase_if(seen_, [&, until = *middle](const auto& each) {
    if (each.second.since > until || left == 0) return false;
    --left;
    return true;
  });
}

}  // namespace hss
