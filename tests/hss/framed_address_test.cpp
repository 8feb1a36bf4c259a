// The address of GIBA as it is typed, and everything that is none.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "hss/subscriber.h"

namespace hss {
namespace {

TEST(FramedAddress, IsAnIpv4Address) {
  const auto address = parse_framed_address("192.0.2.1");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->ipv4, (Octets<4>{192, 0, 2, 1}));
  EXPECT_FALSE(address->ipv6_prefix);
  EXPECT_EQ(to_text(*address), "192.0.2.1");
}

TEST(FramedAddress, IsAnIpv6Prefix) {
  const auto address = parse_framed_address("2001:DB8:1::/64");
  ASSERT_TRUE(address);
  EXPECT_FALSE(address->ipv4);
  EXPECT_EQ(address->ipv6_prefix, (Octets<16>{0x20, 0x01, 0x0D, 0xB8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(address->ipv6_prefix_length, 64U);
  EXPECT_EQ(to_text(*address), "2001:db8:1::/64");
}

TEST(FramedAddress, IsReadAsItWasWritten) {
  struct Row {
    std::string typed;
    std::string written;
  };
  const Row rows[] = {
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"2001:db8::1", "2001:db8::1/128"},
      {"2001:db8::1/128", "2001:db8::1/128"},
      {"2001:0db8:0:0:0:0:0:0/32", "2001:db8::/32"},
      {"8000::/1", "8000::/1"},
      {"2001:db8:0:8000::/49", "2001:db8:0:8000::/49"},
      {"::ffff:192.0.2.1", "::ffff:192.0.2.1/128"},
  };
  for (const Row& row : rows) {
    const auto address = parse_framed_address(row.typed);
    ASSERT_TRUE(address) << row.typed;
    EXPECT_EQ(to_text(*address), row.written);
    EXPECT_EQ(parse_framed_address(row.written), address) << row.typed;
  }
}

TEST(FramedAddress, IsNothingElse) {
  for (const std::string& text : {std::string(),
                                  std::string("192.0.2"),
                                  std::string("192.0.2.256"),
                                  std::string("192.0.2.1/32"),
                                  std::string("192.0.2.01"),
                                  std::string(" 192.0.2.1"),
                                  std::string("192.0.2.1 "),
                                  std::string("192.0.2.1\0", 10),
                                  std::string("2001:db8::/0"),
                                  std::string("2001:db8::/129"),
                                  std::string("2001:db8::/064"),
                                  std::string("2001:db8::/"),
                                  std::string("2001:db8::/+64"),
                                  std::string("2001:db8::/64/64"),
                                  std::string("/64"),
                                  std::string("2001:db8::/99999999999"),
                                  std::string("[2001:db8::1]"),
                                  std::string("fe80::1%eth0"),
                                  std::string("example.com"),
                                  std::string("2001:db8::1/64"),
                                  std::string("2001:db8:0:8000::/48")}) {
    EXPECT_FALSE(parse_framed_address(text)) << testing::PrintToString(text);
  }
}

TEST(FramedAddress, WithoutAddressHasNoText) { EXPECT_EQ(to_text(FramedAddress{}), ""); }

}  // namespace
}  // namespace hss
