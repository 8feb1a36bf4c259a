// SPDX-License-Identifier: MIT
#include "db/preloader.h"

#include <algorithm>
#include <exception>
#include <vector>

namespace hss::db {

bool Preloader::has_more() const {
  const bool done = at_end_ || stopped_;
  return repository_.has_room() && (!done || repository_.times_forgotten() != forgotten_);
}

void Preloader::stop() noexcept {
  stopped_ = true;
  forgotten_ = repository_.times_forgotten();
}

void Preloader::read_on(std::chrono::steady_clock::duration time) {
  const auto until = std::chrono::steady_clock::now() + time;
  if (forgotten_ != repository_.times_forgotten()) {
    forgotten_ = repository_.times_forgotten();
    last_ = 0;
    count_ = 0;
    at_end_ = false;
    stopped_ = false;
  }
  try {
    do {
      const std::vector<SubscriptionId> ids = following();
      at_end_ = ids.empty();
      for (const SubscriptionId id : ids) {
        read(id);
        last_ = id;
        ++count_;
        if (!has_more() || std::chrono::steady_clock::now() >= until) return;
      }
    } while (!at_end_);
  } catch (const std::exception&) {
    stop();  // it only saves time
  }
}

/// The numbers are about as close together behind the last one that was read as before it.
std::optional<Preloaded> Preloader::result() {
  if (stopped_) return std::nullopt;
  const std::size_t remembered = repository_.remembered();
  if (at_end_ && repository_.has_room()) {
    return Preloaded{.remembered = remembered, .all = remembered, .everybody = true};
  }
  SubscriptionId greatest = 0;
  for (Rows rows(greatest_); rows.next();) greatest = rows.integer(0);
  const double each = last_ > 0 ? static_cast<double>(count_) / static_cast<double>(last_) : 1;
  const auto all = static_cast<std::size_t>(each * static_cast<double>(greatest));
  return Preloaded{.remembered = remembered, .all = std::max({all, count_, remembered}), .everybody = false};
}

std::vector<SubscriptionId> Preloader::following() {
  std::vector<SubscriptionId> ids;
  for (Rows rows(following_, last_); rows.next();) ids.push_back(rows.integer(0));
  return ids;
}

/// What the first request about somebody will ask for. All of it is remembered by who finds it.
void Preloader::read(SubscriptionId id) {
  try {
    const auto subscription = repository_.subscription(id);
    if (subscription == nullptr) return;
    static_cast<void>(repository_.registration(id));
    const auto read_card = [this](KeySetId key_set) {
      static_cast<void>(repository_.key_set(key_set));
      static_cast<void>(repository_.sequence(key_set));
    };
    for (const PrivateIdentity& identity : subscription->private_identities) {
      if (identity.key_set) read_card(*identity.key_set);
    }
    if (subscription->usim) read_card(*subscription->usim);
  } catch (const StoreFault&) {
    // Whoever asks for him meets the same, and says so.
  }
}

}  // namespace hss::db
