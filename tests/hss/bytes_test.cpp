// SPDX-License-Identifier: MIT
#include "hss/bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hss {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(BytesTest, WritesLowerCase) {
  EXPECT_EQ(to_hex(Octets<4>{0x00, 0x0F, 0xA5, 0xFF}), "000fa5ff");
  EXPECT_EQ(to_hex({}), "");
}

TEST(BytesTest, ReadsBothCases) {
  EXPECT_THAT(from_hex("000FaFfe"), Optional(ElementsAre(0x00, 0x0F, 0xAF, 0xFE)));
  EXPECT_THAT(from_hex(""), Optional(ElementsAre()));
}

TEST(BytesTest, ReadsWhatItWroteForEveryOctet) {
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(from_hex(to_hex(all)), all);
}

TEST(BytesTest, RefusesWhatIsNoHexadecimal) {
  for (const std::string_view text :
       {"0", "000", "0g", "g0", "0x", " 00", "00 ", "0:", "0/", "@0", "0`", "-1", "\xC3\xA9"}) {
    EXPECT_EQ(from_hex(text), std::nullopt) << text;
  }
  EXPECT_EQ(from_hex(std::string_view("0\0", 2)), std::nullopt);
}

TEST(BytesTest, ParseHexTakesTheExactLengthAndLeavesOutUntouchedOtherwise) {
  Octets<2> out{0x11, 0x22};
  for (const std::string_view text : {"", "ab", "abc", "abcde", "abcdef", "abcg", "gbcd"}) {
    EXPECT_FALSE(parse_hex(text, out)) << text;
    EXPECT_THAT(out, ElementsAre(0x11, 0x22)) << text;
  }
  EXPECT_TRUE(parse_hex("aBcD", out));
  EXPECT_THAT(out, ElementsAre(0xAB, 0xCD));
}

TEST(BytesTest, FromHexExact) {
  EXPECT_THAT(from_hex_exact<2>("8000"), Optional(ElementsAre(0x80, 0x00)));
  EXPECT_EQ(from_hex_exact<2>("80"), std::nullopt);
  EXPECT_EQ(from_hex_exact<2>("800000"), std::nullopt);
}

}  // namespace
}  // namespace hss
