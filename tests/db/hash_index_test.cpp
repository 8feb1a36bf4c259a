// The index against a plain list of what is in it, with hashes that collide.
// SPDX-License-Identifier: MIT
#include "db/hash_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace hss::db {
namespace {

using Content = std::vector<std::pair<Hash, HashIndex::Place>>;

std::set<HashIndex::Place> places(const HashIndex& index, Hash hash) {
  std::set<HashIndex::Place> seen;
  index.find(hash, [&](HashIndex::Place place) { return !seen.insert(place).second; });
  return seen;
}

void expect_same(const HashIndex& index, const Content& content, const std::vector<Hash>& hashes) {
  for (const Hash hash : hashes) {
    std::set<HashIndex::Place> expected;
    for (const auto& [its, place] : content) {
      if (its == hash) expected.insert(place);
    }
    ASSERT_EQ(places(index, hash), expected) << hash;
  }
}

TEST(HashIndexTest, FindsWhatIsInItAfterEveryChange) {
  // The first and the last homes, so that runs of cells go over the end of the table.
  std::vector<Hash> hashes{0, 1, 0xffffffffU, 0xfffffffeU, 0xf0000000U, 0xf8000000U, 0x80000000U};
  std::minstd_rand chance(5);
  for (int i = 0; i < 20; ++i) hashes.push_back(hash_of(std::uint64_t{chance()}));
  HashIndex index;
  Content content;
  HashIndex::Place next = 0;
  for (int step = 0; step < 3000; ++step) {
    const bool grows = step % 600 < 300;
    if (content.empty() || chance() % 10 < (grows ? 7U : 3U)) {
      content.emplace_back(hashes[chance() % hashes.size()], next++);
      index.insert(content.back().first, content.back().second);
    } else {
      const auto at = content.begin() + static_cast<std::ptrdiff_t>(chance() % content.size());
      index.erase(at->first, at->second);
      content.erase(at);
    }
    if (step % 10 == 0) expect_same(index, content, hashes);
  }
  for (const auto& [hash, place] : std::exchange(content, {})) index.erase(hash, place);
  expect_same(index, content, hashes);
}

TEST(HashIndexTest, EmptyOneFindsNothingAndTakesNothing) {
  HashIndex index;
  EXPECT_EQ(places(index, 1), std::set<HashIndex::Place>{});
  EXPECT_EQ(index.octets(), 0U);
  for (HashIndex::Place place = 0; place < 1000; ++place) index.insert(hash_of(std::uint64_t{place}), place);
  EXPECT_GE(index.octets(), 8000U);
  EXPECT_LE(index.octets(), 20000U);
  index.clear();
  EXPECT_EQ(index.octets(), 0U);
  EXPECT_EQ(places(index, hash_of(std::uint64_t{1})), std::set<HashIndex::Place>{});
}

}  // namespace
}  // namespace hss::db
