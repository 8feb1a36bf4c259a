// How filling the memory with subscribers has ended.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace hss::db {

struct Preloaded {
  std::size_t remembered = 0;  // subscriptions that are in memory
  std::size_t all = 0;         // that there are: these, or when there was no room for more, about how many
  bool everybody = false;

  friend bool operator==(const Preloaded&, const Preloaded&) = default;
};

}  // namespace hss::db
