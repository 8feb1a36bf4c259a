// The SIP-Auth-Data-Items of the schemes beside AKA, octet by octet (TS 29.228 6.3.1).
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "diameter/cx/multimedia_auth.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class SchemesTest : public CoreTest {};

RawMessage answered(hss::cx::AuthItem item) {
  hss::cx::MultimediaAuthAnswer data;
  data.verdict.result = result::kSuccess;
  data.items.push_back(std::move(item));
  fd::MessagePtr message = parse(multimedia_auth_request());
  Answer answer(message.get(), data.verdict.result);
  answer.echo(avps::kUserName);
  cx::kMultimediaAuth.encode(data, answer);
  fd::MessagePtr out = finished(answer, std::move(message));
  return encoded(out.get());
}

RawAvp informational(RawAvp avp) { return with_flags(std::move(avp), 0x80); }

SipDigest digest() {
  SipDigest out;
  out.realm = "example.org";
  for (std::size_t i = 0; i < 16; ++i) out.ha1.overwrite()[i] = static_cast<std::uint8_t>(0xF0 + i);
  return out;
}

TEST_F(SchemesTest, SipDigest) {
  const RawMessage answer = answered({1, AuthScheme::kSipDigest, digest()});
  EXPECT_EQ(value_of(answer.one(607, k3gpp)), 1U);
  const RawAvp expected = group(612,
                                {text(608, "SIP Digest", k3gpp),
                                 informational(group(635,
                                                     {text(104, "example.org"), text(111, "MD5"), text(110, "auth"),
                                                      text(121, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")},
                                                     k3gpp))},
                                k3gpp);
  EXPECT_EQ(answer.one(612, k3gpp).data, expected.data);
}

TEST_F(SchemesTest, SipDigestWithSha256) {
  SipDigest both = digest();
  both.alternate_sha256.emplace();
  std::ranges::fill(both.alternate_sha256->overwrite(), std::uint8_t{0x0A});
  std::string hex;
  for (int i = 0; i < 32; ++i) hex += "0a";
  const RawAvp group_of_digest = member(answered({1, AuthScheme::kSipDigest, both}).one(612, k3gpp), 635, k3gpp);
  EXPECT_EQ(group_of_digest.data,
            encode({text(104, "example.org"), text(111, "MD5"), text(110, "auth"),
                    text(121, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), informational(text(662, "SHA-256", k3gpp)),
                    informational(text(663, hex, k3gpp))}));
}

TEST_F(SchemesTest, EarlyImsSecurityV4) {
  FramedAddress address;
  address.ipv4 = Octets<4>{192, 0, 2, 1};
  const RawMessage answer = answered({1, AuthScheme::kEarlyImsSecurity, address});
  EXPECT_EQ(answer.one(612, k3gpp).data,
            encode({text(608, "Early-IMS-Security", k3gpp), text(8, std::string("\xC0\0\2\1", 4))}));
}

TEST_F(SchemesTest, EarlyImsSecurityV6) {
  const struct {
    std::uint8_t length;
    std::size_t octets;
  } rows[] = {{64, 8}, {60, 8}, {128, 16}, {1, 1}};
  for (const auto& row : rows) {
    FramedAddress address;
    address.ipv6_prefix = Octets<16>{0x20, 0x01, 0x0D, 0xB8, 0, 1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    address.ipv6_prefix_length = row.length;
    const RawAvp prefix = member(answered({1, AuthScheme::kEarlyImsSecurity, address}).one(612, k3gpp), 97);
    std::string expected{'\0', static_cast<char>(row.length)};
    expected.append(address.ipv6_prefix->begin(),
                    address.ipv6_prefix->begin() + static_cast<std::ptrdiff_t>(row.octets));
    EXPECT_EQ(prefix.data, expected);
    EXPECT_EQ(prefix.flags, 0x40);
  }
}

TEST_F(SchemesTest, NassBundled) {
  const hss::cx::LineIdentifiers lines{{Bytes{1, 2, 3}, Bytes(255, 0xFF)}};
  const RawMessage answer = answered({1, AuthScheme::kNassBundled, lines});
  EXPECT_EQ(answer.one(612, k3gpp).data, encode({text(608, "NASS-Bundled", k3gpp), text(500, "\1\2\3", 13019),
                                                 text(500, std::string(255, '\xFF'), 13019)}));
}

}  // namespace
}  // namespace hss::diameter::test
