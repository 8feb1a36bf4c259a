// SPDX-License-Identifier: MIT
#include "hss/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <string>
#include <vector>

namespace hss {
namespace {

using testing::Each;
using testing::HasSubstr;

// Stand-ins for getrandom. What they are told and tell lies in these, as they are plain functions.
int calls = 0;

ssize_t not_available(void* /*buffer*/, std::size_t /*size*/, unsigned /*flags*/) {
  ++calls;
  errno = ENOSYS;
  return -1;
}

ssize_t interrupted_twice(void* buffer, std::size_t size, unsigned /*flags*/) {
  if (++calls <= 2) {
    errno = EINTR;
    return -1;
  }
  std::memset(buffer, 0x5A, size);
  return static_cast<ssize_t>(size);
}

ssize_t five_octets_at_a_time(void* buffer, std::size_t size, unsigned /*flags*/) {
  const std::size_t count = std::min<std::size_t>(size, 5);
  std::memset(buffer, ++calls, count);
  return static_cast<ssize_t>(count);
}

ssize_t short_and_then_broken(void* buffer, std::size_t size, unsigned flags) {
  if (calls == 0) return five_octets_at_a_time(buffer, size, flags);
  ++calls;
  errno = EIO;
  return -1;
}

ssize_t nothing(void* /*buffer*/, std::size_t /*size*/, unsigned /*flags*/) {
  ++calls;
  return 0;
}

ssize_t more_than_asked(void* /*buffer*/, std::size_t size, unsigned /*flags*/) {
  ++calls;
  return static_cast<ssize_t>(size) + 1;
}

class SystemRandomTest : public testing::Test {
 protected:
  void SetUp() override { calls = 0; }
  std::array<std::uint8_t, 16> out_{};
};

TEST_F(SystemRandomTest, FillsFromTheOperatingSystem) {
  SystemRandom random;
  std::set<std::array<std::uint8_t, 16>> seen;
  for (int i = 0; i < 1000; ++i) {
    random.fill(out_);
    seen.insert(out_);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST_F(SystemRandomTest, FillsMoreThanOneReadGives) {
  SystemRandom random;
  std::vector<std::uint8_t> many(std::size_t{1} << 20U);
  random.fill(many);
  const auto zeros = std::ranges::count(many, 0);
  EXPECT_GT(zeros, 2048);  // 4096 expected
  EXPECT_LT(zeros, 8192);
  EXPECT_FALSE(std::all_of(many.end() - 16, many.end(), [](std::uint8_t octet) { return octet == 0; }));
}

TEST_F(SystemRandomTest, NothingToFillAsksNobody) {
  SystemRandom random(&not_available);
  random.fill({});
  EXPECT_EQ(calls, 0);
}

TEST_F(SystemRandomTest, RetriesAfterASignal) {
  SystemRandom random(&interrupted_twice);
  random.fill(out_);
  EXPECT_EQ(calls, 3);
  EXPECT_THAT(out_, Each(0x5A));
}

TEST_F(SystemRandomTest, GoesOnAfterAShortRead) {
  SystemRandom random(&five_octets_at_a_time);
  random.fill(out_);
  EXPECT_THAT(out_, testing::ElementsAre(1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4));
}

struct Failure {
  SystemRandom::Call call;
  int calls;
  std::string reason;
};

class SystemRandomFailureTest : public SystemRandomTest, public testing::WithParamInterface<Failure> {};

TEST_P(SystemRandomFailureTest, ThrowsAndLeavesNothingUsable) {
  SystemRandom random(GetParam().call);
  out_.fill(0xEE);
  try {
    random.fill(out_);
    FAIL() << "no RandomFailure";
  } catch (const RandomFailure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("getrandom"));
    EXPECT_THAT(failure.what(), HasSubstr(GetParam().reason));
  }
  EXPECT_EQ(calls, GetParam().calls);
  EXPECT_THAT(out_, Each(0));
}

INSTANTIATE_TEST_SUITE_P(Failures, SystemRandomFailureTest,
                         testing::Values(Failure{&not_available, 1, "not implemented"},
                                         Failure{&short_and_then_broken, 2, "Input/output error"},
                                         Failure{&nothing, 1, "returned 0 octets"},
                                         Failure{&more_than_asked, 1, "returned 17 octets"}));

}  // namespace
}  // namespace hss
