// How often a key set may be resynchronised: a phone needs it once in a while, a flood of AUTS would move SEQ to and
// fro and write a record with each.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <unordered_map>

#include "hss/subscriber.h"

namespace hss {

/// Counts in memory, for one thread. AUTS that are refused count too: a wrong one costs as much.
class ResynchronisationLimit {
 public:
  static constexpr UnixTime kSeconds = 60;
  static constexpr std::size_t kRemembered = 16384;  // key sets that came within a minute; beyond it the oldest go

  explicit ResynchronisationLimit(std::size_t remembered = kRemembered) : remembered_(remembered) {}

  /// Counts one. False when there were `most` before it within kSeconds from the first one on; 0: as many as come. A
  /// clock that goes back begins anew.
  bool admit(KeySetId key_set, UnixTime now, unsigned most);
  /// Key sets that are remembered.
  [[nodiscard]] std::size_t size() const { return seen_.size(); }

 private:
  struct Seen {
    UnixTime since = 0;
    unsigned count = 0;
  };
  void make_room(UnixTime now);

  std::size_t remembered_;
  std::unordered_map<KeySetId, Seen> seen_;
};

}  // namespace hss
