// Every fuzz target at a small size: its seeds, and mutations of them from a seed that is printed. Again:
//   MINIHSS_FUZZ_SEED=.. fuzz_tests --gtest_filter='*/<target>'
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>

#include "hss/bytes.h"
#include "tests/fuzz/mutation.h"
#include "tests/fuzz/target.h"

namespace hss::fuzz {
namespace {

constexpr int kMutations = 2000;

std::uint64_t chosen_seed() {
  const char* const given = std::getenv("MINIHSS_FUZZ_SEED");
  return given != nullptr ? std::stoull(given) : std::random_device{}();
}

/// In memory of its own size, so that the address sanitizer sees a step beyond its end.
bool run(const Target& target, const std::string& input) {
  const std::vector<char> octets(input.begin(), input.end());
  try {
    return target.run({octets.data(), octets.size()});
  } catch (const std::exception& broken) {
    ADD_FAILURE() << broken.what() << "; the input in hexadecimal: "
                  << to_hex({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
    return false;
  }
}

class FuzzTest : public testing::TestWithParam<Target> {};

TEST_P(FuzzTest, EverySeedIsTaken) {
  const auto seeds = GetParam().seeds();
  ASSERT_FALSE(seeds.empty());
  for (const std::string& seed : seeds) EXPECT_TRUE(run(GetParam(), seed)) << seed;
}

TEST_P(FuzzTest, MutationsKeepTheProperties) {
  const std::uint64_t seed = chosen_seed();
  std::cout << "MINIHSS_FUZZ_SEED=" << seed << '\n';
  SCOPED_TRACE("MINIHSS_FUZZ_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto seeds = GetParam().seeds();
  int taken = 0;
  for (int i = 0; i < kMutations && !HasFailure(); ++i) taken += run(GetParam(), mutated(seeds, random)) ? 1 : 0;
  if (HasFailure()) return;
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, kMutations);
}

TEST(FuzzTargets, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const Target& target : targets()) EXPECT_TRUE(names.insert(target.name).second) << target.name;
}

std::vector<Target> in_order() {
  auto all = targets();
  std::ranges::sort(all, {}, [](const Target& target) { return std::string_view(target.name); });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzTest, testing::ValuesIn(in_order()),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace hss::fuzz
