// That a secret is wiped also where the compiler optimises and sees that nobody reads it again: this file is compiled
// so, the other tests are not.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <new>
#include <span>

#include "hss/bytes.h"
#include "hss/secret.h"

namespace hss {
namespace {

#ifndef __OPTIMIZE__
#error "tests/hss/CMakeLists.txt asks for optimisation of this file"
#endif

/// Sizes that nothing else has, so that no other file's version of a destructor can take the place of this one's.
template <std::size_t N>
constexpr Octets<N> kOctets = [] {
  Octets<N> octets{};
  for (std::size_t i = 0; i < N; ++i) octets[i] = static_cast<std::uint8_t>(i + 1);
  return octets;
}();

/// Octets at `place` that are not zero: read as they are in memory. Not inlined, or the compiler would see that nobody
/// lives there.
template <std::size_t N>
[[gnu::noinline]] std::size_t left_at(const unsigned char* place) {
  const volatile unsigned char* const octets = place;
  std::size_t left = 0;
  for (std::size_t i = 0; i < N; ++i) left += octets[i] != 0 ? 1 : 0;
  return left;
}

template <typename T, std::size_t N>
void expect_wiped() {
  static_assert(sizeof(T) >= N);
  alignas(T) static unsigned char place[sizeof(T)];
  T* const secret = new (place) T(std::span<const std::uint8_t, N>(kOctets<N>));
  ASSERT_EQ(left_at<N>(place), N);
  secret->~T();
  EXPECT_EQ(left_at<N>(place), 0U);
}

TEST(SecretWipeTest, FixedLength) {
  expect_wiped<Secret<1>, 1>();
  expect_wiped<Secret<7>, 7>();
  expect_wiped<Secret<23>, 23>();
  expect_wiped<Secret<61>, 61>();
  expect_wiped<Secret<203>, 203>();
}

TEST(SecretWipeTest, AnyLength) {
  expect_wiped<SecretOctets<23>, 23>();
  expect_wiped<SecretOctets<61>, 61>();
}

TEST(SecretWipeTest, AnArray) {
  static std::array<std::uint64_t, 3> words{1, 2, 3};
  wipe(words);
  const volatile std::uint64_t* const read = words.data();
  EXPECT_EQ(read[0] | read[1] | read[2], 0U);
}

}  // namespace
}  // namespace hss
