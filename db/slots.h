// Places of one kind of record, each known by its number for as long as it is taken.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "db/packed_octets.h"

namespace hss::db {

/// A record that was freed is `Record{}` until its place is taken again.
template <typename Record>
class Slots {
 public:
  using Place = std::uint32_t;

  Place take(Record record) {
    if (!free_.empty()) {
      const Place place = free_.back();
      free_.pop_back();
      records_[place] = std::move(record);
      return place;
    }
    // In small steps: what is not used is memory all the same.
    if (records_.size() == records_.capacity()) records_.reserve(records_.size() + records_.size() / 8 + 8);
    records_.push_back(std::move(record));
    return static_cast<Place>(records_.size() - 1);
  }
  void free(Place place) {
    records_[place] = Record{};
    free_.push_back(place);
  }
  Record& operator[](Place place) { return records_[place]; }
  const Record& operator[](Place place) const { return records_[place]; }

  /// Of places, taken or free.
  [[nodiscard]] std::size_t size() const { return records_.size(); }
  [[nodiscard]] std::size_t taken() const { return records_.size() - free_.size(); }
  [[nodiscard]] std::size_t octets() const {
    return (records_.capacity() == 0 ? 0 : allocated(records_.capacity() * sizeof(Record))) +
           (free_.capacity() == 0 ? 0 : allocated(free_.capacity() * sizeof(Place)));
  }
  void clear() noexcept {
    records_ = std::vector<Record>();
    free_ = std::vector<Place>();
  }

 private:
  std::vector<Record> records_;
  std::vector<Place> free_;
};

}  // namespace hss::db
