// A vector of trivial values that keeps the first ones in itself: for lists that are nearly always short.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace hss::diameter {

template <class T, std::size_t N>
class InlineVector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  InlineVector() = default;
  /// So many values of zero.
  explicit InlineVector(std::size_t size) : size_(size), many_(size <= N ? 0 : size) {}
  void push_back(const T& value) {
    if (size_ < N) {
      few_[size_] = value;
    } else {
      if (size_ == N) many_.assign(few_.begin(), few_.end());
      many_.push_back(value);
    }
    ++size_;
  }
  [[nodiscard]] T& operator[](std::size_t i) { return begin()[i]; }
  [[nodiscard]] T* begin() { return size_ <= N ? few_.data() : many_.data(); }
  [[nodiscard]] T* end() { return begin() + size_; }
  [[nodiscard]] const T* begin() const { return size_ <= N ? few_.data() : many_.data(); }
  [[nodiscard]] const T* end() const { return begin() + size_; }

 private:
  std::size_t size_ = 0;
  std::array<T, N> few_{};
  std::vector<T> many_;  // all of them, once they are more than N
};

}  // namespace hss::diameter
