// Things in order, as far as they are wanted: to sort all at once would keep others waiting.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace hss::db {

/// Quicksort that goes no further than it must. `T`: ordered by <.
template <class T>
class GradualOrder {
 public:
  /// What was given before is gone.
  void give(std::vector<T> all) {
    bounds_.assign(1, all.size());
    all_ = std::move(all);
    sorted_ = 0;
  }
  void clear() { give({}); }
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  /// The `count` that follow on the first `from`, or as many as there are. Valid until another call.
  std::span<const T> next(std::size_t from, std::size_t count) {
    const std::size_t end = std::min(from + count, all_.size());
    sort_up_to(end);
    return std::span<const T>(all_).subspan(from, end - from);
  }

 private:
  void sort_up_to(std::size_t wanted) {
    constexpr std::size_t kFew = 256;
    const auto begin = all_.begin();
    const auto at = [begin](std::size_t place) { return begin + static_cast<std::ptrdiff_t>(place); };
    while (sorted_ < wanted) {
      const std::size_t end = bounds_.back();
      if (end - sorted_ > kFew) {
        const std::size_t middle = sorted_ + (end - sorted_) / 2;
        std::nth_element(at(sorted_), at(middle), at(end));
        bounds_.push_back(middle);
      } else {
        std::sort(at(sorted_), at(end));
        sorted_ = end;
        bounds_.pop_back();
      }
    }
  }

  std::vector<T> all_;
  std::size_t sorted_ = 0;           // so many stand where they belong
  std::vector<std::size_t> bounds_;  // descending: nothing before one is greater than anything behind it
};

}  // namespace hss::db
