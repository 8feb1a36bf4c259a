// SPDX-License-Identifier: MIT
#include "hss/peer_entry.h"

#include <gtest/gtest.h>

namespace hss::test {
namespace {

struct NameRow {
  const char* name;
  const char* identity;
  bool matches;
};

TEST(PeerName, ComparesIdentitiesWithoutCaseAndRealmsByTheirDot) {
  const NameRow rows[] = {
      {"scscf.example.org", "scscf.example.org", true},
      {"scscf.example.ORG.", "SCSCF.Example.Org", true},
      {"scscf.example.org", "scscf.example.or", false},
      {"scscf.example.org", "xscscf.example.org", false},
      {"scscf.example.org", "", false},
      {"*.example.org", "scscf.example.org", true},
      {"*.Example.org", "SCSCF.EXAMPLE.ORG", true},
      {"*.example.org", "a.b.example.org", true},
      {"*.example.org", "example.org", false},
      {"*.example.org", ".example.org", false},
      {"*.example.org", "scscf.badexample.org", false},
      {"*.example.org", "scscf.example.org.evil.net", false},
  };
  for (const NameRow& row : rows) {
    const auto name = parse_peer_name(row.name);
    ASSERT_TRUE(name) << row.name;
    EXPECT_EQ(name->matches(row.identity), row.matches) << row.name << " and " << row.identity;
  }
  for (const char* none : {"", "*", "*.", "*.*.org", "a b", "aaa://x", "x..y", "x@y"}) {
    EXPECT_FALSE(parse_peer_name(none)) << none;
  }
}

struct RangeRow {
  const char* range;
  const char* address;
  bool contains;
};

TEST(AddressRange, HoldsTheAddressesOfItsPrefix) {
  const RangeRow rows[] = {
      {"192.0.2.1", "192.0.2.1", true},
      {"192.0.2.1", "192.0.2.2", false},
      {"192.0.2.0/24", "192.0.2.255", true},
      {"192.0.2.0/24", "192.0.3.0", false},
      {"192.0.2.128/25", "192.0.2.127", false},
      {"0.0.0.0/0", "203.0.113.7", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"10.0.0.4/31", "10.0.0.5", true},
      {"2001:db8::/32", "2001:db8:ffff::1", true},
      {"2001:db8::/32", "2001:db9::1", false},
      {"::1", "::1", true},
      {"::/0", "2001:db8::1", true},
      {"192.0.2.0/24", "::ffff:192.0.2.9", true},
      {"::ffff:192.0.2.0/120", "192.0.2.9", true},
  };
  for (const RangeRow& row : rows) {
    const auto range = parse_address_range(row.range);
    const auto address = parse_address_range(row.address);
    ASSERT_TRUE(range && address) << row.range << ' ' << row.address;
    EXPECT_EQ(range->contains(*address), row.contains) << row.range << " and " << row.address;
  }
  EXPECT_FALSE(parse_address_range("192.0.2.1")->contains(*parse_address_range("192.0.2.0/24")));
}

TEST(AddressRange, IsNumbersAlone) {
  for (const char* none :
       {"", "/8", "localhost", "192.0.2.1/", "192.0.2.1/33", "192.0.2.1/24", "192.0.2.0/024x", "2001:db8::1/32",
        "2001:db8::/129", "fe80::1%lo", "192.0.2", "192.0.2.1/-1", "1.2.3.4/0000"}) {
    EXPECT_FALSE(parse_address_range(none)) << none;
  }
}

TEST(PeerEntry, IsANameAndAddresses) {
  const auto anywhere = parse_peer_entry("*.Example.org");
  ASSERT_TRUE(anywhere);
  EXPECT_EQ(anywhere->name.host, ".example.org");
  EXPECT_TRUE(anywhere->addresses.empty());
  const auto here = parse_peer_entry("scscf.example.org 127.0.0.1 2001:db8::/32");
  ASSERT_TRUE(here);
  EXPECT_EQ(here->addresses,
            (std::vector<AddressRange>{*parse_address_range("127.0.0.1"), *parse_address_range("2001:db8::/32")}));
  for (const char* none : {"", " ", "scscf.example.org ", " scscf.example.org", "scscf.example.org  127.0.0.1",
                           "scscf.example.org 127.0.0.1 ", "scscf.example.org elsewhere", "127.0.0.1/8"}) {
    EXPECT_FALSE(parse_peer_entry(none)) << none;
  }
}

}  // namespace
}  // namespace hss::test
