// SPDX-License-Identifier: MIT
#include "db/change_journal.h"

namespace hss::db {

void ChangeJournal::begin() {
  silent_ = true;
  subscriptions_.clear();
}

void ChangeJournal::append() {
  if (subscriptions_.size() > kMostOfATransaction) subscriptions_ = {kEverySubscription};
  if (subscriptions_.empty()) subscriptions_ = {silent_ ? kEverything : kNothing};
  std::int64_t last = 0;
  for (const SubscriptionId subscription : subscriptions_) last = insert(append_, subscription);
  run(shorten_, last - kKept);
}

ChangeJournal::Changes ChangeJournal::take() {
  Changes changes;
  if (taken_ < 0) {
    taken_ = 0;
    for (Rows rows(last_); rows.next();) taken_ = rows.integer(0);
    changes.everything = true;
    return changes;
  }
  const std::int64_t expected = taken_ + 1;
  std::int64_t first = 0;
  for (Rows rows(later_, taken_); rows.next();) {
    taken_ = rows.integer(0);
    if (first == 0) first = taken_;
    const SubscriptionId subscription = rows.integer(1);
    if (subscription == kEverything) changes.everything = true;
    if (subscription == kEverySubscription) changes.every_subscription = true;
    if (subscription > 0) changes.subscriptions.push_back(subscription);
  }
  if (first != expected) changes.everything = true;  // somebody who writes no journal, or too much was written
  return changes;
}

}  // namespace hss::db
