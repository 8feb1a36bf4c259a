// The vectors of a load, checked as the users' cards would: they are of these keys, and no SQN comes twice.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "hss/usim.h"

namespace hss::lab {

class VectorCheck {
 public:
  /// All users have these keys; each has a card of its own, new at its first vector.
  explicit VectorCheck(const KeySet& keys);

  /// What is wrong with a MAA that says success; empty: nothing.
  std::string problem_of(std::uint32_t user, BytesView answer);

 private:
  Usim new_card_;
  std::unordered_map<std::uint32_t, Usim> cards_;
};

}  // namespace hss::lab
