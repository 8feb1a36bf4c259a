// base64 as it stands in SIP, and what is none.
// SPDX-License-Identifier: MIT
#include "hss/base64.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hss {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(Base64Test, ReadsWhatItWrites) {
  for (std::size_t size = 1; size < 40; ++size) {
    const Bytes octets(size, 0xFB);
    EXPECT_EQ(from_base64(to_base64(octets)), octets) << size;
  }
  EXPECT_EQ(to_base64(Bytes{0xFB, 0xFF}), "+/8=");
  EXPECT_THAT(from_base64("+/8="), Optional(ElementsAre(0xFB, 0xFF)));
}

TEST(Base64Test, RefusesWhatIsNone) {
  for (const std::string_view text : {"", "AAA", "AA-_", "A AA", "    ", "AAAA    ", "    AAAA", "AAAA----", "AAA\n",
                                      "=AAA", "A===", "====", "AA==AAAA", "AAA=AAAA"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace hss
