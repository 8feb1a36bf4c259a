// Values that a transaction has saved and that are written to the database once, before it commits; what one request of
// it has saved can be taken back.
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace hss::db {

template <class Key, class Value>
class Unwritten {
 public:
  [[nodiscard]] const Value* find(const Key& key) const {
    const auto at = values_.find(key);
    return at == values_.end() ? nullptr : &at->second;
  }
  void save(const Key& key, Value value) {
    const auto at = values_.find(key);
    if (at == values_.end()) {
      before_.emplace_back(key, std::nullopt);
      values_.emplace(key, std::move(value));
    } else {
      before_.emplace_back(key, std::exchange(at->second, std::move(value)));
    }
  }
  /// What is saved from here on can be taken back.
  void begin_request() { before_.clear(); }
  void undo_request() {
    for (auto at = before_.rbegin(); at != before_.rend(); ++at) {
      if (at->second) {
        values_.insert_or_assign(at->first, *std::move(at->second));
      } else {
        values_.erase(at->first);
      }
    }
    before_.clear();
  }
  void clear() {
    values_.clear();
    before_.clear();
  }
  /// In the order of their keys.
  [[nodiscard]] const std::map<Key, Value>& values() const { return values_; }

 private:
  std::map<Key, Value> values_;
  std::vector<std::pair<Key, std::optional<Value>>> before_;  // of this request, oldest first
};

}  // namespace hss::db
