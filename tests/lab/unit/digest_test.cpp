// Digest with AKA against published responses, and the keys that the P-CSCF makes of CK and IK.
// SPDX-License-Identifier: MIT
#include "tests/lab/digest.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/lab/card.h"
#include "tests/support/csv.h"

namespace hss::lab {
namespace {

BytesView octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};  // NOLINT(*-reinterpret-cast)
}

TEST(Base64Test, Rfc4648) {
  EXPECT_EQ(to_base64(octets_of("")), "");
  EXPECT_EQ(to_base64(octets_of("f")), "Zg==");
  EXPECT_EQ(to_base64(octets_of("fo")), "Zm8=");
  EXPECT_EQ(to_base64(octets_of("foobar")), "Zm9vYmFy");
  EXPECT_EQ(to_base64(Octets<3>{0xfb, 0xff, 0xbf}), "+/+/");
}

TEST(Md5HexTest, Rfc1321) {
  EXPECT_EQ(md5_hex({}), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex(octets_of("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
}

/// RFC 2617 3.5.
TEST(DigestResponseTest, Rfc2617Example) {
  const DigestInput input{.username = "Mufasa",
                          .realm = "testrealm@host.com",
                          .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                          .uri = "/dir/index.html",
                          .method = "GET",
                          .cnonce = "0a4f113b"};
  EXPECT_EQ(digest_response(input, octets_of("Circle Of Life")), "6629fae49393a05397450978507c4ef1");
}

std::vector<test::CsvRow> rows() { return test::read_csv(MINIHSS_TEST_DATA "/digest-akav1.csv"); }

TEST(DigestAkaDataTest, HasAllRows) { EXPECT_EQ(rows().size(), 7U); }

class DigestAkaTest : public testing::TestWithParam<test::CsvRow> {
 protected:
  [[nodiscard]] DigestInput input() const {
    return {.username = row_.text("username"),
            .realm = row_.text("realm"),
            .nonce = row_.text("nonce"),
            .uri = row_.text("uri"),
            .method = row_.text("method"),
            .cnonce = row_.text("cnonce"),
            .nc = row_.text("nc"),
            .qop = row_.text("qop"),
            .body = row_.text("entity_body")};
  }
  const test::CsvRow& row_ = GetParam();
};

TEST_P(DigestAkaTest, Nonce) {
  const AkaChallenge challenge = make_challenge(row_.text("realm"), row_.octets<16>("RAND"), row_.octets<16>("AUTN"));
  EXPECT_EQ(challenge.nonce, row_.text("nonce"));
  EXPECT_EQ(challenge.realm, row_.text("realm"));
}

TEST_P(DigestAkaTest, Response) {
  const Bytes password = from_hex(row_.text("password_hex")).value();
  EXPECT_EQ(digest_response(input(), password), row_.text("response"));
}

/// The row's own password: RES as raw octets; nothing with AUTS. (AKAv2 makes another of it.)
TEST_P(DigestAkaTest, PasswordIsRes) {
  const bool with_auts = !row_.text("auts").empty();
  const Bytes res = with_auts ? Bytes{} : from_hex(row_.text("RES")).value();
  const bool version_1 = row_.text("algorithm") == "AKAv1-MD5";
  EXPECT_EQ(digest_response(input(), res) == row_.text("response"), version_1);
}

INSTANTIATE_TEST_SUITE_P(Rows, DigestAkaTest, testing::ValuesIn(rows()));

/// The row with AUTS, from the card on: SEQ 2 comes to a slot that has accepted 3.
TEST(DigestAkaRowsTest, AutsIsWhatTheCardSays) {
  const auto all = rows();
  const auto row = std::ranges::find_if(all, [](const test::CsvRow& one) { return !one.text("auts").empty(); });
  ASSERT_NE(row, all.end());
  CardSpec spec;
  spec.keys.k = SecretOctets<32>(row->octets<16>("K"));
  spec.keys.opc = SecretOctets<32>(row->octets<16>("OPc"));
  Card card(spec);
  card.advance_slot(1, 3);
  const UsimAnswer answer = card.authenticate(row->octets<16>("RAND"), row->octets<16>("AUTN"));
  const auto* const failure = std::get_if<UsimSynchronisationFailure>(&answer);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(to_base64(failure->auts), row->text("auts"));
}

TEST(WwwAuthenticateTest, AsTheScscfSendsItAndAsItLeavesThePcscf) {
  const AkaChallenge challenge = make_challenge("ims.example", Octets<16>{1}, Octets<16>{2});
  const std::string stripped = www_authenticate(challenge);
  EXPECT_EQ(stripped,
            "Digest realm=\"ims.example\", nonce=\"AQAAAAAAAAAAAAAAAAAAAAIAAAAAAAAAAAAAAAAAAAA=\", "
            "algorithm=AKAv1-MD5, qop=\"auth,auth-int\"");
  EXPECT_EQ(www_authenticate(challenge, Secret<16>(Octets<16>{0xc0}), Secret<16>(Octets<16>{0x10})),
            stripped + ", ck=\"c0000000000000000000000000000000\", ik=\"10000000000000000000000000000000\"");
}

TEST(AuthorizationTest, WithQopWithoutAndWithAuts) {
  DigestInput input{.username = "a@ims.example", .realm = "ims.example", .nonce = "bm9uY2U=", .uri = "sip:ims.example"};
  const std::string common =
      "Digest username=\"a@ims.example\", realm=\"ims.example\", nonce=\"bm9uY2U=\", uri=\"sip:ims.example\", "
      "response=\"00ff\", algorithm=AKAv1-MD5";
  EXPECT_EQ(authorization(input, "00ff"), common);
  input.cnonce = "5f";
  EXPECT_EQ(authorization(input, "00ff"), common + ", qop=auth, nc=00000001, cnonce=\"5f\"");
  EXPECT_EQ(authorization(input, "00ff", "RR6L"), common + ", qop=auth, nc=00000001, cnonce=\"5f\", auts=\"RR6L\"");
}

TEST(AuthorizationTest, QuotesAreEscaped) {
  const DigestInput input{.username = "a\"b\\c", .realm = "r", .nonce = "n", .uri = "u"};
  EXPECT_EQ(authorization(input, "0").find("Digest username=\"a\\\"b\\\\c\", realm"), 0U);
}

/// TS 33.203 Annex I with CK and IK of TS 35.208 set 1.
TEST(IpsecKeysTest, OfAVector) {
  const auto keys = ipsec_keys(Secret<16>(from_hex_exact<16>("b40ba9a3c58b2a05bbf0d987b21bf8cb").value()),
                               Secret<16>(from_hex_exact<16>("f769bcd751044604127672711c6d3441").value()));
  const std::vector<std::pair<std::string, std::string>> expected{
      {"hmac-sha-1-96", "f769bcd751044604127672711c6d344100000000"},
      {"hmac-md5-96", "f769bcd751044604127672711c6d3441"},
      {"aes-cbc", "b40ba9a3c58b2a05bbf0d987b21bf8cb"},
      // each octet with an odd number of ones
      {"des-ede3-cbc", "b50ba8a2c48a2a04baf1d986b31af8cbb50ba8a2c48a2a04"}};
  ASSERT_EQ(keys.size(), expected.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(keys[i].algorithm, expected[i].first);
    EXPECT_EQ(to_hex(keys[i].key.reveal()), expected[i].second) << keys[i].algorithm;
  }
}

}  // namespace
}  // namespace hss::lab
