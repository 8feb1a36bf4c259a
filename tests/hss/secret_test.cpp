// That a Secret cannot be printed, formatted, converted or compared with == is proven while this compiles; that it
// wipes itself, when it runs. tests/hss/compile shows that the obvious mistakes are refused by the compiler.
// SPDX-License-Identifier: MIT
#include "hss/secret.h"

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <concepts>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "hss/bytes.h"

namespace hss {
namespace {

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <typename T>
concept EqualityComparable = requires(const T& a, const T& b) {
  a == b;
};
template <typename T>
concept Ordered = requires(const T& a, const T& b) {
  a < b;
};
template <typename T>
concept Iterable = requires(const T& value) {
  value.begin();
}
|| requires(const T& value) { begin(value); };
template <typename T>
concept HasData = requires(const T& value) {
  value.data();
};
template <typename T>
concept Indexable = requires(const T& value) {
  value[0];
};
template <typename T>
concept Formattable = fmt::is_formattable<T>::value;
template <typename From, typename To>
concept Converts = std::convertible_to<From, To> || std::constructible_from<To, From>;

template <typename T>
concept Opaque = !Streamable<T> && !Formattable<T> && !EqualityComparable<T> && !Ordered<T> && !Iterable<T> &&
                 !HasData<T> && !Indexable<T> && !Converts<T, std::string> && !Converts<T, std::string_view> &&
                 !Converts<T, const char*> && !Converts<T, bool> && !Converts<T, int> &&
                 !Converts<T, std::span<const std::uint8_t>> && !Converts<T, Bytes> && !Converts<T, Octets<16>>;

static_assert(Opaque<Secret<16>> && Opaque<Secret<16>&> && Opaque<const Secret<16>&>);
static_assert(Opaque<SecretOctets<32>> && Opaque<SecretOctets<32>&> && Opaque<const SecretOctets<32>&>);

// The concepts can be satisfied, so that a slip in one of them does not make the proof empty.
static_assert(Streamable<std::string> && Formattable<std::string> && EqualityComparable<std::string> &&
              Ordered<std::string> && Iterable<std::string> && HasData<std::string> && Indexable<std::string> &&
              Converts<std::string, std::string_view> && Converts<int, bool> &&
              Converts<Octets<16>, std::span<const std::uint8_t>>);

// Octets become a secret only by a word.
static_assert(!std::convertible_to<Octets<16>, Secret<16>> && !std::convertible_to<Bytes, SecretOctets<32>>);
static_assert(std::constructible_from<Secret<16>, std::span<const std::uint8_t, 16>>);
static_assert(std::constructible_from<SecretOctets<32>, Bytes>);

const Octets<16> kOctets{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

/// The octets that lie at `place`, whatever lives there: read as they are in memory.
template <std::size_t N>
Octets<N> memory_at(const void* place) {
  const auto* octets = static_cast<const volatile std::uint8_t*>(place);
  Octets<N> copy{};
  for (std::size_t i = 0; i < N; ++i) copy[i] = octets[i];
  return copy;
}

TEST(SecretTest, KeepsItsOctets) {
  const Secret<16> secret(kOctets);
  EXPECT_TRUE(std::ranges::equal(secret.reveal(), kOctets));
  EXPECT_EQ(Secret<16>::size(), 16U);
  Secret<2> filled;
  filled.overwrite()[1] = 7;
  EXPECT_EQ(filled.reveal()[0], 0);
  EXPECT_EQ(filled.reveal()[1], 7);
}

TEST(SecretTest, ComparesEveryOctet) {
  const Secret<16> secret(kOctets);
  EXPECT_TRUE(secret.equals(Secret<16>(kOctets)));
  for (std::size_t i = 0; i < kOctets.size(); ++i) {
    Octets<16> other = kOctets;
    other[i] ^= 0x80;
    EXPECT_FALSE(secret.equals(Secret<16>(other))) << i;
  }
}

TEST(SecretTest, WipesWhenDestroyed) {
  alignas(Secret<16>) unsigned char place[sizeof(Secret<16>)] = {};
  auto* secret = new (place) Secret<16>(kOctets);
  ASSERT_EQ(memory_at<16>(place), kOctets);
  secret->~Secret();
  EXPECT_EQ(memory_at<16>(place), Octets<16>{});
}

TEST(SecretTest, CopiesWipeThemselvesAndLeaveTheOriginal) {
  const Secret<16> original(kOctets);
  alignas(Secret<16>) unsigned char place[sizeof(Secret<16>)] = {};
  auto* copy = new (place) Secret<16>(original);
  ASSERT_EQ(memory_at<16>(place), kOctets);
  copy->~Secret();
  EXPECT_EQ(memory_at<16>(place), Octets<16>{});
  EXPECT_TRUE(original.equals(Secret<16>(kOctets)));
}

TEST(SecretOctetsTest, KeepsAsManyOctetsAsGiven) {
  const SecretOctets<32> secret(kOctets);
  EXPECT_EQ(secret.size(), 16U);
  EXPECT_TRUE(std::ranges::equal(secret.reveal(), kOctets));
  EXPECT_EQ(SecretOctets<32>().size(), 0U);
  EXPECT_THROW(SecretOctets<15>{std::span(kOctets)}, std::length_error);
}

TEST(SecretOctetsTest, ComparesLengthAndOctets) {
  const SecretOctets<32> secret(kOctets);
  EXPECT_TRUE(secret.equals(SecretOctets<32>(kOctets)));
  EXPECT_FALSE(secret.equals(SecretOctets<32>(std::span(kOctets).first(15))));
  Octets<16> other = kOctets;
  other[15] ^= 1;
  EXPECT_FALSE(secret.equals(SecretOctets<32>(other)));
  EXPECT_TRUE(SecretOctets<32>().equals(SecretOctets<32>()));
}

TEST(SecretOctetsTest, WipesWhenDestroyed) {
  using Secret32 = SecretOctets<32>;
  alignas(Secret32) unsigned char place[sizeof(Secret32)] = {};
  auto* secret = new (place) Secret32(kOctets);
  const auto* octets = secret->reveal().data();
  ASSERT_EQ(memory_at<16>(octets), kOctets);
  secret->~Secret32();
  EXPECT_EQ(memory_at<16>(octets), Octets<16>{});
}

}  // namespace
}  // namespace hss
