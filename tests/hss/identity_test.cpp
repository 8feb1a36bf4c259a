// Identities as tables: what is taken, in which form, and what is refused.
// SPDX-License-Identifier: MIT
#include "hss/identity.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hss {
namespace {

using namespace std::string_literals;

struct Form {
  std::string given;
  std::optional<std::string> canonical;
};

TEST(CanonicalPublicIdentity, HoldsForEveryRow) {
  const Form rows[] = {
      // As CSCFs send it
      {"sip:alice@example.com", "sip:alice@example.com"},
      {"SIP:Alice@EXAMPLE.Com", "sip:Alice@example.com"},
      {"sips:alice@example.com", "sips:alice@example.com"},
      {"SiPs:alice@example.com", "sips:alice@example.com"},
      {"sip:+15550100001@example.com;user=phone", "sip:+15550100001@example.com"},
      {"sip:alice@example.com:5060", "sip:alice@example.com"},
      {"sip:alice@example.com:5060;transport=tcp;lr", "sip:alice@example.com"},
      {"sip:alice@example.com;", "sip:alice@example.com"},
      {"sip:alice@example.com?Subject=hi&x=y", "sip:alice@example.com"},
      {"sip:alice@example.com;user=phone?Subject=hi", "sip:alice@example.com"},
      {"sip:alice@example.com.", "sip:alice@example.com"},
      // Nothing before the host: a PSI may be such
      {"sip:example.com", "sip:example.com"},
      {"sip:Example.com:5060;lr", "sip:example.com"},
      // User parts with characters that divide elsewhere
      {"sip:+1555;npdi;rn=+1@example.com", "sip:+1555;npdi;rn=+1@example.com"},
      {"sip:what?ever@example.com", "sip:what?ever@example.com"},
      {"sip:a/b&c=d$e,f@example.com", "sip:a/b&c=d$e,f@example.com"},
      {"sip:-_.!~*'()@example.com", "sip:-_.!~*'()@example.com"},
      // Escapes, RFC 3261 19.1.4
      {"sip:%61lice@example.com", "sip:alice@example.com"},
      {"sip:%41lice@example.com", "sip:Alice@example.com"},
      {"sip:a%2db@example.com", "sip:a-b@example.com"},
      {"sip:%2a21%23@example.com", "sip:*21%23@example.com"},
      {"sip:%c3%a4@example.com", "sip:%C3%A4@example.com"},
      {"sip:a%40b@example.com", "sip:a%40b@example.com"},
      {"sip:%2b1555@example.com", "sip:%2B1555@example.com"},
      {"sip:a%00b@example.com", "sip:a%00b@example.com"},
      {"sip:100%@example.com", std::nullopt},
      {"sip:100%4@example.com", std::nullopt},
      {"sip:%zz@example.com", std::nullopt},
      {"sip:alice@exa%6Dple.com", std::nullopt},
      // Hosts
      {"sip:alice@192.0.2.1", "sip:alice@192.0.2.1"},
      {"sip:alice@192.0.2.1:5061", "sip:alice@192.0.2.1"},
      {"sip:alice@[2001:DB8::1]", "sip:alice@[2001:db8::1]"},
      {"sip:alice@[2001:0db8:0:0:0:0:0:1]:5060;lr", "sip:alice@[2001:db8::1]"},
      {"sip:[::1]", "sip:[::1]"},
      {"sip:alice@pcscf_1.lab.5g", "sip:alice@pcscf_1.lab.5g"},
      {"sip:alice@2001:db8::1", std::nullopt},
      {"sip:alice@[2001:db8::1", std::nullopt},
      {"sip:alice@[2001:db8::g]", std::nullopt},
      {"sip:alice@[]", std::nullopt},
      {"sip:alice@[192.0.2.1]", std::nullopt},
      {"sip:alice@[::1]x", std::nullopt},
      {"sip:alice@256.0.2.1", std::nullopt},
      {"sip:alice@192.0.2", std::nullopt},
      {"sip:alice@a..b", std::nullopt},
      {"sip:alice@.example.com", std::nullopt},
      {"sip:alice@.", std::nullopt},
      {"sip:alice@example.com..", std::nullopt},
      {"sip:alice@-a.com", std::nullopt},
      {"sip:alice@a-.com", std::nullopt},
      {"sip:alice@exa/mple.com", std::nullopt},
      // Ports
      {"sip:alice@example.com:", std::nullopt},
      {"sip:alice@example.com:65536", std::nullopt},
      {"sip:alice@example.com:999999", std::nullopt},
      {"sip:alice@example.com:50x", std::nullopt},
      {"sip:alice@example.com:-1", std::nullopt},
      // Nothing where something must be
      {"", std::nullopt},
      {"sip", std::nullopt},
      {"sip:", std::nullopt},
      {"sip:@example.com", std::nullopt},
      {"sip:alice@", std::nullopt},
      {"sip:alice@;lr", std::nullopt},
      {"sip:;lr", std::nullopt},
      // More than there may be
      {"sip:alice@example.com@example.com", std::nullopt},
      {"sip:alice@example.com;a=b@c", std::nullopt},
      {"sip:alice:secret@example.com", std::nullopt},
      // Schemes
      {"alice@example.com", std::nullopt},
      {"http://example.com", std::nullopt},
      {"sipx:alice@example.com", std::nullopt},
      {":alice@example.com", std::nullopt},
      {"mailto:alice@example.com", std::nullopt},
      {"\"Alice\" <sip:alice@example.com>", std::nullopt},
      {"<sip:alice@example.com>", std::nullopt},
      // White space, controls, angle brackets, anything beyond ASCII
      {" sip:alice@example.com", std::nullopt},
      {"sip:alice@example.com ", std::nullopt},
      {"sip:al ice@example.com", std::nullopt},
      {"sip:alice@example.com\r\n", std::nullopt},
      {"sip:alice\t@example.com", std::nullopt},
      {"sip:al\0ice@example.com"s, std::nullopt},
      {"sip:alice@example.com\0"s, std::nullopt},
      {"sip:alice@[::1\0]"s, std::nullopt},
      {"sip:alice@example.com;x=\x7F", std::nullopt},
      {"sip:alice@example.com;x=<y>", std::nullopt},
      {"sip:alice@example.com?x=a b", std::nullopt},
      {"sip:<alice@example.com", std::nullopt},
      {"sip:al\"ice@example.com", std::nullopt},
      {"sip:\xC3\xA4@example.com", std::nullopt},
      {"sip:alice@ex\xC3\xA4mple.com", std::nullopt},
      // tel: global numbers
      {"tel:+15550100001", "tel:+15550100001"},
      {"TEL:+1-555-010-0001", "tel:+15550100001"},
      {"Tel:+1(555)010.0001", "tel:+15550100001"},
      {"tel:+15550100001;phone-context=+49;ext=7", "tel:+15550100001"},
      {"tel:+15550100001;isub=1", "tel:+15550100001"},
      {"tel:+", std::nullopt},
      {"tel:+-.()", std::nullopt},
      {"tel:", std::nullopt},
      {"tel:++1555", std::nullopt},
      {"tel:+1555a", std::nullopt},
      {"tel:+1 555", std::nullopt},
      {"tel:+1555\r\n", std::nullopt},
      {"tel:+1555\0"s, std::nullopt},
      {"tel:<+1555>", std::nullopt},
      {"tel:+1555@example.com", std::nullopt},
      {"tel:%2B1555", std::nullopt},
      {"tel://+1555", std::nullopt},
      // tel: local numbers
      {"tel:863-1234;phone-context=+1-914-555", "tel:8631234;phone-context=+1914555"},
      {"tel:7042;phone-context=Example.COM", "tel:7042;phone-context=example.com"},
      {"tel:7042;ext=1;PHONE-CONTEXT=example.com;x=y", "tel:7042;phone-context=example.com"},
      {"tel:*21#;phone-context=example.com", "tel:*21#;phone-context=example.com"},
      {"tel:00aB;phone-context=example.com", "tel:00ab;phone-context=example.com"},
      {"tel:7042", std::nullopt},
      {"tel:7042;phone-context=", std::nullopt},
      {"tel:7042;phone-context", std::nullopt},
      {"tel:7042;phone-context=+", std::nullopt},
      {"tel:7042;phone-context=a@b", std::nullopt},
      {"tel:7042;phone-context=a:5060", std::nullopt},
      {"tel:7042;phone-context=a.com;phone-context=b.com", std::nullopt},
      {"tel:zz;phone-context=example.com", std::nullopt},
      {"tel:;phone-context=example.com", std::nullopt},
  };
  for (const Form& row : rows) {
    EXPECT_EQ(canonical_public_identity(row.given), row.canonical) << testing::PrintToString(row.given);
  }
}

TEST(CanonicalPublicIdentity, IsAFixedPoint) {
  for (const std::string_view given :
       {"SIP:%41lice%2b@EXAMPLE.com:5060;lr", "sips:[2001:DB8::0:1]:9", "tel:+1-555", "tel:7-0;phone-context=A.b."}) {
    const auto once = canonical_public_identity(given);
    ASSERT_TRUE(once) << given;
    EXPECT_EQ(canonical_public_identity(*once), once);
  }
}

TEST(CanonicalPublicIdentity, TakesVeryLongInput) {
  const std::string long_part(1 << 20, 'a');
  EXPECT_EQ(canonical_public_identity("sip:" + long_part + "@example.com"), "sip:" + long_part + "@example.com");
  EXPECT_EQ(canonical_public_identity("sip:a@example.com;" + long_part), "sip:a@example.com");
  EXPECT_EQ(canonical_public_identity("sip:a@example.com" + std::string(1 << 20, ';')), "sip:a@example.com");
  EXPECT_EQ(canonical_public_identity(std::string(1 << 20, '@')), std::nullopt);
  EXPECT_EQ(canonical_public_identity("sip:" + std::string(1 << 20, '%')), std::nullopt);
  EXPECT_EQ(canonical_public_identity("sip:a@" + std::string(1 << 20, '.')), std::nullopt);
  EXPECT_EQ(canonical_public_identity("sip:a@[" + std::string(1 << 20, ':') + "]"), std::nullopt);
  EXPECT_EQ(canonical_public_identity("tel:+" + std::string(1 << 20, '1') + std::string(1 << 20, ';')),
            "tel:+" + std::string(1 << 20, '1'));
}

TEST(CanonicalPrivateIdentity, HoldsForEveryRow) {
  const Form rows[] = {
      {"001010000000001@ims.mnc001.mcc001.3gppnetwork.org", "001010000000001@ims.mnc001.mcc001.3gppnetwork.org"},
      {"Alice@EXAMPLE.Com", "Alice@example.com"},
      {"a@b", "a@b"},
      {"\xC3\xA4@example.com", "\xC3\xA4@example.com"},
      {"a'b%20c@example.com", "a'b%20c@example.com"},
      {"", std::nullopt},
      {"@", std::nullopt},
      {"alice", std::nullopt},
      {"@example.com", std::nullopt},
      {"alice@", std::nullopt},
      {"a@b@c", std::nullopt},
      {"a b@c", std::nullopt},
      {" a@c", std::nullopt},
      {"a@c\n", std::nullopt},
      {"a\0b@c"s, std::nullopt},
      {"a@c\x7F", std::nullopt},
      {"a\xFF@c", std::nullopt},
      {"a\xC0\x80@c", std::nullopt},
  };
  for (const Form& row : rows) {
    EXPECT_EQ(canonical_private_identity(row.given), row.canonical) << testing::PrintToString(row.given);
  }
}

TEST(SameServer, HoldsForEveryRow) {
  struct Row {
    std::string_view a;
    std::string_view b;
    bool same;
  };
  const Row rows[] = {
      {"sip:scscf.example.com:6060", "sip:scscf.example.com:6060", true},
      {"sip:scscf.example.com:6060", "SIP:SCSCF.Example.COM:6060", true},
      {"sip:scscf.example.com", "sip:scscf.example.com:5060", false},
      {"sip:scscf.example.com:06060", "sip:scscf.example.com:6060", true},
      {"sip:scscf.example.com", "sips:scscf.example.com", false},
      {"sip:scscf.example.com", "sip:scscf.example.com.", true},
      {"sip:orig@scscf.example.com", "sip:scscf.example.com", false},
      {"sip:orig@scscf.example.com", "sip:ORIG@scscf.example.com", false},
      {"sip:%6Frig@scscf.example.com", "sip:orig@scscf.example.com", true},
      {"sip:a:x@b", "sip:a:y@b", false},
      {"sip:a;lr;x=1", "sip:a;X=1;LR", true},
      {"sip:a;x=A", "sip:a;x=a", true},
      {"sip:a;x=%41", "sip:a;x=a", true},
      {"sip:a;x=1", "sip:a;x=2", false},
      {"sip:a;security=on", "sip:a;newparam=5", true},
      {"sip:a;transport=tcp", "sip:a", false},
      {"sip:a;transport=TCP;lr", "sip:a;lr;transport=tcp", true},
      {"sip:a;maddr=192.0.2.1", "sip:a", false},
      {"sip:a", "sip:a;user=ip", false},
      {"sip:a;ttl=1", "sip:a", false},
      {"sip:a;method=INVITE", "sip:a", false},
      {"sip:a?x=1&y=2", "sip:a?y=2&x=1", true},
      {"sip:a?x=1", "sip:a", false},
      {"sip:[2001:db8::1]:5060", "sip:[2001:DB8:0::1]:5060", true},
      {"diameter text", "diameter text", true},
      {"diameter text", "Diameter text", false},
      {"sip:a", "sip:a ", false},
      {"", "", true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(same_server(row.a, row.b), row.same) << row.a << " | " << row.b;
    EXPECT_EQ(same_server(row.b, row.a), row.same) << row.b << " | " << row.a;
  }
}

TEST(SameServer, ComparesVeryLongInputAsText) {
  std::string longest = "sip:a";
  for (int i = 0; i < 500'000; ++i) longest += ";b";
  EXPECT_TRUE(same_server(longest, longest));
  EXPECT_FALSE(same_server(longest, longest + ";c"));
}

TEST(IsSipUri, HoldsForEveryRow) {
  const std::pair<std::string_view, bool> rows[] = {
      {"sip:scscf.example.com:6060", true},
      {"sip:scscf.example.com:6060;transport=tcp", true},
      {"sips:orig@[::1]:5061;lr", true},
      {"scscf.example.com", false},
      {"tel:+1555", false},
      {"sip:", false},
      {"sip:a b", false},
      {"<sip:a>", false},
      {"aaa://scscf.example.com", false},
      {"", false},
  };
  for (const auto& [uri, expected] : rows) EXPECT_EQ(is_sip_uri(uri), expected) << uri;
}

TEST(CanonicalNetwork, DropsQuotesWhiteSpaceAndCase) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"visited.example.com", "visited.example.com"},
      {"\"Visited.Example.COM\"", "visited.example.com"},
      {"  \" Visited Network 1 \"\r\n", "visited network 1"},
      {"a\"b", "a\"b"},
      {"\"", ""},
      {"", ""},
  };
  for (const auto& [given, expected] : rows) EXPECT_EQ(canonical_network(given), expected) << given;
}

TEST(Numbers, AreCountedAndChecked) {
  EXPECT_TRUE(is_imsi("001010"));
  EXPECT_TRUE(is_imsi("001010000000001"));
  for (const std::string& text : {""s, "00101"s, "0010100000000010"s, "00101000000000a"s, " 01010000000001"s,
                                  "+01010000000001"s, "00101000000000\0"s}) {
    EXPECT_FALSE(is_imsi(text)) << testing::PrintToString(text);
  }
  EXPECT_TRUE(is_msisdn("15550"));
  EXPECT_TRUE(is_msisdn("123456789012345"));
  for (const std::string_view text : {"", "1555", "1234567890123456", "+15550", "1555-0"}) {
    EXPECT_FALSE(is_msisdn(text)) << text;
  }
}

TEST(MncDigits, FollowTheHomeDomainThenTheCountry) {
  struct Row {
    std::string_view imsi;
    std::string_view home_domain;
    int digits;
  };
  const Row rows[] = {
      {"001010000000001", "", 2},
      {"310410000000001", "", 3},
      {"262010000000001", "", 2},
      {"302720000000001", "", 3},
      {"001010000000001", "ims.mnc001.mcc001.3gppnetwork.org", 2},
      {"001010000000001", "ims.mnc010.mcc001.3gppnetwork.org", 3},
      {"001010000000001", "IMS.MNC010.MCC001.3GPPNETWORK.ORG", 3},
      {"001001000000001", "ims.mnc001.mcc001.3gppnetwork.org", 3},
      {"310410000000001", "ims.mnc041.mcc310.3gppnetwork.org", 2},
      {"999700000000001", "ims.mnc070.mcc999.3gppnetwork.org", 2},
      {"310410000000001", "ims.mnc001.mcc001.3gppnetwork.org", 3},
      {"262010000000001", "ims.example.com", 2},
      {"262000000000001", "ims.mnc000.mcc262.3gppnetwork.org", 2},
      {"310000000000001", "ims.mnc000.mcc310.3gppnetwork.org", 3},
      {"262010000000001", "mnc010.mcc262.3gppnetwork.org", 2},
  };
  for (const Row& row : rows) EXPECT_EQ(mnc_digits(row.imsi, row.home_domain), row.digits) << row.imsi;
}

TEST(HomeDomain, PadsATwoDigitNetworkCode) {
  EXPECT_EQ(home_domain_of("001010000000001", 2), "ims.mnc001.mcc001.3gppnetwork.org");
  EXPECT_EQ(home_domain_of("310410000000001", 3), "ims.mnc410.mcc310.3gppnetwork.org");
  EXPECT_EQ(home_domain_of("262420000000001", 2), "ims.mnc042.mcc262.3gppnetwork.org");
}

}  // namespace
}  // namespace hss
