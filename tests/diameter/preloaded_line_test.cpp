// SPDX-License-Identifier: MIT
#include "diameter/preloaded_line.h"

#include <gmock/gmock.h>

namespace hss::diameter {
namespace {

using testing::HasSubstr;

db::Preloaded part(std::size_t remembered, std::size_t all) {
  return {.remembered = remembered, .all = all, .everybody = false};
}

TEST(PreloadedLineTest, SaysThatEverybodyIsThere) {
  EXPECT_EQ(preloaded_line({.remembered = 1, .all = 1, .everybody = true}, 256),
            "1 subscriber is in memory: everybody");
  EXPECT_EQ(preloaded_line({.remembered = 70, .all = 70, .everybody = true}, 256),
            "70 subscribers are in memory: everybody");
}

TEST(PreloadedLineTest, SaysWhatHasRoomForAll) {
  EXPECT_EQ(
      preloaded_line(part(356'000, 10'000'000), 256),
      "356000 of about 10000000 subscribers are in memory: as many as cache_mib = 256 has room for. The others are "
      "read from the database with each request, which takes several times as long; cache_mib = 9000 would have "
      "room for all");
}

TEST(PreloadedLineTest, ThatIsMoreThanThereIs) {
  EXPECT_THAT(preloaded_line(part(999, 1000), 8), HasSubstr("cache_mib = 11 "));
  EXPECT_THAT(preloaded_line(part(1000, 1000), 1024), HasSubstr("cache_mib = 1300 "));
}

TEST(PreloadedLineTest, NobodyInMemoryIsNoDivisionByZero) {
  EXPECT_THAT(preloaded_line(part(0, 5), 8), HasSubstr("cache_mib = 51 "));
}

}  // namespace
}  // namespace hss::diameter
